"""Changes of seats go through the same crashes, lost answers and lost ledgers: none twice, lost or told wrongly."""

import pytest
from sim_changes import of_changes
from sim_histories import play

FEW, MANY = range(25), range(25, 300)


def assert_all_is_well(seeds: range) -> None:
    for seed in seeds:
        end = play(seed, change_plot=of_changes)
        assert (end.judgement.lines(), end.broken) == ([], []), f"seed {seed}"


def test_a_few_histories_of_changes_are_clean() -> None:
    assert_all_is_well(FEW)


@pytest.mark.long
def test_many_histories_of_changes_are_clean() -> None:
    assert_all_is_well(MANY)
