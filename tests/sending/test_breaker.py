"""The breaker: who may go after an outage, and when waiting is of no use."""

import threading
from typing import Any

import pytest
from sending_parts import Parts, fails, is_down, nothing

from bulk_orders.errors import CredentialsRefused
from bulk_orders.marketplace.interface import ReadFailed
from bulk_orders.sending.breaker import Breaker, CheapQuestion
from bulk_orders.sending.events import WaitBegun, WaitOver


@pytest.fixture
def reasons() -> list[str]:
    return []


@pytest.fixture
def breaker(clock: Any, reasons: list[str]) -> Breaker:
    return Breaker(clock=clock, patience_s=60.0, give_up=reasons.append, observer=lambda _: None)


def test_after_an_outage_one_order_goes_alone_until_it_has_its_answer(breaker: Breaker) -> None:
    stopped = threading.Event()
    breaker.trip("lost", lambda: True)
    assert breaker.wait_until_reset(stopped, "first")
    assert [breaker._may_go(key) for key in ("second", "first", "third")] == [False, True, False]
    breaker.attempt_over("first")
    assert [breaker._may_go(key) for key in ("second", "third")] == [True, True]


def test_after_an_order_that_did_not_go_after_all_another_one_goes_alone(breaker: Breaker) -> None:
    stopped = threading.Event()
    breaker.trip("lost", lambda: True)
    assert breaker.wait_until_reset(stopped, "first")
    breaker.attempt_over("first", was_made=False)
    assert [breaker._may_go(key) for key in ("second", "third")] == [True, False]


def test_the_end_of_an_attempt_that_did_not_go_alone_lets_nobody_through(breaker: Breaker) -> None:
    breaker.trip("lost", lambda: True)
    breaker.wait_until_reset(threading.Event(), "first")
    breaker.attempt_over("from before the outage")
    assert not breaker._may_go("second")


def test_an_order_that_went_alone_and_was_lost_too_shuts_the_breaker_again(breaker: Breaker) -> None:
    breaker.trip("lost", lambda: True)
    breaker.wait_until_reset(threading.Event(), "first")
    breaker.trip("lost again", lambda: True)
    breaker.attempt_over("first")
    assert breaker.is_tripped
    assert breaker.wait_until_reset(threading.Event(), "second")
    assert not breaker._may_go("third")


def test_an_order_that_was_found_proves_enough_for_all(breaker: Breaker) -> None:
    breaker.trip("lost", lambda: False)
    breaker.reset()
    assert [breaker._may_go(key) for key in ("second", "third")] == [True, True]


@pytest.mark.parametrize(
    ("patience_s", "words"), [(0.5, "1 second"), (40.0, "63 seconds"), (7200.0, "2.0 hours")]
)
def test_a_breaker_that_gives_up_says_how_long_it_was_tripped_in_words_that_are_never_0(
    clock: Any, reasons: list[str], patience_s: float, words: str
) -> None:
    breaker = Breaker(clock=clock, patience_s=patience_s, give_up=reasons.append, observer=lambda _: None)
    breaker.trip("Lost.", lambda: False)
    breaker.wait_until_reset(threading.Event())
    assert reasons == [f"The marketplace gave no useful answer for {words}. Lost."]


def test_a_wait_at_the_breaker_is_told_from_its_beginning_to_its_end(clock: Any) -> None:
    told: list[Any] = []
    answers = [False, False, True]
    breaker = Breaker(clock=clock, patience_s=60.0, give_up=told.append, observer=told.append)
    breaker.trip("lost", lambda: answers.pop(0))
    breaker.wait_until_reset(threading.Event())
    assert [type(event) for event in told] == [WaitBegun, WaitOver]
    assert (told[0].until - told[0].since).total_seconds() == 60.0


def asked(made: Parts, *happens: Any) -> tuple[list[bool], list[str]]:
    """What asking so often tells, and why it was called of no use."""
    refused: list[str] = []
    made.market.happens = {"list": list(happens)}
    question = CheapQuestion(made.market.list_orders, marketplace=made.market, refused=refused.append)
    return [question() for _ in happens], refused


def refusal(status: int, *, needs_setup: bool = True) -> Any:
    return fails(ReadFailed(f"HTTP {status}.", status=status, needs_setup=needs_setup))


@pytest.mark.parametrize("status", [302, 307, 403, 404])
def test_an_address_or_a_right_that_is_wrong_is_no_outage(made: Parts, status: int) -> None:
    assert asked(made, refusal(status)) == (
        [False],
        [f"The marketplace's list of orders cannot be read. HTTP {status}."],
    )


def test_a_sign_in_is_no_good_when_two_are_refused_in_a_row(made: Parts) -> None:
    answers, refused = asked(made, refusal(401), refusal(401))
    assert (answers, len(refused), made.market.asked.count("renew")) == ([False, False], 1, 2)
    assert asked(made, refusal(401), nothing, refusal(401), nothing)[1] == []


def test_a_marketplace_that_is_away_is_asked_again(made: Parts) -> None:
    answers, refused = asked(made, refusal(503, needs_setup=False), fails(is_down()), nothing)
    assert (answers, refused) == ([False, False, True], [])


def test_a_sign_in_that_gets_no_answer_is_an_outage_and_one_that_is_refused_is_not(made: Parts) -> None:
    made.market.happens["renew"] = [fails(is_down())]
    refused: list[str] = []
    question = CheapQuestion(made.market.list_orders, marketplace=made.market, refused=refused.append)
    made.market.happens |= {"list": [refusal(401)], "renew": [fails(is_down())]}
    assert (question(), refused) == (False, [])
    made.market.happens["renew"] = [fails(CredentialsRefused("Refused."))]
    with pytest.raises(CredentialsRefused):
        question()
