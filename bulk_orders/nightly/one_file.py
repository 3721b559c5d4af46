"""One file of the inbox, from its claim to the folder where it ends. Whatever is wrong with it, the next file has its turn."""

import hashlib
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.model import Severity
from bulk_orders.core.wording import counted
from bulk_orders.errors import BulkOrdersError, ExitCode, GuardStopped, InputError, ResultsNotWritten
from bulk_orders.ledger.interface import RunRecord
from bulk_orders.machine.private_files import opener, replace_text
from bulk_orders.nightly.folders import NOTE_START, Claim
from bulk_orders.nightly.inbox import shape_of
from bulk_orders.nightly.open_runs import is_of_inbox, result_of, run_of_file, runs_of_inbox, with_results
from bulk_orders.nightly.parts import NightParts
from bulk_orders.nightly.results import FileResult
from bulk_orders.nightly.sending import send
from bulk_orders.nightly.untold import CUT_OFF_FIX, Untold
from bulk_orders.reading.mapping_file import mapping_path
from bulk_orders.reading.source import Source
from bulk_orders.runs.check import check_context, checked_path
from bulk_orders.runs.checked_workbook import write_findings
from bulk_orders.runs.follow import end_of, follow_run
from bulk_orders.runs.mapped_source import MappingUnusable, map_command, read_source
from bulk_orders.runs.run import RunEnd, resume_run
from bulk_orders.settings.nightly import HOLD

logger = logging.getLogger("bulk_orders")

Fix = Callable[[Path], str]
"""Says what to do about a file, by where it was put."""
CANNOT_BE_MOVED: Final = "It cannot be moved: {reason}."
CANNOT_BE_MOVED_FIX: Final = (
    "Check the folder and its disk. Nothing is lost: the next night goes on with the file where it is."
)


class StillWritten(Exception):
    """Somebody wrote into the file after it was taken."""


_BACK: Final = "Then put the file into the inbox again, with its mapping if you made one."
_FIX_FILE: Final = "Correct the file. Then put it into the inbox again."
_BROKEN: Final = "Something inside the program went wrong ({kind}). The log has the details."
_BROKEN_FIX: Final = (
    "Report it with `bulk-orders doctor --bundle FILE.zip`. Nothing is sent twice if you run the file."
)


def process(parts: NightParts, claim: Claim) -> FileResult:
    """Check and send a claimed file, and put it where it belongs.

    Raises `StillWritten`, and what ends the whole night: a marketplace that is away, a refused sign-in, a ledger in use.
    The file then is in `work`, and `give_back` says where it goes.
    """
    try:
        return _sent(parts, claim)
    except MappingUnusable as error:
        return _set_aside(parts, claim, error.exit_code, error.message, partial(_fix_by_map, parts, claim))
    except (InputError, GuardStopped) as error:
        fix = _and_back(error.fix) if isinstance(error, InputError) else error.fix or _FIX_FILE
        return _set_aside(parts, claim, error.exit_code, error.message, _fix(fix))
    except (BulkOrdersError, StillWritten):
        raise
    except OSError as error:
        what = CANNOT_BE_MOVED.format(reason=error.strerror or error)
        return FileResult(
            name=claim.name, exit_code=ExitCode.TRY_AGAIN_LATER, what=what, fix=CANNOT_BE_MOVED_FIX
        )
    except Exception as error:
        logger.exception("a file of the inbox failed")
        what = _BROKEN.format(kind=type(error).__name__)
        if run_of_file(parts, claim.path):  # orders of it may be sent: its run is resumed, and then it moves
            return FileResult(
                name=claim.name, exit_code=ExitCode.BUG, what=what, fix=_BROKEN_FIX, is_open=True
            )
        return _set_aside(parts, claim, ExitCode.BUG, what, _fix(_BROKEN_FIX))


def resumed(parts: NightParts, run: RunRecord) -> FileResult:
    """Go on with a run that an earlier night left open. Raises what ends the whole night."""
    placed = with_results(parts, run)
    try:
        return _told(parts, resume_run(parts.services, placed))
    except (InputError, GuardStopped) as error:
        what, fix, code = error.message, error.fix, error.exit_code
    except BulkOrdersError:
        raise
    except Exception as error:
        logger.exception("an open run failed")
        what, fix, code = _BROKEN.format(kind=type(error).__name__), _BROKEN_FIX, ExitCode.BUG
    return FileResult(
        name=run.source_name, exit_code=code, what=what, fix=fix, run_id=run.run_id, is_open=True
    )


def follow(parts: NightParts, run: RunRecord, *, wait_s: float) -> None:
    """Ask what became of a run's accepted orders, and refresh its results. Raises what ends the whole night."""
    _write_json(parts, follow_run(parts.services, with_results(parts, run), wait_s=wait_s))


def rewrite(parts: NightParts, run: RunRecord) -> None:
    """Write a run's results again, as it stands now; what a person ran is left as a person has it."""
    is_ours = is_of_inbox(parts, run)
    end = end_of(parts.services, with_results(parts, run) if is_ours else run)
    if is_ours:
        _write_json(parts, end)


def give_back(parts: NightParts, claim: Claim) -> bool:
    """Put a file whose night is over back into the inbox, unless a run began with it; True if it is there. Raises `OSError`."""
    if run_of_file(parts, claim.path) is not None:
        return False
    parts.folders.put_back(claim)
    return True


def ended_before(parts: NightParts, run: RunRecord) -> FileResult:
    """Return how a run ended whose night was killed before it put the file away."""
    return _told(parts, end_of(parts.services, with_results(parts, run)))


