"""The workbooks that commands read: the process that takes them apart gets ready while the command itself still loads."""

from pathlib import Path
from typing import Annotated, TypeVar

import typer

_Given = TypeVar("_Given")


def _to_read(ctx: typer.Context, given: _Given) -> _Given:
    if ctx.resilient_parsing:  # only to complete what somebody types
        return given
    from bulk_orders.machine.isolation import start_ahead
    from bulk_orders.reading.isolated import CHILD

    start_ahead(CHILD)
    return given


WorkbookArgument = Annotated[
    Path,
    typer.Argument(
        readable=False,
        metavar="FILE",
        help="The workbook, .xlsx or .csv.",
        show_default=False,
        callback=_to_read,
    ),
]
WorkbooksArgument = Annotated[
    list[Path],
    typer.Argument(
        readable=False,
        metavar="FILE",
        help="The workbook, .xlsx or .csv. Several are run one after another, each with the same limits.",
        show_default=False,
        callback=_to_read,
    ),
]
