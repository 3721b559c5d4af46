"""`customers pull`, `catalog pull` and `catalog compare`: what the marketplace lists, and how its prices move. Nothing is sent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import bulk_orders
from bulk_orders.cli.commands.check import named_file
from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.progress import wait_lines
from bulk_orders.cli.session import Session
from bulk_orders.cli.terminal import say_next_steps, say_reading, shown_path, table_lines
from bulk_orders.core.catalog_prices import Move
from bulk_orders.core.json_values import number_of
from bulk_orders.core.wording import counted
from bulk_orders.errors import ExitCode, UsageError
from bulk_orders.library.catalog import CatalogComparison, ListPulled
from bulk_orders.machine.clock import SystemClock
from bulk_orders.machine.shell import command
from bulk_orders.runs.pulled_lists import change_of_price, price_of_renewal
from bulk_orders.settings.profiles import Profile

_SHOWN: Final = 20
"""Lines of a table, before the rest is only counted."""
_WORDS: Final = {
    Move.RISES: ("{number:,} price rises", "{number:,} prices rise"),
    Move.FALLS: ("{number:,} price falls", "{number:,} prices fall"),
    Move.NEW: ("{number:,} offer is new", "{number:,} offers are new"),
    Move.GONE: ("{number:,} offer is gone", "{number:,} offers are gone"),
}
_PRICES: Final = {
    "move": "Change",
    "product_name": "Product",
    "mpn": "MPN",
    "commitment": "Commitment",
    "billing": "Billing",
    "price_before": "Before",
    "price_after": "After",
    "currency": "Currency",
}
_RENEWALS: Final = {
    "renewal_date": "Renewal",
    "subscription_id": "Subscription",
    "customer_name": "Customer",
    "product_name": "Product",
    "seats": "Seats",
    "price_before": "Now",
    "price_after": "Then",
    "bill_difference": "Bill",
    "currency": "Currency",
}
"""What the terminal shows, by the names of the columns."""
_AMOUNTS: Final = frozenset({"price_before", "price_after", "bill_difference"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareOptions:
    """The flags of `catalog compare`."""

    subscriptions: Path | None = None
    due_before: date | None = None
    target: Path | None = None
    as_json: bool = False


def pull_customers(session: Session, profile: Profile, target: Path | None, *, as_json: bool) -> ExitCode:
    """Read the customers into a workbook."""
    if not as_json:
        session.terminal.say("Asking the marketplace for its customers …")
    found = bulk_orders.pull_customers(
        profile,
        workbook=named_file(target, Path("customers.xlsx")),
        **session.given(*wait_lines(session, as_json=as_json)),
    )
    if as_json:
        session.terminal.json(_pulled_json(found, profile, "customers", []))
    else:
        number = counted(len(found.records), "{number:,} customer", "{number:,} customers")
        session.terminal.say("  {number}.".format(number=number))
        session.terminal.result(str(shown_path(found.path)) if found.path else "")
    return ExitCode.OK


def pull_catalog(session: Session, profile: Profile, target: Path | None, *, as_json: bool) -> ExitCode:
    """Read the catalogue into a workbook that is named after the day."""
    if not as_json:
        session.terminal.say("Asking the marketplace for its catalogue …")
    day = SystemClock().now().date()
    found = bulk_orders.pull_catalog(
        profile,
        workbook=named_file(target, Path(f"catalog-{day:%Y%m%d}.xlsx")),
        **session.given(*wait_lines(session, as_json=as_json)),
    )
    following = command("bulk-orders", "catalog", "compare", "EARLIER.xlsx", found.path or "LATER.xlsx")
    if as_json:
        session.terminal.json(_pulled_json(found, profile, "catalog", [following]))
        return ExitCode.OK
    products = len({record["mpn"] for record in found.records})
    session.terminal.say(
        "  {products}, sold in {ways}.".format(
            products=counted(products, "{number:,} product", "{number:,} products"),
            ways=counted(len(found.records), "{number:,} way", "{number:,} ways"),
        )
    )
    session.terminal.result(str(shown_path(found.path)) if found.path else "")
    say_next_steps(session.terminal, [(following, "shows which prices rise")])
    return ExitCode.OK


def _pulled_json(found: ListPulled, profile: Profile, name: str, steps: list[str]) -> dict[str, Any]:
    return answer(
        ExitCode.OK,
        environment=profile.environment,
        counts={"rows": len(found.records)},
        rows=[{column: text or None for column, text in record.items()} for record in found.records],
        next=steps,
        files={name: str(found.path) if found.path else None},
    )


def compare(session: Session, before: Path, after: Path, options: CompareOptions) -> ExitCode:
    """Say what differs between two pulls of the catalogue, and what that means for renewals.

    Raises `UsageError` for a day without subscriptions.
    """
    if options.due_before and not options.subscriptions:
        raise UsageError(
            "--due-before needs to know the subscriptions.",
            fix="Name a workbook of `bulk-orders subscriptions pull` with --subscriptions.",
        )
    if not options.as_json:
        for path in filter(None, (before, after, options.subscriptions)):
            say_reading(session.terminal, path)
    found = bulk_orders.compare_catalogs(
        before,
        after,
        subscriptions=options.subscriptions,
        due_before=options.due_before,
        workbook=named_file(options.target, Path("price-changes.xlsx")) if options.target else None,
    )
    if options.as_json:
        session.terminal.json(_comparison_json(found))
        return ExitCode.OK
    for line in _comparison_lines(found):
        session.terminal.result(line)
    if found.path:
        session.terminal.result(str(shown_path(found.path)))
    elif max(len(found.changes), len(found.renewals or ())) > _SHOWN:
        session.terminal.say("A workbook has them all: add -o FILE")
    return ExitCode.OK


def _comparison_lines(found: CatalogComparison) -> list[str]:
    counts = Counter(change.move for change in found.changes)
    told = [counted(counts[move], *words) for move, words in _WORDS.items() if counts[move]]
    moved = [change_of_price(change) for change in found.changes if change.move in {Move.RISES, Move.FALLS}]
    lines = ["  " + ("    ".join(told) or "No price has changed."), *_table(_PRICES, moved)]
    if found.renewals is None:
        return lines
    records = [price_of_renewal(renewal) for renewal in found.renewals]
    number = counted(
        len(records),
        "{number:,} renewal costs something else than now.",
        "{number:,} renewals cost something else than now.",
    )
    return [*lines, "  {number}".format(number=number), *_table(_RENEWALS, records)]


def _table(columns: Mapping[str, str], records: Sequence[Mapping[str, str]]) -> list[str]:
    """Lay records out by the names of their columns, and count those that are too many."""
    if not records:
        return []
    lines = table_lines(
        tuple(columns.values()),
        [[_shown(name, record[name]) for name in columns] for record in records[:_SHOWN]],
    )
    more = len(records) - _SHOWN
    return [*lines, "  … and {number:,} more".format(number=more)] if more > 0 else lines


def _shown(name: str, text: str) -> str:
    """Return an amount with its cents, and everything else as it is."""
    amount = number_of(text) if name in _AMOUNTS else None
    return text if amount is None else f"{amount:,.2f}"


def _comparison_json(found: CatalogComparison) -> dict[str, Any]:
    counts = Counter(change.move for change in found.changes)
    return answer(
        ExitCode.OK,
        counts={str(move): counts[move] for move in Move},
        changes=[_nulls(change_of_price(change)) for change in found.changes],
        renewals=None
        if found.renewals is None
        else [_nulls(price_of_renewal(renewal)) for renewal in found.renewals],
        files={"comparison": str(found.path) if found.path else None},
    )


def _nulls(record: dict[str, str]) -> dict[str, str | None]:
    return {name: text or None for name, text in record.items()}
