"""Corners of the way an order takes: each is met rarely, and in each an order could be sent twice or be lost."""

import functools
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bulk_orders.audit import audit
from bulk_orders.beacon import BeaconFile
from bulk_orders.canary import Canary
from bulk_orders.clock import Clock
from bulk_orders.core.identity import Account, marker
from bulk_orders.core.lifecycle import OrderRecord, State, Step, step
from bulk_orders.core.model import Order
from bulk_orders.core.pacing import Pacer
from bulk_orders.core.reply import NoReply, Reply
from bulk_orders.core.summary import Disposition
from bulk_orders.crew import ThreadCrew
from bulk_orders.deciding import doubts, waiting_words
from bulk_orders.engine import Engine
from bulk_orders.errors import ExitCode, MarketplaceDown
from bulk_orders.gate import Gate
from bulk_orders.ledger.interface import Ledger, RowRecord, RunRecord, Superseded
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.lookback import MOST_OPENED, held_words, look_back
from bulk_orders.marketplace.interface import Marketplace, OrderList, PlatformOrder, ReadFailed
from bulk_orders.observe import LookedUp
from bulk_orders.pace import Limiter
from bulk_orders.parts import Parts
from bulk_orders.resolution import MAX_DETAIL_READS, Resolver
from bulk_orders.settings import Profile
from bulk_orders.submission import RunControl, Submission, SubmissionSettings

PROFILE = Profile(
    name="live", base_url="https://api.example.com/m", user="u", rate_per_s=0.0, workers=1, settle_s=0.0
)
ACCOUNT: Account = PROFILE.account
NOW = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
RUN = RunRecord(
    run_id="run-1",
    account=str(ACCOUNT),
    environment="LIVE",
    profile="live",
    marketplace="us",
    source_name="orders.xlsx",
    source_path="orders.xlsx",
    source_sha256="0" * 64,
    operator="somebody",
    host="here",
    program_version="0",
    started_at=NOW,
)
LINES = ({"mpn": "M1", "quantity": 1},)


def order(number: int = 1, **changes: Any) -> OrderRecord:
    key = f"k1:{number:064d}"
    plain = OrderRecord(
        key=key,
        account=str(ACCOUNT),
        run_id=RUN.run_id,
        sheet_row=number + 1,
        reference=f"R{number}",
        customer_id="c1",
        mpn="M1",
        quantity="1",
        domain="",
        marker=marker(key),
        body=json.dumps({"customerId": "c1", "ponumber": marker(key), "products": LINES}),
        fingerprint=f"f{number}",
    )
    return replace(plain, **changes)


def enlist(ledger: Ledger, *orders: OrderRecord) -> None:
    rows = [
        RowRecord(run_id=RUN.run_id, sheet_row=one.sheet_row, disposition=Disposition.TO_SEND, key=one.key)
        for one in orders
    ]
    ledger.enlist(RUN, rows, new=orders, again=[], source=b"workbook")


def brought(ledger: Ledger, before: OrderRecord, *steps: Step, **changes: Any) -> OrderRecord:
    """The order after these steps; the changes come with the last one."""
    for what in steps:
        told = {"attempts": 1, "sent_at": NOW} if what is Step.BEGUN else {}
        after = step(before, what, **told, **(changes if what is steps[-1] else {}))
        ledger.advance(before, after, what, at=NOW)
        before = after
    return before


def doubtful(ledger: Ledger, number: int = 1) -> OrderRecord:
    """The ledger's only order, its answer lost."""
    enlist(ledger, order(number))
    return brought(ledger, order(number), Step.BEGUN, Step.NO_VERDICT)


def seen(of: OrderRecord, order_id: str = "9001", **changes: Any) -> PlatformOrder:
    plain = PlatformOrder(
        order_id=order_id,
        order_number=f"SO{order_id}",
        customer_id=of.customer_id,
        order_type="sales",
        status="submitted",
        created_at=NOW + timedelta(seconds=1),
        po_number=of.marker,
        products=LINES,
    )
    return replace(plain, **changes)


