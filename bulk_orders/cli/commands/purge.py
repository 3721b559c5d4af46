"""`purge`: erases what people wrote from the ledgers, after showing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bulk_orders.cli.ages import moment_before
from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.session import Session, profiles_to_search
from bulk_orders.cli.terminal import Terminal, ask_for
from bulk_orders.core.wording import counted
from bulk_orders.errors import ExitCode, GuardStopped, UsageError
from bulk_orders.machine.clock import SystemClock
from bulk_orders.runs.purge import Erased, Findings, Scope, StillNeeded, account_of, find, says
from bulk_orders.settings.profiles import Profile
from bulk_orders.wiring import copies_of_ledger, is_shared, ledger_place, open_ledger

_ACCEPTED_ANSWER: Final = "PURGE"


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeOptions:
    """What the command line says."""

    customer_id: str = ""
    older_than: str = ""
    profile_name: str | None = None
    is_yes: bool = False
    as_json: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """One ledger, and what was found there."""

    profile: Profile
    place: str
    """Where it is, for people."""
    scope: Scope
    findings: Findings
    copies: Sequence[Path]
    """Made by the program itself: they go, too."""
    files: Sequence[Path]
    """The user's own workbooks, and what the practice marketplace remembers."""
    ledgers: Sequence[Path]
    """Other ledgers beside this one: backups."""

    @property
    def has_any(self) -> bool:
        return self.findings.has_any or bool(self.copies)


def purge(session: Session, options: PurgeOptions) -> ExitCode:
    """Show what to erase in each ledger, ask once, erase it."""
    profiles = profiles_to_search(session, options.profile_name)
    now = SystemClock().now()
    customer_id = options.customer_id.strip()
    before = _before(options, profiles, now)
    places = [_look(session, profile, options, customer_id, before) for profile in profiles]
    if not places:
        session.terminal.say("There is no ledger yet, so nothing is kept.")
    for place in places:
        _show(session.terminal, place)
    if any(place.has_any for place in places) and not options.is_yes:
        _ask(session)
    for place in places:
        _erase(session, place, now)
        if not options.as_json and place.has_any:
            _say_erased(session.terminal, place)
    is_waiting = any(place.findings.still_needed for place in places)
    code = ExitCode.TRY_AGAIN_LATER if is_waiting else ExitCode.OK
    if options.as_json:
        session.terminal.json(
            answer(
                code,
                customer=customer_id or None,
                before=before.isoformat() if before else None,
                ledgers=[_json(place) for place in places],
            )
        )
    elif is_waiting:
        session.terminal.result(
            "  ⚠ Not all could be erased yet. Settle what is named above, then run the same command again."
        )
    return code


def say_erased(terminal: Terminal, profile: Profile, erased: Erased) -> None:
    """Say what a run erased when it was over, because the profile keeps it no longer."""
    found = erased.findings
    if found is not None:
        said = (
            "  ✔ Older than keep_personal_days ({days}): "
            "what people wrote in {orders}, {runs} and {plans} is erased"
        ).format(
            days=profile.keep_personal_days,
            orders=_orders(found),
            runs=_runs(found),
            plans=_plans(found),
        )
        terminal.say(said)
    if erased.problem:
        terminal.say(
            (
                "What is older than keep_personal_days was not erased: "
                "{reason} Run: bulk-orders purge --profile {profile}"
            ).format(reason=erased.problem, profile=profile.name)
        )


def _before(options: PurgeOptions, profiles: Sequence[Profile], now: datetime) -> datetime | None:
    if options.older_than:
        return moment_before(options.older_than, now)
    if options.customer_id.strip():
        return None
    days = profiles[0].keep_personal_days if options.profile_name else None
    if days is None:
        raise UsageError(
            "Nothing was named to erase.",
            fix=(
                "Add --customer ID, --older-than 400d, or --profile NAME for a "
                "profile that has keep_personal_days in the settings file."
            ),
        )
    return now - timedelta(days=days)


def _look(
    session: Session, profile: Profile, options: PurgeOptions, customer_id: str, before: datetime | None
) -> _Place:
    file = session.folders.ledger(is_practice=profile.is_practice).resolve()
    scope = Scope(
        customer_id=customer_id, before=before, account=account_of(profile) if options.profile_name else ""
    )
    with open_ledger(profile, session.folders) as ledger:
        findings = find(ledger, scope)
    made, others = copies_of_ledger(file)
    if is_shared(profile, session.folders) and file.exists():
        others.append(file)  # what was copied into the database is in the file still
    files = [Path(name) for run in findings.runs for name in (run.source_path, run.results_path) if name]
    files += [Path(name) for plan in findings.plans for name in (plan.source_path, plan.workbook_path)]
    if profile.is_practice:
        files.append(session.folders.practice_state)
    return _Place(
        profile=profile,
        place=ledger_place(profile, session.folders),
        scope=scope,
        findings=findings,
        copies=tuple(copy for copy in made if _may_hold(copy, scope, findings)),
        files=tuple(file for file in dict.fromkeys(files) if file.exists()),
        ledgers=tuple(others),
    )


def _may_hold(copy: Path, scope: Scope, findings: Findings) -> bool:
    """Return True when a copy of the ledger may hold what to erase: all of them where the ledger does."""
    if findings.has_any:
        return True
    if scope.customer_id:
        return says(copy.read_bytes(), scope.customer_id)
    made_at = datetime.fromtimestamp(copy.stat().st_mtime, UTC)
    return scope.before is not None and made_at < scope.before


