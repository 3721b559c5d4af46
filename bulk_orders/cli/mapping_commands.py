"""`bulk-orders map`: arguments of the command that finds out what somebody's own columns are."""

from typing import Annotated

import typer

from bulk_orders.cli.invocation import exit_with, session_of
from bulk_orders.cli.options import JsonOption
from bulk_orders.cli.workbook_arguments import WorkbookArgument

_ColumnsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="HEADER=COLUMN",
        help=(
            'What one of your columns is: "Ref=reference". '
            "Nothing after the equals sign: it is your own. May be repeated."
        ),
    ),
]
_ValuesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--value",
        metavar="COLUMN:TEXT=VALUE",
        help='What a word in a list\'s column means: "Commitment:Annual=1 year". May be repeated.',
    ),
]
_FixedOption = Annotated[
    list[str] | None,
    typer.Option(
        "--fixed",
        metavar="COLUMN=VALUE",
        help=(
            "A value for every row, of a column that your file does not have: "
            '"Commitment=1 year". May be repeated.'
        ),
    ),
]
_DatesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--dates",
        metavar="COLUMN=ORDER",
        help='Whether the day or the month comes first: "Agreement date=day-month-year", or month-day-year.',
    ),
]
_WhoOption = Annotated[
    str,
    typer.Option(
        "--stated-by",
        metavar="NAME",
        help="Who makes the legal statements among the fixed values. The name and today's date are saved.",
    ),
]
_SheetOption = Annotated[str, typer.Option("--sheet", metavar="NAME", help="The sheet with the orders.")]
_RowOption = Annotated[
    int,
    typer.Option("--header-row", metavar="N", min=0, help="The row with the headers, as Excel numbers it."),
]
_EncodingOption = Annotated[
    str,
    typer.Option(
        "--encoding",
        metavar="NAME",
        help="What a CSV file is written in that is not UTF-8: cp1252, for example.",
    ),
]
_SeparatorOption = Annotated[
    str,
    typer.Option(
        "--separator",
        metavar="SIGN",
        help="What stands between the cells of a CSV file: comma, semicolon, tab or bar.",
    ),
]


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
