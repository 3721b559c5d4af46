"""How the practice marketplace misbehaves when it is told to: once, every so often, by chance, or over a limit."""

import pytest
from practice_counter import Counter, an_existing_tenant, an_order

from bulk_orders.errors import UsageError
from bulk_orders.sandbox import Ageing, Behaviour, FaultPlan


@pytest.mark.parametrize(
    ("fault", "status"),
    [("429", 429), ("429-date", 429), ("500-before-commit", 500), ("503-before-commit", 503)],
)
def test_an_order_is_refused_before_it_is_read(fault: str, status: int) -> None:
    counter = Counter()
    counter.simulator.fail_next(fault)

    assert (counter.ask("POST", "/orders", an_order())[0], counter.simulator.orders) == (status, [])


def test_a_proxy_may_give_up_before_the_order_is_taken() -> None:
    counter = Counter()
    counter.simulator.fail_next("504-html-before-commit")

    answer = counter.answer("POST", "/orders", an_order())

    assert (answer.status, answer.header("Content-Type"), counter.simulator.orders) == (504, "text/html", [])


@pytest.mark.parametrize(("fault", "header"), [("429", "5"), ("429-date", "Mon, 02 Mar 2026 09:30:05 GMT")])
def test_a_429_says_when_to_come_back(fault: str, header: str) -> None:
    counter = Counter(faults="retry-after=5")
    counter.simulator.fail_next(fault)

    answer = counter.answer("POST", "/orders", an_order())

    assert (answer.header("Retry-After"), counter.simulator.throttled) == (header, 1)


@pytest.mark.parametrize(
    ("fault", "read_back"),
    [
        ("po-dropped", {}),
        ("po-renamed", {"ponumber": "00-0000"}),
        ("provisioning-error", {"poNumber": "00-0000"}),
    ],
)
def test_the_po_number_may_not_survive(fault: str, read_back: dict[str, str]) -> None:
    counter = Counter()
    counter.simulator.fail_next(fault)
    order_id = counter.place()["id"]

    order = counter.ask("GET", f"/orders/{order_id}")[1]

    assert {key: value for key, value in order.items() if key.lower() == "ponumber"} == read_back


def test_provisioning_may_fail() -> None:
    counter = Counter(faults="provisioning-error=1")
    order_id = counter.place()["id"]
    counter.later(5)

    assert counter.ask("GET", f"/orders/{order_id}")[1]["status"] == "error"
    assert counter.ask("GET", "/subscriptions")[1]["data"] == []


def shown(counter: Counter, order_id: str) -> tuple[str, str]:
    """What the order's own page and the list say of it; they agree."""
    page = counter.ask("GET", f"/orders/{order_id}")[1]
    rows = counter.ask("GET", "/orders")[1]["data"]
    assert [(row["status"], row["statusCode"]) for row in rows if row["id"] == order_id] == [
        (page["status"], page["statusCode"])
    ]
    return page["status"], page["statusCode"]


def parameters(counter: Counter, order_id: str) -> dict[str, str]:
    page = counter.ask("GET", f"/orders/{order_id}")[1]
    return {one["name"]: str(one.get("value")) for one in page["products"][0]["parameters"]}


def test_an_order_may_be_cancelled_and_gives_no_subscription() -> None:
    counter = Counter(faults="provisioning-cancelled=1")
    order_id = counter.place()["id"]
    counter.later(5)

    assert shown(counter, order_id) == ("cancelled", "CL")
    assert counter.ask("GET", "/subscriptions")[1]["data"] == []


def test_setting_up_may_be_slow() -> None:
    counter = Counter(faults="provisioning-slow=1", behaviour=Behaviour(ageing=Ageing(slow_after_s=900)))
    order_id = counter.place()["id"]
    counter.later(899)
    before = shown(counter, order_id)
    counter.later(1)

    assert (before, shown(counter, order_id)) == (("processing", "LO"), ("completed", "CP"))


def test_an_order_may_rest_until_its_day_which_its_own_page_names() -> None:
    counter = Counter(
        faults="provisioning-scheduled=1",
        behaviour=Behaviour(ageing=Ageing(scheduled_days=3), token_lifetime_s=7 * 86400),
    )
    order_id = counter.place()["id"]
    counter.later(60)
    page = counter.ask("GET", f"/orders/{order_id}")[1]
    before = shown(counter, order_id)
    counter.later(3 * 86400)

    assert page["details"][0]["description"].endswith(", from 2026-03-05 through 2027-03-05")
    assert (before, shown(counter, order_id)) == (("processing", "AS"), ("completed", "CP"))


