"""New Microsoft tenants: the first order makes one, its others wait for it and go as orders of an existing one."""

import json
import threading
from dataclasses import replace
from typing import Any

import pytest
from sending_parts import NOW, Contested, Parts, Shelf, brought, enlist, fails, order, reply, seen

from bulk_orders.core.body import for_existing_tenant
from bulk_orders.core.lifecycle import OrderRecord, State, Step, step
from bulk_orders.core.matching import resembles
from bulk_orders.errors import ExitCode
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.machine.clock import Clock
from bulk_orders.marketplace.interface import PlatformOrder, ReadFailed
from bulk_orders.sending.events import WaitBegun, WaitOver
from bulk_orders.sending.tenants import PATIENCE_S, Standing, Tenants


class Restless:
    """The clock of the test, on which a rest takes no time of ours."""

    def __init__(self, clock: Any) -> None:
        self.now, self.monotonic, self.wait = clock.now, clock.monotonic, clock.wait
        self._advance = clock.advance

    def rest(self, changed: threading.Condition, seconds: float) -> None:
        self._advance(seconds)


@pytest.fixture
def restless(clock: Any) -> Clock:
    return Restless(clock)


PARAMETERS = (
    {"name": "tenant_preference", "value": "new"},
    {"name": "microsoft_domain", "value": "acme.onmicrosoft.com"},
    {"name": "mca_acceptance", "value": "yes"},
    {"name": "effective_city", "value": "Bonn"},
)


def tenant_order(number: int, **changes: Any) -> OrderRecord:
    plain = order(number, domain="acme.onmicrosoft.com", **changes)
    line = {"mpn": "M1", "quantity": 1, "parameters": PARAMETERS}
    body = {"customerId": plain.customer_id, "ponumber": plain.marker, "products": [line]}
    return replace(plain, body=json.dumps(body))


def of_another(number: int) -> OrderRecord:
    plain = order(number, customer_id=f"c{number}")
    return replace(plain, body=json.dumps({**json.loads(plain.body), "customerId": plain.customer_id}))


class Making(Shelf):
    """A marketplace that completes each order a while after it was placed."""

    def __init__(self, clock: Clock, *, after_s: float, ends_as: str = "completed") -> None:
        super().__init__()
        self.clock = clock
        self.after_s = after_s
        self.ends_as = ends_as
        self.placed_s: dict[str, float] = {}

    def place(self, body: Any) -> Any:
        answer = super().place(body)
        self.placed_s[str(9000 + len(self.bodies))] = self.clock.monotonic()
        return answer

    def get_order(self, order_id: str) -> PlatformOrder | None:
        found = super().get_order(order_id)
        if found is None:
            return None
        is_over = self.clock.monotonic() - self.placed_s[order_id] >= self.after_s
        return replace(found, status=self.ends_as if is_over else "processing")


def preferences(market: Shelf) -> list[str]:
    given = [body["products"][0].get("parameters", [{"value": "-"}])[0]["value"] for body in market.bodies]
    return [str(value) for value in given]


@pytest.mark.parametrize("after_s", [0.0, 1.0, 100.0, 800.0])
def test_the_others_of_a_new_tenant_wait_until_it_is_there_and_go_as_orders_of_an_existing_one(
    restless: Clock, after_s: float
) -> None:
    made = Parts(clock=restless, market=Making(restless, after_s=after_s), ledger=MemoryLedger())
    rows = [tenant_order(number) for number in (1, 2, 3)]
    enlist(made.ledger, *rows)
    made.send(rows)
    assert [made.state(row) for row in rows] == [State.ACCEPTED] * 3
    assert preferences(made.market) == ["new", "existing", "existing"]
    assert [(made.fresh(row).body, made.fresh(row).fingerprint) for row in rows] == [
        (row.body, row.fingerprint) for row in rows
    ]


def test_while_a_tenant_is_made_the_other_customers_go_on(restless: Clock) -> None:
    made = Parts(clock=restless, market=Making(restless, after_s=300.0), ledger=MemoryLedger())
    others = [of_another(number) for number in (3, 4, 5)]
    rows = [tenant_order(1), tenant_order(2), *others]
    enlist(made.ledger, *rows)
    made.send(rows)
    assert preferences(made.market) == ["new", "-", "-", "-", "existing"]


@pytest.mark.parametrize("status", ["error", "cancelled"])
def test_if_the_first_order_of_a_tenant_fails_its_others_are_not_sent_and_say_why(
    restless: Clock, status: str
) -> None:
    market = Making(restless, after_s=5.0, ends_as=status)
    made = Parts(clock=restless, market=market, ledger=MemoryLedger())
    rows = [tenant_order(1), tenant_order(2), of_another(3)]
    enlist(made.ledger, *rows)
    made.send(rows)
    assert [made.state(row) for row in rows] == [State.ACCEPTED, State.GAVE_UP, State.ACCEPTED]
    assert (made.fresh(rows[1]).code, len(market.bodies)) == ("S-TENANT", 2)


def test_an_order_of_a_tenant_that_another_process_took_up_is_left_to_them(restless: Clock) -> None:
    market = Making(restless, after_s=5.0, ends_as="error")
    made = Parts(clock=restless, market=market, ledger=Contested(Step.GAVE_UP))
    rows = [tenant_order(1), tenant_order(2)]
    enlist(made.ledger, *rows)
    made.send(rows)
    assert [made.state(row) for row in rows] == [State.ACCEPTED, State.PENDING]


def test_if_the_first_order_of_a_tenant_is_refused_its_others_are_not_sent(made: Parts) -> None:
    rows = [tenant_order(1), tenant_order(2)]
    enlist(made.ledger, *rows)
    made.market.answers = [reply(400, {"message": "The domain is taken."})]
    made.send(rows)
    assert [made.state(row) for row in rows] == [State.REJECTED, State.GAVE_UP]


