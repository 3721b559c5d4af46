"""The program is updated: the ledger of the version before goes on, whatever command comes first."""

from collections import Counter
from pathlib import Path

import pytest
from books.order_books import order_row, write_book
from ledger.kept_ledgers import SCHEMAS, content, unpack, version
from processes import Desk

from bulk_orders.ledger.migrations import SCHEMA_VERSION

pytestmark = pytest.mark.long

READING = (("history",), ("verify",), ("report", "last"), ("status", "last"), ("resolve", "last"))


@pytest.fixture(params=SCHEMAS)
def updated(desk: Desk, request: pytest.FixtureRequest) -> Desk:
    """The home of somebody who has just updated the program."""
    unpack(request.param, desk.home / "practice")
    desk.settings.update(BULK_ORDERS_SETTLE_S="0", BULK_ORDERS_RATE_PER_S="0", LOGNAME="finance")
    return desk


def ledger_of(desk: Desk) -> Path:
    return desk.home / "practice" / "ledger.sqlite"


def placed(desk: Desk) -> Counter[str]:
    """How many orders of each customer the practice marketplace has taken, from its journal."""
    journal = (desk.home / "practice" / "marketplace.jsonl").read_text(encoding="utf-8")
    return Counter(
        line.partition('"customerId":"')[2][:10] for line in journal.splitlines() if "sent" in line
    )


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_any_command_may_be_the_first_after_the_update(updated: Desk, command: tuple[str, ...]) -> None:
    ended = updated.run(*command)
    assert "Traceback" not in ended.words
    assert ended.code != 6
    assert version(ledger_of(updated)) == SCHEMA_VERSION


def test_the_log_of_an_older_ledger_is_whole_and_its_runs_are_told(updated: Desk) -> None:
    runs = content(ledger_of(updated))["runs"]
    verified, listed = updated.run("verify"), updated.run("history", "--json")
    assert (verified.code, "events is unbroken" in verified.words) == (0, True)
    assert {run["run_id"] for run in listed.json["runs"]} == {run["run_id"] for run in runs}


def test_a_run_over_an_older_ledger_sends_only_what_was_never_made(updated: Desk) -> None:
    before = placed(updated)
    numbers = (*range(1, 8), *range(11, 14), 21, *range(31, 35))
    rows = [order_row(number + 1, reference=f"ROW-{number:04d}", quantity=str(number)) for number in numbers]
    rows[6].update(mpn="CFQ7TTC0LH18:0001", quantity="40")
    rows += [order_row(number + 1, reference="", quantity=str(number)) for number in range(1, 5)]

    ended = updated.run("run", write_book(updated.folder / "all.xlsx", rows), "--practice", "--json")

    told = Counter(row["outcome"] for row in ended.json["rows"])
    found_or_sent = told.pop("ordered", 0) + told.pop("accepted", 0)
    # Two in doubt in the first ledger are found now; the last run over the second one found them.
    found_before = told.pop("ordered_before")
    assert (found_or_sent, found_before) in {(7, 6), (5, 8)}
    assert told == {"unknown": 1, "held": 5}
    assert placed(updated) - before == Counter({f"10001060{number:02d}": 1 for number in (7, 11, 32, 33, 34)})
    held = {row["row"]: row["message"] for row in ended.json["rows"] if row["outcome"] == "held"}
    assert all("Held since 29-Nov-2026" in held[row] for row in (17, 19, 20))
    assert updated.run("verify").code == 0
