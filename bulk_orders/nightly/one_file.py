"""One file of the inbox, from its claim to the folder where it ends. Whatever is wrong with it, the next file has its turn."""

import hashlib
import json
import logging
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.model import Severity
from bulk_orders.errors import BulkOrdersError, ExitCode, GuardStopped, InputError, ResultsNotWritten
from bulk_orders.ledger.interface import RunRecord
from bulk_orders.machine.private_files import opener, replace_text
from bulk_orders.nightly.folders import NOTE_START, Claim
from bulk_orders.nightly.inbox import shape_of
from bulk_orders.nightly.open_runs import is_open, result_of, run_of_file, runs_of_inbox
from bulk_orders.nightly.parts import NightParts
from bulk_orders.nightly.results import FileResult
from bulk_orders.nightly.sending import send
from bulk_orders.reading.control_totals import totals_beside
from bulk_orders.reading.input_file import read_file
from bulk_orders.reading.source import Source
from bulk_orders.runs.check import check_context, read_and_check
from bulk_orders.runs.checked_workbook import write_findings
from bulk_orders.runs.follow import follow_run
from bulk_orders.runs.run import RunEnd, resume_run
from bulk_orders.settings.nightly import HOLD
from bulk_orders.texts import nightly as words
from bulk_orders.texts.plural import counted

logger = logging.getLogger("bulk_orders")


class StillWritten(Exception):
    """Somebody wrote into the file after it was taken."""


def process(parts: NightParts, claim: Claim) -> FileResult:
    """Check and send a claimed file, and put it where it belongs.

    Raises `StillWritten`, and what ends the whole night: a marketplace that is away, a refused sign-in, a ledger in use.
    The file then is in `work`, and `give_back` says where it goes.
    """
    try:
        return _sent(parts, claim)
    except (InputError, GuardStopped) as error:
        return _set_aside(parts, claim, error.exit_code, error.message, error.fix or words.FIX_FILE)
    except (BulkOrdersError, StillWritten):
        raise
    except OSError as error:
        what = words.CANNOT_BE_MOVED.format(reason=error.strerror or error)
        return FileResult(
            name=claim.name, exit_code=ExitCode.TRY_AGAIN_LATER, what=what, fix=words.CANNOT_BE_MOVED_FIX
        )
    except Exception as error:
        logger.exception("a file of the inbox failed")
        what = words.BROKEN.format(kind=type(error).__name__)
        if run_of_file(parts, claim.path):  # orders of it may be sent: its run is resumed, and then it moves
            return FileResult(
                name=claim.name, exit_code=ExitCode.BUG, what=what, fix=words.BROKEN_FIX, is_open=True
            )
        return _set_aside(parts, claim, ExitCode.BUG, what, words.BROKEN_FIX)


def resumed(parts: NightParts, run: RunRecord) -> FileResult:
    """Go on with a run that an earlier night left open. Raises what ends the whole night."""
    try:
        return _told(parts, resume_run(parts.services, run))
    except (InputError, GuardStopped) as error:
        what, fix, code = error.message, error.fix, error.exit_code
    except BulkOrdersError:
        raise
    except Exception as error:
        logger.exception("an open run failed")
        what, fix, code = words.BROKEN.format(kind=type(error).__name__), words.BROKEN_FIX, ExitCode.BUG
    return FileResult(
        name=run.source_name, exit_code=code, what=what, fix=fix, run_id=run.run_id, is_open=True
    )


def follow(parts: NightParts, run: RunRecord, *, wait_s: float) -> None:
    """Ask what became of a run's accepted orders, and refresh its results. Raises what ends the whole night."""
    _write_json(parts, follow_run(parts.services, run, wait_s=wait_s))


def give_back(parts: NightParts, claim: Claim) -> None:
    """Put a file whose night is over back into the inbox, unless a run began with it. Raises `OSError`."""
    if run_of_file(parts, claim.path) is None:
        parts.folders.put_back(claim)


def finish_if_done(parts: NightParts, claim: Claim, run: RunRecord) -> Path | None:
    """Put a file away whose run has nothing left to send; None, and it stays in work, if it has. Raises `OSError`."""
    if is_open(parts, run.run_id):
        return None
    return parts.folders.finish(claim, run.started_at.astimezone(parts.settings.zone).date())


def _sent(parts: NightParts, claim: Claim) -> FileResult:
    before = shape_of(claim.path)
    source = Source(path=claim.path, content=read_file(claim.path))
    if shape_of(claim.path) != before or len(source.content) != before[0]:
        raise StillWritten
    if earlier := _processed_before(parts, claim, source):
        return _same_as(parts, claim, earlier)
    profile = parts.services.profile
    context = check_context(
        parts.services.clock.now(), own_domain=profile.partner_domain, include_hidden=False
    )
    checked = read_and_check(source.content, claim.name, context, totals=totals_beside(claim.path))
    if checked.has_file_errors or (checked.error_row_count and parts.settings.on_problem == HOLD):
        return _hold(parts, claim, source, checked)
    return _finished(parts, claim, send(parts, source, checked))


