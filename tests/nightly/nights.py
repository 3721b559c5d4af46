"""An inbox, a marketplace over HTTP on loopback, and nights whose days are set by hand."""

import contextlib
import random
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from books.order_books import order_rows, write_book
from pydantic import SecretStr

from bulk_orders.cli.report_told import report_json
from bulk_orders.errors import MarketplaceDown
from bulk_orders.machine.clock import SystemClock
from bulk_orders.marketplace.interface import OrderList, PlatformOrder, ReadFailed
from bulk_orders.nightly.folders import NightFolders
from bulk_orders.nightly.night import Tell, work_through_night
from bulk_orders.nightly.parts import NightParts
from bulk_orders.nightly.results import NightReport
from bulk_orders.sandbox import FaultPlan, PracticeServer, Simulator
from bulk_orders.settings.folders import folders as user_folders
from bulk_orders.settings.nightly import NightlySettings
from bulk_orders.settings.profiles import Profile
from bulk_orders.wiring import open_services


class MovedClock(SystemClock):
    """The machine's clock, days ahead; long waits are over in an instant, in which something may happen."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.meanwhile: list[Callable[[], object]] = []
        self.skipped_s = 0.0
        self.hold: threading.Event | None = None
        """Long waits are over when it is set."""

    def over(self) -> None:
        if self.hold:
            self.hold.set()

    def now(self) -> datetime:
        return super().now() + self.ahead

    def monotonic(self) -> float:
        return super().monotonic() + self.skipped_s

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        if seconds < 30:
            return super().wait(seconds, stop)
        while self.hold and not self.hold.wait(0.01) and not stop.is_set():
            continue
        if not stop.is_set():
            self.ahead += timedelta(seconds=seconds)
            self.skipped_s += seconds
            for act in self.meanwhile:
                act()
        return stop.is_set()


class Watched:
    """A marketplace that does not answer the first times that somebody signs in, and tells of each order."""

    def __init__(self, marketplace: Any, office: "Office") -> None:
        self._marketplace = marketplace
        self._office = office
        self._away = office.away

    def sign_in(self) -> None:
        self._away -= 1
        if self._away >= 0:
            raise MarketplaceDown("Nobody answers.")
        self._marketplace.sign_in()

    def place(self, body: Mapping[str, Any]) -> Any:
        answer = self._marketplace.place(body)
        self._office.on_place()
        return answer

    def estimate(self, body: Mapping[str, Any]) -> Any:
        if failing := self._office.fails_once:
            self._office.fails_once = None
            raise failing
        return self._marketplace.estimate(body)

    def list_orders(self, **filters: Any) -> OrderList:
        found = self._marketplace.list_orders(**filters)
        if not filters.get("created_to"):
            return cast("OrderList", found)
        shown = (self._office.shows(entry) for entry in found.orders)
        is_complete = found.is_complete and self._office.lists_all
        return replace(
            found, orders=tuple(entry for entry in shown if entry is not None), is_complete=is_complete
        )

    def get_order(self, order_id: str) -> PlatformOrder | None:
        if not self._office.opens:
            raise ReadFailed("HTTP 500")
        entry = self._marketplace.get_order(order_id)
        return self._office.shows(entry) if entry else None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._marketplace, name)


@dataclass
class Office:
    """One inbox and its marketplace."""

    root: Path
    home: Path
    simulator: Simulator
    base_url: str
    clock: MovedClock = field(default_factory=MovedClock)
    profile: Mapping[str, Any] = field(default_factory=dict)
    away: int = 0
    """How often the marketplace does not answer."""
    on_place: Callable[[], object] = lambda: None
    """Done after each order."""
    fails_once: Exception | None = None
    """Raised when somebody asks for a price."""

    shows: Callable[[PlatformOrder], PlatformOrder | None] = lambda entry: entry
    """What the marketplace shows of an order that it has."""
    lists_all: bool = True
    opens: bool = True
    """Whether an order's own page can be read."""

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    def drop(self, name: str, rows: int = 2, *, totals: bool = True, first: int = 1, **changes: str) -> Path:
        """Put a workbook into the inbox; its control totals beside it."""
        self.inbox.mkdir(exist_ok=True)
        wanted = order_rows(first + rows - 1, **changes)[first - 1 :]
        path = write_book(self.inbox / name, wanted)
        if totals:
            path.with_suffix(".ctl").write_text(f"orders = {rows}\n", encoding="utf-8")
        return path

    @contextlib.contextmanager
    def parts(self, **settings: Any) -> Iterator[NightParts]:
        profile = Profile(
            name="live",
            base_url=self.base_url,
            user="practice",
            password=SecretStr("practice"),
            subscription_key=SecretStr("practice"),
            **{"rate_per_s": 0, "settle_s": 0, "window_s": 0, "patience_s": 600, **self.profile},
        )
        folders = user_folders({"BULK_ORDERS_HOME": str(self.home)})
        with open_services(profile, folders, operator="night", stop=threading.Event()) as services:
            moved = replace(
                services, clock=self.clock, marketplace=cast("Any", Watched(services.marketplace, self))
            )
            known = NightlySettings.model_validate(
                {"stable_s": 0, "max_orders": 10, "time_zone": "UTC", **settings}
            )
            yield NightParts(
                services=moved,
                folders=NightFolders(root=self.root, trigger=known.trigger),
                settings=known,
                run_json=report_json,
            )

    def night(self, *, tell: Tell = lambda report: True, **settings: Any) -> NightReport:
        with self.parts(**settings) as parts:
            return work_through_night(parts, lambda folder, day: True, tell)

    def found(self) -> list[str]:
        """Every file of the folders, days and times of results cut off."""
        names = (
            path.relative_to(self.root).as_posix()
            for path in self.root.rglob("*")
            if path.is_file() and not path.name.startswith(("nightly.", "last-run"))
        )
        return sorted(name.partition(".results-")[0] for name in names if not name.endswith(".json"))

    def today(self) -> date:
        return self.clock.now().astimezone(UTC).date()


@contextlib.contextmanager
def office(folder: Path, faults: str = "") -> Iterator[Office]:
    """An office whose marketplace goes wrong as `faults` say."""
    rng = random.Random(5)  # noqa: S311 - a marketplace of ours
    clock = MovedClock()
    simulator = Simulator(now=clock.now, rng=rng, faults=FaultPlan.parse(faults))
    root = folder / "orders"
    root.mkdir()
    with PracticeServer(simulator) as server:
        yield Office(
            root=root, home=folder / "home", simulator=simulator, base_url=server.base_url, clock=clock
        )