def reply(status: int, value: Any = None, **headers: str) -> Reply:
    return Reply(
        status=status,
        headers={"content-type": "application/json", **headers},
        body=json.dumps(value).encode(),
        is_complete=True,
        elapsed_s=0.1,
        sent_at=NOW,
    )


Told = Callable[[], Any]


class Shelf(Marketplace):
    """A marketplace that shows what it was given; what it is asked can be made to fail or to tell more."""

    def __init__(self, *orders: PlatformOrder) -> None:
        self.orders = list(orders)
        self.answers: list[Reply | NoReply] = []
        self.bodies: list[Mapping[str, Any]] = []
        self.asked: list[str] = []
        self.happens: dict[str, list[Told]] = {}
        """By the name of the question, what is done the next times it is asked; the last one for ever."""
        self.is_complete = True
        self.server_time: datetime | None = NOW
        self.closed: set[str] = set()
        """Orders that are listed and cannot be opened."""

    def _ask(self, name: str) -> None:
        self.asked.append(name)
        waiting = self.happens.get(name, [])
        if waiting:
            (waiting.pop(0) if len(waiting) > 1 else waiting[0])()

    def place(self, body: Mapping[str, Any]) -> Reply | NoReply:
        self.bodies.append(body)
        self._ask("place")
        if self.answers:
            return self.answers.pop(0)
        made = str(9000 + len(self.bodies))
        po_number, customer_id = str(body["ponumber"]), str(body["customerId"])
        self.orders.append(
            PlatformOrder(
                order_id=made,
                customer_id=customer_id,
                created_at=NOW,
                po_number=po_number,
                products=LINES,
            )
        )
        return reply(201, {"id": made, "customerId": customer_id, "poNumber": po_number})

    def sign_in(self) -> None:
        self._ask("sign in")

    def renew_token(self) -> None:
        self._ask("renew")

    def get_order(self, order_id: str) -> PlatformOrder | None:
        self._ask("open")
        if order_id in self.closed:
            return None
        return next((entry for entry in self.orders if entry.order_id == order_id), None)

    def list_orders(
        self,
        *,
        customer_id: str = "",
        created_from: datetime | None = None,
        created_to: datetime | None = None,
    ) -> OrderList:
        self._ask("list")
        return OrderList(
            orders=tuple(self.orders), is_complete=self.is_complete, server_time=self.server_time
        )

    def list_subscriptions(self, *, customer_id: str, created_from: datetime | None = None) -> Any:
        return ()

    def list_products(self) -> Any:
        return ()

    def list_customers(self) -> Any:
        return ()

    def get_customer(self, customer_id: str) -> None:
        return None

    def validate_parameters(self, body: Mapping[str, Any]) -> Any:
        return ()

    def estimate(self, body: Mapping[str, Any]) -> tuple[str, str]:
        return "", ""


def fails(error: Exception) -> Told:
    def fail() -> None:
        raise error

    return fail


def nothing() -> None:
    """All goes well."""


def is_down() -> MarketplaceDown:
    return MarketplaceDown("No token.", fix="Later.")


def beacon_at(age: int) -> Any:
    """A beacon that saw a ledger of this age, and learns nothing."""
    return SimpleNamespace(
        age=lambda account: age, raise_to=lambda account, age: None, begin_anew=lambda account, age: None
    )


