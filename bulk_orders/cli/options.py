"""What the commands take: arguments and options that more than one has, and those of `run` and `resolve`."""

import re
from pathlib import Path
from typing import Annotated, Final

import typer

from bulk_orders.cli.completions import codes, outcomes, topics
from bulk_orders.errors import UsageError
from bulk_orders.machine.log_lines import LogFormat
from bulk_orders.machine.places import check_folder
from bulk_orders.machine.shell import quoted
from bulk_orders.settings.durations import seconds_of

WORKBOOK_ENDING = ".xlsx"


def written_workbook(path: Path | None) -> Path | None:
    """Check that a workbook to write ends in .xlsx: neither Excel nor this program opens another ending, or none.

    Raises `UsageError` for other names, and for a folder that is not there.
    """
    if path is not None and path.suffix.lower() != WORKBOOK_ENDING and not path.is_dir():
        if not path.suffix:
            raise UsageError(
                "There is no folder {name}.".format(name=path),
                fix="Make it first, or name a workbook: -o {name}".format(
                    name=quoted(path.with_suffix(WORKBOOK_ENDING))
                ),
            )
        named = path.with_suffix(WORKBOOK_ENDING)
        raise UsageError(
            "The output is an .xlsx workbook, but {name} has another ending.".format(name=path.name),
            fix="Use -o {name}".format(name=quoted(named)),
        )
    if path is not None:
        check_folder(path.parent)
    return path


TemplateFileOption = Annotated[
    Path,
    typer.Option(
        "--output",
        "-o",
        readable=False,
        metavar="FILE",
        help="Where to write the workbook.",
        callback=written_workbook,
    ),
]
PreparedRowsOption = Annotated[
    int, typer.Option("--rows", min=1, max=5000, help="Rows prepared in the tables.")
]
WithCatalogOption = Annotated[
    bool, typer.Option("--with-catalog", help="Fill in the marketplace's products and customers.")
]
OnlineOption = Annotated[
    bool, typer.Option("--online", help="Ask the marketplace whether it would accept the orders.")
]
EstimateOption = Annotated[bool, typer.Option("--estimate", help="Ask the marketplace what they would cost.")]
CheckedFileOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        readable=False,
        metavar="PATH",
        help="Where the checked workbook goes: a file or a folder.",
        callback=written_workbook,
    ),
]
StrictOption = Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")]
SettingsFileOption = Annotated[
    Path | None, typer.Option("--config", readable=False, metavar="FILE", help="The settings file.")
]
LedgerFileOption = Annotated[
    Path | None,
    typer.Option("--ledger", readable=False, metavar="FILE", help="The ledger to use instead of your own."),
]
LogFormatOption = Annotated[
    LogFormat,
    typer.Option(
        "--log-format",
        envvar="BULK_ORDERS_LOG_FORMAT",
        help="How lines of the log file are written: for people, or as JSON for machines.",
    ),
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
        "--output",
        "-o",
        readable=False,
        metavar="PATH",
        help="Where the results workbook goes: a file or a folder.",
        callback=written_workbook,
    ),
]
WaitOption = Annotated[
    str, typer.Option("--wait", metavar="TIME", help="Keep asking for this long: 90s, 30m, 2h.")
]
FixedFileOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        readable=False,
        metavar="PATH",
        help="Where the corrected workbook goes: a file or a folder.",
        callback=written_workbook,
    ),
]
CodeArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="CODE",
        help="For example E-TERM-BILLING. Without it all codes are listed.",
        autocompletion=codes,
    ),
]
TopicArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="TOPIC", help="For example runbook. Without it all topics are listed.", autocompletion=topics
    ),
]
NoCustomerDataOption = Annotated[
    bool,
    typer.Option(
        "--no-customer-data",
        help="Leave out names, addresses, the sheet Customers, your own columns and quoted words.",
    ),
]
ForgetAccountOption = Annotated[
    bool,
    typer.Option(
        "--forget-account",
        help="Forget what was learnt about the account; the next run learns it again, by free estimates.",
    ),
]
FirstDayOption = Annotated[
    Path | None,
    typer.Option(
        "--first-day",
        readable=False,
        metavar="FILE",
        help=(
            "Lead you through the first day with an account, step by step, "
            "with at most two orders of this workbook."
        ),
    ),
]
_RUN: Final = "The run's id, as `history` lists it; `last` is the newest."
RunArgument = Annotated[str, typer.Argument(metavar="RUN", help=_RUN)]
RunOrNoneArgument = Annotated[str | None, typer.Argument(metavar="[RUN]", help=_RUN)]
AllOpenOption = Annotated[
    bool,
    typer.Option(
        "--all-open",
        help="All runs with orders that are being set up, in doubt, held or not sent yet, instead of one.",
    ),
]
LimitOption = Annotated[
    int | None, typer.Option("--limit", min=1, metavar="N", help="Only the newest N runs.")
]
SinceOption = Annotated[
    str,
    typer.Option(
        "--since",
        metavar="WHEN",
        help="Only runs since a day (2026-11-01), or of a time until now (7d, 8 weeks, 3 months).",
    ),
]
CancellableOption = Annotated[
    bool, typer.Option("--cancellable", help="List the orders that can still be cancelled, and until when.")
]
UndoRowOption = Annotated[
    list[int] | None,
    typer.Option(
        "--row", metavar="N", help="Only this row of the run's workbook. May be given more than once."
    ),
]
UndoFileOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        readable=False,
        metavar="PATH",
        help="Where the workbook goes: a file or a folder. Without it, undo-RUN.xlsx here.",
        callback=written_workbook,
    ),
]
OutcomeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome",
        metavar="OUTCOME",
        help=(
            "Only runs with rows that ended so: "
            "unknown, held, rejected, accepted … May be given more than once."
        ),
        autocompletion=outcomes,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, for machines.")]
