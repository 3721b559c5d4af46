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
    assert (refused.code, "“yesterday” is neither a day nor an age." in refused.err) == (2, True)
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
def test_a_run_that_cannot_be_asked_stops_no_other(desk: Desk) -> None:
    practice = desk.practice()
    settings = desk.home / "settings.toml"
    settings.write_text(
        f'[profiles.gone]\nbase_url = "{practice.base_url}"\nuser = "practice"\nwindow_s = 0\n',
        encoding="utf-8",
    )
    desk.settings.update(BULK_ORDERS_PASSWORD="practice", BULK_ORDERS_SUBSCRIPTION_KEY="practice")
    lost = write_book(desk.folder / "lost.xlsx", order_rows(1))
    sent = desk.run("run", lost, "--profile", "gone", "--confirm", 1, "--new-ledger", "--json")
    assert sent.code == 0, sent.words
    settings.unlink()
    good = write_book(desk.folder / "good.xlsx", order_rows(2))
    assert desk.run("run", good, "--practice").code == 0

    told = desk.run("status", "--all-open", "--json")
    shown = desk.run("status", "--all-open")

    assert (told.code, shown.code) == (6, 6)
    assert [run["run_id"] for run in told.json["not_asked"]] == [sent.json["run_id"]]
    assert len(told.json["runs"]) == 1
    assert f"Run {sent.json['run_id']} cannot be asked" in shown.err
    assert "good.xlsx" in shown.out


@pytest.mark.long
def test_of_several_files_each_is_a_run_and_a_bad_one_stops_no_other(desk: Desk) -> None:
    good = [
        write_book(desk.folder / f"{name}.xlsx", order_rows(last)[last - 2 :])
        for name, last in (("a", 2), ("c", 4))
    ]
    bad = write_book(desk.folder / "b.xlsx", order_rows(1, reference="BAD-1", quantity="0"))
    none = desk.folder / "none.xlsx"

    told = desk.run("run", good[0], bad, none, good[1], "--practice", "--json")
    again = desk.run("run", *good, "--practice")

    ends = [(Path(found["file"]).name, found["ended"]["exit_code"]) for found in told.json["workbooks"]]
    assert ends == [("a.xlsx", 0), ("b.xlsx", 3), ("none.xlsx", 3), ("c.xlsx", 0)]
    assert told.code == told.json["exit_code"] == 3
    assert len(ids(desk)) == 4
    assert (again.code, again.out.count("2 ordered before")) == (0, 2), again.words


@pytest.mark.long
def test_files_behind_a_run_that_stops_early_are_named(desk: Desk) -> None:
    refused = [
        {**order_rows(1)[0], "mpn": BASIC, "quantity": TOO_MANY, "reference": f"BAD-{number}"}
        for number in range(7)
    ]
    bad = write_book(desk.folder / "a.xlsx", refused)
    good = write_book(desk.folder / "b.xlsx", order_rows(2))

    told = desk.run("run", bad, good, "--practice", "--json")
    plain = desk.run("run", bad, good, "--practice")

    ends = [(Path(found["file"]).name, found["ended"]["exit_code"]) for found in told.json["workbooks"]]
    assert ends == [("a.xlsx", 4), ("b.xlsx", 7)]
    assert (told.code, plain.code) == (4, 4)
    assert "✖ Not run: b.xlsx." in plain.err


@pytest.mark.parametrize("option", ["--confirm", "--first", "-o"])
def test_what_is_for_one_file_is_refused_for_several(desk: Desk, option: str) -> None:
    value = {"-o": "results.xlsx"}.get(option, "1")
    refused = desk.run("run", "a.xlsx", "b.xlsx", option, value)
    assert (refused.code, f"{option} takes one workbook, and there are 2." in refused.err) == (2, True)


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
