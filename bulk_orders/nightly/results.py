"""What a night did, as values: for messages, metrics, `last-run.json` and whoever looks in the morning."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bulk_orders.core.night_rules import riskiest
from bulk_orders.core.summary import Outcome
from bulk_orders.core.wording import counted
from bulk_orders.errors import ExitCode
from bulk_orders.nightly.inbox import LeftInInbox
from bulk_orders.nightly.promise import Drifted, Undecided, drifted_json, undecided_json
from bulk_orders.settings.profiles import Profile
from bulk_orders.writing.outcome_labels import LABELS

SCHEMA: Final = 1
SHOWN: Final = 20
"""Lines of one kind before the rest is only counted; all of them are in `last-run.json`."""
WAITING_LINE: Final = "  – {name} stays in the inbox: {why}."


def counts_in_words(counts: Mapping[Outcome, int]) -> str:
    """Return `97 ordered, 2 failed`: only outcomes that occur, in the order of a summary."""
    shown = [
        f"{counts[kind]} {label.word[0].lower()}{label.word[1:]}"
        for kind, label in LABELS.items()
        if counts.get(kind)
    ]
    return ", ".join(shown) or "there was nothing to send"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """What became of one file, or of a run that an earlier night left open."""

    name: str
    exit_code: ExitCode
    what: str
    """A sentence."""
    fix: str = ""
    """What to do next; empty if nothing is."""
    run_id: str = ""
    """Empty if there was no run."""
    counts: Mapping[Outcome, int] = field(default_factory=dict)
    """Rows by outcome; none without a run."""
    is_open: bool = False
    """Something of it is left to send: the next night resumes it."""
    moved_to: Path | None = None
    results: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NightReport:
    """A whole night."""

    profile: str
    environment: str
    """PRACTICE or LIVE."""
    folder: Path
    started_at: datetime
    ended_at: datetime
    files: Sequence[FileResult] = ()
    """In the sequence in which they were worked on; runs of earlier nights come first."""
    waiting: Sequence[LeftInInbox] = ()
    """Files that stay in the inbox."""
    alerts: Sequence[str] = ()
    """Sentences about what has lain or been stuck for too long, or could not be done."""
    undecided: Sequence[Undecided] = ()
    """Rows of any run of the account that a person has to decide on."""
    drifted: Sequence[Drifted] = ()
    """Accepted orders that are not on the marketplace as the ledger has them, and that no earlier night reported."""
    alarms: Sequence[str] = ()
    """Sentences about orders that are too many and of which the ledger has no row."""
    not_compared: str = ""
    """Why orders that are due were not compared with the marketplace again; empty if they were."""
    stopped_by: str = ""
    """Why the night ended before its last file; empty if it did not."""
    stopped_code: ExitCode = ExitCode.OK
    last_success: datetime | None = None
    """When a night last ended with exit code 0; this one, if it did."""
    deleted: Sequence[Path] = ()
    """What retention deleted, or would delete in a dry run."""

    @property
    def exit_code(self) -> ExitCode:
        """The riskiest thing that happened; a night with nothing but alerts asks for a person, too."""
        code = riskiest(
            [
                self.stopped_code,
                *(found.exit_code for found in self.files),
                *(found.exit_code for found in self.undecided),
                *([ExitCode.OUTCOME_UNKNOWN] if self.alarms else ()),
                *([ExitCode.SOME_FAILED] if self.drifted else ()),
                *([ExitCode.TRY_AGAIN_LATER] if self.not_compared else ()),
            ]
        )
        return ExitCode.GUARD if code is ExitCode.OK and self.alerts else code

    @property
    def counts(self) -> dict[Outcome, int]:
        """Rows of all files by outcome."""
        return {kind: sum(found.counts.get(kind, 0) for found in self.files) for kind in Outcome}

    @property
    def has_news(self) -> bool:
        """Whether there is anything to say."""
        is_told = self.undecided or self.drifted or self.alarms or self.not_compared
        return bool(self.files or self.alerts or self.stopped_by or self.waiting or is_told)


def nothing_yet(profile: Profile, folder: Path, now: datetime) -> NightReport:
    """Return the report of a night in which nothing has happened."""
    return NightReport(
        profile=profile.name,
        environment=profile.environment,
        folder=folder,
        started_at=now,
        ended_at=now,
    )


def night_json(report: NightReport) -> dict[str, Any]:
    """Return a night as machines read it; no customer data."""
    return {
        "schema": SCHEMA,
        "exit_code": int(report.exit_code),
        "profile": report.profile,
        "environment": report.environment,
        "folder": str(report.folder),
        "started_at": report.started_at.isoformat(),
        "ended_at": report.ended_at.isoformat(),
        "stopped_by": report.stopped_by or None,
        "files": list(map(file_json, report.files)),
        "waiting": [{"name": entry.name, "why": entry.why} for entry in report.waiting],
        "undecided": list(map(undecided_json, report.undecided)),
        "drift": list(map(drifted_json, report.drifted)),
        "alarms": list(report.alarms),
        "not_compared": report.not_compared or None,
        "alerts": list(report.alerts),
        "deleted": list(map(str, report.deleted)),
    }


def file_json(found: FileResult) -> dict[str, Any]:
    """Return what became of a file as machines read it."""
    return {
        "name": found.name,
        "exit_code": int(found.exit_code),
        "what": found.what,
        "fix": found.fix or None,
        "run_id": found.run_id or None,
        "counts": {str(kind): number for kind, number in found.counts.items() if number},
        "is_open": found.is_open,
        "moved_to": str(found.moved_to) if found.moved_to else None,
        "results": str(found.results) if found.results else None,
    }


def file_of(told: Mapping[str, Any]) -> FileResult:
    """Return what became of a file from what `file_json` made of it."""
    return FileResult(
        name=told["name"],
        exit_code=ExitCode(told["exit_code"]),
        what=told["what"],
        fix=told["fix"] or "",
        run_id=told["run_id"] or "",
        counts={Outcome(kind): number for kind, number in told["counts"].items()},
        is_open=told["is_open"],
        moved_to=Path(told["moved_to"]) if told["moved_to"] else None,
        results=Path(told["results"]) if told["results"] else None,
    )


def night_lines(report: NightReport) -> Iterator[str]:
    """Yield the night in lines for people: each file with what to do, what waits, what is an alert, why it ended early."""
    for found in report.files:
        yield f"  {_mark(found.exit_code)} {found.name}: {found.what}"
        if found.fix:
            yield f"      {found.fix}"
    yield from _promise_lines(report)
    for entry in report.waiting:
        yield WAITING_LINE.format(name=entry.name, why=entry.why)
    for alert in report.alerts:
        yield f"  ! {alert}"
    if report.stopped_by:
        yield "  The night ended early: {reason}".format(reason=report.stopped_by)


def _promise_lines(report: NightReport) -> Iterator[str]:
    """Yield what a person has to decide on or to look at, of whatever night."""
    undecided = [f"  ⚠ {found.what} {found.fix}" for found in report.undecided]
    for lines in (
        [f"  ⚠ {alarm}" for alarm in report.alarms],
        undecided,
        [f"  ✖ {found.what}" for found in report.drifted],
    ):
        yield from lines[:SHOWN]
        if left := len(lines[SHOWN:]):
            yield counted(left, "  and {number} more like it.", "  and {number:,} more like it.")
    if report.not_compared:
        yield f"  ! {report.not_compared}"


def _mark(code: ExitCode) -> str:
    return {ExitCode.OK: "✔", ExitCode.OUTCOME_UNKNOWN: "⚠", ExitCode.TRY_AGAIN_LATER: "○"}.get(code, "✖")
