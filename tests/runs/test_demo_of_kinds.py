"""Accounts of every kind that can be learnt: the whole demo goes through, or is stopped with the reason, before any order.

Over real HTTP, with a clock that does not make anybody wait. What an estimate keeps silent about, the first order alone shows.
"""

import itertools
from pathlib import Path

import pytest
from runs.online_parts import book as a_book
from runs.online_parts import order
from runs.practice_office import Ended, office, ordered

from bulk_orders.checking.check import CheckContext
from bulk_orders.core.lifecycle import State
from bulk_orders.errors import ExitCode
from bulk_orders.runs.mapped_source import read_source
from bulk_orders.runs.new_run import RunOptions
from bulk_orders.runs.run import prepare_run
from bulk_orders.sending.account_facts import AccountFacts

DEMO = Path(__file__).parents[2] / "sample_data" / "orders-demo.xlsx"
ORDERS = 40
KINDS = (
    *("po=poNumber", "po=ponumber", "po-kept=12", "po-limit=12", "estimate-po=no"),
    *("period=line", "period=line-only", "vendor=line", "sign-in=oauth2", "client-id=integration-7"),
)
"""What can be learnt, or set; with each of them the demo goes through."""
HOPELESS = ("po-kept=8", "po-limit=8")
"""Lost answers could not be looked up."""
FEW = 3
"""Orders of the demo that are sent where two kinds meet: with the first of them everything is learnt."""
SILENT = {"estimate-po=no,po=poNumber": 1, "estimate-po=no,po-kept=8": 2}
"""And how many orders are placed: the demo's first PO number has eight characters, its second is the first to be cut."""
PAIRS = [
    pair
    for one, other in itertools.combinations((*KINDS, *HOPELESS), 2)
    if one.partition("=")[0] != other.partition("=")[0]
    and (pair := f"{one},{other}") not in {"po=poNumber,estimate-po=no", "estimate-po=no,po-kept=8"}
]


def assert_it_goes_through_or_is_stopped(kind: str, folder: Path, first: int | None = None) -> None:
    wanted = first or ORDERS
    with office(kind) as (services, simulator):
        ended = ordered(services, folder, first, DEMO)
        if not any(name in kind for name in HOPELESS):
            assert ended == Ended(code=ExitCode.OK, accepted=wanted, reason="")
            assert (simulator.order_count, simulator.requests["POST /orders"]) == (wanted, wanted)
            return
        for stopped in (ended, ordered(services, folder, first, DEMO)):
            assert (stopped.code, stopped.accepted) == (ExitCode.SETUP_WRONG, 0)
            assert "PO number" in stopped.reason
        assert simulator.requests["POST /orders"] == 0


@pytest.mark.long
@pytest.mark.parametrize("kind", [*KINDS, *HOPELESS])
def test_with_an_account_of_each_kind_the_whole_demo_goes_through_or_none_of_it(
    kind: str, tmp_path: Path
) -> None:
    assert_it_goes_through_or_is_stopped(kind, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("kind", PAIRS)
def test_and_with_an_account_of_two_kinds_at_once(kind: str, tmp_path: Path) -> None:
    assert_it_goes_through_or_is_stopped(kind, tmp_path, first=FEW)


@pytest.mark.long
@pytest.mark.parametrize(("kind", "placed"), SILENT.items())
def test_what_an_estimate_keeps_silent_about_the_first_orders_show(
    kind: str, placed: int, tmp_path: Path
) -> None:
    with office(kind) as (services, simulator):
        ended = ordered(services, tmp_path, FEW, DEMO)
        assert (simulator.order_count, ended.reason != "") == (placed, True)
        assert ended.code is not ExitCode.OK


def test_a_row_that_equals_an_order_in_doubt_is_held_also_where_po_numbers_turn_out_to_be_cut(
    tmp_path: Path,
) -> None:
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    first.write_bytes(a_book([order(1)]))
    second.write_bytes(a_book([order(2), order(3, Quantity="5")]))
    with office("po-kept=12", faults="list-lag=3600") as (services, simulator):
        simulator.fail_next("reset-after-commit")
        assert ordered(services, tmp_path, None, first).code is ExitCode.OUTCOME_UNKNOWN
        AccountFacts(str(services.profile.account), services.ledger).forget()
        services.clock.wait(7200.0, services.stop)

        ordered(services, tmp_path, None, second)

        states = [found.state for found in services.ledger.orders()]
    assert states == [State.ACCEPTED, State.HELD, State.ACCEPTED]
    assert simulator.order_count == 2


def test_what_a_run_that_was_not_begun_found_of_an_order_in_doubt_holds_its_doubles_in_the_next(
    tmp_path: Path,
) -> None:
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    first.write_bytes(a_book([order(1)]))
    second.write_bytes(a_book([order(2), order(3, Quantity="5")]))
    with office("", faults="list-lag=3600") as (services, simulator):
        simulator.fail_next("reset-after-commit")
        assert ordered(services, tmp_path, None, first).code is ExitCode.OUTCOME_UNKNOWN
        services.clock.wait(7200.0, services.stop)
        source, checked = read_source(second, CheckContext(today=services.clock.now().date()))
        options = RunOptions(is_first_ever=True, results=tmp_path / "results.xlsx")
        for _ in range(2):
            with prepare_run(services, source, checked, options) as prepared:
                assert prepared.proposal.orders == 1

        ordered(services, tmp_path, None, second)

        states = [found.state for found in services.ledger.orders()]
        assert AccountFacts(str(services.profile.account), services.ledger).doubted == frozenset()
    assert states == [State.ACCEPTED, State.HELD, State.ACCEPTED]
    assert simulator.order_count == 2
