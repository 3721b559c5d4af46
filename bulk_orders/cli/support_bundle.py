"""A zip for whoever helps: what the program is, how it is set and how its runs ended; no secret and nobody's data.

What is not known to be harmless is left out, so that a new kind of line or setting does not get in by itself.
"""

import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

from bulk_orders.cli.doctor import Finding
from bulk_orders.core.summary import Outcome, outcome
from bulk_orders.ledger.interface import Ledger
from bulk_orders.machine.log_lines import E_MAIL
from bulk_orders.machine.places import check_new
from bulk_orders.machine.private_files import opener
from bulk_orders.settings.profiles import Profile

LOG_LINES: Final = 5_000
_LINE: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [A-Z]+) \S+ (.*)")
_HEAD: Final = re.compile(r"[\d.:TZ-]+|[A-Z]+")
_PAIR: Final = re.compile(r"\b(\w+)=([^\s=]*)(?=\s|$)")
_FRAME: Final = re.compile(r'  File "(?:.*[/\\])?([^/\\"]+)", line (\d+), in (\S+)')
_RAISED: Final = re.compile(r"([A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit|Timeout|Superseded))\b")
_VALUE: Final = re.compile(
    rf"\d[\d.:+TZ-]*|True|False|None|{'|'.join(Outcome)}"
    r"|\d{8}-\d{4}-[A-Z0-9]{4}|[EFISW]-[A-Z-]+|[0-9a-f]{8}-[0-9a-f-]{27}"
)
"""Numbers and moments, outcomes, ids of runs, codes, and ids that the marketplace gives to a request."""
_EVENTS: Final = frozenset(
    {
        *("command-begun", "command-ended", "run-begun", "run-resumed", "run-ended", "order"),
        *("throttled", "looked-up", "waiting-for-others", "opening", "waiting", "stopping"),
    }
)
_FACTS: Final = frozenset(
    {
        *("run", "row", "rows", "outcome", "http_status", "attempt", "ms", "correlation_id", "code"),
        *("exit_code", "audit_whole", "stopped", "status", "version"),
        *("is_found", "opened", "total", "wait_s", "waited_s", "since", "until"),
    }
)
"""Facts that the program itself makes up."""
_NOT_SHOWN: Final = frozenset({"user", "own_domain", "ca_file", "proxy"})
"""Settings that doctor shows to the user himself, and that may name somebody."""
BUNDLE_FILES: Final = {
    "README.txt": "what is in it",
    "doctor.txt": "versions, and what was found above",
    "settings.json": "the profile's settings; secrets and names only as set or not set",
    "runs.json": "each run's id, moments, exit code and how many rows had which outcome",
    "ledger-schema.sql": "the ledger's tables, without their contents",
    "log.txt": "the log's moments, kinds, numbers and ids, without sentences",
}


def write_bundle(path: Path, files: dict[str, str]) -> None:
    """Write the zip, for its owner alone. Raises `UsageError` where something has that name, or its folder is not there."""
    check_new(path, "bulk-orders-bundle.zip")
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    with open(path, "xb", opener=opener) as file:
        file.write(packed.getvalue())


NOT_IN_BUNDLE: Final = (
    "Not in it: workbooks, orders, customers, names of files, secrets, the marketplace's sentences."
)
_BUNDLE_README: Final = (
    "Written by `bulk-orders doctor --bundle`.\n\n"
    + "".join(f"{name:<18} {what}\n" for name, what in BUNDLE_FILES.items())
    + f"\n{NOT_IN_BUNDLE}\n"
)


def bundle_files(
    profile: Profile,
    findings: Sequence[Finding],
    ledger: Ledger | None,
    *,
    schema: str,
    log: str,
    own_folders: Sequence[Path],
) -> dict[str, str]:
    """Return what is in the zip, by name. The names of the user's own folders may be those of people."""
    return {
        "README.txt": _BUNDLE_README,
        "doctor.txt": "".join(f"{line}\n" for line in _doctor_lines(profile, findings, own_folders)),
        "settings.json": _json(_settings(profile)),
        "runs.json": _json(list(_runs(ledger)) if ledger else []),
        "ledger-schema.sql": schema,
        "log.txt": "".join(f"{line}\n" for line in bare_log(log.splitlines()[-LOG_LINES:])),
    }


def _settings(profile: Profile) -> dict[str, str]:
    return {
        name: ("set" if value else "") if name in _NOT_SHOWN else value
        for name, value in profile.described().items()
    }


_REDACTED: Final = "(not shown)"


def _doctor_lines(
    profile: Profile, findings: Sequence[Finding], own_folders: Sequence[Path]
) -> Iterator[str]:
    """Yield what was found; what the settings name is in the settings of the zip, as far as it may be."""
    private = [value for name, value in profile.described().items() if name in _NOT_SHOWN and value]
    for finding in findings:
        if finding.name == "profile":
            continue
        text = f"{'ok' if finding.is_well else 'WRONG'} {finding.name}: {finding.text} {finding.fix}".strip()
        text = E_MAIL.sub(_REDACTED, text)
        for value in (*private, *sorted(map(str, own_folders), key=len, reverse=True)):
            text = text.replace(value, _REDACTED)
        yield text


def _runs(ledger: Ledger) -> Iterator[dict[str, object]]:
    for run in ledger.runs():
        orders = ledger.orders_of_run(run.run_id)
        found = Counter(str(outcome(row.disposition, orders.get(row.key))) for row in ledger.rows(run.run_id))
        yield {
            "run_id": run.run_id,
            "environment": run.environment,
            "program_version": run.program_version,
            "started_at": run.started_at.isoformat(),
            "ended_at": run.ended_at.isoformat() if run.ended_at else None,
            "exit_code": run.exit_code,
            "audit_whole": run.audit_whole,
            "rows": run.rows_in,
            "outcomes": dict(sorted(found.items())),
        }


def bare_log(lines: Iterable[str]) -> Iterator[str]:
    """Yield of each line what cannot name anybody: moment, kind, numbers and ids; of a traceback where it was."""
    for line in lines:
        if line.startswith("{"):
            yield from _bare_object(line)
        elif told := _LINE.fullmatch(line):
            yield f"{told[1]} {_bare(told[2].partition(' ')[0], _PAIR.findall(told[2]))}".rstrip()
        elif frame := _FRAME.match(line):
            yield f"  {frame[1]} line {frame[2]} in {frame[3]}"
        elif raised := _RAISED.match(line):
            yield f"  {raised[1]}"


def _bare_object(line: str) -> Iterator[str]:
    """Yield what a line of JSON says, in words; nothing if it is cut off."""
    try:
        told = json.loads(line)
    except ValueError:
        return
    head = (told.get("at"), told.get("level"))
    if all(isinstance(part, str) and _HEAD.fullmatch(part) for part in head):
        yield f"{head[0]} {head[1]} {_bare(str(told.get('event')), told.items())}"


def _bare(event: str, facts: Iterable[tuple[str, object]]) -> str:
    pairs = [f"{name}={value}" for name, value in facts if name in _FACTS and _VALUE.fullmatch(str(value))]
    return " ".join([event if event in _EVENTS else "(a sentence)", *pairs])


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"
