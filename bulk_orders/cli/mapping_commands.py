"""`bulk-orders map`: arguments of the command that finds out what somebody's own columns are."""

from typing import Annotated

import typer

from bulk_orders.cli.invocation import exit_with, session_of
from bulk_orders.cli.options import JsonOption, WorkbookArgument
from bulk_orders.texts import options as words

_ColumnsOption = Annotated[
    list[str] | None, typer.Option("--column", metavar="HEADER=COLUMN", help=words.MAP_COLUMN)
]
_ValuesOption = Annotated[
    list[str] | None, typer.Option("--value", metavar="COLUMN:TEXT=VALUE", help=words.MAP_VALUE)
]
_FixedOption = Annotated[
    list[str] | None, typer.Option("--fixed", metavar="COLUMN=VALUE", help=words.MAP_FIXED)
]
_DatesOption = Annotated[
    list[str] | None, typer.Option("--dates", metavar="COLUMN=ORDER", help=words.MAP_DATES)
]
_WhoOption = Annotated[str, typer.Option("--stated-by", metavar="NAME", help=words.MAP_STATED_BY)]
_SheetOption = Annotated[str, typer.Option("--sheet", metavar="NAME", help=words.MAP_SHEET)]
_RowOption = Annotated[int, typer.Option("--header-row", metavar="N", min=0, help=words.MAP_HEADER_ROW)]
_EncodingOption = Annotated[str, typer.Option("--encoding", metavar="NAME", help=words.MAP_ENCODING)]
_SeparatorOption = Annotated[str, typer.Option("--separator", metavar="SIGN", help=words.MAP_SEPARATOR)]


def map_(
    ctx: typer.Context,
    file: WorkbookArgument,
    columns: _ColumnsOption = None,
    values: _ValuesOption = None,
    fixed: _FixedOption = None,
    stated_by: _WhoOption = "",
    dates: _DatesOption = None,
    sheet: _SheetOption = "",
    header_row: _RowOption = 0,
    encoding: _EncodingOption = "",
    separator: _SeparatorOption = "",
    as_json: JsonOption = False,
) -> None:
    """Run `bulk-orders map`."""
    from bulk_orders.cli.commands import map_file as command
    from bulk_orders.cli.commands.map_answers import MapOptions

    options = MapOptions(
        columns=columns or [],
        values=values or [],
        fixed=fixed or [],
        dates=dates or [],
        stated_by=stated_by,
        sheet=sheet,
        header_row=header_row,
        encoding=encoding,
        separator=separator,
        as_json=as_json,
    )
    exit_with(command.map_file(session_of(ctx), file, options))
