"""What a ledger's records are without what people wrote in them.

The order key (a plain hash), PO number, ids, state, outcome, product, quantity and digests stay: with them an order is
recognised, compared and verified as before.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from bulk_orders.core.identity import canonical_json
from bulk_orders.core.lifecycle import DUPLICATE, AttemptRecord, OrderRecord, Step, step
from bulk_orders.core.order_types import target_of
from bulk_orders.ledger.entries import Entry, digest, run_detail
from bulk_orders.ledger.interface import PlanRecord, RowRecord, RunRecord
from bulk_orders.ledger.records import plain

ERASED_SOURCE: Final = b""
"""What is kept in place of a workbook that was erased; no workbook is empty."""
_BARE_LINE: Final = ("mpn", "quantity")
_BARE_ACTION: Final = ("type", "subscriptionId", "scheduledOn", "renewalStatus")
_MAPPING: Final = "mapping"
"""Of a run's options: how the columns of its file were found."""


def names_people(order: OrderRecord) -> bool:
    """Return True as long as the record holds what people wrote."""
    written = order.body != _bare_body(order.body)
    return any((written, order.reference, order.domain, order.acceptance_link, _words(order)))


def _words(order: OrderRecord) -> str:
    """Return the words that are not the program's own; of a duplicate they are order numbers, by which one is cancelled."""
    return "" if order.code == DUPLICATE else order.message


def bare_order(order: OrderRecord) -> OrderRecord:
    """Return the record after its erasure. Raises `IllegalStep` for an order that is not settled."""
    message = order.message if order.code == DUPLICATE else ""
    body = _bare_body(order.body)
    return step(order, Step.ERASED, body=body, reference="", domain="", acceptance_link="", message=message)


def _bare_body(body: str) -> str:
    """Return what an order does to its subscription, by which it is known and judged, be it a year later; nothing of a purchase."""
    if not target_of(body):
        return ""
    sent = json.loads(body)
    kept = {name: sent[name] for name in _BARE_ACTION if name in sent}
    lines = {"products": bare_lines(sent["products"])} if "products" in sent else {}
    return canonical_json({**kept, **lines})


def bare_attempt(attempt: AttemptRecord) -> AttemptRecord:
    """Return the attempt without the marketplace's words."""
    return replace(attempt, reason="")


def bare_run(run: RunRecord) -> RunRecord:
    """Return the run without the names of its files, which may be those of customers, and without quoted words.

    Its mapping goes, too: it has a file's name, and that of whoever made a legal statement.
    """
    options = run.options
    if _MAPPING in options:
        kept = {name: value for name, value in json.loads(options).items() if name != _MAPPING}
        options = json.dumps(kept, sort_keys=True)
    return replace(run, source_name="", source_path="", results_path="", stopped_by="", options=options)


def bare_plan(plan: PlanRecord) -> PlanRecord:
    """Return the plan without its orders and the names of its files; its digest, and who approved it, stay."""
    return replace(plan, content="", source_name="", source_path="", workbook_path="")


def bare_row(row: RowRecord) -> RowRecord:
    """Return the row without sentences, which quote its cells."""
    return replace(row, message="", fix="")


def bare_lines(products: Iterable[Mapping[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Return an order's lines as far as orders are told apart by them; the parameters name people."""
    return tuple({name: line[name] for name in _BARE_LINE if name in line} for line in products)


def order_erased(
    after: OrderRecord, attempts: Iterable[AttemptRecord], at: datetime, *, notes: str = ""
) -> list[Entry]:
    """Return what the log says about an order's erasure, and of that of its attempts.

    `notes` is the digest of its events whose hash covered a note that is gone now (`chain.remaining`).
    """
    told = Entry(
        key=after.key,
        run_id=after.run_id,
        at=at,
        step=Step.ERASED.value,
        from_state=after.state.value,
        to_state=after.state.value,
        record_digest=digest(plain(after)),
        detail_digest=notes,
    )
    return [
        told,
        *(
            replace(told, attempt_number=attempt.number, detail_digest=digest(plain(attempt)))
            for attempt in attempts
        ),
    ]


def run_erased(run: RunRecord, rows: Iterable[RowRecord], at: datetime) -> Entry:
    """Return what the log says about a run's erasure; `rows` by sheet row."""
    return Entry(
        run_id=run.run_id,
        at=at,
        step=Step.ERASED.value,
        record_digest=digest(plain(run)),
        detail_digest=run_detail(list(rows), ERASED_SOURCE),
    )
