"""`verify`, `ledger backup`, `ledger restore`, `ledger copy`: what keeps the ledger itself safe."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.session import Session, profiles_to_search
from bulk_orders.cli.terminal import ask_for, shown_path
from bulk_orders.core.settling import SHORTEST_S
from bulk_orders.core.wording import counted
from bulk_orders.errors import ExitCode, GuardStopped, InputError, LedgerUnusable, UsageError
from bulk_orders.ledger.interface import LedgerContents
from bulk_orders.ledger.verification import Verification
from bulk_orders.ledger.verification import verify as compare
from bulk_orders.machine.places import is_there
from bulk_orders.runs.verify import Noted, noted_heads
from bulk_orders.settings.profiles import Profile
from bulk_orders.wiring import (
    back_up_ledger,
    copy_ledger_into_database,
    is_shared,
    look_into_ledger,
    open_ledger,
    restore_ledger,
)

_ACCEPTED_ANSWER = "RESTORE"


def verify(
    session: Session, workbooks: Sequence[Path], *, profile_name: str | None, as_json: bool
) -> ExitCode:
    """Compare each ledger with its log, and with what results workbooks noted of it."""
    noted = noted_heads(workbooks)
    profiles = profiles_to_search(session, profile_name)
    is_any = session.folders.named_ledger is not None  # a file that is named says nothing of whose it is
    if not is_any:
        _check_known(noted, profiles)
    found = {}
    for profile in profiles:
        heads = [one.head for one in noted if is_any or one.environment == profile.environment]
        with open_ledger(profile, session.folders) as ledger:
            found[profile.environment] = compare(ledger, heads)
        if not as_json:
            _tell(session, profile.environment, found[profile.environment], [head.source for head in heads])
    is_whole = not any(verification.findings for verification in found.values())
    code = ExitCode.OK if is_whole else ExitCode.SETUP_WRONG
    if as_json:
        session.terminal.json(
            answer(
                code,
                ledgers=[_json(environment, verification) for environment, verification in found.items()],
            )
        )
    return code


def _check_known(noted: Sequence[Noted], profiles: Sequence[Profile]) -> None:
    for one in noted:
        if one.environment not in {profile.environment for profile in profiles}:
            raise InputError(
                "{source} belongs to a {environment} run, and there is no such ledger here.".format(
                    source=one.head.source, environment=one.environment
                ),
                fix="Verify it where that ledger is, or name the profile with --profile.",
            )


_EVENTS_ONE: Final = "{number} event"
_EVENTS_MANY: Final = "{number:,} events"


def _tell(session: Session, environment: str, found: Verification, sources: Sequence[str]) -> None:
    ledger = "{environment} ledger".format(environment=environment.lower())
    terminal = session.terminal
    for finding in found.findings:
        terminal.result(f"  ✖ {ledger}: {finding}")
    if found.findings:
        terminal.result("What to do: bulk-orders help backups")
        return
    events = counted(found.events, _EVENTS_ONE, _EVENTS_MANY)
    terminal.result(
        (
            "  ✔ {ledger}: its log of {events} is unbroken, and all runs, "
            "rows, orders and attempts are as they were written"
        ).format(ledger=ledger, events=events)
    )
    if sources:
        terminal.result(
            "  ✔ {ledger}: it continues from what {workbooks} recorded".format(
                ledger=ledger, workbooks=", ".join(sources)
            )
        )
    else:
        terminal.say(
            "    Not compared with a results workbook: whether the newest events were cut off "
            "cannot be seen without one. Add one: bulk-orders verify RESULTS.xlsx"
        )


def _json(environment: str, found: Verification) -> dict[str, Any]:
    return {
        "environment": environment,
        "events": found.events,
        "head": found.head or None,
        "findings": list(found.findings),
    }


_RUNS_ONE: Final = "{number} run"
_RUNS_MANY: Final = "{number:,} runs"
_NO_RUN_YET: Final = "no run"


def backup(session: Session, target: Path, *, is_practice: bool, as_json: bool) -> ExitCode:
    """Copy the ledger into a new file, also while runs go on. Raises `UsageError` where there is none."""
    ledger = _file(session, is_practice=is_practice)
    _check_there(ledger, "practice" if is_practice else "live")
    found = back_up_ledger(ledger, target)
    if as_json:
        session.terminal.json(_copied(target, found))
        return ExitCode.OK
    runs = counted(found.runs, _RUNS_ONE, _RUNS_MANY)
    last = found.last_run or _NO_RUN_YET
    session.terminal.result(
        "  ✔ {runs} up to {last_run} copied to {path}".format(
            runs=runs, last_run=last, path=shown_path(target)
        )
    )
    session.terminal.say(
        "    It names your customers. Keep it where only you can read it, and not only on this disk."
    )
    return ExitCode.OK


def _file(session: Session, *, is_practice: bool) -> Path:
    if session.folders.named_ledger is None and any(
        profile.is_practice is is_practice for profile in session.shared_ledgers()
    ):
        raise UsageError(
            "This ledger is a PostgreSQL database, which the program neither backs up nor restores.",
            fix="Use pg_dump or your server's backups: bulk-orders help shared-ledger. For a file, add --ledger FILE.",
        )
    return session.folders.ledger(is_practice=is_practice)


def restore(session: Session, source: Path, *, is_practice: bool, is_yes: bool, as_json: bool) -> ExitCode:
    """Put a backup in the ledger's place, after showing both."""
    ledger = _file(session, is_practice=is_practice)
    found = look_into_ledger(source, ledger)
    terminal = session.terminal
    terminal.say(_line("The backup:     ", found))
    terminal.say(_now(ledger))
    if not is_yes:
        _ask(session, ledger)
    aside = restore_ledger(ledger, source)
    if as_json:
        terminal.json(_copied(ledger, found) | {"kept": str(aside) if aside else None})
        return ExitCode.OK
    terminal.result("  ✔ {path} is the backup now".format(path=ledger))
    if aside:
        terminal.say("    The old ledger is kept as {path}".format(path=aside))
    terminal.say(
        (
            "    Nothing that was ordered since is ordered again: the next run reads the account before it "
            "sends, and waits once, up to {minutes} minutes, for orders that may still be on their way."
        ).format(minutes=int(SHORTEST_S // 60))
    )
    return ExitCode.OK


def copy(session: Session, *, profile_name: str, as_json: bool) -> ExitCode:
    """Copy the ledger's file into the profile's database. Raises `UsageError` where there is no file, or no database to fill."""
    profile = session.profile(profile_name)
    if not is_shared(profile, replace(session.folders, named_ledger=None)):
        raise UsageError(
            "The profile {name} has no ledger URL.".format(name=profile.name),
            fix="Add one: bulk-orders help shared-ledger.",
        )
    file = session.folders.ledger(is_practice=profile.is_practice)
    _check_there(file, profile.environment.lower())
    place, found = copy_ledger_into_database(profile, file)
    if as_json:
        session.terminal.json(_copied(file, found) | {"database": place})
        return ExitCode.OK
    runs = counted(found.runs, _RUNS_ONE, _RUNS_MANY)
    session.terminal.result(
        "  ✔ {runs} up to {last_run} copied to {database}, every row compared".format(
            runs=runs, last_run=found.last_run or _NO_RUN_YET, database=place
        )
    )
    session.terminal.say(
        "    Commands with this profile use the database now. The file stays as it is: do not send with it again, and "
        "keep it as a backup."
    )
    return ExitCode.OK


def _check_there(ledger: Path, environment: str) -> None:
    if not is_there(ledger):
        raise UsageError(
            "There is no {environment} ledger yet: {path}.".format(environment=environment, path=ledger),
            fix="The first run makes it.",
        )


def _now(ledger: Path) -> str:
    if not is_there(ledger):
        return "The ledger now:  there is none"
    try:
        return _line("The ledger now: ", look_into_ledger(ledger, ledger))
    except LedgerUnusable as error:
        return "The ledger now:  {why}".format(why=error.message)


def _ask(session: Session, ledger: Path) -> None:
    typed = ""
    if session.ask is not None:
        typed = ask_for(
            session.ask,
            "Type RESTORE to replace {path} with the backup:".format(path=ledger),
            expected="Type RESTORE, or Enter to stop:",
            is_answer=_ACCEPTED_ANSWER.__eq__,
        )
    if not typed:
        raise GuardStopped("Nothing was restored.", fix="Type RESTORE when asked, or add --yes.")


def _line(which: str, found: LedgerContents) -> str:
    return "{which}  {runs}, the last one {last_run}, {events}".format(
        which=which,
        runs=counted(found.runs, _RUNS_ONE, _RUNS_MANY),
        last_run=found.last_run or _NO_RUN_YET,
        events=counted(found.events, _EVENTS_ONE, _EVENTS_MANY),
    )


def _copied(path: Path, found: LedgerContents) -> dict[str, Any]:
    return answer(
        ExitCode.OK,
        file=str(path),
        runs=found.runs,
        last_run=found.last_run or None,
        events=found.events,
    )