@dataclass
class Desk:
    """The parts around one run."""

    clock: Clock
    market: Shelf
    ledger: Ledger
    window_s: float = 900.0

    def __post_init__(self) -> None:
        self.told: list[Any] = []
        self.control = RunControl()
        self.resolver = Resolver(
            ledger=self.ledger,
            marketplace=self.market,
            clock=self.clock,
            observer=self.told.append,
            window_s=self.window_s,
        )

    def send(self, orders: Sequence[OrderRecord], **settings: Any) -> RunControl:
        Submission(
            run_id=RUN.run_id,
            ledger=self.ledger,
            marketplace=self.market,
            resolver=self.resolver,
            limiter=Limiter(Pacer(rate_per_s=0.0), self.clock),
            gate=Gate(
                clock=self.clock,
                patience_s=60.0,
                give_up=lambda reason: self.control.end(reason, ExitCode.TRY_AGAIN_LATER),
            ),
            crew=ThreadCrew(),
            clock=self.clock,
            jitter=lambda: 0.5,
            observer=self.told.append,
            control=self.control,
            settings=SubmissionSettings(workers=1, **settings),
        ).send_all(orders)
        return self.control

    def state(self, of: OrderRecord) -> State:
        return self.fresh(of).state

    def fresh(self, of: OrderRecord) -> OrderRecord:
        found = self.ledger.order(of.key)
        assert found is not None
        return found

    def parts(self, **changes: Any) -> Parts:
        values = {
            "profile": PROFILE,
            "ledger": self.ledger,
            "marketplace": self.market,
            "limiter": Limiter(Pacer(rate_per_s=0.0), self.clock),
            "clock": self.clock,
            "jitter": lambda: 0.5,
            "observer": self.told.append,
            "template": {},
            "operator": "somebody",
            "host": "here",
            "beacon": beacon_at(0),
        }
        return Parts(**{**values, **changes})


@pytest.fixture
def made(clock: Clock) -> Desk:
    return Desk(clock=clock, market=Shelf(), ledger=MemoryLedger())


# -------------------------------------------------------------------- sending


def test_refusals_that_name_neither_a_row_nor_an_outage_give_the_row_up_after_six(made: Desk) -> None:
    enlist(made.ledger, order(1), order(2))
    made.market.answers = [reply(429), reply(401)] * 3
    control = made.send([order(1), order(2)])
    assert (made.state(order(1)), made.fresh(order(1)).code) == (State.GAVE_UP, "S-GAVE-UP")
    assert (made.state(order(2)), len(made.market.bodies), control.reason) == (State.ACCEPTED, 7, "")


def test_a_sign_in_that_gets_no_answer_is_waited_for_at_the_gate(made: Desk) -> None:
    enlist(made.ledger, order())
    made.market.answers = [reply(401)]
    made.market.happens = {"renew": [fails(is_down())], "sign in": [fails(is_down()), nothing]}
    control = made.send([order()])
    assert (made.state(order()), len(made.market.bodies), control.reason) == (State.ACCEPTED, 2, "")
    assert made.market.asked.count("sign in") == 2


def test_a_sign_in_that_never_comes_back_ends_the_run_with_the_row_unsent(made: Desk) -> None:
    enlist(made.ledger, order())
    made.market.answers = [reply(401)]
    made.market.happens = {"renew": [fails(is_down())], "sign in": [fails(is_down())]}
    control = made.send([order()])
    assert (made.state(order()), control.exit_code) == (State.PENDING, ExitCode.TRY_AGAIN_LATER)
    assert len(made.market.bodies) == 1


def test_a_gate_whose_question_meets_an_expired_sign_in_renews_it(made: Desk) -> None:
    enlist(made.ledger, order(1), order(2))
    made.market.answers = [reply(500)]
    expired = fails(ReadFailed("No.", status=401))
    made.market.happens = {"list": [expired, expired, nothing]}
    control = made.send([order(1), order(2)])
    assert (made.state(order(1)), made.state(order(2))) == (State.UNKNOWN, State.ACCEPTED)
    assert (made.market.asked.count("renew"), control.reason) == (1, "")


@pytest.mark.parametrize(
    ("answer", "state"),
    [(reply(400, {"message": "No such MPN"}), State.UNKNOWN), (reply(201, {"id": "77"}), State.ACCEPTED)],
    ids=["a refusal is not told", "a purchase is told"],
)
def test_an_order_taken_over_while_it_was_sent_keeps_their_record_but_for_a_purchase(
    made: Desk, answer: Reply, state: State
) -> None:
    enlist(made.ledger, order(1), order(2))
    made.market.answers = [answer]
    made.market.happens = {"place": [lambda: made.resolver.recover(str(ACCOUNT)), nothing]}
    made.send([order(1), order(2)])
    assert (made.state(order(1)), made.state(order(2))) == (state, State.ACCEPTED)
    assert made.fresh(order(1)).order_id == ("77" if state is State.ACCEPTED else "")


