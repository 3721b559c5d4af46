"""Histories of the real program against a marketplace, a disk and a clock that misbehave, each from one seed."""

import pytest
from mutants import MUTANTS, applied, catch
from run_simulation import Tally, play_many, play_some
from sim_faults import POST_FAULTS, READ_FAULTS
from sim_histories import play

FIRST_SEED = 20000
HISTORIES = 60
"""Enough to see that the simulation still plays; what is seldom is looked for in the long ones."""
LONG_HISTORIES = 12_000
SOMETIMES = (
    *(f"post {name}" for name in POST_FAULTS),
    *READ_FAULTS,
    "post fine",
    "crash",
    "power loss",
    "crash at begun",
    "crash at advance",
    "crash at advance done",
    "crash at enlist",
    "crash at enlist done",
    "crash at remember",
    "crash at list",
    "crash at get",
    "crash while waiting for the answer",
    "crash with the request still in the network",
    "pause",
    "pause between intent and send",
    "clock jump",
    "ctrl-c",
    "disk full",
    "partition",
    "partitioned post",
    "partitioned read",
    "replay by the gateway",
    "second process",
    "ledger deleted",
    "ledger rolled back",
    "ledger copied to another file",
    "two ledgers in turn",
    "another workbook after the ledger was put back",
    "days later",
    "a month later",
    "a row ordered by hand",
    "a person thinks at the prompt",
    "a person sends only the first",
    "ordered in the panel while a person thinks",
    "ordered by another ledger while a person thinks",
    "a row in doubt is given another reference",
    "a surplus order is cancelled",
    "results workbook not written",
    "answer of run",
    "answer of resume",
    "answer of resolve",
    "answer of status",
    "answer of audit",
    "answer of report",
    "next step audit",
    "next step report",
    "next step resolve",
    "next step resume",
    "next step run",
    "next step status",
    "a row ordered by hand under its PO number",
    "the same was ordered before under its PO number",
    "more orders of others than a page has",
    "a held row is confirmed",
    "workbook edited",
    "order entered by hand",
    "a person decides",
    "a person decides meanwhile",
    "said absent",
    "resume",
    "run",
    "ended by AnotherRunActive",
    "told accepted",
    "told ordered",
    "told gave_up",
    "told ordered_before",
    "told order_in_error",
    "told rejected",
    "told unknown",
    "told held",
    "told not_sent",
    "told conflict",
    "told duplicate",
)


@pytest.fixture(scope="module")
def tally() -> Tally:
    return play_some(range(FIRST_SEED, FIRST_SEED + HISTORIES))


def test_nothing_is_ordered_twice_lost_or_told_wrongly(tally: Tally) -> None:
    assert tally.failures == []
    assert tally.histories == HISTORIES


def test_histories_are_replayed_and_are_the_same(tally: Tally) -> None:
    assert tally.replayed >= 2


def test_the_ledger_on_sqlite_gives_the_same_histories_as_the_one_in_memory(tally: Tally) -> None:
    assert tally.replayed_from_sql >= 2


def test_another_seed_gives_another_history() -> None:
    assert len({play(seed).digest for seed in range(8)}) == 8


def test_there_are_mutants_enough() -> None:
    assert len(MUTANTS) >= 59
    assert all(mutant.sentence.endswith(".") for mutant in MUTANTS.values())


@pytest.mark.parametrize("name", list(MUTANTS))
def test_what_a_mutant_breaks_is_there(name: str) -> None:
    with applied(name):
        pass


@pytest.mark.long
@pytest.mark.parametrize("name", list(MUTANTS))
def test_a_broken_protocol_is_caught_within_its_budget(name: str) -> None:
    assert catch(name, range(1, MUTANTS[name].budget + 1)) is not None


@pytest.mark.long
def test_in_twelve_thousand_histories_everything_that_can_happen_happens_and_nothing_goes_wrong() -> None:
    tally = play_many(1_000_000, LONG_HISTORIES, jobs=2)
    assert tally.failures == []
    assert tally.histories == LONG_HISTORIES
    assert [what for what in SOMETIMES if not tally.counted[what]] == []
