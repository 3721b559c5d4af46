"""The two implementations of the marketplace's port, each over a simulator of its own."""

import copy
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from in_process_marketplace import InProcessMarketplace
from pydantic import SecretStr

from bulk_orders.marketplace.client import HttpMarketplace
from bulk_orders.marketplace.client_settings import ClientSettings
from bulk_orders.marketplace.interface import Marketplace
from bulk_orders.sandbox import PracticeServer, Simulator

CUSTOMER = "1000106000"
OTHER = "1000106001"
LINE = {
    "mpn": "CFQ7TTC0LH16:0001",
    "quantity": 3,
    "billingPeriod": {"type": "month", "duration": 1},
    "parameters": [
        {"name": "tenant_preference", "value": "existing"},
        {"name": "microsoft_domain", "value": "somewhere.onmicrosoft.com"},
        {
            "name": "partner_on_record_attestation_accepted",
            "structured_value": {"attestation_accepted": True},
        },
        {"name": "offer_attestation", "structured_value": {"attestation_accepted": False}},
    ],
}
BODY: dict[str, Any] = {
    "customerId": CUSTOMER,
    "type": "sales",
    "ponumber": "PO-1",
    "subscriptionPeriod": {"type": "year", "duration": 1},
    "products": [LINE],
}


@dataclass
class Place:
    """A marketplace, the simulator behind it, and another account's way to the same one."""

    simulator: Simulator
    connect: Callable[[str], Marketplace]

    def __post_init__(self) -> None:
        self.marketplace = self.connect("practice")

    def calls(self, route: str) -> int:
        return self.simulator.requests[route]


def in_process(simulator: Simulator, closing: ExitStack) -> Callable[[str], Marketplace]:
    return lambda password: InProcessMarketplace(simulator, password=password)


def over_http(simulator: Simulator, closing: ExitStack) -> Callable[[str], Marketplace]:
    server = closing.enter_context(PracticeServer(simulator))

    def connect(password: str) -> Marketplace:
        client = HttpMarketplace(
            ClientSettings(
                base_url=server.base_url,
                marketplace="us",
                user="practice",
                password=SecretStr(password),
                subscription_key=SecretStr("practice"),
                order_deadline_s=0.5,
            ),
            connections=8,
            monotonic=time.monotonic,
            now=lambda: datetime.now(UTC),
            sleep=lambda seconds: None,
            jitter=lambda: 0.5,
            pace=lambda: None,
        )
        closing.callback(client.close)
        return client

    return connect


def order_for(customer_id: str, po_number: str = "PO-1") -> dict[str, Any]:
    return {**copy.deepcopy(BODY), "customerId": customer_id, "ponumber": po_number}
