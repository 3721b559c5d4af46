"""The command that is named next leads on: a live workbook's keeps its profile."""

import re

import openpyxl
from books.order_books import order_rows, write_book
from processes import Desk

LIVE = '[profiles.live]\nbase_url = "https://127.0.0.1:9/x"\nuser = "me"\n'
NAMED = re.compile(r"bulk-orders (?:check|run|fix) [^`\n]*")


def test_the_commands_named_for_a_live_workbook_keep_its_profile(desk: Desk) -> None:
    (desk.home / "settings.toml").write_text(LIVE, encoding="utf-8")
    desk.settings.update(BULK_ORDERS_PASSWORD="secret", BULK_ORDERS_SUBSCRIPTION_KEY="key")
    live = ("--profile", "live")
    rows = order_rows(2)
    broken = [{**rows[0], "quantity": "5 seats"}, {**rows[1], "quantity": "none"}]
    write_book(desk.folder / "orders.xlsx", broken)
    desk.run("template", "-o", "empty.xlsx")
    told = [desk.run("check", "orders.xlsx", *live)]
    _say_yes(desk, "orders.checked.xlsx")

    told.append(desk.run("fix", "orders.checked.xlsx", *live))
    told += [desk.run(verb, "empty.xlsx", *live) for verb in ("check", "run")]

    named = [command for ended in told for command in NAMED.findall(ended.words)]
    assert [command for command in named if "--profile live" not in command] == []
    assert "Next:  bulk-orders check orders.fixed.xlsx --profile live" in told[1].err
    assert "Fix: Correct your file, then `bulk-orders run empty.xlsx --profile live`." in told[3].err


def test_a_sheet_that_is_not_as_it_was_pulled_is_pulled_over_and_then_run(desk: Desk) -> None:
    desk.run("subscriptions", "pull", "-o", "s.xlsx")
    book = openpyxl.load_workbook(desk.folder / "s.xlsx")
    sheet = book["Subscriptions"]
    has = sheet["E4"].value
    sheet["E4"], sheet["F4"], sheet["I4"] = has + 1, has + 2, "Now"
    book.save(desk.folder / "s.xlsx")

    refused = desk.run("check", "s.xlsx", "--online")
    pull = "subscriptions pull -o s.checked.xlsx"
    assert f"up to date:  bulk-orders {pull}\nThen:  bulk-orders run s.checked.xlsx" in refused.err

    assert desk.run(*pull.split()).code == 0
    assert "✔ 1 ready" in desk.run("check", "s.checked.xlsx", "--online").out


def test_a_sheet_whose_wish_is_fulfilled_is_done_and_no_error(desk: Desk) -> None:
    desk.run("subscriptions", "pull", "-o", "s.xlsx")
    book = openpyxl.load_workbook(desk.folder / "s.xlsx")
    book["Subscriptions"]["F4"] = book["Subscriptions"]["E4"].value
    book.save(desk.folder / "s.xlsx")

    checked, ran = desk.run("check", "s.xlsx"), desk.run("run", "s.xlsx")

    assert (checked.code, checked.err.splitlines()[-1]) == (
        0,
        "Nothing was sent, and nothing is left to send.",
    )
    assert (ran.code, "There was nothing to send." in ran.out, "✖" in ran.words) == (0, True, False)


def _say_yes(desk: Desk, name: str) -> None:
    """Approve the first fix that is proposed."""
    book = openpyxl.load_workbook(desk.folder / name)
    sheet = book["Problems"]
    header = next(row for row in sheet.iter_rows() if any(cell.value == "Apply?" for cell in row))
    column = next(cell.column for cell in header if cell.value == "Apply?")
    assert header[0].row is not None
    sheet.cell(header[0].row + 1, column).value = "Yes"
    book.save(desk.folder / name)
