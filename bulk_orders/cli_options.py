"""What the commands take: arguments and options that more than one command has, and those of `run`."""

from pathlib import Path
from typing import Annotated

import typer

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
