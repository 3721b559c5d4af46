"""Answers that outlive an interrupted check: for hours, of one account, and never in the way of a check."""

import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bulk_orders.runs.kept_answers import ANSWERS_LAST, DRAFTS_LAST, SETTLED_LAST, KeptAnswers

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "of a user" / "answers.jsonl"


@pytest.fixture
def kept(path: Path) -> Callable[..., KeptAnswers]:
    def read(*, after: timedelta = timedelta(0), account: str = "one") -> KeptAnswers:
        return KeptAnswers(path, account=account, now=lambda: NOW + after)

    return read


def test_an_answer_and_a_draft_are_there_for_the_next_check(kept: Callable[..., KeptAnswers]) -> None:
    first = kept()
    first.keep("customer 1", {"status": "active"})
    first.keep_drafts("line", ["a", "b"])

    assert (kept().answer("customer 1"), kept().drafts("line")) == ({"status": "active"}, ("a", "b"))
    assert (kept().answer("customer 2"), kept().drafts("other")) == (None, ())
    assert (kept(account="two").answer("customer 1"), kept(account="two").drafts("line")) == (None, ())


def test_an_answer_is_believed_for_hours_and_a_draft_for_a_month(kept: Callable[..., KeptAnswers]) -> None:
    first = kept()
    first.keep("price", ["1", "USD"])
    first.keep_drafts("line", ["a"])

    assert kept(after=ANSWERS_LAST).answer("price") == ["1", "USD"]
    later = kept(after=ANSWERS_LAST + timedelta(seconds=1))
    assert (later.answer("price"), later.drafts("line")) == (None, ("a",))
    assert kept(after=DRAFTS_LAST + timedelta(seconds=1)).drafts("line") == ()
    assert kept(after=-timedelta(seconds=1)).answer("price") is None


def test_a_check_that_ends_leaves_its_drafts_and_no_answers(
    kept: Callable[..., KeptAnswers], path: Path
) -> None:
    first = kept()
    first.keep("price", ["1", "USD"])
    first.keep_drafts("line", ["a"])
    first.finish()

    assert (kept().answer("price"), kept().drafts("line")) == (None, ("a",))

    forgetting = kept()
    forgetting.keep_drafts("line", [])
    forgetting.finish()
    assert not path.exists()


def test_the_file_names_no_question_and_is_its_owners_alone(
    kept: Callable[..., KeptAnswers], path: Path
) -> None:
    kept().keep("validation rings.onmicrosoft.com", [])

    assert "rings" not in path.read_text("utf-8")
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "spoilt", ['{"kind": "answer", "na', "[]", '{"kind": 1, "name": 2, "at": 3, "value": 4}']
)
def test_a_line_that_was_cut_off_is_passed_over(
    kept: Callable[..., KeptAnswers], path: Path, spoilt: str
) -> None:
    kept().keep("price", ["1", "USD"])
    with path.open("a", encoding="utf-8") as file:
        file.write(spoilt)

    assert kept().answer("price") == ["1", "USD"]


def test_a_file_that_is_no_text_is_as_none(kept: Callable[..., KeptAnswers], path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe\x00")

    assert kept().answer("price") is None


def test_where_nothing_can_be_written_a_check_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "answers.jsonl"
    folder.mkdir()
    kept = KeptAnswers(folder, account="one", now=lambda: NOW)

    kept.keep("price", ["1", "USD"])
    kept.keep_drafts("line", ["a"])
    kept.finish()

    assert kept.drafts("line") == ("a",)


def test_a_settled_answer_outlives_the_check_until_it_is_forgotten(kept: Callable[..., KeptAnswers]) -> None:
    first = kept()
    first.keep("seats", [5], is_settled=True)
    first.keep_drafts("line", ["a"])
    first.finish()

    assert kept(after=ANSWERS_LAST * 2).answer("seats") == [5]
    assert kept(after=SETTLED_LAST + timedelta(seconds=1)).answer("seats") is None
    again = kept()
    again.forget()
    assert (again.answer("seats"), again.drafts("line")) == (None, ("a",))


def test_a_newer_answer_takes_the_place_of_a_settled_one(kept: Callable[..., KeptAnswers]) -> None:
    first = kept()
    first.keep("seats", [5], is_settled=True)
    first.keep("seats", [6])
    assert kept().answer("seats") == [6]