def _show(terminal: Terminal, place: _Place) -> None:
    found = place.findings
    terminal.say(
        "The {environment} ledger, {path}:".format(
            environment=place.profile.environment.lower(), path=place.place
        )
    )
    terminal.say("  This will be erased for good:" if place.has_any else "  There is nothing to erase.")
    if found.orders:
        terminal.say(
            (
                "  - of {orders}: the body, your reference, a new tenant's "
                "domain, the marketplace's words, reasons that people typed"
            ).format(orders=_orders(found))
        )
    if found.runs:
        terminal.say(
            (
                "  - of {runs}: the kept workbook with the cells of all its "
                "customers, the names of its files, sentences that quote a cell"
            ).format(runs=_runs(found))
        )
    if found.plans:
        terminal.say(
            (
                "  - of {plans}: the planned orders with their bodies, the names of its files; "
                "it can no longer be applied"
            ).format(plans=_plans(found))
        )
    for run in found.runs:
        terminal.say(f"      {run.run_id}  {run.source_name}")
    for copy in place.copies:
        terminal.say("  - the copy {path}, with everything in it".format(path=copy))
    if place.has_any:
        terminal.say(
            "    Product, quantity, ids, PO number, outcome and digests stay: "
            "nothing is ordered again, and reports still say what became of each row."
        )
    if found.still_needed:
        terminal.say("  Stays until it is settled:")
    for one in found.still_needed:
        terminal.say(_needed_line(one))
    for line in _your_lines(place):
        terminal.say(line)
    terminal.say("    And backups and workbooks stored elsewhere: bulk-orders help personal-data")


def _your_lines(place: _Place) -> list[str]:
    files = [f"      {file}" for file in place.files]
    files += [
        "      {path}  (a copy of a ledger: delete it, or name it with --ledger and purge it, too)".format(
            path=ledger
        )
        for ledger in place.ledgers
    ]
    return ["  Yours to delete; the program does not touch it:", *files] if files else []


def _needed_line(one: StillNeeded) -> str:
    if one.sheet_row is None:
        return "  ⚠ run {run_id} {why}: {todo}".format(run_id=one.run_id, why=one.why, todo=one.todo)
    return "  ⚠ row {row} of run {run_id} {why}: {todo}".format(
        row=one.sheet_row, run_id=one.run_id, why=one.why, todo=one.todo
    )


def _ask(session: Session) -> None:
    typed = ""
    if session.ask is not None:
        typed = ask_for(
            session.ask,
            "Type PURGE to erase this:",
            expected="Type PURGE, or Enter to stop:",
            is_answer=_ACCEPTED_ANSWER.__eq__,
        )
    if not typed:
        raise GuardStopped("Nothing was erased.", fix="Type PURGE when asked, or add --yes.")


def _erase(session: Session, place: _Place, now: datetime) -> None:
    """Erase exactly what was shown; even where that is nothing, what an interrupted erasure left behind goes."""
    with open_ledger(place.profile, session.folders) as ledger, ledger.hold(place.scope.account):
        if find(ledger, place.scope) != place.findings:
            raise GuardStopped(
                "Nothing was erased: the ledger has changed since the list was shown.",
                fix="Run the same command again.",
            )
        ledger.erase(place.findings.orders, place.findings.runs, at=now, plans=place.findings.plans)
        for copy in place.copies:
            copy.unlink(missing_ok=True)
    # Left behind by an interrupted check, it names customers.
    session.folders.answers(is_practice=place.profile.is_practice).unlink(missing_ok=True)


def _say_erased(terminal: Terminal, place: _Place) -> None:
    found = place.findings
    if found.orders or found.runs:
        environment = place.profile.environment.lower()
        terminal.result(
            "  ✔ {environment} ledger: {orders} and {runs} no longer contain anything about people".format(
                environment=environment, orders=_orders(found), runs=_runs(found)
            )
        )
    if found.plans:
        terminal.result(
            "  ✔ {environment} ledger: the orders in {plans} are erased".format(
                environment=place.profile.environment.lower(), plans=_plans(found)
            )
        )
    for copy in place.copies:
        terminal.result("  ✔ Deleted: {path}".format(path=copy))


def _orders(found: Findings) -> str:
    return counted(len(found.orders), "{number} order", "{number:,} orders")


def _runs(found: Findings) -> str:
    return counted(len(found.runs), "{number} run", "{number:,} runs")


def _plans(found: Findings) -> str:
    return counted(len(found.plans), "{number} plan", "{number:,} plans")


def _json(place: _Place) -> dict[str, Any]:
    found = place.findings
    return {
        "environment": place.profile.environment,
        "file": place.place,
        "orders": len(found.orders),
        "runs": [run.run_id for run in found.runs],
        "plans": [plan.plan_id for plan in found.plans],
        "copies": [str(copy) for copy in place.copies],
        "waiting": [
            {"run_id": one.run_id, "row": one.sheet_row, "why": one.why, "todo": one.todo}
            for one in found.still_needed
        ],
        "yours": {"files": [*map(str, place.files)], "ledgers": [*map(str, place.ledgers)]},
    }
