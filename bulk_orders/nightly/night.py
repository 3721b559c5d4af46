"""One night: open runs are resumed, files are sent, orders are followed, what is old is deleted, and all of it is reported.

The sequence is fixed and every step leaves the folders so that the next night can go on, whatever ends this one.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from bulk_orders.core.wording import plural
from bulk_orders.errors import BulkOrdersError, ExitCode, MarketplaceDown
from bulk_orders.ledger.interface import RunRecord
from bulk_orders.machine.log_lines import log
from bulk_orders.nightly import retention
from bulk_orders.nightly.folders import FOLDER_UNUSABLE, FOLDER_UNUSABLE_FIX, NOTE_START, Claim, is_mapping
from bulk_orders.nightly.inbox import Found, LeftInInbox, shape_of
from bulk_orders.nightly.memory import Memory, recall, remember
from bulk_orders.nightly.one_file import (
    CANNOT_BE_MOVED,
    CANNOT_BE_MOVED_FIX,
    StillWritten,
    ended_before,
    follow,
    give_back,
    process,
    put_away,
    resumed,
    rewrite,
)
from bulk_orders.nightly.open_runs import is_open, open_runs, run_of_file, unfinished
from bulk_orders.nightly.parts import NightParts
from bulk_orders.nightly.preview import check_guards, looked, old_paths, refuse_files_without_plans
from bulk_orders.nightly.promise import Standing, Watch
from bulk_orders.nightly.results import FileResult, NightReport, night_json
from bulk_orders.nightly.untold import Untold
from bulk_orders.sending.breaker import MARKETPLACE_TO_ANSWER
from bulk_orders.sending.waits import waiting

Tell = Callable[[NightReport], bool]
"""Tells people of a night; False where there was somebody to tell, and nobody could be reached."""
BeginLog = Callable[[Path, date], bool]
"""Writes the program's log into a folder, too, for a day; False if it cannot."""

GAP_S: Final = 60.0
"""Between two questions whether a marketplace that was away is back."""


def work_through_night(parts: NightParts, begin_log: BeginLog, tell: Tell) -> NightReport:
    """Do one pass over the inbox, write `last-run.json`, and tell of it, also of what a killed night told nobody.

    Raises `AnotherRunActive` if another night works on it, `SetupError` if its folders cannot be used, `GuardStopped` if it
    must not begin. Whatever happens later is in the report.
    """
    check_guards(parts)
    parts.folders.prepare()
    with parts.folders.held():
        night = _Night(parts)
        report = night.report(is_logged=begin_log(parts.folders.logs, parts.now().date()))
        if tell(report):
            night.note_told()
        return report


_NIGHT_ENDED: Final = "the night ended before its turn"