def test_an_order_that_somebody_else_began_is_left_to_them(made: Desk) -> None:
    enlist(made.ledger, order(1), order(2))
    brought(made.ledger, order(1), Step.BEGUN)
    made.send([order(1), order(2)])
    assert (made.state(order(1)), made.state(order(2))) == (State.IN_FLIGHT, State.ACCEPTED)
    assert len(made.market.bodies) == 1


def test_a_limiter_that_is_stopped_lets_nobody_through(clock: Clock) -> None:
    stop = threading.Event()
    stop.set()
    assert not Limiter(Pacer(rate_per_s=2.0), clock).wait_turn(stop)


def test_a_pause_that_begins_while_somebody_waits_costs_them_their_slot(clock: Clock) -> None:
    limiter = Limiter(Pacer(rate_per_s=1.0), clock)
    stop = threading.Event()
    limiter.wait_turn(stop)
    pauses: list[Told] = [lambda: limiter.throttle(30.0)]
    passes = clock.wait

    def wait(seconds: float, stop: threading.Event) -> bool:
        if pauses:
            pauses.pop()()
        return passes(seconds, stop)

    clock.wait = wait  # type: ignore[method-assign]
    assert limiter.wait_turn(stop)
    assert clock.monotonic() >= 1030.0


def test_the_first_question_asked_at_a_shut_gate_stays(clock: Clock) -> None:
    asked: list[str] = []
    gate = Gate(clock=clock, patience_s=60.0, give_up=asked.append)
    gate.shut("first", lambda: not asked.append("first"))
    gate.shut("second", lambda: not asked.append("second"))
    assert gate.wait_open(threading.Event())
    assert asked == ["first"]


# -------------------------------------------------------------------- looking up


def test_the_looking_ends_when_it_is_stopped_and_the_rest_is_still_in_doubt(made: Desk) -> None:
    lost = doubtful(made.ledger)
    stop = threading.Event()
    stop.set()
    assert made.resolver.look_up_all([lost], settle_s=60.0, stop=stop) == (lost,)
    assert made.market.asked == []


def test_a_reading_that_tells_no_time_counts_for_nothing(made: Desk) -> None:
    lost = doubtful(made.ledger)
    made.market.server_time = None
    assert not made.resolver.look_up(lost)
    assert made.fresh(lost) == lost
    assert "could not be read" in waiting_words(lost, 900.0)


def test_an_order_that_is_in_doubt_no_more_is_not_counted_absent(made: Desk) -> None:
    lost = doubtful(made.ledger)
    dropped = brought(made.ledger, lost, Step.DROPPED)
    assert not made.resolver.look_up(lost)
    assert made.fresh(lost) == dropped


def settled(made: Desk, *orders: PlatformOrder, number: int = 1) -> OrderRecord:
    """An order whose settle window is over, and what else the marketplace has."""
    lost = doubtful(made.ledger, number)
    lost = brought(made.ledger, lost, Step.LOOKED, doubtful_at=NOW - timedelta(hours=1))
    made.market.orders = list(orders)
    return lost


def test_after_the_window_an_empty_reading_made_twice_counts_once(made: Desk) -> None:
    lost = settled(made, seen(order(), "9", po_number="other", products=({"mpn": "M2", "quantity": 1},)))
    assert not made.resolver.look_up(lost)
    assert made.fresh(lost).absent_reads == 1


def test_a_second_reading_that_shows_something_else_counts_for_nothing(made: Desk) -> None:
    lost = settled(made)
    late = seen(order(), "9", po_number="other", products=({"mpn": "M2", "quantity": 1},))
    made.market.happens = {"list": [nothing, lambda: made.market.orders.append(late)]}
    assert not made.resolver.look_up(lost)
    assert made.fresh(lost).absent_reads == 0


