"""Which runs there are, and what of them is still to come."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from books.order_books import BASIC, TOO_MANY, order_rows, write_book
from processes import Desk

ROOT = Path(__file__).parents[2]


def ids(desk: Desk, *options: object) -> list[str]:
    return [run["run_id"] for run in desk.run("history", "--json", *options).json["runs"]]


def test_without_a_run_or_all_of_them_and_with_a_time_that_is_none_nothing_is_asked(desk: Desk) -> None:
    assert desk.run("status").code == 2
    assert desk.run("status", "last", "--all-open").code == 2
    refused = desk.run("history", "--since", "yesterday")
    assert (refused.code, "“yesterday” is not an age." in refused.err) == (2, True)
    assert desk.run("status", "--all-open").code == 0


@pytest.mark.long
def test_runs_are_listed_by_number_time_and_outcome_and_open_ones_followed(desk: Desk) -> None:
    good = write_book(desk.folder / "good.xlsx", order_rows(2))
    bad = write_book(desk.folder / "bad.xlsx", order_rows(1, mpn=BASIC, quantity=TOO_MANY, reference="BAD-1"))
    first, second = (desk.run("run", book, "--practice", "--json").json["run_id"] for book in (good, bad))

    assert ids(desk) == [second, first]
    assert ids(desk, "--limit", 1) == [second]
    assert ids(desk, "--outcome", "rejected") == [second]
    assert ids(desk, "--outcome", "rejected", "--outcome", "accepted") == [second, first]
    assert ids(desk, "--since", "2099-01-01") == []
    assert ids(desk, "--since", "1d") == [second, first]

    told = desk.run("status", "--all-open", "--json")
    assert (told.code, [run["run_id"] for run in told.json["runs"]]) == (0, [first])
    assert desk.run("status", "--all-open", "--wait", "1m").code == 0
    again = desk.run("status", "--all-open")
    assert (again.code, "No run is open" in again.err) == (0, True)  # its orders are set up


@pytest.mark.long
def test_the_first_night_of_the_page_goes_as_it_says(desk: Desk) -> None:
    page = (ROOT / "bulk_orders" / "help" / "scheduling.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    (desk.home / "settings.toml").write_text(
        "[profiles.practice.nightly]\nstable_s = 0.2\n", encoding="utf-8"
    )
    program = f'bulk-orders() {{ "{sys.executable}" -m bulk_orders "$@"; }}\n'
    (desk.folder / "sample_data").symlink_to(ROOT / "sample_data")

    ended = subprocess.run(
        ["bash", "-c", program + block],
        cwd=desk.folder,
        env=desk.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 3, ended.stderr
    assert "→ orders-flat.csv would be processed." in ended.stdout
    assert "✔ orders-flat.csv: 12 accepted" in ended.stdout
    nights = desk.folder / "nights"
    assert len(list(nights.glob("processed/*/orders-flat.csv"))) == 1
    assert (nights / "needs-attention" / "READ-ME-orders-broken.xlsx.txt").exists()
