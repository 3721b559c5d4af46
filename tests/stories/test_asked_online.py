"""`check --online` and `check --estimate` from the command line: counts, JSON, workbook, next step, exit code, pace."""

import time
from pathlib import Path

import openpyxl
import pytest
from books.order_books import BASIC, TOO_MANY, order_row, order_rows, write_book
from cli.checked_books import lines_of_problems, marks_of, notes_of
from processes import Desk, Practice, wait_until

pytestmark = pytest.mark.long

RATE = 20


def asked(practice: Practice) -> dict[str, int]:
    return {
        route: int(number)
        for route, number in practice.stats()["requests"].items()
        if route != "POST /token" and number
    }


def nameless(number: int, **changes: str) -> dict[str, str]:
    """A row without the name of its customer, of whom the marketplace has another idea."""
    return order_row(number, customer_company_name="", **changes)


FIRST_CONTACT = 2
"""Questions about the account itself, once ever: a product and an estimate."""


def test_what_the_marketplace_says_is_a_problem_like_any_other(desk: Desk) -> None:
    practice = desk.practice()
    rows = [
        nameless(1),
        nameless(2, mpn="CFQ7TTC0LH16:9999"),
        nameless(3, mpn=BASIC, quantity=TOO_MANY),
        nameless(4, mpn="CFQ7TTC0HX99:0001", offer_attestation="true"),
    ]
    book = write_book(desk.folder / "orders.xlsx", rows)
    arguments = ("check", book, "--online", "--practice-at", practice.base_url)

    shown, as_json = desk.run(*arguments), desk.run(*arguments, "--json")

    told = [(found["code"], found["cells"]) for found in as_json.json["problems"] if found["code"][0] == "O"]
    assert told == [("O-PRODUCT", ["H3"]), ("O-QUANTITY", ["I4"]), ("O-OFFERED", ["J5"])]
    assert as_json.json["counts"] == {
        "rows": 4,
        "ready": 1,
        "to_fix": 3,
        "skipped": 0,
        "hidden": 0,
        "ordered_before": 0,
    }
    assert (shown.code, as_json.code, as_json.json["exit_code"]) == (3, 3, 3)
    assert "✔ 1 ready    ✖ 3 to fix" in shown.out
    assert "run orders.checked.xlsx" in shown.err.replace(str(desk.folder) + "/", "")
    checked = desk.folder / "orders.checked.xlsx"
    assert {cell: kind for cell, kind in marks_of(checked).items() if kind == "error"} == dict.fromkeys(
        ("Orders!H3", "Orders!I4", "Orders!J5"), "error"
    )
    assert "O-QUANTITY" in notes_of(checked)["Orders!I4"]
    proposed = {line["Where"]: line["Proposed value"] for line in lines_of_problems(checked)}
    assert proposed["Orders!J5"] == "1 month"
    assert practice.posts() == 0


def test_a_proposal_of_the_marketplace_is_applied_like_any_other(desk: Desk) -> None:
    row = nameless(1, mpn="CFQ7TTC0HX99:0001", offer_attestation="true")
    book = write_book(desk.folder / "orders.xlsx", [row])
    desk.run("check", book, "--online")
    checked = desk.folder / "orders.checked.xlsx"
    _say_yes(checked)

    fixed = desk.run("fix", checked, "--json")
    again = desk.run("check", fixed.json["files"]["fixed"], "--online", "--json")

    assert (fixed.code, again.code, again.json["counts"]["ready"]) == (0, 0, 1)


def _say_yes(checked: Path) -> None:
    book = openpyxl.load_workbook(checked)
    sheet = book["Problems"]
    top = next(row[0].row for row in sheet.iter_rows() if row[0].value == "#")
    headers = {cell.value: cell.column for cell in sheet[top]}
    for row in range(top + 1, sheet.max_row + 1):
        if sheet.cell(row, headers["Proposed value"]).value:
            sheet.cell(row, headers["Apply?"]).value = "Yes"
    book.save(checked)


def test_rows_that_were_ordered_are_said_to_be_with_and_without_asking(desk: Desk) -> None:
    desk.run("run", write_book(desk.folder / "first.xlsx", order_rows(2)), "--practice")
    book = write_book(desk.folder / "both.xlsx", order_rows(3))

    offline, online = (desk.run("check", book, *more, "--json") for more in ((), ("--online",)))

    for ended in (offline, online):
        assert (ended.json["counts"]["ready"], ended.json["counts"]["ordered_before"]) == (1, 2)
        told = [found for found in ended.json["problems"] if found["code"] == "I-ORDERED-BEFORE"]
        assert [found["row"] for found in told] == [2, 3]
        assert ended.code == 0
    all_ordered = desk.run("check", desk.folder / "first.xlsx")
    assert "0 ready    ↺ 2 ordered before" in all_ordered.out
    assert "nothing is left to send" in all_ordered.err
    planned = desk.run("plan", desk.folder / "first.xlsx", "--practice")
    assert "0 ready    ↺ 2 ordered before" in planned.err


