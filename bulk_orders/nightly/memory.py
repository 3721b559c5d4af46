"""`last-run.json`: what the last night did, and since when something has been waiting."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bulk_orders.machine.private_files import read_text, replace_text

_SEEN: Final = "first_seen"
_NIGHTS: Final = "nights_open"
_SUCCESS: Final = "last_success"
_DRIFT: Final = "drift_reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What nights remember of one another; the ledger knows everything about orders."""

    first_seen: Mapping[str, datetime] = field(default_factory=dict)
    """Files in the inbox or in needs-attention, as `inbox/orders.xlsx`."""
    nights_open: Mapping[str, int] = field(default_factory=dict)
    """By run id: how many nights have left it open."""
    last_success: datetime | None = None
    """When a night last ended with exit code 0."""
    drift: frozenset[str] = frozenset()
    """What was reported of orders that the marketplace does not have as the ledger has them (`promise.Drifted.mark`)."""

    def after(self, files: Iterable[str], open_runs: Iterable[str], now: datetime) -> "Memory":
        """Return what the next night knows: these files lie there now, and these runs are open."""
        return Memory(
            first_seen={name: self.first_seen.get(name, now) for name in files},
            nights_open={run_id: self.nights_open.get(run_id, 0) + 1 for run_id in open_runs},
            last_success=self.last_success,
            drift=self.drift,
        )

    def older_than(self, days: int, now: datetime) -> dict[str, int]:
        """Return the files that have been there for so many days, with their days."""
        ages = {name: now - since for name, since in self.first_seen.items()}
        return {name: age.days for name, age in sorted(ages.items()) if age >= timedelta(days=days)}

    def stuck(self, nights: int) -> dict[str, int]:
        """Return the runs that so many nights left open, with their nights."""
        return {run_id: count for run_id, count in sorted(self.nights_open.items()) if count >= nights}


def recall(path: Path) -> Memory:
    """Return what the last night remembered; nothing where there was none, or its file cannot be read."""
    try:
        said = json.loads(read_text(path))
        return Memory(
            first_seen={str(name): datetime.fromisoformat(at) for name, at in said[_SEEN].items()},
            nights_open={str(run_id): int(count) for run_id, count in said[_NIGHTS].items()},
            last_success=datetime.fromisoformat(said[_SUCCESS]) if said.get(_SUCCESS) else None,
            drift=frozenset(map(str, said.get(_DRIFT, ()))),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Memory()


def remember(path: Path, night: Mapping[str, Any], memory: Memory) -> None:
    """Write a night and what the next one should know, in one step. Raises `OSError`."""
    known = {
        _SEEN: {name: at.isoformat() for name, at in memory.first_seen.items()},
        _NIGHTS: dict(memory.nights_open),
        _SUCCESS: memory.last_success.isoformat() if memory.last_success else None,
        _DRIFT: sorted(memory.drift),
    }
    replace_text(path, json.dumps({**night, **known}, indent=2, ensure_ascii=True) + "\n")