PracticeOption = Annotated[
    bool,
    typer.Option("--practice", help="The built-in practice marketplace (the default); nothing is billed."),
]
ProfileOption = Annotated[
    str | None,
    typer.Option("--profile", metavar="NAME", help="A profile in settings.toml; its orders are real."),
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
        help="What goes wrong in the practice marketplace: 429=0.1,500-after-commit=every:50.",
    ),
]
HiddenOption = Annotated[
    bool, typer.Option("--include-hidden", help="Include rows that are hidden or filtered out.")
]
RateOption = Annotated[
    str | None, typer.Option("--rate", metavar="N/s", help="Maximum requests per second; 0 means no limit.")
]
WorkersElsewhereOption = Annotated[
    bool,
    typer.Option(
        "--workers-elsewhere",
        help="Let `bulk-orders worker` send, on any machines; the ledger must be shared.",
    ),
]
OnlyReadyOption = Annotated[
    bool, typer.Option("--only-ready", help="Send the rows without errors even if others have some.")
]
FirstOption = Annotated[
    int | None, typer.Option("--first", min=1, metavar="N", help="Send only the first N orders.")
]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask; for practice only.")]
ConfirmOption = Annotated[
    int | None, typer.Option("--confirm", min=0, metavar="N", help="Confirm a live run of exactly N orders.")
]
AllowUnverifiedOption = Annotated[
    bool,
    typer.Option(
        "--allow-unverified", help="Send also what is documented but was never seen to work, such as Cancel."
    ),
]
MaxOrdersOption = Annotated[
    int | None,
    typer.Option("--max-orders", min=1, metavar="N", help="Send nothing if there are more orders than this."),
]
MaxAmountOption = Annotated[
    float | None,
    typer.Option(
        "--max-amount",
        min=0,
        metavar="X",
        help="Stop if the first bills would come to more than this, in any currency, by estimate.",
    ),
]
MaxPerCustomerOption = Annotated[
    float | None,
    typer.Option(
        "--max-per-customer",
        min=0,
        metavar="X",
        help=(
            "Stop if the first bills of one customer would come to "
            "more than this, in any currency, by estimate."
        ),
    ),
]
StopAfterOption = Annotated[
    int | None,
    typer.Option(
        "--stop-after",
        min=0,
        metavar="N",
        help="Stop after this many identical failures in a row; 0 means never.",
    ),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Do everything except sending.")]
NewLedgerOption = Annotated[
    bool,
    typer.Option(
        "--new-ledger",
        help="Do not wait a quarter of an hour for another ledger's orders: none was ever used for this account.",
    ),
]

RowOption = Annotated[
    list[int] | None,
    typer.Option("--row", metavar="N", help="The row that a decision is about; several are possible."),
]
PresentOption = Annotated[
    str | None, typer.Option("--present", metavar="ORDER_ID", help="The row's order exists: it is this one.")
]
PresentAllOption = Annotated[
    bool,
    typer.Option(
        "--present-all",
        help="Every held row that matches exactly one order is that order; lists them and asks first.",
    ),
]
EvenCancelledOption = Annotated[
    bool, typer.Option("--even-cancelled", help="The order named with --present may be a cancelled one.")
]
AbsentOption = Annotated[
    bool,
    typer.Option(
        "--absent",
        help="The row's order does not exist, and its settle window is over; `resume` sends it again.",
    ),
]
ConfirmHeldOption = Annotated[
    bool, typer.Option("--confirm", help="A held row is wanted; `resume` sends it.")
]
DropOption = Annotated[bool, typer.Option("--drop", help="The row must not be sent, now or later.")]
ResendAbsentOption = Annotated[
    bool,
    typer.Option(
        "--resend-absent",
        help=(
            "Treat every row that three complete readings after the settle "
            "window did not find as absent; `resume` sends it again."
        ),
    ),
]
ReasonOption = Annotated[
    str,
    typer.Option("--reason", metavar="TEXT", help="The reason, kept in the log; every decision needs one."),
]


def per_second(rate: str | None) -> float | None:
    """Read `2/s` or `2` as a number. Raises `UsageError`."""
    if rate is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(?:/s)?", rate.strip())
    if match is None:
        raise UsageError('--rate "{rate}" is not a rate.'.format(rate=rate), fix="Use for example 2/s.")
    return float(match[1])


def seconds(text: str, option: str) -> float:
    """Read the time that an option takes as seconds: `90s`, `30m`, `2h`, `1d` or `90`. Raises `UsageError`."""
    found = seconds_of(text)
    if found is None:
        raise UsageError(
            '{option} "{text}" is not a time.'.format(option=option, text=text),
            fix="Use for example 90s, 30m or 2h.",
        )
    return found
