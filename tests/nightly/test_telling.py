"""A night tells over real SMTP and real HTTP on loopback; where it cannot, the log says so and nothing else changes."""

import logging
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from health_server import SECRET, listening
from prometheus_client.parser import text_string_to_metric_families
from smtp_server import SmtpServer

from bulk_orders.core.summary import Outcome
from bulk_orders.errors import ExitCode, RunError, SetupError
from bulk_orders.machine.log_lines import facts_of
from bulk_orders.nightly.messages import Message
from bulk_orders.nightly.metrics import write_metrics
from bulk_orders.nightly.notify import send
from bulk_orders.nightly.results import FileResult, NightReport
from bulk_orders.nightly.telling import Teller
from bulk_orders.settings.nightly import NightlySettings
from bulk_orders.settings.profiles import PRACTICE_PROFILE

NOW = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)


def night(folder: Path, code: ExitCode = ExitCode.SOME_FAILED) -> NightReport:
    results = folder / "orders (2).results.xlsx"
    results.write_bytes(b"PK")
    found = FileResult(
        name="orders.xlsx",
        exit_code=code,
        what="118 ordered, 2 failed.",
        counts={Outcome.ORDERED: 118, Outcome.REJECTED: 2},
        results=results,
    )
    return NightReport(
        profile="live",
        environment="LIVE",
        folder=folder,
        started_at=NOW,
        ended_at=NOW.replace(minute=40),
        files=[found],
        last_success=NOW.replace(day=21),
    )


def urls(folder: Path, name: str, *lines: str) -> dict[str, Any]:
    path = folder / f"{name}.txt"
    path.write_text("# addresses\n" + "\n".join(lines) + "\n", encoding="utf-8")
    path.chmod(0o600)
    return {"urls_file": str(path)}


def teller(settings: dict[str, Any]) -> Teller:
    return Teller(PRACTICE_PROFILE, NightlySettings.model_validate(settings), lambda sentence: None)


def test_the_right_people_get_a_mail_and_only_who_asks_gets_the_results(tmp_path: Path) -> None:
    with SmtpServer() as smtp:
        mailto = f"mailto://127.0.0.1:{smtp.port}?from=bulk@reseller.example&format=text&to="
        recipients = {
            "finance": urls(tmp_path, "finance", f"{mailto}finance@reseller.example") | {"attach": True},
            "operator": urls(tmp_path, "operator", f"{mailto}ops@reseller.example") | {"outcomes": [6, 7]},
            "boss": urls(tmp_path, "boss", f"{mailto}boss@reseller.example"),
        }
        recipients["away"] = urls(tmp_path, "away", "mailto://127.0.0.1:1?from=a@b.example")
        assert teller({"recipients": recipients}).tell(night(tmp_path))
        mails = {mail.recipients[0]: mail for mail in smtp.mails}

    assert sorted(mails) == ["boss@reseller.example", "finance@reseller.example"]
    assert mails["boss@reseller.example"].subject == "✖ Some orders failed – orders.xlsx – LIVE"
    assert "orders.xlsx: 118 ordered, 2 failed." in mails["boss@reseller.example"].text
    assert mails["finance@reseller.example"].attachments == ["orders (2).results.xlsx"]
    assert mails["boss@reseller.example"].attachments == []


def test_a_ping_comes_at_the_start_and_the_end_with_one_id_and_the_code_that_was_chosen(
    tmp_path: Path,
) -> None:
    with listening() as (url, asked):
        for code in (ExitCode.SOME_FAILED, ExitCode.WORKBOOK_HAS_ERRORS):
            one = teller({"health_url": url, "health_codes": {3: 0}})
            one.begin()
            one.tell(night(tmp_path, code))
    parts = [urlsplit(path) for path in asked]
    assert [part.path.rpartition("/")[2] for part in parts] == ["start", "4", "start", "0"]
    ids = [parse_qs(part.query)["rid"][0] for part in parts]
    assert [len(set(ids[:2])), len(set(ids[2:])), len(set(ids))] == [1, 1, 2]


def test_metrics_are_read_by_prometheus_own_parser(tmp_path: Path) -> None:
    path = tmp_path / "bulk_orders.prom"
    teller({"metrics_file": str(path)}).tell(night(tmp_path))
    text = path.read_text(encoding="utf-8")
    found = {
        (sample.name, sample.labels.get("outcome", "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.labels["profile"] == "live"
    }
    assert text.endswith("\n")
    assert found["bulk_orders_last_exit_code", ""] == 4
    assert found["bulk_orders_rows", "ordered"] == 118
    assert found["bulk_orders_rows", "unknown"] == 0
    assert found["bulk_orders_duration_seconds", ""] == 25 * 60
    assert found["bulk_orders_last_success_timestamp_seconds", ""] == NOW.replace(day=21).timestamp()
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".prom"] == ["bulk_orders.prom"]


def test_what_cannot_be_told_is_logged_without_an_address_and_changes_nothing(
    tmp_path: Path, log_records: list[logging.LogRecord], capfd: pytest.CaptureFixture[str]
) -> None:
    with listening(status=500) as (url, _):
        settings = {
            "recipients": {
                "nobody": urls(tmp_path, "nobody", f"mailto://user:{SECRET}@127.0.0.1:1?from=a@b.example"),
                "wrong": urls(tmp_path, "wrong", f"nosuchservice://{SECRET}"),
                "missing": {"urls_file": str(tmp_path / "missing.txt")},
            },
            "health_url": url,
            "metrics_file": str(tmp_path / "no-such-folder" / "x.prom"),
        }
        one = teller(settings)
        one.begin()
        assert not one.tell(night(tmp_path))

    logged = [{"event": record.getMessage(), **facts_of(record)} for record in log_records]
    failed = [facts["what"] for facts in logged if facts["event"] == "telling-failed"]
    assert failed == [
        *("health-start", "message-nobody", "message-wrong", "message-missing", "metrics", "health-end"),
    ]
    assert SECRET not in str(logged)
    assert capfd.readouterr() == ("", "")


def test_a_redirect_of_a_ping_is_not_followed_and_is_a_failure(tmp_path: Path) -> None:
    with listening(status=302) as (url, asked):
        (told,) = teller({"health_url": url}).test(night(tmp_path))
    assert len(asked) == 1
    assert isinstance(told[1], RunError)


def test_without_the_libraries_it_is_said_how_to_install_them(tmp_path: Path) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    message = Message(recipient="finance", subject="s", body="b")
    with pytest.raises(SetupError, match="apprise") as refused:
        send(message, ["json://127.0.0.1"], load=missing)
    assert "[nightly]" in refused.value.fix
    with pytest.raises(SetupError, match="prometheus-client"):
        write_metrics(tmp_path / "x.prom", night(tmp_path), load=missing)


def test_a_test_writes_no_metrics_of_a_night(tmp_path: Path) -> None:
    path = tmp_path / "x.prom"
    found = list(teller({"metrics_file": str(path)}).test(replace(night(tmp_path), files=[])))
    assert [error for _, error in found] == [None]
    assert list(tmp_path.glob("*.prom")) == []