def test_an_order_may_wait_for_its_customer_whose_link_is_on_its_own_page_alone() -> None:
    counter = Counter(
        faults="provisioning-acceptance=1", behaviour=Behaviour(ageing=Ageing(accepted_after_s=600))
    )
    order_id = counter.place()["id"]
    counter.later(599)
    waiting = (shown(counter, order_id), parameters(counter, order_id).get("mca_attestation_link", ""))
    listed = counter.ask("GET", "/orders")[1]["data"]
    counter.later(1)
    accepted = (shown(counter, order_id), "mca_attestation_link" in parameters(counter, order_id))
    counter.later(5)

    assert waiting[0] == ("processing", "LO")
    assert waiting[1].startswith("https://")
    assert "products" not in listed[0]
    assert (accepted, shown(counter, order_id)) == ((("processing", "LO"), False), ("completed", "CP"))
    assert {"ms_customer_id", "csp_order_id", "subscription_id"} <= set(parameters(counter, order_id))


def test_an_order_may_stay_out_of_sight_for_a_while() -> None:
    counter = Counter(faults="list-lag=3")
    order_id = counter.place()["id"]
    counter.later(2.9)
    early = (counter.listed(), counter.ask("GET", f"/orders/{order_id}")[0])
    counter.later(0.1)

    assert (early, counter.listed(), counter.ask("GET", f"/orders/{order_id}")[0]) == (
        ([], 404),
        ["SO000001"],
        200,
    )


@pytest.mark.parametrize(
    "counter", [Counter(behaviour=Behaviour(list_shows_po=False)), Counter(faults="list-without-po=1")]
)
def test_lists_may_leave_the_po_number_out(counter: Counter) -> None:
    order = counter.place()

    assert "poNumber" not in counter.ask("GET", "/orders")[1]["data"][0]
    assert counter.ask("GET", f"/orders/{order['id']}")[1]["poNumber"] == "00-0000"


@pytest.mark.parametrize(("fault", "status"), [("read-500", 500), ("read-429", 429)])
def test_reading_may_fail_while_ordering_works(fault: str, status: int) -> None:
    counter = Counter(faults=f"{fault}=1")

    assert (counter.ask("GET", "/orders")[0], counter.ask("POST", "/orders", an_order())[0]) == (status, 201)


def test_a_planned_fault_strikes_every_nth_time() -> None:
    counter = Counter(faults="500-after-commit=every:3")

    assert [counter.ask("POST", "/orders", an_existing_tenant())[0] for _ in range(6)] == [
        201,
        201,
        500,
        201,
        201,
        500,
    ]


def test_two_faults_on_the_same_occasion_strike_one_after_the_other() -> None:
    counter = Counter(faults="500-after-commit=every:4,504-html=every:4")
    for _ in range(9):
        counter.answer("POST", "/orders", an_existing_tenant())

    assert counter.simulator.faults == {"500-after-commit": 2, "504-html": 2}


def test_a_seed_makes_the_faults_fall_the_same_again() -> None:
    runs = [
        [counter.answer("POST", "/orders", an_existing_tenant()).status for _ in range(50)]
        for counter in (Counter("429=0.3,seed=7"), Counter("429=0.3,seed=7"), Counter("429=0.3,seed=8"))
    ]

    assert runs[0] == runs[1] != runs[2]
    assert 5 < runs[0].count(429) < 25


@pytest.mark.parametrize(
    "plan", ["nonsense=1", "429=2", "429=x", "429", "slow=-1", "500-after-commit=every:0", "seed=x"]
)
def test_a_plan_that_is_not_understood_is_said(plan: str) -> None:
    with pytest.raises(UsageError, match=plan.partition("=")[0]):
        FaultPlan.parse(plan)


def test_an_unknown_fault_cannot_be_asked_for() -> None:
    with pytest.raises(UsageError, match="nonsense"):
        Counter().simulator.fail_next("nonsense")


def test_no_second_has_more_requests_than_the_limit() -> None:
    counter = Counter(behaviour=Behaviour(limit_per_s=3))
    statuses = []
    for seconds in (0.1, 0.1, 0.1, 0.6, 0.1):
        counter.later(seconds)
        statuses.append(counter.ask("GET", "/orders")[0])

    # The token, at 0.0, was the first of the first three.
    assert statuses == [200, 200, 429, 429, 200]
    assert counter.answer("GET", "/orders").header("Retry-After") == "1"
