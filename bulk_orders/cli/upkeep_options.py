"""Options of the commands around the runs: nights, the ledger and its copies, erasing, the doctor, the practice marketplace."""

from pathlib import Path
from typing import Annotated

import typer

RequestLimitOption = Annotated[
    int | None, typer.Option("--limit", min=1, metavar="N", help="Maximum requests per second.")
]
SandboxStateOption = Annotated[
    Path | None,
    typer.Option("--state", readable=False, metavar="FILE", help="The file that remembers its orders."),
]
WorkerProfilesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="A profile in settings.toml to send for; its orders are real. More than once for several.",
    ),
]
WorkersProfileOption = Annotated[
    str, typer.Option("--profile", metavar="NAME", help="A profile with the workers' ledger.")
]
HealthFileOption = Annotated[
    Path | None,
    typer.Option(
        "--health-file",
        readable=False,
        metavar="FILE",
        help="A file that is written every 5 seconds while the worker lives, for whatever watches it.",
    ),
]
InboxArgument = Annotated[
    Path | None,
    typer.Argument(
        readable=False,
        metavar="FOLDER",
        help="The folder with the inbox. The settings may name it instead.",
        show_default=False,
    ),
]
OnProblemOption = Annotated[
    str | None,
    typer.Option(
        "--on-problem",
        metavar="hold|send-ready",
        help=(
            "What happens to a file in which rows have errors: "
            "hold sends nothing of it, send-ready its good rows."
        ),
    ),
]
NotAfterOption = Annotated[
    str | None,
    typer.Option(
        "--not-after",
        metavar="HH:MM",
        help="Send nothing after this time of day; the next night goes on.",
    ),
]
NotifyTestOption = Annotated[
    bool,
    typer.Option("--test", help="Send everybody a test message, and say whether it arrived at the service."),
]
NightlyDryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Show what the night would do, and do nothing.")
]

NotedWorkbooksArgument = Annotated[
    list[Path] | None,
    typer.Argument(
        readable=False,
        metavar="RESULTS",
        help="Results workbooks; each records how far the ledger's log had come.",
        show_default=False,
    ),
]
BackupArgument = Annotated[
    Path, typer.Argument(readable=False, metavar="FILE", help="The backup.", show_default=False)
]
PracticeLedgerOption = Annotated[
    bool, typer.Option("--practice", help="The practice ledger instead of the live one.")
]
RestoreYesOption = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
CustomerOption = Annotated[
    str, typer.Option("--customer", metavar="ID", help="Only what concerns this customer.")
]
OlderThanOption = Annotated[
    str,
    typer.Option(
        "--older-than",
        metavar="AGE",
        help=(
            "Only what is older: 400d, 8 weeks, 18 months, 2 years. "
            "Without both, the profile's keep_personal_days."
        ),
    ),
]
LedgersProfileOption = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="Only this profile's ledger (`practice` is one). Without it, every ledger.",
    ),
]
CopyProfileOption = Annotated[
    str,
    typer.Option("--profile", metavar="NAME", help="Whose ledger URL names the database."),
]
PurgeYesOption = Annotated[bool, typer.Option("--yes", help="Do not ask.")]

BundleOption = Annotated[
    Path | None,
    typer.Option(
        "--bundle",
        readable=False,
        metavar="FILE",
        help="Also write a zip for whoever helps you, without secrets or customers' data.",
    ),
]
FirstStepsOption = Annotated[
    bool,
    typer.Option(
        "--first-steps",
        help=(
            "Lead from nothing to the first practice order: "
            "makes a workbook with two orders, and says what to type."
        ),
    ),
]
