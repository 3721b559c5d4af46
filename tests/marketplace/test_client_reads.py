"""Questions to the marketplace: pages, tries, filters, odd answers. A failed read raises; it is never an empty list."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from scripted_server import BODY, Play, ScriptedServer, World, answer, granted, http, page, raw, reset

from bulk_orders.marketplace.interface import Estimate, ParameterFinding, ReadFailed
from bulk_orders.marketplace.parsing import moment_of, order_of, text_of

MORNING = datetime(2026, 7, 1, 8, 30, 15, 250_000, tzinfo=UTC)


def order(number: int, **more: Any) -> dict[str, Any]:
    return {"id": str(number), "customerId": "1000001", **more}


def queries(server: ScriptedServer, path: str) -> list[dict[str, str]]:
    return [
        {name: value[0] for name, value in parse_qs(urlsplit(request.target).query).items()}
        for request in server.sent_to(path)
    ]


def test_a_list_is_read_to_its_end_by_stepping_over_what_came() -> None:
    pages = [page([order(1), order(2)], 5), page([order(3), order(4)], 5), page([order(5)], 5)]
    with ScriptedServer(*pages) as server:
        found = server.client().list_orders(customer_id="1000001")
    assert [seen.order_id for seen in found.orders] == ["1", "2", "3", "4", "5"]
    assert found.is_complete
    assert [query["offset"] for query in queries(server, "/orders")] == ["0", "2", "4"]
    assert [query["limit"] for query in queries(server, "/orders")] == ["500"] * 3


def test_the_filters_have_the_documented_names_and_whole_seconds_in_utc_widened() -> None:
    eastern = MORNING.astimezone(timezone(timedelta(hours=-4)))
    with ScriptedServer(page([], 0)) as server:
        found = server.client().list_orders(customer_id="1000001", created_from=eastern, created_to=MORNING)
    assert (found.orders, found.is_complete) == ((), True)
    assert queries(server, "/orders") == [
        {
            "customerId": "1000001",
            "creationTimeFrom": "2026-07-01T08:30:15Z",
            "creationTimeTo": "2026-07-01T08:30:16Z",
            "offset": "0",
            "limit": "500",
        }
    ]


@pytest.mark.parametrize(
    "pages",
    [
        [page([order(1), order(2)], 3), page([], 3)],
        [page([order(1)], 2), page([order(2)], 3), page([], 3)],
        [page([order(1), order(2)], 3), page([order(2)], 3)],
        [page([order(1), order(1)], 2)],
        [page([order(1)], 3)],
        [page([order(1)], None), page([], None)],
        [page([order(1)], "many"), page([], "many")],
        [answer("200 OK", {"data": [order(1)]}), answer("200 OK", {"data": []})],
        [page([order(1), {"orderNumber": "SO1"}], 2)],
        [page([order(1), "noise"], 2)],
    ],
    ids=[
        "short",
        "grew",
        "moved",
        "twice",
        "same page",
        "no total",
        "odd total",
        "no pagination",
        "no id",
        "no row",
    ],
)
def test_a_list_that_does_not_add_up_is_not_complete(pages: list[Play]) -> None:
    with ScriptedServer(*pages) as server:
        found = server.client().list_orders()
    assert not found.is_complete
    assert found.orders[0].order_id == "1"


def test_rows_of_other_customers_are_left_out_when_the_filter_was_ignored() -> None:
    rows = [order(1), order(2, customerId="1000002"), {"id": 3}, order(4, customerId=1000001)]
    with ScriptedServer(page(rows, 4)) as server:
        found = server.client().list_orders(customer_id="1000001")
    assert [seen.order_id for seen in found.orders] == ["1", "3", "4"]
    assert found.is_complete


def test_rows_of_other_statuses_are_left_out_whatever_the_case_in_which_they_are_written() -> None:
    rows = [order(1, status="Processing"), order(2, status="COMPLETED"), order(3, status="processing")]
    with ScriptedServer(page(rows, 3)) as server:
        found = server.client().list_orders(status="processing")
    assert [(seen.order_id, seen.status) for seen in found.orders] == [
        ("1", "processing"),
        ("3", "processing"),
    ]


def test_a_list_says_what_time_it_is_at_the_server() -> None:
    with ScriptedServer(page([], 0, Date="Wed, 01 Jul 2026 08:00:00 GMT")) as server:
        found = server.client().list_orders()
    assert found.server_time == datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("wrapped", [True, False])
def test_an_order_is_read_at_the_top_or_under_data(wrapped: bool) -> None:
    whole = order(
        77,
        orderNumber="SO000012",
        type="sales",
        status="completed",
        statusCode="CP",
        creationDate="2026-07-01T10:30:15.250+0200",
        ponumber="BO-1",
        subscriptionId=1000054,
        total={"amount": 70.5, "currency": "USD"},
        products=[{"mpn": "CFQ7"}],
    )
    with ScriptedServer(answer("200 OK", {"data": whole} if wrapped else whole)) as server:
        found = server.client().get_order("77")
    assert found == order_of(whole)
    assert found is not None
    assert (found.order_id, found.po_number, found.subscription_id) == ("77", "BO-1", "1000054")
    assert (found.amount, found.currency, found.created_at) == ("70.5", "USD", MORNING)
    assert found.products == ({"mpn": "CFQ7"},)


@pytest.mark.parametrize(
    ("fields", "po_number"),
    [
        ({}, None),
        ({"poNumber": None}, None),
        ({"poNumber": ""}, ""),
        ({"poNumber": "A"}, "A"),
        ({"ponumber": "B"}, "B"),
        ({"poNumber": "", "ponumber": "B"}, "B"),
        ({"poNumber": "A", "ponumber": "B"}, "A"),
        ({"poNumber": 4711}, "4711"),
    ],
    ids=str,
)
def test_the_po_number_is_read_in_either_spelling(fields: dict[str, Any], po_number: str | None) -> None:
    assert order_of(order(1, **fields)).po_number == po_number


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-07-01T08:30:15.250Z", MORNING),
        ("2026-07-01T10:30:15.250+02:00", MORNING),
        ("2026-07-01T08:30:15.250", MORNING),
        ("2026-07-01", datetime(2026, 7, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        (1782894615, None),
        (None, None),
    ],
)
def test_moments_are_read_as_utc(value: Any, moment: datetime | None) -> None:
    assert moment_of(value) == moment


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "7"),
        (" 7 ", "7"),
        (7.0, "7"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (1e20, "1" + "0" * 20),
        (True, ""),
        ({}, ""),
    ],
)
def test_ids_and_amounts_are_texts_without_tricks(value: Any, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize("ask", ["get_order", "get_customer"])
def test_a_well_formed_404_means_that_there_is_none(ask: str) -> None:
    with ScriptedServer(
        answer("404 Not Found", {"status": 404, "message": "no", "path": "/orders/a/b"})
    ) as server:
        assert getattr(server.client(), ask)("a/b ü") is None
    assert server.requests[-1].target.endswith("/a%2Fb%20%C3%BC")


@pytest.mark.parametrize(
    "play",
    [
        http("404 Not Found", b"<html>", Content_Type="text/html"),
        http("404 Not Found"),
        answer("404 Not Found", {"statusCode": 404, "message": "Resource not found"}),
        answer("200 OK", order(78)),
        answer("200 OK", {}),
        answer("200 OK", []),
        answer("200 OK", None),
        answer("204 No Content", {}),
        answer("302 Found", order(77), Location="/elsewhere"),
        answer("400 Bad", order(77)),
        answer("403 No", order(77)),
    ],
    ids=[
        "html",
        "empty 404",
        "gateway 404",
        "other",
        "empty",
        "list",
        "null",
        "204",
        "redirect",
        "400",
        "403",
    ],
)
def test_an_answer_that_proves_nothing_is_a_failed_read(play: Play) -> None:
    with ScriptedServer(play) as server, pytest.raises(ReadFailed):
        server.client().get_order("77")


@pytest.mark.parametrize(
    "play",
    [
        http("500 Oh", b"{}"),
        http("429 Slow"),
        http("408 Slow"),
        http("504 Oh", b"<html>"),
        reset(),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", closes=True),
        http("200 OK", b'{"id": NaN}'),
        http("200 OK", b'{"id": 1e999}'),
        http("200 OK", b'{"id": "1", "id": "2"}'),
        http("200 OK", b"[" * 100_000),
        http("200 OK", b'{"id": "\xff"}'),
        http("200 OK", b""),
    ],
    ids=lambda play: "",
)
def test_a_read_that_fails_is_tried_again_with_pauses_and_then_raises(play: Play) -> None:
    world = World()
    with ScriptedServer(*[play] * 3, answer("200 OK", order(77)), play) as server:
        client = server.client(world)
        assert client.get_order("77") is not None
        assert (len(world.slept), len(world.paced)) == (3, 5)  # the sign-in is paced too
        with pytest.raises(ReadFailed):
            client.get_order("77")
    assert (len(world.slept), len(server.sent_to("/orders/77"))) == (6, 8)
    assert all(0 <= pause_s < 4 for pause_s in world.slept)


@pytest.mark.parametrize(
    ("headers", "waited_s"),
    [
        ({"Retry_After": "7"}, 7.0),
        ({"Retry_After": "Wed, 01 Jul 2026 08:00:09 GMT", "Date": "Wed, 01 Jul 2026 08:00:00 GMT"}, 9.0),
    ],
    ids=["seconds", "date"],
)
def test_a_read_waits_as_long_as_it_is_told_to(headers: dict[str, str], waited_s: float) -> None:
    world = World()
    with ScriptedServer(http("429 Slow", **headers), page([], 0)) as server:
        server.client(world).list_orders()
    assert world.slept == world.throttled == [waited_s]


def test_a_long_wait_is_passed_on_and_not_sat_out() -> None:
    world = World()
    with ScriptedServer(http("429 Slow", Retry_After="300")) as server, pytest.raises(ReadFailed) as caught:
        server.client(world).list_orders()
    assert (caught.value.status, caught.value.retry_after_s, world.slept) == (429, 300.0, [])


def test_a_failed_read_quotes_the_servers_words_cleaned_and_the_correlation_id() -> None:
    words = {"message": "Customer\u202e is on\x1b[31m hold", "path": "/orders"}
    said = r"GET /orders got 403 \(Customer is on\[31m hold\)\. .*a8n-1"
    play = answer("403 No", words, X_Correlation_ID="a8n-1")
    with ScriptedServer(play) as server, pytest.raises(ReadFailed, match=said):
        server.client().list_orders()


def test_a_401_renews_the_token_once_for_a_read() -> None:
    script = [http("401 No"), page([], 0), http("401 No")]
    with ScriptedServer(*script, tokens=[granted("a"), granted("b"), granted("c")]) as server:
        client = server.client()
        assert client.list_orders().is_complete
        with pytest.raises(ReadFailed) as caught:
            client.list_orders()
    assert caught.value.status == 401
    used = [request.headers["authorization"] for request in server.sent_to("/orders")]
    assert used == ["Bearer a", "Bearer b", "Bearer b", "Bearer c"]


def test_a_refused_sign_in_is_a_failed_read_that_says_what_to_check() -> None:
    with (
        ScriptedServer(tokens=[http("401 No")]) as server,
        pytest.raises(ReadFailed, match="Check user") as caught,
    ):
        server.client().get_order("77")
    assert caught.value.status == 401


def test_subscriptions_of_other_customers_are_left_out() -> None:
    rows = [
        {"id": 9, "customerId": "1", "status": "active", "creationDate": "2026-07-01"},
        {"id": 8, "customerId": "2"},
    ]
    with ScriptedServer(page(rows, 2)) as server:
        (found,) = server.client().list_subscriptions(customer_id="1")
    assert queries(server, "/subscriptions")[0]["customerId"] == "1"
    assert (found.subscription_id, found.status) == ("9", "active")


@pytest.mark.parametrize("ask", ["list_subscriptions", "list_products", "list_customers"])
def test_a_list_that_cannot_say_that_it_is_incomplete_is_read_again_and_then_fails(ask: str) -> None:
    arguments = {"list_subscriptions": {"customer_id": "1"}}.get(ask, {})
    short, whole = page([{"id": "1"}], 2), page([{"id": "1"}, {"id": "2"}], 2)
    empty = page([], 2)
    with ScriptedServer(short, empty, whole, short, empty) as server:
        client = server.client()
        assert len(getattr(client, ask)(**arguments)) == 2
        with pytest.raises(ReadFailed, match="different number of rows"):
            getattr(client, ask)(**arguments)


def test_a_catalogue_may_repeat_a_product() -> None:
    with ScriptedServer(page([{"mpn": "A"}, {"mpn": "A"}, {"mpn": "B"}], 3)) as server:
        assert server.client().list_products() == ({"mpn": "A"}, {"mpn": "B"})


@pytest.mark.parametrize(
    "value",
    [
        {
            "data": [
                {"mpn": "CFQ7", "parameters": [{"name": "domain", "result": "error", "message": "Taken."}]}
            ]
        },
        {"data": [{"mpn": "CFQ7", "name": "domain", "result": "error", "message": "Taken."}]},
    ],
    ids=["by product", "flat"],
)
def test_parameters_are_checked_without_placing_anything(value: Any) -> None:
    with ScriptedServer(answer("200 OK", value)) as server:
        found = server.client().validate_parameters(BODY)
    assert found.findings == (ParameterFinding(mpn="CFQ7", name="domain", is_error=True, message="Taken."),)
    assert [request.target for request in server.requests[1:]] == ["/marketplace/na/validation/parameters"]


def test_the_drafts_of_a_validation_come_back() -> None:
    value = {"data": [{"mpn": "CFQ7", "draftRequestId": "11ad4cec", "parameters": []}]}
    with ScriptedServer(answer("200 OK", value)) as server:
        assert server.client().validate_parameters(BODY).draft_ids == ("11ad4cec",)


def test_a_catalogue_that_passes_over_a_filter_gives_the_one_product_all_the_same() -> None:
    value = {"data": [{"mpn": "A"}, {"mpn": "B"}], "pagination": {"offset": 0, "limit": 100, "total": 2}}
    with ScriptedServer(answer("200 OK", value)) as server:
        assert server.client().list_products(mpn="B") == ({"mpn": "B"},)
    assert "mpn=B" in server.requests[-1].target


@pytest.mark.parametrize("value", [None, {}, {"data": None}, {"data": ["x"]}], ids=str)
def test_a_check_without_an_answer_is_not_a_clean_bill(value: Any) -> None:
    with ScriptedServer(answer("200 OK", value)) as server, pytest.raises(ReadFailed):
        server.client().validate_parameters(BODY)


def test_an_estimate_gives_amount_and_currency() -> None:
    with ScriptedServer(answer("200 OK", {"total": {"amount": "70.50", "currency": "USD"}})) as server:
        assert server.client().estimate(BODY) == Estimate(amount="70.50", currency="USD")
    assert [request.target for request in server.requests[1:]] == ["/marketplace/na/orders/estimate"]
