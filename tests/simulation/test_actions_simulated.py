"""Rows of all types go through the same crashes, lost answers and lost ledgers: none done twice, lost or told wrongly."""

import pytest
from sim_actions import ACTIONS, acted
from sim_histories import play
from sim_plot import Plot

FEW, MANY = range(20), range(20, 120)
KINDS = sorted(set(ACTIONS))


def assert_all_is_well(seeds: range, *actions: str) -> None:
    def change(plot: Plot) -> Plot:
        return acted(plot, actions)

    for seed in seeds:
        end = play(seed, change_plot=change)
        assert (end.judgement.lines(), end.broken) == ([], []), f"seed {seed}"


def test_a_few_histories_of_mixed_rows_are_clean() -> None:
    assert_all_is_well(FEW, *ACTIONS)


@pytest.mark.long
@pytest.mark.parametrize("action", KINDS)
def test_many_histories_of_one_kind_are_clean(action: str) -> None:
    assert_all_is_well(MANY, action)