@pytest.mark.parametrize(
    "change",
    [{"po_number": "changed by the platform"}, {"products": ({"mpn": "M9", "quantity": 3},)}],
    ids=["our content under another number", "our number on other content"],
)
def test_an_order_that_looks_like_ours_and_is_no_rows_forbids_to_call_ours_absent(
    made: Desk, change: dict[str, Any]
) -> None:
    lost = settled(made, seen(order(), **change))
    assert not made.resolver.look_up(lost)
    assert made.fresh(lost).absent_reads == 0


def test_an_order_that_another_row_has_does_not_keep_ours_from_being_absent(made: Desk) -> None:
    enlist(made.ledger, order(1), order(2))
    lost = brought(made.ledger, order(1), Step.BEGUN, Step.NO_VERDICT)
    lost = brought(made.ledger, lost, Step.LOOKED, doubtful_at=NOW - timedelta(hours=1))
    brought(made.ledger, order(2), Step.BEGUN, Step.ACCEPTED, order_id="9002")
    made.market.orders = [seen(order(2), "9002")]
    assert not made.resolver.look_up(lost)
    assert made.fresh(lost).absent_reads == 1


def test_an_order_that_is_listed_and_cannot_be_opened_is_no_evidence(made: Desk) -> None:
    lost = settled(made, seen(order(), "9", po_number="other", products=None))
    made.market.closed = {"9"}
    with pytest.raises(ReadFailed, match="cannot be opened"):
        made.resolver.look_up(lost, must_read=True)
    assert (made.fresh(lost).absent_reads, made.resolver.look_up(lost)) == (0, False)
    assert [event.note for event in made.told if isinstance(event, LookedUp)] == [
        "order 9 is listed and cannot be opened."
    ] * 2


def test_a_list_with_too_many_orders_to_open_is_not_a_complete_reading(made: Desk) -> None:
    lost = doubtful(made.ledger)
    made.market.orders = [
        seen(order(), str(number), po_number=None, products=None) for number in range(MAX_DETAIL_READS + 1)
    ]
    reading = made.resolver.read(lost)
    assert (reading.is_complete, len(reading.entries)) == (False, MAX_DETAIL_READS)


def test_two_rows_in_doubt_that_one_order_would_fit_are_left_to_a_person(made: Desk) -> None:
    enlist(made.ledger, order(1), order(2))
    lost = [brought(made.ledger, order(number), Step.BEGUN, Step.NO_VERDICT) for number in (1, 2)]
    made.market.orders = [seen(order(1), po_number="")]
    assert [made.resolver.look_up(one) for one in lost] == [False, False]
    assert [made.state(one) for one in lost] == [State.UNKNOWN] * 2


def test_the_same_purchase_told_twice_is_written_once(made: Desk) -> None:
    lost = doubtful(made.ledger)
    proof = replace(lost, order_id="9001", accepted_at=NOW)
    first = made.resolver.record_purchase(proof, note="once")
    assert made.resolver.record_purchase(proof, note="twice") == first
    assert [event.note for event in made.ledger.events(lost.key)][-1] == "once"


def test_a_second_id_for_one_order_is_told_with_both_and_until_when_one_can_be_cancelled(made: Desk) -> None:
    lost = doubtful(made.ledger)
    made.resolver.record_purchase(replace(lost, order_id="9001", accepted_at=NOW), note="")
    both = made.resolver.record_purchase(replace(lost, order_id="9002", accepted_at=NOW), note="")
    assert (both, both.order_id, both.code) == (made.fresh(lost), "9001", "S-DUPLICATE")
    assert all(words in both.message for words in ("id 9001", "id 9002", "Cancel all but one before"))


class Contested(MemoryLedger):
    """Another process is faster once, at the step that is named."""

    def __init__(self, what: Step) -> None:
        super().__init__()
        self.what: Step | None = what

    def advance(self, before: OrderRecord, after: OrderRecord, what: Step, **rest: Any) -> None:
        if what is self.what:
            self.what = None
            raise Superseded(before.key)
        super().advance(before, after, what, **rest)


def test_a_purchase_is_told_again_when_somebody_else_wrote_in_between(clock: Clock) -> None:
    made = Desk(clock=clock, market=Shelf(), ledger=Contested(Step.FOUND))
    lost = doubtful(made.ledger)
    made.market.orders = [seen(lost)]
    assert made.resolver.look_up(lost)
    assert made.state(lost) is State.ACCEPTED


