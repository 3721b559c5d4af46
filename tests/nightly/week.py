"""A week of nights as a scheduler starts them: processes, one clock for all, and a kill at a random moment of each night."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from books.order_books import order_rows, write_book
from gateway import Gateway, gateway_before
from health_server import listening
from nightly.moved_program import CLOCK_FILE, SharedClock
from processes import Desk, Ended, Practice, Process
from prometheus_client.parser import text_string_to_metric_families
from smtp_server import SmtpServer

from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.sandbox import FaultPlan, PracticeServer, Simulator

OUTCOMES = {"finance": [3, 4, 5, 9], "operator": [1, 5, 6, 7, 8, 9]}
LATENCY_S = 0.02
READINGS = 3
"""So many that do not show an order are proof that it does not exist."""


@dataclass
class Night:
    """What one night came to, its passes together."""

    passes: list[dict[str, Any]] = field(default_factory=list)
    """As `--json` printed them; of one that was killed what it had recorded by then."""
    was_killed: bool = False
    told: dict[str, list[str]] = field(default_factory=dict)
    """By recipient: subjects and texts of the messages."""

    def files(self) -> dict[str, int]:
        return {found["name"]: found["exit_code"] for one in self.passes for found in one["files"]}

    def has_told(self, recipient: str, words: str) -> bool:
        return any(words in text for text in self.told.get(recipient, []))


class Week:
    """One inbox, a marketplace behind a gateway, a mail server, a health service, and a scheduler that kills."""

    def __init__(self, desk: Desk, seed: int, opened: ExitStack) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - which moment is killed
        self.desk = desk
        self.desk.program = "nightly.moved_program"
        self.clock = SharedClock(desk.folder / "clock")
        self.simulator = Simulator(
            now=self.clock.now,
            rng=random.Random(seed),  # noqa: S311 - a marketplace of ours
            faults=FaultPlan(),
        )
        server = opened.enter_context(PracticeServer(self.simulator, latency_s=LATENCY_S))
        behind = Practice(Process.__new__(Process), server.base_url, "")
        self.gateway: Gateway = opened.enter_context(gateway_before(behind))
        self.smtp = opened.enter_context(SmtpServer())
        health_url, self.pings = opened.enter_context(listening())
        self.root = desk.folder / "orders"
        (self.root / "inbox").mkdir(parents=True)
        self.metrics = desk.folder / "bulk_orders.prom"
        self.sent: dict[str, int] = {}
        """Rows that must be ordered by now, by file."""
        self.took_s = 3.0
        self._rows = 0
        self._day = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        self._settings(health_url)

    def _settings(self, health_url: str) -> None:
        self.desk.settings.update(
            {
                "BULK_ORDERS_PASSWORD": "practice",
                "BULK_ORDERS_SUBSCRIPTION_KEY": "practice",
                CLOCK_FILE: str(self.desk.folder / "clock"),
            }
        )
        account = (
            f'base_url = "{self.gateway.base_url}"\nuser = "practice"\nrate_per_s = 20\nwindow_s = 0\n'
            "settle_s = 0\npatience_s = 3600\n"
        )
        lines = [
            f"[profiles.live]\n{account}[profiles.planned]\n{account}",
            'policy = "approval"\napprovers = ["bob"]\n',
            f'[profiles.live.nightly]\nfolder = "{self.root}"\nmax_orders = 20\nstable_s = 0.1\n',
            f'time_zone = "UTC"\nmetrics_file = "{self.metrics}"\nhealth_url = "{health_url}"\n',
        ]
        for name, outcomes in OUTCOMES.items():
            path = self.desk.folder / f"{name}.txt"
            path.write_text(
                f"mailto://127.0.0.1:{self.smtp.port}?from=n@reseller.example&to={name}@reseller.example&format=text"
            )
            path.chmod(0o600)
            lines.append(
                f'[profiles.live.nightly.recipients.{name}]\nurls_file = "{path}"\noutcomes = {outcomes}\n'
            )
        (self.desk.home / "settings.toml").write_text("".join(lines), encoding="utf-8")

    # The evening

    def evening(self) -> None:
        """It is 18:00 of the next day."""
        self.clock.go_to(self._day + timedelta(hours=18))

    def book(self, path: Path, rows: int = 3, **changes: str) -> Path:
        first = self._rows
        self._rows += rows
        return write_book(path, order_rows(self._rows, **changes)[first:])

    def drop(self, name: str, rows: int = 3, *, says: int | None = None, **changes: str) -> None:
        """Put a workbook with control totals into the inbox; one that is as it should be is to be sent."""
        path = self.book(self.root / "inbox" / name, rows, **changes)
        path.with_suffix(".ctl").write_text(f"orders = {says or rows}\n", encoding="utf-8")
        if not changes and says is None:
            self.sent[name] = rows

    def plan(self, name: str, *, is_approved: bool) -> str:
        """Freeze a workbook's orders; its id. Bob approves it, or does not."""
        path = self.book(self.desk.folder / name)
        made = self.desk.run("plan", path, "--profile", "planned", "--json")
        assert made.code == 0, made.words
        plan_id = str(made.json["plan"]["id"])
        if is_approved:
            ledger = SqlLedger.open(next(self.desk.home.rglob("ledger.sqlite")))
            ledger.approve_plan(plan_id, by="bob", at=self.clock.now())
            ledger.close()
        return plan_id

    # The night

    def night(self, at: timedelta = timedelta(hours=2)) -> Night:
        """The next night: it is killed at a random moment, started again, and looked after in the morning."""
        self._day += timedelta(days=1)
        self.clock.go_to(self._day + at)
        self.smtp.mails.clear()
        night = Night()
        before = self._recorded()
        killed = self._start()
        killed.dies_after(self.rng.uniform(0, 1.2 * self.took_s))
        ended = killed.process.wait()
        night.was_killed = ended.code < 0
        if not night.was_killed:
            night.passes.append(ended.json)
        elif (recorded := self._recorded()) != before:
            night.passes.append(recorded)
        self._pass(night)
        if doubtful := {row["run_id"] for row in night.passes[-1]["undecided"]}:
            for run_id in doubtful:
                self._decide(run_id)
            self._pass(night)
        assert not [name for name in night.files() if ".results-" in name], "our own results are no file"
        for mail in self.smtp.mails:
            for address in mail.recipients:
                texts = night.told.setdefault(address.partition("@")[0], [])
                texts.append(f"{mail.subject}\n{mail.text}")
        return night

    def _recorded(self) -> dict[str, Any]:
        """What `last-run.json` says of the last night; nothing before the first."""
        path = self.root / "last-run.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def _decide(self, run_id: str) -> None:
        """A person looks for the rows in doubt in the morning, until three readings say that they do not exist."""
        for _ in range(READINGS + 1):
            self.clock.skip(600)
            decided = self.desk.run("resolve", run_id, "--resend-absent", "--reason", "seen", "--json")
            if decided.code != 5:
                return
        raise AssertionError(decided.words)

    def _start(self) -> "_Killed":
        return _Killed(self.desk.start("nightly", "--profile", "live", "--json"))

    def _pass(self, night: Night) -> None:
        began_s = time.monotonic()
        ended: Ended = self.desk.run("nightly", "--profile", "live", "--json")
        self.took_s = time.monotonic() - began_s
        assert ended.out, ended.words
        night.passes.append(ended.json)
        assert self.metric("bulk_orders_last_exit_code") == ended.code == ended.json["exit_code"]
        assert self.pings[-1].partition("?")[0].endswith(f"/{ended.code}")

    def down_until(self, hour: int) -> None:
        """From now on nobody answers, until that hour of the next night."""
        moment = self._day + timedelta(days=1, hours=hour)
        self.gateway.is_down = True

        def wait() -> None:
            while self.clock.now() < moment:
                time.sleep(0.005)
            self.gateway.is_down = False

        threading.Thread(target=wait, daemon=True).start()

    # The judge

    def metric(self, name: str) -> float:
        families = text_string_to_metric_families(self.metrics.read_text(encoding="utf-8"))
        return next(
            float(sample.value) for family in families for sample in family.samples if sample.name == name
        )

    def placed(self) -> Counter[str]:
        """How often each PO number is on the marketplace."""
        return Counter(str(order["poNumber"]) for order in self.simulator.orders)

    def where(self) -> Mapping[str, str]:
        """In which folder each workbook of people is."""
        return {
            path.name: path.relative_to(self.root).parts[0]
            for path in self.root.rglob("*.xlsx")
            if ".results-" not in path.name and ".checked" not in path.name
        }


@dataclass
class _Killed:
    process: Process

    def dies_after(self, seconds: float) -> None:
        time.sleep(seconds)
        try:
            self.process.signal(9)
        except ProcessLookupError:
            return
