"""What the commands take: arguments and options that more than one has, and those of `run` and `resolve`."""

import re
from pathlib import Path
from typing import Annotated

import typer

from bulk_orders.cli.completions import codes, outcomes, topics
from bulk_orders.errors import UsageError
from bulk_orders.machine.log_lines import LogFormat
from bulk_orders.machine.shell import quoted
from bulk_orders.settings.durations import seconds_of
from bulk_orders.texts import options as words

WORKBOOK_ENDING = ".xlsx"


def written_workbook(path: Path | None) -> Path | None:
    """Check that a workbook to write ends in .xlsx: neither Excel nor this program opens another ending, or none.

    Raises `UsageError` for other names.
    """
    if path is not None and path.suffix.lower() != WORKBOOK_ENDING and not path.is_dir():
        if not path.suffix:
            raise UsageError(
                words.NO_FOLDER.format(name=path),
                fix=words.NO_FOLDER_FIX.format(name=quoted(path.with_suffix(WORKBOOK_ENDING))),
            )
        named = path.with_suffix(WORKBOOK_ENDING)
        raise UsageError(
            words.NO_WORKBOOK_NAME.format(name=path.name),
            fix=words.NO_WORKBOOK_NAME_FIX.format(name=quoted(named)),
        )
    return path


TemplateFileOption = Annotated[
    Path, typer.Option("--output", "-o", metavar="FILE", help=words.TEMPLATE_FILE, callback=written_workbook)
]
PreparedRowsOption = Annotated[int, typer.Option("--rows", min=1, max=5000, help=words.PREPARED_ROWS)]
WithCatalogOption = Annotated[bool, typer.Option("--with-catalog", help=words.WITH_CATALOG)]
OnlineOption = Annotated[bool, typer.Option("--online", help=words.ONLINE)]
EstimateOption = Annotated[bool, typer.Option("--estimate", help=words.ESTIMATE)]
CheckedFileOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="PATH", help=words.CHECKED_FILE, callback=written_workbook),
]
StrictOption = Annotated[bool, typer.Option("--strict", help=words.STRICT)]
SettingsFileOption = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help=words.SETTINGS_FILE)
]
LedgerFileOption = Annotated[Path | None, typer.Option("--ledger", metavar="FILE", help=words.LEDGER_FILE)]
LogFormatOption = Annotated[
    LogFormat,
    typer.Option("--log-format", envvar="BULK_ORDERS_LOG_FORMAT", help=words.LOG_FORMAT),
]
NoColorOption = Annotated[bool, typer.Option("--no-color", help=words.NO_COLOR, hidden=True)]
NoInputOption = Annotated[
    bool,
    typer.Option("--no-input", help=words.NO_INPUT),
]
ResultsFileOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="PATH", help=words.RESULTS_FILE, callback=written_workbook),
]
WaitOption = Annotated[str, typer.Option("--wait", metavar="TIME", help=words.WAIT)]
FixedFileOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="PATH", help=words.FIXED_FILE, callback=written_workbook),
]
CodeArgument = Annotated[
    str | None,
    typer.Argument(metavar="CODE", help=words.CODE, autocompletion=codes),
]
TopicArgument = Annotated[
    str | None,
    typer.Argument(metavar="TOPIC", help=words.TOPIC, autocompletion=topics),
]
RequestLimitOption = Annotated[
    int | None, typer.Option("--limit", min=1, metavar="N", help=words.REQUEST_LIMIT)
]
SandboxStateOption = Annotated[Path | None, typer.Option("--state", metavar="FILE", help=words.SANDBOX_STATE)]
InboxArgument = Annotated[Path | None, typer.Argument(metavar="FOLDER", help=words.INBOX, show_default=False)]
OnProblemOption = Annotated[
    str | None, typer.Option("--on-problem", metavar="hold|send-ready", help=words.ON_PROBLEM)
]
NotAfterOption = Annotated[str | None, typer.Option("--not-after", metavar="HH:MM", help=words.NOT_AFTER)]
NotifyTestOption = Annotated[bool, typer.Option("--test", help=words.NOTIFY_TEST)]
NightlyDryRunOption = Annotated[bool, typer.Option("--dry-run", help=words.NIGHTLY_DRY_RUN)]
WorkbookArgument = Annotated[Path, typer.Argument(metavar="FILE", help=words.WORKBOOK, show_default=False)]
WorkbooksArgument = Annotated[
    list[Path], typer.Argument(metavar="FILE", help=words.WORKBOOKS, show_default=False)
]
NotedWorkbooksArgument = Annotated[
    list[Path] | None, typer.Argument(metavar="RESULTS", help=words.NOTED_WORKBOOKS, show_default=False)
]
BackupArgument = Annotated[Path, typer.Argument(metavar="FILE", help=words.BACKUP_FILE, show_default=False)]
PracticeLedgerOption = Annotated[bool, typer.Option("--practice", help=words.PRACTICE_LEDGER)]
RestoreYesOption = Annotated[bool, typer.Option("--yes", help=words.RESTORE_YES)]
CustomerOption = Annotated[str, typer.Option("--customer", metavar="ID", help=words.CUSTOMER)]
OlderThanOption = Annotated[str, typer.Option("--older-than", metavar="AGE", help=words.OLDER_THAN)]
LedgersProfileOption = Annotated[
    str | None,
    typer.Option("--profile", metavar="NAME", help=words.LEDGERS_PROFILE),
]
PurgeYesOption = Annotated[bool, typer.Option("--yes", help=words.PURGE_YES)]
NoCustomerDataOption = Annotated[bool, typer.Option("--no-customer-data", help=words.NO_CUSTOMER_DATA)]
BundleOption = Annotated[Path | None, typer.Option("--bundle", metavar="FILE", help=words.BUNDLE)]
FirstStepsOption = Annotated[bool, typer.Option("--first-steps", help=words.FIRST_STEPS)]
ForgetAccountOption = Annotated[bool, typer.Option("--forget-account", help=words.FORGET_ACCOUNT)]
FirstDayOption = Annotated[Path | None, typer.Option("--first-day", metavar="FILE", help=words.FIRST_DAY)]
RunArgument = Annotated[str, typer.Argument(metavar="RUN", help=words.RUN)]
RunOrNoneArgument = Annotated[str | None, typer.Argument(metavar="[RUN]", help=words.RUN)]
AllOpenOption = Annotated[bool, typer.Option("--all-open", help=words.ALL_OPEN)]
LimitOption = Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help=words.LIMIT)]
SinceOption = Annotated[str, typer.Option("--since", metavar="WHEN", help=words.SINCE)]
CancellableOption = Annotated[bool, typer.Option("--cancellable", help=words.CANCELLABLE)]
UndoRowOption = Annotated[list[int] | None, typer.Option("--row", metavar="N", help=words.UNDO_ROW)]
UndoFileOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="PATH", help=words.UNDO_FILE, callback=written_workbook),
]
OutcomeOption = Annotated[
    list[str] | None,
    typer.Option("--outcome", metavar="OUTCOME", help=words.OUTCOME, autocompletion=outcomes),
]
JsonOption = Annotated[bool, typer.Option("--json", help=words.JSON)]
PracticeOption = Annotated[
    bool,
    typer.Option("--practice", help=words.PRACTICE),
]
ProfileOption = Annotated[str | None, typer.Option("--profile", metavar="NAME", help=words.PROFILE)]
RunProfileOption = Annotated[str | None, typer.Option("--profile", metavar="NAME", help=words.RUN_PROFILE)]
PracticeAtOption = Annotated[
    str | None,
    typer.Option("--practice-at", metavar="URL", help=words.PRACTICE_AT),
]
FaultsOption = Annotated[
    str | None,
    typer.Option(
        "--faults",
        metavar="PLAN",
        help=words.FAULTS,
    ),
]
HiddenOption = Annotated[bool, typer.Option("--include-hidden", help=words.HIDDEN)]
RateOption = Annotated[str | None, typer.Option("--rate", metavar="N/s", help=words.RATE)]
OnlyReadyOption = Annotated[bool, typer.Option("--only-ready", help=words.ONLY_READY)]
FirstOption = Annotated[int | None, typer.Option("--first", min=1, metavar="N", help=words.FIRST)]
YesOption = Annotated[bool, typer.Option("--yes", help=words.YES)]
ConfirmOption = Annotated[int | None, typer.Option("--confirm", min=0, metavar="N", help=words.CONFIRM)]
MaxOrdersOption = Annotated[
    int | None, typer.Option("--max-orders", min=1, metavar="N", help=words.MAX_ORDERS)
]
MaxAmountOption = Annotated[
    float | None,
    typer.Option("--max-amount", min=0, metavar="X", help=words.MAX_AMOUNT),
]
MaxPerCustomerOption = Annotated[
    float | None,
    typer.Option("--max-per-customer", min=0, metavar="X", help=words.MAX_PER_CUSTOMER),
]
StopAfterOption = Annotated[
    int | None,
    typer.Option("--stop-after", min=0, metavar="N", help=words.STOP_AFTER),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help=words.DRY_RUN)]
