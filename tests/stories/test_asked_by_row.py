"""A person is asked about the rows of the workbook that lies before them, wherever a later run found the same orders."""

import os

import pytest
from books.order_books import order_row, write_book
from processes import Desk

pytestmark = pytest.mark.long


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no pseudo terminals here")
def test_a_row_that_a_later_run_found_elsewhere_is_decided_by_its_number_in_the_run_that_is_named(
    desk: Desk,
) -> None:
    alike = [order_row(1, reference=""), order_row(2, reference="")]
    desk.run("run", write_book(desk.folder / "first.xlsx", [order_row(1), order_row(2)]), "--practice")
    earlier = desk.run("run", write_book(desk.folder / "alike.xlsx", alike), "--practice", "--json")
    moved = [*(order_row(n) for n in (1, 2)), *alike]
    desk.run("run", write_book(desk.folder / "moved.xlsx", moved), "--practice", "--json")

    person, program = os.openpty()
    try:
        running = desk.at_a_terminal(program, "resolve", earlier.json["run_id"])
        seen = ""
        for question, answer in (("Type its", "c"), ("reason for row", "it is meant"), ("Type its", "")):
            asked_at = len(seen)
            while question not in seen[asked_at:]:
                seen += os.read(person, 1_000_000).decode()
            os.write(person, f"{answer}\n".encode())
        ended = running.wait()
        seen += os.read(person, 1_000_000).decode()
    finally:
        os.close(program)
        os.close(person)

    assert ("Row 2  without a reference" in seen, "Row 3  without a reference" in seen) == (True, True)
    assert "waits for no decision" not in seen
    assert desk.run("report", earlier.json["run_id"], "--json").json["counts"]["held"] == 1
    assert ended.code == 9