def put_away(parts: NightParts, claim: Claim, run: RunRecord) -> Path:
    """Put the file of a run away that has nothing left to send. Raises `OSError`."""
    return parts.folders.finish(claim, run.started_at.astimezone(parts.settings.zone).date())


def _sent(parts: NightParts, claim: Claim) -> FileResult:
    source, checked = _read_whole(parts, claim)
    if earlier := _processed_before(parts, claim, source):
        return _same_as(parts, claim, earlier)
    if checked.has_file_errors or (checked.error_row_count and parts.settings.on_problem == HOLD):
        return _hold(parts, claim, source, checked)
    return _finished(parts, claim, send(parts, source, checked))


def _read_whole(parts: NightParts, claim: Claim) -> tuple[Source, CheckResult]:
    """Read and check the file, by the mappings of the inbox. Raises `StillWritten`, and what `read_source` raises."""
    context = check_context(
        parts.services.clock.now(),
        own_domain=parts.services.profile.partner_domain,
        include_hidden=False,
    )
    before = shape_of(claim.path)
    try:
        source, checked = read_source(claim.path, context, mapped_at=parts.folders.inbox / claim.name)
    except InputError:
        if shape_of(claim.path) != before:
            raise StillWritten from None  # half a file is wrong in many ways
        raise
    if shape_of(claim.path) != before or len(source.content) != before[0]:
        raise StillWritten
    return source, checked


def _processed_before(parts: NightParts, claim: Claim, source: Source) -> RunRecord | None:
    """Return an earlier run of the same content in which everything went well: another one would send nothing."""
    digest = hashlib.sha256(source.content).hexdigest()
    for run in runs_of_inbox(parts):
        is_other = run.source_path != str(claim.path.absolute())
        if is_other and run.source_sha256 == digest and run.exit_code == ExitCode.OK:
            return run
    return None


def _same_as(parts: NightParts, claim: Claim, earlier: RunRecord) -> FileResult:
    what = (
        "The same file was processed before, on {day:%Y-%m-%d} (run {run_id}), so nothing was sent.".format(
            day=earlier.started_at.astimezone(parts.settings.zone), run_id=earlier.run_id
        )
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
        _write_note(parts, f"{found.name} ({found.run_id})", found, found.results)
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
        what = "The workbook has errors as a whole, so nothing was sent: {first}".format(first=first.message)
        return _set_aside(parts, claim, ExitCode.WORKBOOK_HAS_ERRORS, what, _fix(_and_back(first.fix)))
    what = counted(
        checked.error_row_count,
        "{number} row has errors, so nothing was sent.",
        "{number} rows have errors, so nothing was sent.",
    )
    by_checked = partial(_fix_by_checked, parts, source, checked)
    return _set_aside(parts, claim, ExitCode.WORKBOOK_HAS_ERRORS, what, by_checked)


def _and_back(fix: str) -> str:
    """Return what to do with the file, and then; the fix may be to map its columns, and the mapping is wanted in the inbox, too."""
    return f"{fix} {_BACK}" if fix else _FIX_FILE


def _fix(sentence: str) -> Fix:
    return lambda _: sentence


def _fix_by_checked(parts: NightParts, source: Source, checked: CheckResult, moved_to: Path) -> str:
    """Write the checked workbook beside the file, and say what to do with it."""
    source = replace(source, path=moved_to)
    try:
        written, _ = write_findings(source, checked, checked.problems, checked_path(moved_to))
    except ResultsNotWritten:
        return _FIX_FILE
    _share(parts, written)
    return "Correct the red cells in {path} and put that file into the inbox.".format(path=written)


def _fix_by_map(parts: NightParts, claim: Claim, moved_to: Path) -> str:
    """Put the file's own mapping beside it, where `map` looks for it, and say how to go on."""
    with suppress(OSError):
        parts.folders.bring_mapping(claim, moved_to)
    return "Look through it with `{command}`, then put the file and {mapping} into the inbox.".format(
        command=map_command(moved_to), mapping=mapping_path(moved_to).name
    )


def _set_aside(parts: NightParts, claim: Claim, code: ExitCode, what: str, fix: Fix) -> FileResult:
    """Put a file that is not sent where people look after it, with a note; `fix` does and says what helps, once it is there."""
    look = CUT_OFF_FIX.format(path=parts.folders.needs_attention)
    Untold(parts).end(FileResult(name=claim.name, exit_code=code, what=what, fix=look), claim)
    try:
        moved_to = parts.folders.set_aside(claim)
    except OSError as error:
        reason = CANNOT_BE_MOVED.format(reason=error.strerror or error)
        return FileResult(name=claim.name, exit_code=code, what=f"{what} {reason}", fix=CANNOT_BE_MOVED_FIX)
    found = FileResult(name=claim.name, exit_code=code, what=what, fix=fix(moved_to), moved_to=moved_to)
    _write_note(parts, moved_to.name, found, moved_to)
    return found


_NOTE: Final = """\
{name}: {what}
Where: {path}
What to do: {fix}
"""


def _write_note(parts: NightParts, about: str, found: FileResult, where: Path | None) -> None:
    """Write three lines for whoever looks into the folder; without room for them the message says the same.

    `about` tells files of one name apart: a later one must not take an earlier one's note away.
    """
    path = parts.folders.needs_attention / f"{NOTE_START}{about}.txt"
    text = _NOTE.format(name=found.name, what=found.what, path=where or parts.folders.work, fix=found.fix)
    with suppress(OSError):
        path.unlink(missing_ok=True)
        with open(path, "x", encoding="utf-8", opener=opener) as file:
            file.write(text)
        _share(parts, path)


def _share(parts: NightParts, path: Path) -> None:
    with suppress(OSError):
        parts.folders.share(path)