def test_a_tenant_that_is_not_there_after_a_quarter_of_an_hour_is_left_for_a_later_run(
    restless: Clock,
) -> None:
    made = Parts(clock=restless, market=Making(restless, after_s=1e9), ledger=MemoryLedger())
    rows = [tenant_order(1), tenant_order(2)]
    enlist(made.ledger, *rows)
    began_s = restless.monotonic()
    made.send(rows)
    assert (made.state(rows[1]), len(made.market.bodies)) == (State.PENDING, 1)
    assert PATIENCE_S <= restless.monotonic() - began_s < PATIENCE_S + 60
    assert made.market.asked.count("open") < 40


class Held(Making):
    """Its first order waits for the customer, or for its day, as its own page says."""

    def __init__(self, clock: Clock, **says: str) -> None:
        super().__init__(clock, after_s=1e9)
        self.says = says

    def get_order(self, order_id: str) -> PlatformOrder | None:
        found = super().get_order(order_id)
        return found and replace(found, **self.says)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("says", "kept"),
    [
        (
            {"acceptance_link": "https://admin.example/accept"},
            ("processing", "https://admin.example/accept", ""),
        ),
        ({"status": "scheduled", "scheduled_for": "2027-03-01"}, ("scheduled", "", "2027-03-01")),
    ],
)
def test_a_first_order_that_waits_for_a_person_or_a_day_holds_no_run_up(
    restless: Clock, says: dict[str, str], kept: tuple[str, str, str]
) -> None:
    made = Parts(clock=restless, market=Held(restless, **says), ledger=MemoryLedger())
    rows = [tenant_order(1), tenant_order(2), of_another(3)]
    enlist(made.ledger, *rows)
    began_s = restless.monotonic()
    made.send(rows)
    first = made.fresh(rows[0])
    assert [made.state(row) for row in rows] == [State.ACCEPTED, State.PENDING, State.ACCEPTED]
    assert (first.platform_status, first.acceptance_link, first.scheduled_for) == kept
    assert restless.monotonic() - began_s < 60


def test_the_others_of_a_tenant_whose_first_order_is_in_doubt_wait(restless: Clock) -> None:
    made = Parts(clock=restless, market=Shelf(), ledger=MemoryLedger())
    rows = [tenant_order(1), tenant_order(2)]
    enlist(made.ledger, *rows)
    made.market.answers = [reply(500)]
    made.send(rows)
    assert [made.state(row) for row in rows] == [State.UNKNOWN, State.PENDING]
    assert made.control.exit_code is ExitCode.OK


def test_a_tenant_that_an_earlier_run_made_is_known(restless: Clock) -> None:
    made = Parts(clock=restless, market=Shelf(), ledger=MemoryLedger())
    rows = [tenant_order(1), tenant_order(2)]
    enlist(made.ledger, *rows)
    brought(made.ledger, rows[0], Step.BEGUN, Step.ACCEPTED, order_id="7", platform_status="completed")
    made.send(rows[1:])
    assert preferences(made.market) == ["existing"]


def test_a_first_order_that_failed_in_an_earlier_run_leaves_its_place_to_the_next(restless: Clock) -> None:
    made = Parts(clock=restless, market=Shelf(), ledger=MemoryLedger())
    rows = [tenant_order(1), tenant_order(2)]
    enlist(made.ledger, *rows)
    brought(made.ledger, rows[0], Step.BEGUN, Step.ACCEPTED, order_id="7", platform_status="error")
    made.send(rows[1:])
    assert preferences(made.market) == ["new"]


def test_a_marketplace_that_cannot_say_what_became_of_the_first_order_is_asked_again(made: Parts) -> None:
    rows = [tenant_order(1), tenant_order(2)]
    enlist(made.ledger, *rows)
    first = brought(made.ledger, rows[0], Step.BEGUN, Step.ACCEPTED, order_id="7")
    made.market.orders = [seen(first, "7", status="completed")]
    made.market.happens = {"open": [fails(ReadFailed("No.")), lambda: None]}
    made.send(rows[1:])
    assert preferences(made.market) == ["existing"]


def test_who_waits_for_a_tenant_is_told_once_and_until_its_end(clock: Any) -> None:
    told: list[Any] = []
    ledger, market = MemoryLedger(), Shelf()
    rows = [tenant_order(1), tenant_order(2)]
    enlist(ledger, *rows)
    first = brought(ledger, rows[0], Step.BEGUN, Step.ACCEPTED, order_id="7", platform_status="processing")
    tenants = Tenants(ledger=ledger, marketplace=market, clock=clock, observer=told.append)
    assert [tenants.standing(rows[1]) for _ in range(3)] == [Standing.WAITS] * 3
    done = step(first, Step.REFRESHED, platform_status="completed")
    ledger.advance(first, done, Step.REFRESHED, at=NOW)
    assert tenants.standing(rows[1]) is Standing.EXISTING
    tenants.close()
    assert [type(event) for event in told] == [WaitBegun, WaitOver]


def test_the_body_for_an_existing_tenant_is_the_same_order_without_the_companys_details() -> None:
    body = json.loads(tenant_order(1).body)
    sent = for_existing_tenant(body)
    assert sent["products"][0]["parameters"] == [
        {"name": "tenant_preference", "value": "existing"},
        {"name": "microsoft_domain", "value": "acme.onmicrosoft.com"},
        {"name": "mca_acceptance", "value": "yes"},
    ]
    assert body == json.loads(tenant_order(1).body)
    assert resembles(tenant_order(1), seen(tenant_order(1), products=tuple(sent["products"])))
