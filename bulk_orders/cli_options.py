"""What the commands take: arguments and options that more than one has, and those of `run` and `resolve`."""

import re
from pathlib import Path
from typing import Annotated

import typer

from bulk_orders.errors import UsageError

TemplateFileOption = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to put it.")]
PreparedRowsOption = Annotated[
    int, typer.Option("--rows", min=1, max=5000, help="Rows prepared in the tables.")
]
WithCatalogOption = Annotated[
    bool, typer.Option("--with-catalog", help="Fill in the marketplace's products and customers.")
]
OnlineOption = Annotated[
    bool, typer.Option("--online", help="Ask the marketplace whether it would take the orders.")
]
EstimateOption = Annotated[bool, typer.Option("--estimate", help="Ask the marketplace what they would cost.")]
CheckedFileOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where the checked workbook goes.")
]
StrictOption = Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")]
SettingsFileOption = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="The settings file.")
]
LedgerFileOption = Annotated[
    Path | None, typer.Option("--ledger", metavar="FILE", help="The ledger, instead of the user's own.")
]
NoColorOption = Annotated[
    bool, typer.Option("--no-color", help="No colours (there are none to switch off yet).", hidden=True)
]
NoInputOption = Annotated[
    bool,
    typer.Option("--no-input", help="Never ask; stop with exit code 9 where a person would be asked."),
]
ResultsFileOption = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="PATH", help="Where the results workbook goes: a file or a folder."
    ),
]
WaitOption = Annotated[
    str, typer.Option("--wait", metavar="TIME", help="Keep asking for so long: 90s, 30m, 2h.")
]
FixedFileOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where the corrected workbook goes.")
]
CodeArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="CODE", help="For example E-TERM-BILLING, or runbook; all codes are listed without."
    ),
]
RequestLimitOption = Annotated[
    int | None, typer.Option("--limit", min=1, metavar="N", help="Requests per second that it lets in.")
]
SandboxStateOption = Annotated[
    Path | None, typer.Option("--state", metavar="FILE", help="Remembers its orders in this file.")
]
WorkbookArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="The workbook, .xlsx or .csv.", show_default=False)
]
RunArgument = Annotated[
    str, typer.Argument(metavar="RUN", help="The run's id, as `history` lists it; `last` is the newest.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, for machines.")]
PracticeOption = Annotated[
    bool,
    typer.Option("--practice", help="The built-in practice marketplace (the default); nothing is billed."),
]
ProfileOption = Annotated[
    str | None, typer.Option("--profile", metavar="NAME", help="A profile of settings.toml: orders are real.")
]
RunProfileOption = Annotated[
    str | None, typer.Option("--profile", metavar="NAME", help="The profile, if not the run's own.")
]
PracticeAtOption = Annotated[
    str | None,
    typer.Option(
        "--practice-at", metavar="URL", help="A practice marketplace started with `bulk-orders sandbox`."
    ),
]
FaultsOption = Annotated[
    str | None,
    typer.Option(
        "--faults",
        metavar="PLAN",
        help="What the practice marketplace does wrong: 429=0.1,500-after-commit=every:50.",
    ),
]
HiddenOption = Annotated[
    bool, typer.Option("--include-hidden", help="Rows hidden or filtered away are taken too.")
]
RateOption = Annotated[
    str | None, typer.Option("--rate", metavar="N/s", help="Requests per second, at the most; 0 is no limit.")
]
OnlyReadyOption = Annotated[
    bool, typer.Option("--only-ready", help="Send the good rows although others have errors.")
]
FirstOption = Annotated[
    int | None, typer.Option("--first", min=1, metavar="N", help="Send only the first N.")
]
YesOption = Annotated[
    bool, typer.Option("--yes", help="Do not ask (practice only; a live run takes --confirm).")
]
ConfirmOption = Annotated[
    int | None, typer.Option("--confirm", min=0, metavar="N", help="Confirm a live run of exactly N orders.")
]
MaxOrdersOption = Annotated[
    int | None, typer.Option("--max-orders", min=1, metavar="N", help="Send nothing if there are more.")
]
MaxAmountOption = Annotated[
    float | None,
    typer.Option("--max-amount", min=0, metavar="X", help="Send nothing if they cost more, by estimate."),
]
StopAfterOption = Annotated[
    int | None,
    typer.Option(
        "--stop-after", min=0, metavar="N", help="Equal failures in a row that stop the run; 0 never."
    ),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Everything but the sending.")]
NewLedgerOption = Annotated[
    bool,
    typer.Option(
        "--new-ledger",
        help="No other ledger was ever used for this account: do not look for its orders first.",
    ),
]

RowOption = Annotated[
    list[int] | None,
    typer.Option("--row", metavar="N", help="The row that a decision is about; several are possible."),
]
PresentOption = Annotated[
    str | None, typer.Option("--present", metavar="ORDER_ID", help="The row's order exists: it is this one.")
]
AbsentOption = Annotated[
    bool, typer.Option("--absent", help="The row's order does not exist; `resume` sends it again.")
]
ConfirmHeldOption = Annotated[bool, typer.Option("--confirm", help="A held row is meant; `resume` sends it.")]
DropOption = Annotated[bool, typer.Option("--drop", help="The row is not to be sent, now or later.")]
ResendAbsentOption = Annotated[
    bool,
    typer.Option(
        "--resend-absent", help="All rows that three complete readings after the settle window did not show."
    ),
]
ReasonOption = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why; kept in the log. Every decision needs one.")
]


def per_second(rate: str | None) -> float | None:
    """`2/s` or `2` as a number. Raises `UsageError`."""
    if rate is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(?:/s)?", rate.strip())
    if match is None:
        raise UsageError(f'--rate "{rate}" is not a rate.', fix="Use for example 2/s.")
    return float(match[1])


def seconds(text: str) -> float:
    """`90s`, `30m`, `2h` or `90` in seconds. Raises `UsageError`."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh]?)", text.strip())
    if match is None:
        raise UsageError(f'--wait "{text}" is not a time.', fix="Use for example 90s, 30m or 2h.")
    return float(match[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[match[2]]
