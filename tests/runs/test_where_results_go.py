"""Where the results go is on record before the first order: whoever goes on with a killed run finds it there."""

from pathlib import Path

import pytest
from books.order_books import order_rows, write_book
from practice_office import office

from bulk_orders.checking.check import CheckContext
from bulk_orders.runs.mapped_source import read_source
from bulk_orders.runs.new_run import RunOptions
from bulk_orders.runs.run import prepare_run, resume_run


@pytest.mark.parametrize("said", [None, "results.xlsx", "folder"])
def test_a_run_that_was_killed_before_it_wrote_results_writes_them_where_it_was_told_to(
    tmp_path: Path, said: str | None
) -> None:
    book = write_book(tmp_path / "orders.xlsx", order_rows(2))
    (tmp_path / "folder").mkdir()
    target = tmp_path / said if said else None
    with office("") as (services, _):
        source, checked = read_source(book, CheckContext(today=services.clock.now().date()))
        options = RunOptions(is_first_ever=True, results=target)
        with prepare_run(services, source, checked, options) as prepared:
            assert len(prepared.engine.enlist(prepared.plan, source.content)) == 2  # and no further
        (run,) = services.ledger.runs()
        path = resume_run(services, run).results_path

    assert path is not None
    assert path.is_file()
    wanted = tmp_path / "folder" if said == "folder" else tmp_path
    assert path.parent == wanted
    assert path.name.startswith("results.xlsx" if said == "results.xlsx" else "orders.results-")