def test_people_are_shown_what_may_be_theirs_and_when_the_reading_is_not_all(made: Desk) -> None:
    held = order(3, state=State.HELD)
    enlist(made.ledger, order(1), order(2), held)
    lost = brought(made.ledger, order(1), Step.BEGUN, Step.NO_VERDICT)
    made.market.orders = [seen(order(1))]
    assert [(doubt.there, doubt.note) for doubt in doubts([lost, order(2), held], made.resolver)] == [
        ((seen(order(1)),), ""),
        ((), ""),
    ]
    made.market.is_complete = False
    assert "not complete" in doubts([lost], made.resolver)[0].note
    made.market.happens = {"list": [fails(ReadFailed("No answer."))]}
    assert doubts([lost], made.resolver)[0].note == "No answer."


# -------------------------------------------------------------------- before and after the sending


def audited(made: Desk, *orders: OrderRecord) -> Any:
    return audit(
        orders,
        account=str(ACCOUNT),
        since=NOW,
        ledger=made.ledger,
        marketplace=made.market,
        resolver=made.resolver,
        now=NOW,
    )


def test_a_duplicate_is_recorded_although_somebody_else_wrote_in_between(clock: Clock) -> None:
    made = Desk(clock=clock, market=Shelf(), ledger=Contested(Step.REFRESHED))
    enlist(made.ledger, order())
    placed = brought(made.ledger, order(), Step.BEGUN, Step.ACCEPTED, order_id="9001")
    made.market.orders = [seen(placed, "9001"), seen(placed, "9002")]
    assert audited(made, placed).duplicates == (placed.key,)
    assert made.fresh(placed).code == "S-DUPLICATE"
    assert audited(made, made.fresh(placed)).duplicates == (placed.key,)


def told_twice(made: Desk, *, ours: str, twin: str) -> OrderRecord:
    """An order known to be there twice; and then what a person cancelled."""
    enlist(made.ledger, order())
    placed = brought(made.ledger, order(), Step.BEGUN, Step.ACCEPTED, order_id="9001", amount="12.00")
    made.market.orders = [seen(placed, "9001"), seen(placed, "9002")]
    audited(made, placed)
    made.market.orders = [seen(placed, "9001", status=ours), seen(placed, "9002", status=twin)]
    return made.fresh(placed)


@pytest.mark.parametrize(
    ("ours", "twin", "order_id"),
    [
        ("completed", "cancelled", "9001"),
        ("cancelled", "completed", "9002"),
        ("cancelled", "canceled", "9001"),
    ],
)
def test_an_order_that_was_there_twice_is_ordered_once_all_but_one_are_cancelled(
    made: Desk, ours: str, twin: str, order_id: str
) -> None:
    twice = told_twice(made, ours=ours, twin=twin)
    assert twice.code == "S-DUPLICATE"
    assert audited(made, twice).duplicates == ()
    after = made.fresh(twice)
    assert (after.code, after.message, after.order_id, after.state) == ("", "", order_id, State.ACCEPTED)


def test_an_order_that_is_there_twice_stays_so_until_one_is_cancelled(made: Desk) -> None:
    twice = told_twice(made, ours="completed", twin="error")
    found = audited(made, twice)
    assert (found.duplicates, found.alarms) == ((twice.key,), (f"row 2 of run run-1: {twice.message}",))
    assert made.fresh(twice) == twice


@pytest.mark.parametrize(("times", "code"), [(1, ""), (2, "S-DUPLICATE")])
def test_the_audit_takes_an_order_in_doubt_that_is_there(made: Desk, times: int, code: str) -> None:
    lost = doubtful(made.ledger)
    made.market.orders = [seen(lost, f"{9000 + number}") for number in range(times)]
    assert audited(made, lost).found == (lost.key,)
    assert (made.state(lost), made.fresh(lost).code) == (State.ACCEPTED, code)


