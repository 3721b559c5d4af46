"""Several machines with one ledger, workers that die and freeze and come again: nothing is ordered twice, lost or told wrongly."""

import pytest
from run_simulation import play_many, play_some

FEW = range(30_000, 30_012)
FIRST_SEED, MANY = 31_000, 1000
SOMETIMES = (
    *("handed out", "claimed", "a chunk was worked on", "stopped for all"),
    *("crash at hand out", "crash at claim", "crash at claim done", "crash at finish"),
    *("pause", "pause between intent and send", "clock jump", "ctrl-c", "ended by AnotherRunActive"),
)


def test_a_few_histories_on_several_machines_are_clean() -> None:
    tally = play_some(FEW, on_machines=True)
    assert tally.failures == []
    assert tally.counted["a chunk was worked on"]


@pytest.mark.long
def test_in_a_thousand_histories_on_several_machines_everything_happens_and_nothing_goes_wrong() -> None:
    tally = play_many(FIRST_SEED, MANY, jobs=2, on_machines=True)
    assert tally.failures == []
    assert [what for what in SOMETIMES if not tally.counted[what]] == []
