"""The parts around one run, to be passed in: a ledger, a marketplace in memory that can be told to fail, a clock."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bulk_orders.core.identity import Account, marker
from bulk_orders.core.lifecycle import OrderRecord, State, Step, step
from bulk_orders.core.reply import NoReply, Reply
from bulk_orders.core.summary import Disposition
from bulk_orders.errors import ExitCode, MarketplaceDown
from bulk_orders.ledger.interface import Ledger, RowRecord, RunRecord, Superseded
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.machine.clock import Clock
from bulk_orders.marketplace.interface import Estimate, Marketplace, OrderList, PlatformOrder
from bulk_orders.sending.account_look import AccountLook
from bulk_orders.sending.breaker import Breaker
from bulk_orders.sending.limiter import Limiter
from bulk_orders.sending.lookup import Resolver
from bulk_orders.sending.pace import LocalPace
from bulk_orders.sending.run_control import RunControl
from bulk_orders.sending.services import Services
from bulk_orders.sending.submission import Submission
from bulk_orders.sending.submission_settings import SubmissionSettings
from bulk_orders.sending.workers import ThreadWorkers
from bulk_orders.settings.profiles import Profile

PROFILE = Profile(
    name="live", base_url="https://api.example.com/m", user="u", rate_per_s=0.0, workers=1, settle_s=0.0
)
ACCOUNT: Account = PROFILE.account
NOW = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)


def run_record(number: int = 1, *, account: Account = ACCOUNT, **changes: Any) -> RunRecord:
    plain = RunRecord(
        run_id=f"run-{number}",
        account=str(account),
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
    return replace(plain, **changes)


RUN = run_record()
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
        after = step(before, what, **told | (changes if what is steps[-1] else {}))
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
        sent_at=NOW,
    )


Act = Callable[[], Any]
"""Something that is done when its moment comes."""


class Shelf(Marketplace):
    """A marketplace that shows what it was given; what it is asked can be made to fail or to tell more."""

    def __init__(self, *orders: PlatformOrder) -> None:
        self.orders = list(orders)
        self.answers: list[Reply | NoReply] = []
        self.bodies: list[Mapping[str, Any]] = []
        self.asked: list[str] = []
        self.happens: dict[str, list[Act]] = {}
        """By the name of the question, what is done the next times it is asked; the last one for ever."""
        self.is_complete = True
        self.server_time: datetime | None = NOW
        self.hides_po = False
        """The list says no PO numbers."""
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

    def set_auto_renewal(self, subscription_id: str, *, is_on: bool) -> Reply | NoReply:
        self._ask(f"renew {subscription_id} {is_on}")
        return self.answers.pop(0) if self.answers else reply(200, {"id": subscription_id})

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
        status: str = "",
    ) -> OrderList:
        self._ask("list")
        told = self.orders
        if self.hides_po:
            told = [replace(entry, po_number=None) for entry in told]
        return OrderList(orders=tuple(told), is_complete=self.is_complete, server_time=self.server_time)

    def list_subscriptions(self, *, customer_id: str, created_from: datetime | None = None) -> Any:
        return ()

    def get_subscription(self, subscription_id: str) -> Any:
        return None

    def list_products(self, *, mpn: str = "", name: str = "") -> Any:
        return ()

    def list_customers(self) -> Any:
        return ()

    def get_customer(self, customer_id: str) -> None:
        return None

    def validate_parameters(self, request: Mapping[str, Any]) -> Any:
        return ()

    def estimate(self, body: Mapping[str, Any]) -> Estimate:
        return Estimate()


def fails(error: Exception) -> Act:
    def fail() -> None:
        raise error

    return fail


def nothing() -> None:
    """All goes well."""


def is_down() -> MarketplaceDown:
    return MarketplaceDown("No token.", fix="Later.")


def services(**changes: Any) -> Services:
    """As a new process has them; the ledger, the marketplace, the clock and the observer are named by who asks."""
    values = {
        "profile": PROFILE,
        "limiter": Limiter(LocalPace(0.0, changes["clock"]), changes["clock"]),
        "jitter": lambda: 0.5,
        "templates": {},
        "operator": "somebody",
        "host": "here",
    }
    return Services(**{**values, **changes})


@dataclass
class Parts:
    """The parts around one run."""

    clock: Clock
    market: Shelf
    ledger: Ledger
    window_s: float = 900.0
    patience_s: float = 60.0

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
        self.look = AccountLook(
            account=str(ACCOUNT),
            ledger=self.ledger,
            marketplace=self.market,
            clock=self.clock,
            observer=self.told.append,
            their_time=self.resolver,
            window_s=self.window_s,
        )
        self.breaker = Breaker(
            clock=self.clock,
            patience_s=self.patience_s,
            give_up=lambda reason: self.control.end(reason, ExitCode.TRY_AGAIN_LATER),
            observer=self.told.append,
        )

    def send(
        self, orders: Sequence[OrderRecord], *, limiter: Limiter | None = None, **settings: Any
    ) -> RunControl:
        Submission(
            run_id=RUN.run_id,
            ledger=self.ledger,
            marketplace=self.market,
            resolver=self.resolver,
            limiter=limiter or Limiter(LocalPace(0.0, self.clock), self.clock),
            breaker=self.breaker,
            workers=ThreadWorkers(),
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

    def services(self, **changes: Any) -> Services:
        mine = {
            "ledger": self.ledger,
            "marketplace": self.market,
            "clock": self.clock,
            "observer": self.told.append,
        }
        return services(**{**mine, **changes})


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
