"""Which orders the practice marketplace takes, which it refuses with which words, and which spellings it understands."""

from typing import Any

import pytest
from practice_counter import Counter, an_order, attestation, parameter

from bulk_orders.sandbox import ADMIN_HOLD_CUSTOMER, CREDIT_HOLD_CUSTOMER, Behaviour

WINDOWS_365 = {"mpn": "CFQ7TTC0HX99:0001", "subscriptionPeriod": {"type": "month", "duration": 1}}


def test_the_example_order_of_the_guide_is_taken() -> None:
    status, body = Counter().ask("POST", "/orders/", an_order())

    assert (status, body["orderNumber"], body["poNumber"]) == (201, "SO000001", "00-0000")


def changed(name: str, value: Any) -> dict[str, Any]:
    return an_order(parameters={name: parameter(name, value)})


REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "no type": (an_order(type=None), 400, "type"),
    "a renewal order": (an_order(type="renewal"), 400, "renewal"),
    "a change without a subscription": (an_order(type="change"), 400, "subscriptionId"),
    "no customer": (an_order(customerId=None), 400, "customerId"),
    "a customer as number": (an_order(customerId=1000105563), 400, "customerId"),
    "an unknown customer": (an_order(customerId="1"), 404, "'1' is not found"),
    "a customer on credit hold": (an_order(customerId=CREDIT_HOLD_CUSTOMER), 400, "creditHold"),
    "a suspended customer": (an_order(customerId=ADMIN_HOLD_CUSTOMER), 400, "adminHold"),
    "no products": (an_order(products=[]), 400, "products"),
    "a product that is none": (an_order(products=["x"]), 400, "products"),
    "an unknown MPN": (an_order(line={"mpn": "CFQ7TTC0LH16:9999"}), 400, "CFQ7TTC0LH16:9999"),
    "an MPN in lower case": (an_order(line={"mpn": "cfq7ttc0lh16:0001"}), 400, "not found"),
    "another vendor's MPN": (an_order(line={"vendor": "Inkwell"}), 400, "not offered"),
    "no quantity": (an_order(line={"quantity": None}), 400, "whole number"),
    "no units": (an_order(line={"quantity": 0}), 400, "out of range"),
    "too many units": (an_order(line={"quantity": 10_001}), 400, "maximum 10000.0"),
    "half a unit": (an_order(line={"quantity": 1.5}), 400, "whole number"),
    "a quantity as text": (an_order(line={"quantity": "1"}), 400, "whole number"),
    "a quantity as boolean": (an_order(line={"quantity": True}), 400, "whole number"),
    "an unknown unit of time": (
        an_order(subscriptionPeriod={"type": "decade", "duration": 1}),
        400,
        "decade",
    ),
    "a term that is not sold": (
        an_order(subscriptionPeriod={"type": "year", "duration": 3}),
        400,
        "not offered",
    ),
    "a billing that is not sold": (
        an_order(line={"billingPeriod": {"type": "month", "duration": 3}}),
        400,
        "offered",
    ),
    "an ambiguous MPN": (an_order(subscriptionPeriod=None), 400, "not unique"),
    "parameters that are no list": (an_order(line={"parameters": {"a": 1}}), 400, "parameters"),
    "no parameters": (an_order(line={"parameters": None}), 400, "tenant_preference: is required"),
    "an unknown preference": (changed("tenant_preference", "New"), 400, "tenant_preference"),
    "a misspelt name": (
        an_order(parameters={"microsoft_domain": parameter("Microsoft_Domain", "a.onmicrosoft.com")}),
        400,
        "microsoft_domain: is required",
    ),
    "a domain without its ending": (changed("microsoft_domain", "ringsjewelers"), 400, ".onmicrosoft.com"),
    "a domain of its own": (changed("microsoft_domain", "ringsjewelers.com"), 400, ".onmicrosoft.com"),
    "a domain that is taken": (changed("microsoft_domain", "Taken.onmicrosoft.com"), 400, "already used"),
    "no agreement": (an_order(parameters={"mca_acceptance": None}), 400, "mca_acceptance"),
    "an agreement in capitals": (changed("mca_acceptance", "YES"), 400, "mca_acceptance"),
    "no date of agreement": (an_order(parameters={"agreement_date": None}), 400, "agreement_date"),
    "a date in ISO": (changed("agreement_date", "2022-04-09"), 400, "MM-DD-YYYY"),
    "a date with day first": (changed("agreement_date", "31-01-2022"), 400, "MM-DD-YYYY"),
    "nobody who agreed": (an_order(parameters={"first_name_agreement": None}), 400, "first_name_agreement"),
    "no partner of record": (
        an_order(parameters={"partner_on_record_attestation_accepted": None}),
        400,
        "partner_on_record",
    ),
    "a partner's attestation as text": (
        an_order(
            parameters={
                "partner_on_record_attestation_accepted": attestation(
                    "partner_on_record_attestation_accepted", "True"
                )
            }
        ),
        400,
        "partner_on_record",
    ),
    "no offer attestation": (an_order(parameters={"offer_attestation": None}), 400, "offer_attestation"),
    "hybrid benefit not attested": (an_order(line=WINDOWS_365), 400, "Hybrid Benefit"),
    "one character as company": (changed("customer_company_name", "aaa"), 400, "customer_company_name"),
    "a bare legal form as company": (changed("customer_company_name", "LLC"), 400, "customer_company_name"),
    "a mail address at Microsoft": (changed("customer_email", "a@microsoft.com"), 400, "customer_email"),
    "a mail address that is none": (
        changed("email_address_agreement", "a@b"),
        400,
        "email_address_agreement",
    ),
    "a country in words": (changed("effective_country", "USA"), 400, "effective_country"),
    "an unknown qualification": (changed("special_qualifications", "none"), 400, "special_qualifications"),
    "a PO as number": (an_order(ponumber=7), 400, "poNumber"),
    "attributes that are no text": (an_order(attributes={"a": 1}), 400, "attributes"),
}