def test_questions_go_side_by_side_at_the_profiles_pace_and_progress_is_told_at_once(desk: Desk) -> None:
    desk.settings["BULK_ORDERS_RATE_PER_S"] = str(RATE)
    practice = desk.practice("--latency-ms", 150)
    book = write_book(desk.folder / "orders.xlsx", order_rows(60, customers=30, customer_company_name=""))
    begun = time.monotonic()
    started = desk.start("check", book, "--online", "--estimate", "--practice-at", practice.base_url)

    started.says("Asking the marketplace: 0 of 151 questions answered")
    told_s = time.monotonic() - begun
    wait_until(lambda: bool(asked(practice)), "the first question")
    first_s = time.monotonic()
    ended = started.wait()
    took_s = time.monotonic() - first_s

    questions = asked(practice)
    assert (ended.code, sum(questions.values())) == (0, 30 + 1 + 60 + 60 + FIRST_CONTACT)
    assert took_s <= 1.2 * sum(questions.values()) / RATE + 1
    assert told_s < 5


def test_a_check_that_was_stopped_goes_on_and_asks_nothing_twice(desk: Desk) -> None:
    desk.settings["BULK_ORDERS_RATE_PER_S"] = "10"
    practice = desk.practice()
    book = write_book(desk.folder / "orders.xlsx", order_rows(20, customers=1, customer_company_name=""))
    arguments = ("check", book, "--online", "--practice-at", practice.base_url)
    started = desk.start(*arguments)
    wait_until(lambda: asked(practice).get("POST /validation/parameters", 0) >= 5, "some questions")
    started.signal(2)

    stopped = started.wait()
    ended = desk.run(*arguments)

    assert (stopped.code, ended.code) == (130, 0)
    assert "Stopped." in stopped.err
    assert asked(practice) == {
        "GET /customers/{id}": 1,
        "GET /products": 1 + 1,
        "POST /validation/parameters": 20,
        "POST /orders/estimate": 20 + 1,
    }


def test_limits_stop_with_the_guards_exit_code_and_a_rows_limit_is_a_row_to_fix(desk: Desk) -> None:
    rows = [{**nameless(number), "Maximum price": limit} for number, limit in ((1, ""), (2, "1"))]
    book = write_book(desk.folder / "orders.xlsx", rows)
    only_first = write_book(desk.folder / "first.xlsx", rows[:1])

    dear = desk.run("check", book, "--estimate", "--json")
    over = desk.run("check", only_first, "--max-amount", "5", "--json")
    said = desk.run("check", only_first, "--max-amount", "5")
    kept = desk.run("check", only_first, "--max-amount", "8.40", "--max-per-customer", "8.40")

    assert (dear.code, over.code, kept.code) == (3, 9, 0)
    told = [(found["code"], found["cells"]) for found in dear.json["problems"]]
    assert told == [("O-PRICE", ["M3"])]
    assert over.json["money"]["limits_not_kept"] == [
        "The orders cost USD 8.40 at first, more than the 5.00 of --max-amount."
    ]
    assert over.json["estimate"] == {"USD": "8.40"}
    assert "Raise the limit" in said.err
    assert "Next:" not in said.err


DEMO = Path(__file__).parents[2] / "sample_data" / "orders-demo.xlsx"


@pytest.mark.long
def test_an_account_that_wants_commitment_and_vendor_in_the_line_is_learnt_by_the_check_and_known_to_the_run(
    desk: Desk,
) -> None:
    practice = desk.practice("--account", "period=line-only,vendor=line")
    demo = desk.folder / "demo.xlsx"
    demo.write_bytes(DEMO.read_bytes())

    checked = desk.run("check", demo, "--online", "--json", "--practice-at", practice.base_url)
    posts = practice.posts()
    known = desk.run("doctor", "--practice-at", practice.base_url)
    ran = desk.run("run", demo, "--practice-at", practice.base_url)
    forgotten = desk.run("doctor", "--forget-account", "--practice-at", practice.base_url)

    assert (checked.code, checked.json["counts"]["ready"], posts) == (0, 40, 0)
    assert 'each product line names its vendor ("Microsoft")' in known.out
    assert (ran.code, practice.count()) == (0, 40)
    assert "is forgotten" in forgotten.out
    assert "nothing is known yet" in desk.run("doctor", "--practice-at", practice.base_url).out


def test_the_vendor_column_settles_an_mpn_that_two_vendors_sell(desk: Desk) -> None:
    desk_pro = {
        "mpn": "WORKSPACE-DESK-PRO",
        "parameter: administrator_email": "it@company.example.com",
        "parameter: workspace (json)": '{"name": "Rings"}',
    }
    rows = [
        {**nameless(1, **desk_pro), "Vendor": "Northbeam"},
        {**nameless(2, **desk_pro), "Vendor": ""},
    ]
    book = write_book(desk.folder / "orders.xlsx", rows)

    checked = desk.run("check", book, "--online", "--json")

    told = [(found["code"], found["cells"]) for found in checked.json["problems"] if found["code"][0] == "O"]
    assert told == [("O-NOT-UNIQUE", ["O3", "H3"])]
    assert checked.json["counts"]["ready"] == 1
