"""Nights as processes: what a scheduler sees, two at once, and one that is killed in the middle."""

import json
import signal
from pathlib import Path

import pytest
from books.order_books import order_rows, write_book
from placed_once import assert_nothing_twice_and_nothing_lost
from processes import Desk, Practice


def inbox(desk: Desk) -> Path:
    folder = desk.folder / "orders"
    (folder / "inbox").mkdir(parents=True)
    return folder


def live(desk: Desk, *options: object) -> Practice:
    practice = desk.practice(*options)
    (desk.home / "settings.toml").write_text(
        f'[profiles.live]\nbase_url = "{practice.base_url}"\nuser = "practice"\nrate_per_s = 20\nwindow_s = 0\n'
        "settle_s = 0\n[profiles.live.nightly]\nmax_orders = 100\nstable_s = 0.2\n",
        encoding="utf-8",
    )
    desk.settings.update(BULK_ORDERS_PASSWORD="practice", BULK_ORDERS_SUBSCRIPTION_KEY="practice")
    return practice


def test_a_night_says_what_it_did_to_people_and_machines(desk: Desk) -> None:
    folder = inbox(desk)
    (desk.home / "settings.toml").write_text(
        "[profiles.practice.nightly]\nstable_s = 0.1\n", encoding="utf-8"
    )
    (folder / "inbox" / "orders.csv").write_text("not,a,list\n1,2,3\n", encoding="utf-8")

    preview = desk.run("nightly", folder, "--dry-run")
    ended = desk.run("nightly", folder, "--json")
    again = desk.run("--quiet", "nightly", folder)

    assert (preview.code, preview.out) == (0, "  → orders.csv would be processed.\n")
    assert (ended.code, ended.json["exit_code"]) == (3, 3)
    assert ended.json["files"][0]["moved_to"] == str(folder / "needs-attention" / "orders.csv")
    assert (again.code, again.out, again.err) == (0, "", "")
    logged = [
        json.loads(line) for path in folder.glob("logs/*.jsonl") for line in path.read_text().splitlines()
    ]
    assert [line["event"] for line in logged if line["event"].startswith("night-")] == [
        *("night-begun", "night-ended") * 2
    ]


def test_without_a_folder_that_exists_there_is_no_night(desk: Desk) -> None:
    assert desk.run("nightly").code == 2
    ended = desk.run("nightly", desk.folder / "nowhere", "--json")
    assert (ended.code, "does not exist" in ended.json["error"]["message"]) == (6, True)


@pytest.mark.long
def test_a_night_that_is_killed_is_gone_on_with_by_the_next(desk: Desk) -> None:
    practice = live(desk, "--latency-ms", 300)
    folder = inbox(desk)
    rows = 12
    book = write_book(folder / "inbox" / "orders.xlsx", order_rows(rows, customers=3))
    book.with_suffix(".ctl").write_text(f"orders = {rows}\n", encoding="utf-8")

    night = desk.start("nightly", folder, "--profile", "live")
    practice.has_taken(2)
    night.signal(signal.SIGKILL)
    night.wait()
    taken = practice.count()
    last = desk.run("nightly", folder, "--profile", "live", "--json")

    assert taken < rows
    (file,) = last.json["files"]
    in_doubt = file["counts"].get("unknown", 0)  # what was recorded and not yet sent when the kill came
    told = json.loads(Path(file["results"]).with_suffix(".json").read_text(encoding="utf-8"))
    assert_nothing_twice_and_nothing_lost(practice, told, rows)
    assert (file["name"], last.code) == ("orders.xlsx", 5 if in_doubt else 0)
    assert list((folder / "work").iterdir()) == []
    assert len(list(folder.glob("processed/*/orders.xlsx"))) == 1


@pytest.mark.long
def test_of_two_nights_at_once_one_works_and_the_other_ends_with_8(desk: Desk) -> None:
    practice = live(desk, "--latency-ms", 300)
    folder = inbox(desk)
    book = write_book(folder / "inbox" / "orders.xlsx", order_rows(12, customers=2))
    book.with_suffix(".ctl").write_text("orders = 12\n", encoding="utf-8")

    nights = [desk.start("nightly", folder, "--profile", "live", "--json") for _ in range(2)]
    ended = sorted((night.wait() for night in nights), key=lambda end: end.code)

    assert [end.code for end in ended] == [0, 8]
    assert ended[1].json["exit_code"] == 8
    assert practice.count() == 12


@pytest.mark.long
def test_who_is_told_is_shown_and_tried(desk: Desk) -> None:
    addresses = desk.home / "finance.txt"
    addresses.write_text("nosuchservice://x\n", encoding="utf-8")
    addresses.chmod(0o600)
    assert desk.run("notify").code == 6
    (desk.home / "settings.toml").write_text(
        f'[profiles.practice.nightly.recipients.finance]\nurls_file = "{addresses}"\noutcomes = [3, 4]\n',
        encoding="utf-8",
    )
    shown, tried = desk.run("notify"), desk.run("notify", "--test", "--json")
    assert (shown.code, shown.out) == (0, "  finance is notified of exit codes 3, 4.\n")
    assert (tried.code, tried.json["tests"][0]["message"]) == (
        6,
        "One of the addresses of finance is not an Apprise URL.",
    )
