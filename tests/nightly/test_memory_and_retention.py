"""What nights remember of one another, and what they delete."""

import json
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.nightly.folders import NightFolders
from bulk_orders.nightly.memory import Memory, recall, remember
from bulk_orders.nightly.retention import delete, old

NOW = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
NAMES = st.sampled_from(["inbox/a.csv", "needs-attention/b.xlsx", "inbox/é.csv"])


def test_a_file_is_as_old_as_the_first_night_that_saw_it() -> None:
    memory = Memory()
    for night in range(5):
        lying = ["inbox/a.csv"] if night != 1 else []
        memory = memory.after(lying, ["R-1"] if night else [], NOW + timedelta(days=night))
    later = NOW + timedelta(days=4)
    assert memory.older_than(2, later) == {"inbox/a.csv": 2}
    assert memory.older_than(3, later) == {}
    assert (memory.stuck(4), memory.stuck(5)) == ({"R-1": 4}, {})


@given(
    st.dictionaries(NAMES, st.datetimes(timezones=st.just(UTC))), st.dictionaries(NAMES, st.integers(1, 99))
)
def test_what_is_remembered_is_recalled(first_seen: dict[str, datetime], nights_open: dict[str, int]) -> None:
    memory = Memory(first_seen=first_seen, nights_open=nights_open)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "last-run.json"
        remember(path, {"exit_code": 0}, memory)
        assert recall(path) == memory
        assert json.loads(path.read_text(encoding="utf-8"))["exit_code"] == 0


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"first_seen": {"a": 1}, "nights_open": {}}', "\x00"])
def test_a_file_that_cannot_be_understood_is_no_memory(tmp_path: Path, text: str) -> None:
    (tmp_path / "last-run.json").write_text(text, encoding="utf-8")
    assert recall(tmp_path / "last-run.json") == Memory()
    assert recall(tmp_path / "no-such.json") == Memory()


def test_only_days_that_are_over_long_enough_are_deleted_and_nothing_that_needs_attention(
    tmp_path: Path,
) -> None:
    folders = NightFolders(root=tmp_path)
    folders.prepare()
    for day in ("2026-08-23", "2026-08-24", "2026-11-22", "notes", "2026-02-31"):
        (folders.all_processed / day).mkdir()
        (folders.all_processed / day / "orders.xlsx").write_text("x", encoding="utf-8")
    for name in (
        "bulk-orders-2026-08-23.log",
        "bulk-orders-2026-08-23.jsonl",
        "bulk-orders-2026-08-24.log",
        "x.log",
    ):
        (folders.logs / name).write_text("x", encoding="utf-8")
    (folders.needs_attention / "2026-08-01").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (folders.all_processed / "2026-08-01").symlink_to(tmp_path / "elsewhere")

    found = old(folders, keep_days=90, today=date(2026, 11, 22))
    assert [path.relative_to(tmp_path).as_posix() for path in found] == [
        "logs/bulk-orders-2026-08-23.jsonl",
        "logs/bulk-orders-2026-08-23.log",
        "processed/2026-08-23",
    ]
    for path in found:
        delete(path)
    assert old(folders, keep_days=90, today=date(2026, 11, 22)) == []
    assert (folders.all_processed / "2026-08-24" / "orders.xlsx").exists()
