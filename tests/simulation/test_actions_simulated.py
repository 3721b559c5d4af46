"""Rows of all types go through the same crashes, lost answers and lost ledgers: none done twice, lost or told wrongly."""

import pytest
from run_simulation import play_many
from sim_actions import ACTIONS, acted
from sim_histories import play
from sim_met import SOMETIMES
from sim_plot import Plot

FEW, MANY = range(20), range(20, 120)
KINDS = sorted(set(ACTIONS))
LONG_HISTORIES = 3_000


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


@pytest.mark.long
def test_in_three_thousand_mixed_histories_everything_happens_to_subscriptions_and_nothing_goes_wrong() -> (
    None
):
    tally = play_many(2_000_000, LONG_HISTORIES, jobs=2, mixed_share=1.0)
    assert tally.failures == []
    assert [what for what in SOMETIMES if not tally.counted[what]] == []
