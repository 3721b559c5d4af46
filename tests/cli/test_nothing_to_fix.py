"""A check names red cells only where there are some that can be fixed, and ticks nothing where nothing is ready."""

import openpyxl
from books.order_books import order_rows, write_book
from processes import Desk


def test_an_empty_workbook_is_to_be_filled_in_itself(desk: Desk) -> None:
    desk.run("template", "-o", desk.folder / "empty.xlsx")

    ended = desk.run("check", desk.folder / "empty.xlsx")

    assert ended.code == 3
    assert "– 0 ready" in ended.out
    assert "Nothing was sent. Correct your file, then:  bulk-orders check " in ended.err
    assert "red cells" not in ended.words
    assert not (desk.folder / "empty.checked.xlsx").exists()


def test_a_run_that_is_refused_counts_as_check_does_and_offers_no_rows_that_were_ordered(desk: Desk) -> None:
    good = order_rows(3)
    desk.run("run", write_book(desk.folder / "good.xlsx", good[:2]), "--practice")
    book = write_book(desk.folder / "orders.xlsx", [*good[:2], {**good[2], "quantity": "none"}])

    counts = [desk.run(verb, book, "--json").json["counts"] for verb in ("check", "run", "plan")]
    refused = desk.run("run", book)

    assert [(one["ready"], one["to_fix"], one["ordered_before"]) for one in counts] == [(0, 1, 2)] * 3
    assert "– 0 ready    ✖ 1 to fix    ↺ 2 ordered before" in refused.err
    *_, ended, fix = refused.err.splitlines()
    assert ended == "✖ 1 row to fix; nothing was sent."
    assert fix.startswith("  Fix: Correct the red cells in ")
    assert (fix.count("`bulk-orders run "), "--only-ready" in fix) == (1, False)
    assert refused.err.count("othing was sent") == 1


def test_who_chose_yes_and_runs_the_checked_workbook_hears_of_fix(desk: Desk) -> None:
    rows = order_rows(2)
    desk.run("check", write_book(desk.folder / "orders.xlsx", [{**rows[0], "quantity": "5 seats"}, rows[1]]))
    path = desk.folder / "orders.checked.xlsx"
    first = desk.run("run", path)
    assert "Or choose Yes under Apply? on its sheet Problems, then `bulk-orders fix " in first.err
    assert "Or send the others with --only-ready." in first.err

    book = openpyxl.load_workbook(path)
    sheet = book["Problems"]
    header = next(row for row in sheet.iter_rows() if any(cell.value == "Apply?" for cell in row))
    column = next(cell.column for cell in header if cell.value == "Apply?")
    sheet.cell(header[0].row + 1, column).value = "Yes"
    book.save(path)
    before = path.read_bytes()
    ended = desk.run("run", path)

    assert ended.code == 3
    assert "You chose Yes in 1 row of the sheet Problems. To apply it:  bulk-orders fix " in ended.err
    assert (path.read_bytes() == before, len(list(desk.folder.glob("*.checked*")))) == (True, 1)


def test_a_check_that_had_nothing_to_ask_says_so(desk: Desk) -> None:
    good = order_rows(1)
    broken = write_book(desk.folder / "broken.xlsx", [{**good[0], "quantity": "none"}])

    told = desk.run("check", broken, "--online", "--estimate")
    asked = desk.run("check", write_book(desk.folder / "good.xlsx", good), "--estimate")

    nothing = "Without a ready row there was nothing to ask the marketplace about."
    assert (told.code, nothing in told.err, "questions answered" in told.err) == (3, True, False)
    assert (asked.code, nothing in asked.err, "questions answered" in asked.err) == (0, False, True)
