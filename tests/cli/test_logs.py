"""The log file: how commands, runs and orders went is in it; refusals, too, and they cannot fill it."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from books.order_books import BASIC, TOO_MANY, order_row, write_book
from processes import Desk

from bulk_orders.cli.logs import MOST_A_MINUTE, begin_log

BEGAN = 1_800_000_000.0


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    """The program's logger, as it was found when the test is over."""
    found = logging.getLogger("bulk_orders")
    before = found.propagate, found.level, list(found.handlers)
    yield found
    for handler in set(found.handlers) - set(before[2]):
        found.removeHandler(handler)
        handler.close()
    found.propagate, found.level = before[:2]


def say(logger: logging.Logger, level: int, words: str, *values: object, after_s: float = 0.0) -> None:
    """Log a line at that moment."""
    record = logger.makeRecord(logger.name, level, __file__, 1, words, values, None)
    record.created = BEGAN + after_s
    logger.handle(record)


def test_refusals_of_one_kind_are_limited_in_number(tmp_path: Path, logger: logging.Logger) -> None:
    path = begin_log(tmp_path, is_verbose=False)
    assert path is not None

    for number in range(50 * MOST_A_MINUTE):
        say(logger, logging.WARNING, "sign-in refused host=%s", number, after_s=number / 1000)
    say(logger, logging.ERROR, "another kind")
    say(logger, logging.WARNING, "sign-in refused host=%s", "a minute later", after_s=61)

    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) == MOST_A_MINUTE + 2
    assert [
        number for number, line in enumerate(lines, start=1) if line.endswith("more=left_out_for_a_minute")
    ] == [MOST_A_MINUTE]
    assert lines[0].endswith("refused host=0")
    assert lines[-2].endswith("another kind")
    assert lines[-1].endswith("refused host=a minute later")


def test_what_is_said_of_rows_is_never_left_out(tmp_path: Path, logger: logging.Logger) -> None:
    path = begin_log(tmp_path, is_verbose=False)
    assert path is not None

    for number in range(10 * MOST_A_MINUTE):
        say(logger, logging.INFO, "%s %s", "OrderSettled", number)

    assert len(path.read_text(encoding="utf-8").splitlines()) == 10 * MOST_A_MINUTE


def test_json_lines_tell_a_run_from_start_to_end_without_names(desk: Desk) -> None:
    signer = {
        "mca_acceptance": "Yes",
        "agreement_date": "2026-11-02",
        "first_name_agreement": "Annabella",
        "last_name_agreement": "Quillfeather",
        "email_address_agreement": "annabella@quillfeatherkites.com",
    }
    book = desk.folder / "for annabella@quillfeatherkites.com.xlsx"
    write_book(book, [order_row(1, **signer), order_row(2, mpn=BASIC, quantity=TOO_MANY, **signer)])

    ended = desk.run("--log-format", "json", "run", book, "--practice", "--json")

    text = (desk.home / "logs" / "bulk-orders.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert ended.code == 4
    assert [line["event"] for line in lines if line["event"] != "order"] == [
        *("command-begun", "account-learnt", "run-begun", "run-ended", "command-ended"),
    ]
    orders = sorted((line for line in lines if line["event"] == "order"), key=lambda line: line["row"])
    assert [line["outcome"] for line in orders] == ["accepted", "rejected"]
    assert {line["run"] for line in lines if "run" in line} == {ended.json["run_id"]}
    assert {line["file"] for line in orders} == {"for (e-mail)"}
    assert all(
        {"reference", "http_status", "attempt", "ms", "correlation_id"} <= set(line) for line in orders
    )
    assert lines[-1]["exit_code"] == 4
    assert "nnabella" not in text
    assert not (desk.home / "logs" / "bulk-orders.log").exists()
