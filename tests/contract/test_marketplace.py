"""The marketplace's contract, sentence by sentence, over HTTP and in process."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from market_places import BODY, CUSTOMER, LINE, OTHER, Place, order_for

from bulk_orders.core.validation import validation_request, with_drafts
from bulk_orders.errors import CredentialsRefused
from bulk_orders.marketplace.interface import Estimate, FailureKind, Marketplace, NoReply, ReadFailed, Reply
from bulk_orders.sandbox import Catalogue


def test_signing_in_gets_a_token_only_if_there_is_none(place: Place) -> None:
    place.marketplace.sign_in()
    place.marketplace.sign_in()

    assert place.calls("POST /token") == 1


def test_signing_in_with_a_wrong_password_is_refused(place: Place) -> None:
    with pytest.raises(CredentialsRefused):
        place.connect("wrong").sign_in()


def test_an_order_is_placed_once_and_the_reply_is_undigested(place: Place) -> None:
    before = datetime.now(UTC)

    reply = place.marketplace.place(BODY)

    assert isinstance(reply, Reply)
    assert (reply.status, reply.is_complete, place.calls("POST /orders")) == (201, True, 1)
    told = json.loads(reply.body)
    assert [order["id"] for order in place.simulator.orders] == [told["id"]]
    assert reply.headers["x-correlation-id"].startswith("a8n-")
    assert before <= reply.sent_at <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("fault", "status", "taken"),
    [
        ("429", 429, 0),
        ("500-before-commit", 500, 0),
        ("503-before-commit", 503, 0),
        ("504-html-before-commit", 504, 0),
        ("token-expiry", 401, 0),
        ("500-after-commit", 500, 1),
        ("504-html", 504, 1),
        ("empty-200", 200, 1),
    ],
)
def test_placing_is_never_repeated_and_never_raises_for_an_answer(
    place: Place, fault: str, status: int, taken: int
) -> None:
    place.simulator.fail_next(fault)

    reply = place.marketplace.place(BODY)

    assert isinstance(reply, Reply)
    assert (reply.status, place.calls("POST /orders"), place.simulator.order_count) == (status, 1, taken)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("hang-after-commit", FailureKind.TIMEOUT),
        ("reset-after-commit", FailureKind.CONNECTION_LOST),
        ("reset-before-commit", FailureKind.CONNECTION_LOST),
    ],
)
def test_placing_is_never_repeated_and_never_raises_for_the_network(
    place: Place, fault: str, kind: FailureKind
) -> None:
    place.simulator.fail_next(fault)

    silence = place.marketplace.place(BODY)

    assert isinstance(silence, NoReply)
    assert silence.kind is kind
    assert silence.bytes_sent > 0
    assert place.calls("POST /orders") == 1


def test_an_answer_that_breaks_off_is_a_reply_that_is_not_complete(place: Place) -> None:
    place.simulator.fail_next("truncated-body")

    reply = place.marketplace.place(BODY)

    assert isinstance(reply, Reply)
    assert (reply.status, reply.is_complete, place.simulator.order_count) == (201, False, 1)


def test_without_a_token_nothing_leaves(place: Place) -> None:
    silence = place.connect("wrong").place(BODY)

    assert isinstance(silence, NoReply)
    assert (silence.kind, silence.bytes_sent) == (FailureKind.NO_SIGN_IN, 0)
    assert place.calls("POST /orders") == 0


def test_a_401_is_a_reply_and_renewing_the_token_is_the_callers_next_step(place: Place) -> None:
    place.simulator.fail_next("token-expiry")

    refused = place.marketplace.place(BODY)
    place.marketplace.renew_token()
    accepted = place.marketplace.place(BODY)

    assert isinstance(refused, Reply)
    assert isinstance(accepted, Reply)
    assert (refused.status, accepted.status) == (401, 201)
    assert (place.calls("POST /token"), place.simulator.order_count) == (2, 1)


def test_callers_that_renew_at_the_same_time_share_one_sign_in(place: Place) -> None:
    place.marketplace.sign_in()
    together = threading.Barrier(6)

    def refused_and_renewed(_: int) -> None:
        place.marketplace.place(order_for("no such customer"))
        together.wait()
        place.marketplace.renew_token()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(refused_and_renewed, range(6)))

    assert place.calls("POST /token") == 2


def test_many_threads_may_share_a_marketplace(place: Place) -> None:
    with ThreadPoolExecutor(6) as pool:
        bodies = [order_for(str(int(CUSTOMER) + n), f"PO-{n}") for n in range(30)]
        replies = list(pool.map(place.marketplace.place, bodies))

    ids = [json.loads(reply.body)["id"] for reply in replies if isinstance(reply, Reply)]
    sent = {order["id"]: order["poNumber"] for order in place.simulator.orders}
    assert [sent[order_id] for order_id in ids] == [body["ponumber"] for body in bodies]
    assert place.calls("POST /token") == 1


def test_an_order_is_read_whole(place: Place) -> None:
    place.marketplace.place(BODY)
    order_id = place.simulator.orders[0]["id"]

    found = place.marketplace.get_order(order_id)

    assert found is not None
    assert (found.order_id, found.order_number, found.customer_id) == (order_id, "SO000001", CUSTOMER)
    assert (found.order_type, found.status, found.po_number) == ("sales", "completed", "PO-1")
    assert (found.amount, found.currency) == ("12.60", "USD")
    assert found.products is not None
    assert [(line["mpn"], line["quantity"]) for line in found.products] == [(LINE["mpn"], 3)]
    assert found.created_at is not None
    assert abs(found.created_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_an_order_that_is_not_there_is_none(place: Place) -> None:
    assert place.marketplace.get_order("10000001") is None


def test_a_list_has_all_pages_and_is_complete(place: Place) -> None:
    for number in range(205):
        place.marketplace.place(order_for(CUSTOMER, f"PO-{number}"))

    found = place.marketplace.list_orders(customer_id=CUSTOMER)

    assert found.is_complete
    assert {entry.po_number for entry in found.orders} == {f"PO-{number}" for number in range(205)}
    assert found.server_time is not None
    assert found.server_time.tzinfo is not None
    assert abs(found.server_time - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_list_has_only_what_its_filters_let_through(place: Place) -> None:
    place.marketplace.place(order_for(CUSTOMER))
    place.marketplace.place(order_for(OTHER))
    now = datetime.now(UTC)
    hour = timedelta(hours=1)

    ours = place.marketplace.list_orders(customer_id=OTHER)
    recent = place.marketplace.list_orders(created_from=now - hour, created_to=now + hour)
    later = place.marketplace.list_orders(created_from=now + hour)
    earlier = place.marketplace.list_orders(created_to=now - hour)

    assert [entry.customer_id for entry in ours.orders] == [OTHER]
    assert len(recent.orders) == 2
    assert (later.orders, earlier.orders) == ((), ())
    assert later.is_complete


READS: dict[str, Callable[[Marketplace], object]] = {
    "get_order": lambda marketplace: marketplace.get_order("10000001"),
    "list_orders": lambda marketplace: marketplace.list_orders(customer_id=CUSTOMER),
    "list_subscriptions": lambda marketplace: marketplace.list_subscriptions(customer_id=CUSTOMER),
    "get_subscription": lambda marketplace: marketplace.get_subscription("1200001"),
    "list_products": lambda marketplace: marketplace.list_products(),
    "get_customer": lambda marketplace: marketplace.get_customer(CUSTOMER),
}


@pytest.mark.parametrize("read", READS)
def test_a_read_without_a_usable_answer_fails_and_is_never_empty(place: Place, read: str) -> None:
    place.marketplace.sign_in()
    place.simulator.fail_next("read-500", times=50)

    with pytest.raises(ReadFailed) as caught:
        READS[read](place.marketplace)

    assert caught.value.status == 500


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("fault", ["read-500", "read-429"])
def test_a_read_outlives_one_failure(place: Place, read: str, fault: str) -> None:
    place.simulator.fail_next(fault)

    READS[read](place.marketplace)

    assert place.simulator.faults[fault] == 1


def test_the_catalogue_is_read_to_its_end(place: Place) -> None:
    found = place.marketplace.list_products()

    assert {row["mpn"] for row in found} == set(Catalogue().by_mpn)


def test_the_catalogue_is_read_for_one_mpn_or_one_name(place: Place) -> None:
    found = place.marketplace.list_products(mpn=LINE["mpn"])

    assert {row["mpn"] for row in found} == {LINE["mpn"]}
    assert place.marketplace.list_products(name=found[0]["name"]) == found
    assert place.marketplace.list_products(mpn="NO-SUCH") == ()


def test_a_customer_is_read_or_is_not_there(place: Place) -> None:
    found = place.marketplace.get_customer(CUSTOMER)

    assert found is not None
    assert (found["id"], found["status"]) == (CUSTOMER, "active")
    assert place.marketplace.get_customer("999") is None


def test_parameters_are_judged_and_nothing_is_placed(place: Place) -> None:
    body = order_for(CUSTOMER)
    body["products"][0]["parameters"][1]["value"] = "not a domain"

    said = place.marketplace.validate_parameters(validation_request(body))

    (wrong,) = [entry for entry in said.findings if entry.is_error]
    assert (wrong.mpn, wrong.name, bool(wrong.message)) == (LINE["mpn"], "microsoft_domain", True)
    assert place.simulator.order_count == 0


def test_a_draft_that_is_sent_again_makes_no_second_one(place: Place) -> None:
    request = validation_request(BODY)
    first = place.marketplace.validate_parameters(request)

    second = place.marketplace.validate_parameters(with_drafts(request, first.draft_ids))

    assert len(first.draft_ids) == 1
    assert (second.draft_ids, place.simulator.drafts_made) == (first.draft_ids, 1)


def test_a_refused_question_says_why_in_the_platforms_words(place: Place) -> None:
    with pytest.raises(ReadFailed) as caught:
        place.marketplace.validate_parameters(with_drafts(validation_request(BODY), ["no draft"]))

    assert (caught.value.status, caught.value.said) == (404, "Draft request 'no draft' is not found.")


def test_what_cannot_be_validated_now_says_so(place: Place) -> None:
    place.simulator.fail_next("validation-409")

    with pytest.raises(ReadFailed) as caught:
        place.marketplace.validate_parameters(validation_request(BODY))

    assert (caught.value.status, caught.value.needs_setup) == (409, False)


def test_an_estimate_has_amount_and_currency_and_places_nothing(place: Place) -> None:
    told = Estimate(amount="12.60", currency="USD", po_number=BODY["ponumber"])
    assert (place.marketplace.estimate(BODY), place.simulator.order_count) == (told, 0)


def test_what_cannot_be_estimated_is_a_failed_read(place: Place) -> None:
    body = order_for(CUSTOMER)
    body["products"][0]["mpn"] = "NO-SUCH"

    with pytest.raises(ReadFailed) as caught:
        place.marketplace.estimate(body)

    assert caught.value.status == 400
