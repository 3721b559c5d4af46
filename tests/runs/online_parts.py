"""A workbook, the practice marketplace in process, and the services of a check between them: parts for what is asked online."""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import openpyxl
from contract.in_process_marketplace import InProcessMarketplace
from runs.practice_office import services_of

from bulk_orders.checking.check import CheckContext, check
from bulk_orders.checking.result import CheckResult
from bulk_orders.core.model import Problem
from bulk_orders.ledger.interface import Ledger
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.machine.clock import SystemClock
from bulk_orders.marketplace.interface import ParameterValidation
from bulk_orders.reading.workbook import read_workbook
from bulk_orders.runs.ask_marketplace import Said, ask
from bulk_orders.runs.kept_answers import KeptAnswers
from bulk_orders.runs.known_rows import known_rows
from bulk_orders.sandbox import Simulator
from bulk_orders.settings.profiles import PRACTICE_PROFILE

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ORDERS = ("Your reference", "Customer ID", "MPN", "Quantity", "Commitment", "Billing", "Offer attestation")
CUSTOMERS = (
    *("Customer ID", "Company name", "Tenant", "Domain", "Partner of record attested", "MCA accepted"),
    *("Agreement date", "First name", "Last name", "E-mail"),
)
PRODUCTS = ("MPN", "Name", "Commitments offered", "Billing offered", "Minimum", "Maximum")

Rows = Sequence[Sequence[object]]


def order(number: int, **changes: str) -> list[str]:
    values = {
        "Your reference": f"ROW-{number}",
        "Customer ID": "1000105563",
        "MPN": "CFQ7TTC0LH16:0001",
        "Quantity": "3",
        "Commitment": "1 year",
        "Billing": "Monthly",
        "Offer attestation": "No",
    }
    return list({**values, **{name.replace("_", " "): text for name, text in changes.items()}}.values())


def customer(customer_id: str = "1000105563", **changes: str) -> list[str]:
    values = {
        "Customer ID": customer_id,
        "Company name": "27 Rings Jewelers",
        "Tenant": "Existing tenant",
        "Domain": "rings.onmicrosoft.com",
        "Partner of record attested": "Yes",
        "MCA accepted": "Already on file",
        **dict.fromkeys(("Agreement date", "First name", "Last name", "E-mail"), ""),
    }
    return list({**values, **{name.replace("_", " "): text for name, text in changes.items()}}.values())


def new_customer(customer_id: str = "1000105563", **changes: str) -> list[str]:
    return customer(
        customer_id,
        **{
            "Tenant": "New tenant",
            "MCA_accepted": "Yes",
            "Agreement_date": "2022-04-09",
            "First_name": "John",
            "Last_name": "Doe",
            "E-mail": "john@rings.com",
            **changes,
        },
    )


def book(orders: Rows, customers: Rows = (), products: Rows = (), *, also: Sequence[str] = ()) -> bytes:
    """A workbook of up to three sheets with headers in row 1; `also` are headers of further columns of the orders."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    sheets = (("Orders", (*ORDERS, *also), orders), ("Customers", CUSTOMERS, customers or [customer()]))
    for name, headers, rows in (*sheets, ("Products", PRODUCTS, products)):
        if rows:
            sheet = made.create_sheet(name)
            for row in (headers, *rows):
                sheet.append(list(row))
    held = BytesIO()
    made.save(held)
    return held.getvalue()


def checked_book(content: bytes) -> CheckResult:
    return check(read_workbook(content, "orders.xlsx"), CheckContext(today=date(2026, 3, 2)))


@dataclass
class Desk:
    """Who asks; what they asked is counted."""

    content: bytes
    simulator: Simulator = field(
        default_factory=lambda: Simulator(now=lambda: NOW, rng=random.Random(1))  # noqa: S311 - dice, no secret
    )
    ledger: Ledger = field(default_factory=MemoryLedger)
    market: Callable[..., InProcessMarketplace] = InProcessMarketplace
    answers: Mapping[str, Any] = field(default_factory=dict)
    kept: Callable[[], KeptAnswers] = lambda: KeptAnswers(None, account="a", now=lambda: NOW)

    def __post_init__(self) -> None:
        self.checked = checked_book(self.content)
        self.told: list[tuple[int, int]] = []
        clock = SystemClock()
        self.services = services_of(
            self.market(self.simulator, password="practice", **self.answers), clock, self.ledger
        )

    def ask(self, *, is_online: bool = True) -> Said:
        known = known_rows(
            self.ledger, PRACTICE_PROFILE, self.checked, templates=self.services.templates, now=NOW
        )
        return ask(
            self.services,
            known.to_send,
            self.checked,
            kept=self.kept(),
            tell=lambda done, total: self.told.append((done, total)),
            is_online=is_online,
        )

    @property
    def asked(self) -> Mapping[str, int]:
        return Counter(
            {route: number for route, number in self.simulator.requests.items() if route != "POST /token"}
        )


class Silent(InProcessMarketplace):
    """A catalogue that names products and says nothing about them, as the description allows."""

    def list_products(self, *, mpn: str = "", name: str = "") -> tuple[Mapping[str, Any], ...]:
        return ({"mpn": mpn},) if mpn else ()


class Overruled(InProcessMarketplace):
    """Answers that are written down before, instead of the simulator's; an exception is raised."""

    def __init__(self, simulator: Simulator, *, password: str, **answers: Any) -> None:
        super().__init__(simulator, password=password)
        self.answers = answers

    def list_products(self, *, mpn: str = "", name: str = "") -> tuple[Mapping[str, Any], ...]:
        found = self.answers.get("products")
        return tuple(found) if found is not None else super().list_products(mpn=mpn, name=name)

    def validate_parameters(self, request: Mapping[str, Any]) -> ParameterValidation:
        answer = self.answers.get("validation")
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if answer else super().validate_parameters(request)


def places(problems: Sequence[Problem], *codes: str) -> list[tuple[str, str]]:
    """Code and place of each problem, of these codes or of all."""
    return sorted((found.code, found.where) for found in problems if not codes or found.code in codes)
