"""A week of nights with a moved clock: every order once, every file in its folder, every message to the right people."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from nights import Office, office
from prometheus_client.parser import text_string_to_metric_families
from smtp_server import SmtpServer

from bulk_orders.errors import ExitCode
from bulk_orders.nightly.results import NightReport
from bulk_orders.nightly.telling import Teller

pytestmark = pytest.mark.long


class Killed(BaseException):
    """Takes the place of a kill: nothing of ours catches it."""


class Week:
    """An office whose nights are told about."""

    def __init__(self, here: Office, folder: Path, smtp: SmtpServer) -> None:
        self.here = here
        self.smtp = smtp
        self.metrics = folder / "bulk_orders.prom"
        self._settings = {
            "metrics_file": str(self.metrics),
            "max_orders": 20,
            "recipients": {
                "finance": self._to(folder, "finance") | {"outcomes": [3, 4, 5, 9]},
                "operator": self._to(folder, "operator") | {"outcomes": [1, 5, 6, 7, 8, 9]},
            },
        }

    def _to(self, folder: Path, name: str) -> dict[str, Any]:
        path = folder / f"{name}.txt"
        url = f"mailto://127.0.0.1:{self.smtp.port}?from=n@reseller.example&to={name}@reseller.example&format=text"
        path.write_text(url, encoding="utf-8")
        path.chmod(0o600)
        return {"urls_file": str(path)}

    def night(self, **settings: Any) -> tuple[NightReport, list[tuple[str, str]]]:
        """The next night; its report, and to whom which subject went."""
        self.smtp.mails.clear()
        with self.here.parts(**self._settings, **settings) as parts:
            teller = Teller(parts.services.profile, parts.settings, lambda sentence: None)
            report = self.here.night(**self._settings, **settings)
            teller.tell(report)
        self.here.clock.ahead += timedelta(days=1)
        told = [(mail.recipients[0].partition("@")[0], mail.subject) for mail in self.smtp.mails]
        return report, sorted(told)

    def metric(self, name: str) -> float:
        families = text_string_to_metric_families(self.metrics.read_text(encoding="utf-8"))
        return next(
            float(sample.value) for family in families for sample in family.samples if sample.name == name
        )


def test_a_week(tmp_path: Path) -> None:
    with office(tmp_path) as here, SmtpServer() as smtp:
        week = Week(here, tmp_path, smtp)

        here.drop("monday.xlsx", 2, first=1)
        report, told = week.night()
        assert (report.exit_code, told, here.simulator.order_count) == (ExitCode.OK, [], 2)

        here.drop("tuesday-bad.xlsx", 2, first=11, subscriptionPeriod="a decade")
        here.drop("tuesday-good.xlsx", 2, first=21)
        report, told = week.night()
        assert told == [("finance", "✖ To fix, nothing sent – tuesday-bad.xlsx – LIVE")]
        assert here.simulator.order_count == 4

        here.drop("wednesday.xlsx", 2, first=31).with_suffix(".ctl").write_text(
            "orders = 3", encoding="utf-8"
        )
        report, told = week.night()
        assert told == [("finance", "✖ To fix, nothing sent – wednesday.xlsx – LIVE")]
        assert "say 3 orders; the workbook has 2 orders" in smtp.mails[0].text

        for path in (here.root / "needs-attention").iterdir():
            path.unlink()  # finance has corrected them elsewhere
        here.drop("thursday.xlsx", 2, first=41)
        here.away = 4
        report, told = week.night()
        assert (report.exit_code, told, here.simulator.order_count) == (ExitCode.OK, [], 6)

        here.away = 10_000
        here.drop("friday.xlsx", 2, first=51)
        report, told = week.night()
        assert told == [("operator", "○ Not finished, the next night goes on – the night – LIVE")]
        assert week.metric("bulk_orders_last_exit_code") == 7

        here.away = 0
        here.on_place = _kill
        with pytest.raises(Killed):
            week.night()
        here.on_place = lambda: None
        here.clock.ahead += timedelta(days=1)

        here.drop("sunday.xlsx", 2, first=71)
        report, told = week.night()
        assert {found.name for found in report.files} == {"friday.xlsx", "sunday.xlsx"}
        assert here.simulator.order_count == 10
        assert len({order["poNumber"] for order in here.simulator.orders}) == 10
        assert told == []
        assert week.metric("bulk_orders_last_exit_code") == 0
        left = [name for name in here.found() if name.startswith(("inbox/", "work/"))]
        assert left == []


def _kill() -> None:
    raise Killed