@pytest.mark.parametrize("path", ["/orders", "/orders/estimate"])
def test_what_is_wrong_is_refused_with_its_reason(path: str) -> None:
    counter = Counter()
    for name, (body, expected, words) in REFUSED.items():
        status, answer = counter.ask("POST", path, body)
        assert (status, words in answer["message"]) == (expected, True), f"{name}: {answer['message']}"
        assert counter.simulator.orders == [], name


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'{"a": NaN}', b'{"a": "\xff"}', b"[" * 200_000])
def test_malformed_json_is_refused(raw: bytes) -> None:
    assert Counter().ask("POST", "/orders", raw)[0] == 400


def test_a_form_is_not_json() -> None:
    counter = Counter()
    counter.headers["content-type"] = "application/x-www-form-urlencoded"

    assert counter.ask("POST", "/orders", an_order())[0] == 415


def test_unknown_names_are_ignored() -> None:
    body = an_order(parameters={"nonsense": parameter("nonsense", 1)}, line={"colour": "red"}, surprise=True)

    assert Counter().ask("POST", "/orders", body)[0] == 201


def test_a_domain_serves_one_new_tenant_only() -> None:
    counter = Counter()

    statuses = [counter.ask("POST", "/orders", an_order())[0] for _ in range(2)]

    assert statuses == [201, 400]


def test_one_order_cannot_create_the_same_tenant_twice() -> None:
    line = an_order()["products"][0]

    assert Counter().ask("POST", "/orders", an_order(products=[line, line]))[0] == 400


def test_an_existing_tenant_may_be_named_by_its_id() -> None:
    parameters = {
        "tenant_preference": parameter("tenant_preference", "existing"),
        "microsoft_domain": parameter("microsoft_tenant_id", "2fb1b5c8-6c3a-4a39-9a3f-0d7d8f0f6a11"),
    }

    assert Counter().ask("POST", "/orders", an_order(parameters=parameters))[0] == 201


def test_the_hybrid_benefit_is_sold_to_who_attests() -> None:
    parameters = {"offer_attestation": attestation("offer_attestation", True)}

    assert Counter().ask("POST", "/orders", an_order(parameters=parameters, line=WINDOWS_365))[0] == 201


def test_other_vendors_want_no_parameters() -> None:
    body = an_order(
        subscriptionPeriod={"type": "month", "duration": 1},
        line={"mpn": "INKWELL-SIGN-TEAM", "parameters": None},
    )

    status, answer = Counter().ask("POST", "/orders", body)

    assert (status, answer["total"]["amount"]) == (201, "14.40")


@pytest.mark.parametrize(
    ("understood", "sent", "kept"),
    [
        ("either", "poNumber", "PO-1"),
        ("either", "ponumber", "PO-1"),
        ("poNumber", "poNumber", "PO-1"),
        ("poNumber", "ponumber", None),
        ("ponumber", "ponumber", "PO-1"),
        ("ponumber", "poNumber", None),
    ],
)
def test_the_other_spelling_of_the_po_number_is_dropped_silently(
    understood: Any, sent: str, kept: str | None
) -> None:
    counter = Counter(behaviour=Behaviour(po_spelling=understood))

    order = counter.place(**{"ponumber": None, sent: "PO-1"})

    assert (order.get("poNumber"), "ponumber" in order) == (kept, False)


def test_a_platform_may_want_the_term_on_the_line() -> None:
    counter = Counter(behaviour=Behaviour(period_place="line"))

    at_the_top = counter.ask("POST", "/orders", an_order())
    on_the_line = counter.ask(
        "POST", "/orders", an_order(line={"subscriptionPeriod": {"type": "year", "duration": 1}})
    )

    assert (at_the_top[0], "not unique" in at_the_top[1]["message"], on_the_line[0]) == (400, True, 201)
