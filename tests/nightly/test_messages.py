"""Who is told what: subjects begin with the outcome, and nobody reads of what is not theirs."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.errors import ExitCode
from bulk_orders.nightly.messages import OUTCOMES, Message, messages, sample
from bulk_orders.nightly.results import FileResult, NightReport
from bulk_orders.settings.nightly import NightlySettings

NIGHT = NightReport(
    profile="live",
    environment="LIVE",
    folder=Path("/srv/orders"),
    started_at=datetime(2026, 11, 22, 2, 15, tzinfo=UTC),
    ended_at=datetime(2026, 11, 22, 2, 40, tzinfo=UTC),
)


def file(name: str, code: int, **changes: Any) -> FileResult:
    return FileResult(name=name, exit_code=ExitCode(code), what=f"what of {name}", **changes)


def told(night: NightReport, **recipients: dict[str, Any]) -> dict[str, Message]:
    settings = NightlySettings.model_validate(
        {"recipients": {name: {"urls_file": "x", **who} for name, who in recipients.items()}}
    )
    return {message.recipient: message for message in messages(night, settings)}


def test_each_is_told_of_the_outcomes_that_are_theirs() -> None:
    night = replace(
        NIGHT,
        files=[file("a.xlsx", 0), file("b.xlsx", 3), file("c.xlsx", 4), file("d.xlsx", 5)],
        alerts=["inbox/old.csv has been there for 3 days."],
        stopped_by="The marketplace refused the sign-in.",
        stopped_code=ExitCode.SETUP_WRONG,
    )
    found = told(night, finance={"outcomes": [3, 4]}, operator={"outcomes": [6, 9]}, all={"outcomes": [5, 0]})
    assert {name: message.subject for name, message in found.items()} == {
        "finance": "✖ Some orders failed – 2 files – LIVE",
        "operator": "✖ Sign-in or settings – the night – LIVE",
        "all": "⚠ Look before sending again – 2 files – LIVE",
    }
    assert ["what of b.xlsx" in message.body for message in found.values()] == [True, False, False]
    assert ["refused the sign-in" in message.body for message in found.values()] == [False, True, False]
    assert ["old.csv" in message.body for message in found.values()] == [False, True, False]
    assert all("/srv/orders" in message.body for message in found.values())


def test_one_file_is_named_in_the_subject() -> None:
    found = told(replace(NIGHT, files=[file("orders-november.xlsx", 4)]), finance={})
    assert found["finance"].subject == "✖ Some orders failed – orders-november.xlsx – LIVE"


def test_of_a_night_in_which_all_is_well_only_those_hear_who_want_to() -> None:
    night = replace(NIGHT, files=[file("a.xlsx", 0)])
    assert list(told(night, finance={}, boss={"outcomes": [0]})) == ["boss"]
    assert list(told(NIGHT, finance={}, boss={"outcomes": [0]})) == ["boss"]


def test_results_go_along_only_if_they_are_asked_for() -> None:
    night = replace(NIGHT, files=[file("a.xlsx", 4, results=Path("/srv/a.results.xlsx")), file("b.xlsx", 3)])
    found = told(night, finance={"attach": True}, operator={})
    assert found["finance"].attachments == (Path("/srv/a.results.xlsx"),)
    assert found["operator"].attachments == ()


@given(st.lists(st.sampled_from(ExitCode), max_size=6), st.sets(st.sampled_from(ExitCode)))
def test_a_file_is_in_a_message_exactly_if_its_outcome_is_wanted(
    codes: list[ExitCode], wanted: set[ExitCode]
) -> None:
    night = replace(NIGHT, files=[file(f"<{place}>", code) for place, code in enumerate(codes)])
    found = told(night, somebody={"outcomes": sorted(wanted)})
    body = found["somebody"].body if found else ""
    assert [f"<{place}>" in body for place in range(len(codes))] == [code in wanted for code in codes]


def test_every_exit_code_has_a_subject_and_no_other_has() -> None:
    assert set(OUTCOMES) == {int(code) for code in ExitCode}


def test_a_test_reaches_everybody() -> None:
    settings = NightlySettings.model_validate({"recipients": {"a": {"urls_file": "x", "outcomes": []}}})
    (message,) = sample(NIGHT, settings)
    assert message.subject.startswith("✔ Test message")


def test_an_outcome_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="outcomes"):
        NightlySettings.model_validate({"recipients": {"a": {"urls_file": "x", "outcomes": [77]}}})
