"""Subscriptions as a person meets them: pulled, wished, checked and pulled again; and a pull that is killed."""

import json
import signal
from pathlib import Path

import openpyxl
import pytest
from processes import Desk, wait_until

OPENED = "GET /subscriptions/{id}"


def write(path: Path, row: int, **texts: object) -> None:
    """Type into cells of a row, by their headers; a header that is not there yet is added."""
    book = openpyxl.load_workbook(path)
    sheet = book["Subscriptions"]
    for name, value in texts.items():
        header = name.replace("_", " ")
        places = {cell.value: cell.column for cell in sheet[3]}
        column = places.get(header, sheet.max_column + 1)
        sheet.cell(3, column).value = header
        sheet.cell(row, column).value = value
    book.save(path)


def test_from_a_pull_to_a_list_of_changes_and_to_the_next_pull(desk: Desk) -> None:
    pulled = desk.run("subscriptions", "pull", "-o", "renewals.xlsx")
    assert (pulled.code, pulled.out) == (0, "renewals.xlsx\n")
    assert "57 subscriptions of 39 customers" in pulled.err
    assert "Left out: 3 that have ended." in pulled.err
    path = desk.folder / "renewals.xlsx"
    write(path, 50, Seats_after=17, Manager="Kim")
    write(path, 51, **{"Auto-renew after": "maybe"})

    checked = desk.run("check", "renewals.xlsx", "--all")
    assert checked.code == 3
    assert "✔ 1 ready    ✖ 1 to fix" in checked.out
    assert 'E-WISH  "maybe" is not in the list of Auto-renew after.' in checked.out
    assert "  renewals.checked.xlsx\n" in checked.out

    again = desk.run("subscriptions", "pull", "-o", "renewals.xlsx", "--json")
    (earlier,) = desk.folder.glob("renewals.before-*.xlsx")
    assert again.json["files"] == {"subscriptions": "renewals.xlsx", "earlier": str(earlier.name)}
    sheet = openpyxl.load_workbook(path)["Subscriptions"]
    shown = {cell.value: sheet.cell(50, cell.column).value for cell in sheet[3]}
    assert (shown["Seats after"], shown["Manager"]) == (17, "Kim")


@pytest.mark.long
def test_a_pull_of_two_thousand_that_is_killed_goes_on_where_it_was(desk: Desk) -> None:
    desk.settings["BULK_ORDERS_RATE_PER_S"] = "0"
    practice = desk.practice("--account", "subscriptions=2000")
    arguments = ("subscriptions", "pull", "--practice-at", practice.base_url)
    first = desk.start(*arguments)
    wait_until(lambda: practice.stats()["requests"].get(OPENED, 0) >= 700, "700 subscriptions to be opened")
    first.signal(signal.SIGKILL)
    first.wait()
    before = practice.stats()["requests"][OPENED]
    assert not (desk.folder / "subscriptions.xlsx").exists()

    ended = desk.run(*arguments, "--json")

    assert (ended.code, ended.json["counts"]["rows"]) == (0, 1900)
    asked = practice.stats()["requests"][OPENED]
    in_flight = 16  # as many threads may have been waiting for an answer, or had not written theirs down yet
    assert before < 1900
    assert 1900 <= asked <= 1900 + in_flight
    lists = practice.stats()["requests"]["GET /subscriptions"]
    assert lists == 2 * 4  # pages of 500, read by both

    third = desk.run(*arguments, "--json")
    assert (third.code, json.dumps(third.json["rows"]).count("subscription_id")) == (0, 1900)
    assert practice.stats()["requests"][OPENED] < asked + 300  # only what was modified in the last days


@pytest.mark.long
def test_a_pull_that_is_stopped_says_how_to_go_on(desk: Desk) -> None:
    desk.settings["BULK_ORDERS_RATE_PER_S"] = "50"
    practice = desk.practice("--account", "subscriptions=500")
    pull = desk.start("subscriptions", "pull", "--practice-at", practice.base_url)
    wait_until(lambda: practice.stats()["requests"].get(OPENED, 0) >= 20, "some to be opened")
    pull.signal(signal.SIGINT)
    ended = pull.wait()
    assert ended.code == 130
    assert "goes on where it was" in ended.err
    assert not (desk.folder / "subscriptions.xlsx").exists()


@pytest.mark.long
def test_a_marketplace_that_fails_now_and_then_is_read_to_its_end(desk: Desk) -> None:
    desk.settings["BULK_ORDERS_RATE_PER_S"] = "0"
    faults = ("--faults", "read-500=0.05,read-429=0.02,retry-after=0,seed=3")
    practice = desk.practice("--account", "subscriptions=300", *faults)
    ended = desk.run("subscriptions", "pull", "--practice-at", practice.base_url, "--json")
    assert (ended.code, ended.json["counts"]["rows"], ended.json["unread"]) == (0, 285, [])


@pytest.mark.long
def test_prices_that_rise_are_shown_with_the_renewals_that_they_are_about(desk: Desk) -> None:
    samples = Path(__file__).parents[2] / "sample_data"
    ended = desk.run(
        *("catalog", "compare", samples / "catalog-november.xlsx", samples / "catalog-december.xlsx"),
        *(
            "--subscriptions",
            samples / "renewals-demo.xlsx",
            "--due-before",
            "2027-06-30",
            "-o",
            "moved.xlsx",
        ),
    )
    assert ended.code == 0
    assert "12 prices rise    3 prices fall    1 offer is gone" in ended.out
    assert "4 renewals cost something else than now." in ended.out
    book = openpyxl.load_workbook(desk.folder / "moved.xlsx")
    assert (book.sheetnames, book["Price changes"].max_row) == (["Price changes", "Renewals"], 3 + 16)


@pytest.mark.long
@pytest.mark.parametrize("command", ["customers", "catalog"])
def test_lists_are_pulled_into_workbooks(desk: Desk, command: str) -> None:
    ended = desk.run(command, "pull", "-o", desk.folder)
    assert ended.code == 0
    (path,) = desk.folder.glob(f"{command}*.xlsx")
    assert ended.out.strip() == path.name
    assert openpyxl.load_workbook(path).worksheets[0].max_row > 40


@pytest.mark.long
def test_a_day_without_subscriptions_to_compare_is_refused(desk: Desk) -> None:
    ended = desk.run("catalog", "compare", "a.xlsx", "b.xlsx", "--due-before", "2027-01-31")
    assert (ended.code, "--subscriptions" in ended.err) == (2, True)
