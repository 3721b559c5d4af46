"""What the commands take that read the marketplace's subscriptions, customers and catalogue."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bulk_orders.cli.options import written_workbook
from bulk_orders.errors import UsageError

PulledFileOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        readable=False,
        metavar="PATH",
        help="Where the workbook goes: a file or a folder.",
        callback=written_workbook,
    ),
]
PulledCustomerOption = Annotated[
    list[str] | None,
    typer.Option("--customer", metavar="ID", help="Only this customer's. May be given more than once."),
]
DueBeforeOption = Annotated[
    str,
    typer.Option("--due-before", metavar="DATE", help="Only what is renewed before this day (2027-01-31)."),
]
FreshOption = Annotated[
    bool,
    typer.Option("--fresh", help="Read every subscription again, even if it was not modified since."),
]
EarlierCatalogArgument = Annotated[
    Path,
    typer.Argument(
        readable=False,
        metavar="EARLIER",
        help="A workbook that `catalog pull` made.",
        show_default=False,
    ),
]
LaterCatalogArgument = Annotated[
    Path,
    typer.Argument(readable=False, metavar="LATER", help="One that it made later.", show_default=False),
]
PulledSubscriptionsOption = Annotated[
    Path | None,
    typer.Option(
        "--subscriptions",
        readable=False,
        metavar="FILE",
        help="A workbook that `subscriptions pull` made: which of its renewals cost something else than now.",
    ),
]
ComparisonFileOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        readable=False,
        metavar="PATH",
        help="Also write a workbook of what differs: a file or a folder.",
        callback=written_workbook,
    ),
]


def day_of(text: str, option: str) -> date | None:
    """Read the day that an option takes; None where it was not given. Raises `UsageError`."""
    if not text:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            '{option} "{text}" is not a day.'.format(option=option, text=text),
            fix="Write it as year-month-day, for example 2027-01-31.",
        ) from None
