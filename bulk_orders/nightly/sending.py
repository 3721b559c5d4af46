"""How a night sends a file: by the verbs of `runs`, with control totals and limits in place of a person."""

from collections.abc import Sequence
from decimal import Decimal

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.money import bills_of, total
from bulk_orders.errors import GuardStopped
from bulk_orders.nightly.parts import NightParts
from bulk_orders.runs.ask_marketplace import prices
from bulk_orders.runs.check import Source
from bulk_orders.runs.control_totals import approve_by_totals, refuse_differences
from bulk_orders.runs.new_run import RunOptions
from bulk_orders.runs.run import RunEnd, prepare_run
from bulk_orders.settings.nightly import SEND_READY
from bulk_orders.texts import nightly as words
from bulk_orders.texts.plural import counted


def send(parts: NightParts, source: Source, checked: CheckResult) -> RunEnd:
    """Run a checked workbook unattended; its results go to the folder of the day. Raises what the run raises."""
    options = RunOptions(
        only_ready=parts.settings.on_problem == SEND_READY,
        max_orders=parts.settings.max_orders,
        results=parts.results_folder(),
    )

    with prepare_run(parts.services, source, checked, options) as prepared:
        to_send = prepared.plan.to_send
        if to_send:
            approve(parts, checked, to_send)
        return prepared.send(len(to_send))


def approve(parts: NightParts, checked: CheckResult, orders: Sequence[OrderRecord]) -> None:
    """Let totals and limits decide where a person would type the number of orders. Raises `GuardStopped`.

    For practice orders totals may be missing, but not differ.
    """
    if parts.services.profile.is_practice:
        refuse_differences(parts.services, checked, orders)
    else:
        approve_by_totals(parts.services, checked, orders)
    limit = parts.settings.max_amount
    if limit is None:
        return
    found = prices(parts.services, orders)
    if missing := len(orders) - len(found):
        raise GuardStopped(counted(missing, words.NO_PRICE_ONE, words.NO_PRICE_MANY), fix=words.NO_PRICE_FIX)
    for currency, amount in total(bills_of(orders, found)).first.items():
        if amount > Decimal(str(limit)):
            raise GuardStopped(
                words.TOO_DEAR.format(currency=currency, amount=amount, limit=limit), fix=words.TOO_DEAR_FIX
            )