NewLedgerOption = Annotated[
    bool,
    typer.Option(
        "--new-ledger",
        help=words.NEW_LEDGER,
    ),
]

RowOption = Annotated[
    list[int] | None,
    typer.Option("--row", metavar="N", help=words.ROW),
]
PresentOption = Annotated[str | None, typer.Option("--present", metavar="ORDER_ID", help=words.PRESENT)]
PresentAllOption = Annotated[bool, typer.Option("--present-all", help=words.PRESENT_ALL)]
EvenCancelledOption = Annotated[bool, typer.Option("--even-cancelled", help=words.EVEN_CANCELLED)]
AbsentOption = Annotated[bool, typer.Option("--absent", help=words.ABSENT)]
ConfirmHeldOption = Annotated[bool, typer.Option("--confirm", help=words.CONFIRM_HELD)]
DropOption = Annotated[bool, typer.Option("--drop", help=words.DROP)]
ResendAbsentOption = Annotated[
    bool,
    typer.Option("--resend-absent", help=words.RESEND_ABSENT),
]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT", help=words.REASON)]


def per_second(rate: str | None) -> float | None:
    """Read `2/s` or `2` as a number. Raises `UsageError`."""
    if rate is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(?:/s)?", rate.strip())
    if match is None:
        raise UsageError(words.NO_RATE.format(rate=rate), fix=words.NO_RATE_FIX)
    return float(match[1])


def seconds(text: str, option: str) -> float:
    """Read the time that an option takes as seconds: `90s`, `30m`, `2h`, `1d` or `90`. Raises `UsageError`."""
    found = seconds_of(text)
    if found is None:
        raise UsageError(words.NO_TIME.format(option=option, text=text), fix=words.NO_TIME_FIX)
    return found
