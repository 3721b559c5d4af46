"""`last` is the newest run of the profile that had anything to do."""

from dataclasses import replace

from contract.ledger_contract import run_record

from bulk_orders.core.summary import Disposition
from bulk_orders.ledger.interface import RowRecord, RunRecord
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.library.opening import find_run


class Kept(MemoryLedger):
    """A ledger that had these runs, the newest first, each with one row."""

    def __init__(self, *runs: tuple[str, str, Disposition]) -> None:
        super().__init__()
        self._had = {run_id: (profile, disposition) for run_id, profile, disposition in runs}

    def runs(self) -> tuple[RunRecord, ...]:
        return tuple(replace(run_record(one), profile=profile) for one, (profile, _) in self._had.items())

    def rows(self, run_id: str) -> tuple[RowRecord, ...]:
        return (RowRecord(run_id=run_id, sheet_row=4, disposition=self._had[run_id][1]),)


def last(ledger: Kept, profile: str) -> str:
    found = find_run(ledger, "last", profile)
    return found.run_id if found else ""


def test_last_is_of_the_profile_and_passes_over_runs_with_nothing_to_do() -> None:
    ledger = Kept(
        ("R5", "other", Disposition.TO_SEND),
        ("R4", "live", Disposition.ORDERED_BEFORE),
        ("R3", "live", Disposition.NOT_CHOSEN),
        ("R2", "live", Disposition.DOUBTFUL_BEFORE),
        ("R1", "live", Disposition.TO_SEND),
    )
    assert [last(ledger, name) for name in ("other", "live", "practice")] == ["R5", "R2", ""]


def test_where_no_run_had_anything_to_do_last_is_the_newest() -> None:
    ledger = Kept(("R2", "live", Disposition.ORDERED_BEFORE), ("R1", "live", Disposition.INVALID))
    assert last(ledger, "live") == "R2"