def test_the_audit_tells_nothing_of_an_order_that_the_ledger_does_not_know(made: Desk) -> None:
    stranger = replace(order(7), attempts=1, sent_at=NOW)
    made.market.orders = [seen(stranger)]
    found = audited(made, stranger)
    assert (found.duplicates, found.found, found.others) == ((), (), 1)


def test_the_canary_reads_again_after_a_failed_reading_and_does_without_the_list(made: Desk) -> None:
    enlist(made.ledger, order())
    placed = brought(made.ledger, order(), Step.BEGUN, Step.ACCEPTED, order_id="9001")
    made.market.orders = [seen(placed, "9001")]
    made.market.happens = {
        "open": [fails(ReadFailed("No.")), nothing],
        "list": [fails(ReadFailed("No.")), nothing],
    }
    canary = canary_of(made)
    assert canary.prove(placed, threading.Event()).is_good
    assert (canary.is_proven(15), canary.is_proven(16), canary.lag_s) == (True, False, 0.5)


def test_a_stop_while_the_canary_measures_how_late_lists_are_measures_nothing(made: Desk) -> None:
    enlist(made.ledger, order())
    placed = brought(made.ledger, order(), Step.BEGUN, Step.ACCEPTED, order_id="9001")
    made.market.orders = [seen(placed, "9001")]
    stop = threading.Event()
    made.market.happens = {"open": [stop.set]}
    canary = canary_of(made)
    assert canary.prove(placed, stop).is_good
    assert (canary.lag_s, "list" in made.market.asked) == (0.0, False)


def canary_of(made: Desk) -> Canary:
    return Canary(
        account=str(ACCOUNT),
        ledger=made.ledger,
        marketplace=made.market,
        clock=made.clock,
        allow_unmarked=False,
    )


def test_a_forgetful_ledger_sends_nothing_when_a_customer_has_too_many_orders_to_be_read(made: Desk) -> None:
    made.market.orders = [seen(order(), str(number)) for number in range(MOST_OPENED + 1)]
    with pytest.raises(MarketplaceDown, match="more than 200 orders"):
        look_back([order()], ledger=made.ledger, marketplace=made.market, now=NOW)
    made.market.orders.pop()
    assert look_back([order()], ledger=made.ledger, marketplace=made.market, now=NOW)


def test_a_forgetful_ledger_sends_nothing_when_a_listed_order_cannot_be_opened(made: Desk) -> None:
    made.market.orders = [seen(order(), "9", products=None)]
    made.market.closed = {"9"}
    with pytest.raises(MarketplaceDown, match="cannot be opened"):
        look_back([order()], ledger=made.ledger, marketplace=made.market, now=NOW)


def test_a_forgetful_ledgers_unsent_order_that_looks_ordered_is_held_for_a_person(made: Desk) -> None:
    enlist(made.ledger, order())
    made.market.orders = [seen(order(), po_number="typed by somebody")]
    engine = Engine(made.parts(beacon=beacon_at(99)), RUN)
    end = engine.carry_out()
    assert (made.state(order()), made.market.bodies, end.reason) == (State.HELD, [], "")


def test_a_held_order_names_all_that_may_be_it_as_far_as_they_can_be_read(made: Desk) -> None:
    shared = order(marker="PO-A")
    there = [seen(shared, f"{number}") for number in range(1, 8)]
    found = look_back([shared], ledger=made.ledger, marketplace=Shelf(*there[:2]), now=NOW)
    many = look_back([shared], ledger=made.ledger, marketplace=Shelf(*there), now=NOW)
    assert held_words(found[shared.key]) == (
        "the marketplace has 2 orders with its PO number or its content for this customer: "
        "SO1 (id 1) of 22-Nov-2026, SO2 (id 2) of 22-Nov-2026."
    )
    assert held_words(many[shared.key]).endswith("SO5 (id 5) of 22-Nov-2026 and 2 more.")