def _processed_before(parts: NightParts, claim: Claim, source: Source) -> RunRecord | None:
    """Return an earlier run of the same content in which everything went well: another one would send nothing."""
    digest = hashlib.sha256(source.content).hexdigest()
    for run in runs_of_inbox(parts):
        is_other = run.source_path != str(claim.path.absolute())
        if is_other and run.source_sha256 == digest and run.exit_code == ExitCode.OK:
            return run
    return None


def _same_as(parts: NightParts, claim: Claim, earlier: RunRecord) -> FileResult:
    what = words.SAME_AS_BEFORE.format(
        day=earlier.started_at.astimezone(parts.settings.zone), run_id=earlier.run_id
    )
    moved_to = parts.folders.finish(claim, parts.now().date())
    return FileResult(
        name=claim.name, exit_code=ExitCode.OK, what=what, run_id=earlier.run_id, moved_to=moved_to
    )


def _finished(parts: NightParts, claim: Claim, end: RunEnd) -> FileResult:
    found = _told(parts, end)
    if found.is_open:
        return found
    return replace(found, moved_to=parts.folders.finish(claim, parts.now().date()))


def _told(parts: NightParts, end: RunEnd) -> FileResult:
    """Return what became of a run; beside its results the same for machines, and a note if a person has to look."""
    found = result_of(end)
    _write_json(parts, end)
    if found.fix and not found.is_open:
        _write_note(parts, found.name, found.what, found.results, found.fix)
    return found


def _write_json(parts: NightParts, end: RunEnd) -> None:
    """Write beside the results the same for machines; without room for it, `report RUN --json` has it from the ledger."""
    if end.results_path is None:
        return
    told = parts.run_json(end.report, end.exit_code, str(end.results_path))
    beside = end.results_path.with_suffix(".json")
    with suppress(OSError):
        replace_text(beside, json.dumps(told, ensure_ascii=True, indent=2, default=str) + "\n")
    for path in (end.results_path, beside):
        _share(parts, path)


def _hold(parts: NightParts, claim: Claim, source: Source, checked: CheckResult) -> FileResult:
    """Set a file with errors aside: its checked workbook beside it, or what is wrong with it as a whole."""
    if checked.has_file_errors:
        first = next(found for found in checked.problems if found.severity is Severity.ERROR)
        what = words.FILE_ERRORS.format(first=first.message)
        fix = f"{first.fix} {words.FIX_FILE}".strip()
        return _set_aside(parts, claim, ExitCode.WORKBOOK_HAS_ERRORS, what, fix)
    what = counted(checked.error_row_count, words.ROWS_TO_FIX_ONE, words.ROWS_TO_FIX_MANY)
    target = parts.folders.needs_attention / f"{claim.path.stem.removesuffix('.checked')}.checked.xlsx"
    try:
        checked_path, _ = write_findings(source, checked, checked.problems, target)
        _share(parts, checked_path)
        fix = words.FIX_CHECKED.format(path=checked_path)
    except ResultsNotWritten:
        fix = words.FIX_FILE
    return _set_aside(parts, claim, ExitCode.WORKBOOK_HAS_ERRORS, what, fix)


def _set_aside(parts: NightParts, claim: Claim, code: ExitCode, what: str, fix: str) -> FileResult:
    """Put a file that is not sent where people look after it, with a note."""
    try:
        moved_to = parts.folders.set_aside(claim)
    except OSError as error:
        reason = words.CANNOT_BE_MOVED.format(reason=error.strerror or error)
        return FileResult(name=claim.name, exit_code=code, what=f"{what} {reason}", fix=fix)
    _write_note(parts, claim.name, what, moved_to, fix)
    return FileResult(name=claim.name, exit_code=code, what=what, fix=fix, moved_to=moved_to)


def _write_note(parts: NightParts, name: str, what: str, where: Path | None, fix: str) -> None:
    """Write three lines for whoever looks into the folder; without room for them the message says the same."""
    path = parts.folders.needs_attention / f"{NOTE_START}{Path(name).stem}.txt"
    text = words.NOTE.format(name=name, what=what, path=where or parts.folders.work, fix=fix)
    with suppress(OSError):
        path.unlink(missing_ok=True)
        with open(path, "x", encoding="utf-8", opener=opener) as file:
            file.write(text)
        _share(parts, path)


def _share(parts: NightParts, path: Path) -> None:
    with suppress(OSError):
        parts.folders.share(path)
