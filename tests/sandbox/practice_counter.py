"""Orders for the practice marketplace, and who hands them in: a counter with a clock moved by hand, or a session over HTTP."""

import base64
import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from bulk_orders.sandbox import (
    PRACTICE_KEY,
    PRACTICE_PASSWORD,
    PRACTICE_USER,
    Behaviour,
    FaultPlan,
    Request,
    Simulator,
)

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KEY = {"X-Subscription-Key": PRACTICE_KEY}
BASIC = base64.b64encode(f"{PRACTICE_USER}:{PRACTICE_PASSWORD}".encode()).decode()


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - dice, no secret


def parameter(name: str, value: Any) -> dict[str, Any]:
    return {"name": name, "value": value}


def attestation(name: str, accepted: Any) -> dict[str, Any]:
    return {"name": name, "structured_value": {"attestation_accepted": accepted}}


def an_order(
    *, parameters: dict[str, Any] | None = None, line: dict[str, Any] | None = None, **top: Any
) -> dict[str, Any]:
    """The vendor's example order, changed: a parameter, a field of the line or of the order set to None is left out."""
    given = {
        "tenant_preference": parameter("tenant_preference", "new"),
        "partner_on_record_attestation_accepted": attestation("partner_on_record_attestation_accepted", True),
        "microsoft_domain": parameter("microsoft_domain", "ringsjewelers.onmicrosoft.com"),
        "mca_acceptance": parameter("mca_acceptance", "yes"),
        "agreement_date": parameter("agreement_date", "04-09-2022"),
        "first_name_agreement": parameter("first_name_agreement", "John"),
        "last_name_agreement": parameter("last_name_agreement", "Doe"),
        "email_address_agreement": parameter("email_address_agreement", "john@doe.com"),
        "effective_country": parameter("effective_country", "US"),
        "customer_company_name": parameter("customer_company_name", "27 Rings Jewelers"),
        "customer_email": parameter("customer_email", "john@doe.com"),
        "special_qualifications": parameter("special_qualifications", "None"),
        "offer_attestation": attestation("offer_attestation", False),
        **(parameters or {}),
    }
    product = {
        "mpn": "CFQ7TTC0LH16:0001",
        "quantity": 1,
        "billingPeriod": {"type": "month", "duration": 1},
        "parameters": [one for one in given.values() if one is not None],
        **(line or {}),
    }
    body = {
        "customerId": "1000105563",
        "type": "sales",
        "ponumber": "00-0000",
        "subscriptionPeriod": {"type": "year", "duration": 1},
        "products": [{key: value for key, value in product.items() if value is not None}],
        **top,
    }
    return {key: value for key, value in body.items() if value is not None}


def an_existing_tenant(**top: Any) -> dict[str, Any]:
    parameters = {
        "tenant_preference": parameter("tenant_preference", "existing"),
        "mca_acceptance": None,
        "agreement_date": None,
    }
    return an_order(parameters=parameters, **top)


class Counter:
    """A counter assistant: asks the simulator in process, with a clock that is moved by hand."""

    def __init__(self, faults: str = "", behaviour: Behaviour | None = None, **more: Any) -> None:
        self.now = START
        self.simulator = Simulator(
            now=lambda: self.now,
            rng=dice(3),
            behaviour=behaviour,
            faults=FaultPlan.parse(faults),
            **more,
        )
        self.headers: dict[str, str] = {}
        self.sign_in()

    def sign_in(self) -> int:
        self.headers = {"x-subscription-key": PRACTICE_KEY, "authorization": f"Basic {BASIC}"}
        status, body = self.ask("POST", "/token", {"marketplace": "us"})
        self.headers["authorization"] = f"Bearer {body.get('token')}"
        return status

    def ask(self, method: str, path: str, body: Any = None, **query: str) -> tuple[int, Any]:
        answer = self.answer(method, path, body, **query)
        return answer.status, answer.json()

    def answer(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.simulator.handle(
            Request(
                method=method,
                path=path,
                query=query,
                headers=self.headers,
                body=raw if body is not None else b"",
            )
        )

    def place(self, **changes: Any) -> dict[str, Any]:
        status, body = self.ask("POST", "/orders", an_existing_tenant(**changes))
        assert status == 201, body
        return dict(body)

    def listed(self, **query: str) -> list[str]:
        return [row["orderNumber"] for row in self.ask("GET", "/orders", **query)[1]["data"]]

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def sign_in(session: requests.Session, base_url: str) -> None:
    session.headers.update(KEY)
    answer = session.post(
        f"{base_url}/token",
        json={"marketplace": "us"},
        auth=(PRACTICE_USER, PRACTICE_PASSWORD),
        timeout=5,
    )
    session.headers["Authorization"] = f"Bearer {answer.json()['token']}"