def test_a_forgetful_ledgers_unsent_orders_are_taken_as_found_and_the_new_ones_sent(made: Desk) -> None:
    enlist(made.ledger, order(1), order(2, customer_id="c2", mpn="M2"))
    made.market.orders = [seen(order(1))]
    Engine(made.parts(beacon=beacon_at(99)), RUN).carry_out()
    assert made.state(order(1)) is State.ACCEPTED
    assert len(made.market.bodies) == 1
    assert made.market.asked[:3] == ["list", "list", "list"]


def test_a_known_unsent_order_that_looks_ordered_is_held_before_the_plan_is_made(made: Desk) -> None:
    enlist(made.ledger, order())
    made.market.orders = [seen(order(), po_number="typed by somebody")]
    names = ("key", "sheet_row", "reference", "customer_id", "mpn", "quantity", "domain", "marker", "body")
    asked = Order(**{name: getattr(order(), name) for name in names}, fingerprint="f1")
    engine = Engine(made.parts(), replace(RUN, run_id="run-2"))
    planned = engine.plan([asked], [], account=ACCOUNT, forgets=True)
    assert (planned.to_send, made.state(order())) == ((), State.HELD)


def test_nothing_is_sent_to_a_marketplace_that_cannot_be_read(made: Desk) -> None:
    enlist(made.ledger, order())
    made.market.happens = {"list": [fails(ReadFailed("HTTP 503."))]}
    end = Engine(made.parts(), RUN).carry_out()
    assert (made.market.bodies, made.state(order())) == ([], State.PENDING)
    assert end.exit_code is ExitCode.TRY_AGAIN_LATER
    assert end.reason.endswith("The marketplace's list of orders cannot be read.")


@pytest.mark.parametrize(
    ("status", "retry_after_s", "code", "sent"),
    [
        (403, None, ExitCode.SETUP_WRONG, 0),
        (404, None, ExitCode.SETUP_WRONG, 0),
        (403, 5.0, ExitCode.OK, 1),
        (401, None, ExitCode.OK, 1),
    ],
)
def test_an_account_that_may_not_read_its_orders_sends_none(
    made: Desk, status: int, retry_after_s: float | None, code: ExitCode, sent: int
) -> None:
    enlist(made.ledger, order())
    refusal = fails(ReadFailed("Refused.", status=status, retry_after_s=retry_after_s))
    made.market.happens = {"list": [refusal, nothing]}
    made.market.answers = [reply(201, {"id": "9001"})]
    made.market.orders = [seen(order(), "9001")]
    end = Engine(made.parts(), RUN).carry_out()
    assert (end.exit_code, len(made.market.bodies)) == (code, sent)
    assert ("renew" in made.market.asked) is (status == 401)


def test_an_order_without_its_po_number_is_nobodys_while_another_row_may_have_made_it(made: Desk) -> None:
    first, second = order(1), order(2)
    enlist(made.ledger, first, second)
    brought(made.ledger, first, Step.BEGUN, Step.NO_VERDICT, sent_at=NOW + timedelta(hours=1))
    lost = brought(made.ledger, second, Step.BEGUN, Step.NO_VERDICT)
    made.market.orders = [seen(first, po_number="")]
    assert not made.resolver.look_up(lost)
    assert (made.state(first), made.state(second)) == (State.UNKNOWN, State.UNKNOWN)


def test_a_run_that_is_stopped_says_so(made: Desk) -> None:
    enlist(made.ledger, order())
    parts = made.parts()
    parts.stop.set()
    end = Engine(parts, RUN).carry_out()
    assert (end.reason, end.exit_code, made.market.bodies) == (
        "Stopped by you.",
        ExitCode.INTERRUPTED,
        [],
    )


def test_the_count_of_what_a_ledger_knew_is_written_at_most_five_times_a_second(tmp_path: Path) -> None:
    moments = iter([10.0, 10.0, 10.1, 10.3, 10.3])
    beacon = BeaconFile(tmp_path / "ages.json", monotonic=moments.__next__)
    told = []
    for age in (1, 2, 3):
        beacon.raise_to("a", functools.partial(int, age))
        told.append(beacon.age("a"))
    assert told == [1, 1, 3]
    (tmp_path / "ages.json").write_text("[1]")
    assert beacon.age("a") == 0