class _Night:
    """A night while it goes on."""

    def __init__(self, parts: NightParts) -> None:
        self._parts = parts
        self._started_at = parts.now()
        self._files: list[FileResult] = []
        self._waiting: list[LeftInInbox] = []
        self._untouched: list[str] = []
        """Files that are complete and had no turn yet."""
        self._alerts: list[str] = []
        self._untold = Untold(parts)
        self._watch = Watch(parts)
        self._standing = Standing()
        self._memory = Memory()
        self._drift: set[str] = set()
        """Marks of how orders differ, told tonight or before."""
        self._deleted: list[Path] = []
        self._stopped_by = ""
        self._stopped_code = ExitCode.OK

    def report(self, *, is_logged: bool) -> NightReport:
        profile = self._parts.services.profile
        if not is_logged:
            self._alerts.append("The log in {path} cannot be written.".format(path=self._parts.folders.logs))
        log("night-begun", profile=profile.name, environment=profile.environment)
        with self._parts_that_end_the_night():
            with _ending(self._parts):
                self._files += self._untold.left()
                found = self._look()
                self._waiting += found.waiting
                self._untouched = [path.name for path, _ in found.complete]
                self._wait_for_marketplace(has_work=bool(found.complete) or self._watch.is_due())
                self._resume_open_runs()
                self._follow(wait_s=0.0)
                self._compare_again()
                self._take_up_work()
                refuse_files_without_plans(self._parts, found)
                self._work_on_inbox(found)
            if self._parts.settings.follow_s:
                self._follow(wait_s=self._parts.settings.follow_s)
        self._waiting += [LeftInInbox(name=name, why=_NIGHT_ENDED) for name in self._untouched]
        self._clean_up()
        self._memory = self._remembered()
        made = self._written()
        log("night-ended", profile=profile.name, exit_code=int(made.exit_code), files=len(made.files))
        return made

    def note_told(self) -> None:
        """Record that people were told; what was compared and differs is not told again."""
        self._watch.note_reported()
        if not self._drift <= self._memory.drift:
            self._memory = replace(self._memory, drift=self._memory.drift | self._drift)
            self._written()
        self._untold.told()

    def _written(self) -> NightReport:
        """Write the night into `last-run.json`, and return it; if that cannot be, the report says so."""
        path = self._parts.folders.last_run
        made = self._made()
        success = made.ended_at if made.exit_code is ExitCode.OK else self._memory.last_success
        try:
            remember(path, night_json(made), replace(self._memory, last_success=success))
            self._parts.folders.share(path)
        except OSError as error:
            self._alerts.append(
                "{path} cannot be written: {reason}.".format(path=path, reason=error.strerror or error)
            )
            made = self._made()
        return replace(made, last_success=success)

    @contextmanager
    def _parts_that_end_the_night(self) -> Iterator[None]:
        """Take down what ends a night early: everything but a fault of one file."""
        try:
            yield
        except BulkOrdersError as error:
            self._stop(error.exit_code, f"{error.message} {error.fix}".strip())
        except OSError as error:
            where = self._parts.folders.root
            reason = FOLDER_UNUSABLE.format(path=where, reason=error.strerror or error)
            self._stop(ExitCode.TRY_AGAIN_LATER, f"{reason} {FOLDER_UNUSABLE_FIX}")

    def _stop(self, code: ExitCode, reason: str) -> None:
        if not self._stopped_by:  # what comes after it is its consequence
            self._stopped_by, self._stopped_code = reason, code
        log("night-stopped", exit_code=int(code))

    def _made(self) -> NightReport:
        return NightReport(
            profile=self._parts.services.profile.name,
            environment=self._parts.services.profile.environment,
            folder=self._parts.folders.root,
            started_at=self._started_at,
            ended_at=self._parts.now(),
            files=tuple(self._files),
            waiting=tuple(self._waiting),
            undecided=self._standing.undecided,
            drifted=self._standing.drifted,
            alarms=self._watch.alarms,
            not_compared=self._watch.not_compared,
            alerts=tuple(self._alerts),
            stopped_by=self._stopped_by,
            stopped_code=self._stopped_code,
            deleted=tuple(self._deleted),
        )

    def _add(self, found: FileResult, claim: Claim | None = None) -> None:
        if found.exit_code is ExitCode.INTERRUPTED and self._parts.seconds_left() == 0:
            found = replace(
                found, exit_code=ExitCode.TRY_AGAIN_LATER
            )  # the night's end stopped it, and nobody else
        self._files.append(found)
        self._untold.end(found, claim)
        log("file", file=found.name, run=found.run_id, exit_code=int(found.exit_code), is_open=found.is_open)

    def _wait_for_marketplace(self, *, has_work: bool) -> None:
        """Wait for a marketplace that is away as long as a run would; a run that is under way waits by itself.

        Raises `MarketplaceDown` if it stays away, or the night is over before it is back.
        """
        services = self._parts.services
        if not has_work and not open_runs(self._parts):
            return
        since_s = services.clock.monotonic()
        with waiting(services.observer, services.clock, MARKETPLACE_TO_ANSWER):
            while not self._parts.why_not_now():
                try:
                    services.marketplace.sign_in()
                except MarketplaceDown:
                    left_s = services.profile.patience_s - (services.clock.monotonic() - since_s)
                    if left_s <= 0 or services.clock.wait(min(GAP_S, left_s), services.stop):
                        raise
                else:
                    return

    def _resume_open_runs(self) -> None:
        for run in open_runs(self._parts):
            if self._parts.why_not_now():
                return
            self._add(resumed(self._parts, run))

    def _take_up_work(self) -> None:
        """Go on with what an earlier night had taken: put away what is done, begin what was never begun."""
        for claim in self._parts.folders.claimed_before():
            run = run_of_file(self._parts, claim.path)
            if run is not None and not is_open(self._parts, run.run_id):
                if run.run_id not in {found.run_id for found in self._files}:
                    self._add(ended_before(self._parts, run), claim)
                put_away(self._parts, claim, run)
            elif run is None and not self._parts.why_not_now():
                self._work_on(claim)

    def _work_on_inbox(self, found: Found) -> None:
        for path, shape in found.complete:
            self._untouched.remove(path.name)
            why = self._parts.why_not_now()
            if why:
                self._waiting.append(LeftInInbox(name=path.name, why=why))
                continue
            claim = self._claimed(path, shape)
            if claim:
                self._work_on(claim)

    def _look(self) -> Found:
        """Look into the inbox; on a day on which nothing is sent nobody waits for files to be complete."""
        stable_s = 0.0 if self._parts.why_not_now() else self._parts.settings.stable_s
        return looked(self._parts, stable_s)

    def _claimed(self, path: Path, shape: tuple[int, int, int]) -> Claim | None:
        """Take a file if it is still as it was seen; None if somebody else took it, or writes into it."""
        try:
            claim = self._parts.folders.claim(path, self._parts.now())
        except FileNotFoundError:
            return None
        except OSError as error:
            reason = CANNOT_BE_MOVED.format(reason=error.strerror or error)
            code = ExitCode.TRY_AGAIN_LATER
            self._add(FileResult(name=path.name, exit_code=code, what=reason, fix=CANNOT_BE_MOVED_FIX))
            return None
        self._untold.take(claim)
        if shape_of(claim.path) == shape:
            return claim
        self._still_written(claim)
        return None

    def _still_written(self, claim: Claim) -> None:
        self._parts.folders.put_back(claim)
        self._untold.give_back(claim)
        self._waiting.append(LeftInInbox(name=claim.name, why="it is still being written"))

    def _work_on(self, claim: Claim) -> None:
        try:
            self._add(process(self._parts, claim), claim)
        except StillWritten:
            self._still_written(claim)
        except BulkOrdersError:
            if give_back(self._parts, claim):
                self._untold.give_back(claim)
                self._waiting.append(LeftInInbox(name=claim.name, why=_NIGHT_ENDED))
            raise

    def _follow(self, *, wait_s: float) -> None:
        """Ask what became of accepted orders."""
        for run in unfinished(self._parts):
            if self._parts.services.stop.is_set():
                return
            self._watch.follow(run)
            follow(self._parts, run, wait_s=wait_s)

    def _compare_again(self) -> None:
        """Compare what is due with the marketplace; runs of whose rows that told something new get their results again."""
        if not self._parts.services.stop.is_set():
            for run in self._watch.compare():
                rewrite(self._parts, run)

    def _clean_up(self) -> None:
        for path in old_paths(self._parts):
            try:
                retention.delete(path)
                self._deleted.append(path)
            except OSError as error:
                self._alerts.append(
                    "{path} is old and cannot be deleted: {reason}.".format(
                        path=path, reason=error.strerror or error
                    )
                )

    def _remembered(self) -> Memory:
        """Return what the next night should know, and note what has been lying or open for too long."""
        now = self._parts.services.clock.now()
        still_open = [run.run_id for run in self._open_now()]
        known = recall(self._parts.folders.last_run)
        with self._parts_that_end_the_night():
            self._standing, self._drift = self._watch.standing(known.drift)
        memory = known.after(lying(self._parts), still_open, now)
        settings = self._parts.settings
        self._alerts += [
            plural(
                days, "{name} has been there for {number} day.", "{name} has been there for {number} days."
            ).format(name=name, number=days)
            for name, days in memory.older_than(settings.alert_after_days, now).items()
        ]
        self._alerts += [
            "Run {run_id} is still open after {nights} nights.".format(run_id=run_id, nights=nights)
            for run_id, nights in memory.stuck(settings.stuck_nights).items()
        ]
        return memory

    def _open_now(self) -> Iterable[RunRecord]:
        try:
            return open_runs(self._parts)
        except BulkOrdersError:
            return ()


def lying(parts: NightParts) -> list[str]:
    """Return, as `inbox/orders.xlsx`, the files that lie in the inbox and in needs-attention, without mappings and notes of ours."""
    found = []
    for folder in (parts.folders.inbox, parts.folders.needs_attention):
        try:
            paths = [path for path in folder.iterdir() if path.is_file() and not is_mapping(path)]
            names = sorted(path.name for path in paths)
        except OSError:
            continue
        found += [f"{folder.name}/{name}" for name in names if not name.startswith((".", "~$", NOTE_START))]
    return found


@contextmanager
def _ending(parts: NightParts) -> Iterator[None]:
    """Stop what goes on when the night is over: orders in flight are finished, the rest is resumed the next night."""
    left_s = parts.seconds_left()
    if left_s is None:
        yield
        return
    over = threading.Event()

    def end() -> None:
        if not parts.services.clock.wait(left_s, over):
            parts.services.stop.set()

    thread = threading.Thread(target=end, name="end-of-night", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
