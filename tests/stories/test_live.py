"""A live profile: orders leave only after their number was given, by a flag or by a person at a terminal."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from books.order_books import order_rows, write_book
from processes import Desk, Ended, Practice

ROWS = 3


@dataclass
class Office:
    desk: Desk
    practice: Practice

    def run(self, *options: object) -> Ended:
        return self.desk.run(
            "run", self.desk.folder / "orders.xlsx", "--profile", "live", "--new-ledger", *options
        )


@pytest.fixture
def office(desk: Desk) -> Office:
    practice = desk.practice()
    (desk.home / "settings.toml").write_text(
        f'[profiles.live]\nbase_url = "{practice.base_url}"\nuser = "practice"\nrate_per_s = 20\nwindow_s = 0\n',
        encoding="utf-8",
    )
    desk.settings.update(BULK_ORDERS_PASSWORD="practice", BULK_ORDERS_SUBSCRIPTION_KEY="practice")
    write_book(desk.folder / "orders.xlsx", order_rows(ROWS))
    return Office(desk, practice)


@pytest.mark.long
def test_without_a_number_nothing_is_sent_where_nobody_can_be_asked(office: Office) -> None:
    started_s = time.monotonic()

    ended = office.run()

    assert (ended.code, office.practice.posts()) == (9, 0)
    assert f"--confirm {ROWS}" in ended.err
    assert "LIVE   these orders are real" in ended.err
    assert time.monotonic() - started_s < 10


@pytest.mark.long
@pytest.mark.parametrize("number", [0, ROWS - 1, ROWS + 1])
def test_another_number_than_that_of_the_orders_is_refused(office: Office, number: int) -> None:
    ended = office.run("--confirm", number)

    assert (ended.code, office.practice.posts()) == (9, 0)
    assert f"Use --confirm {ROWS}" in ended.err


@pytest.mark.long
def test_the_right_number_sends(office: Office) -> None:
    ended = office.run("--confirm", ROWS, "--json")

    assert (ended.code, ended.json["environment"]) == (0, "LIVE")
    assert office.practice.count() == ROWS
    assert (office.desk.home / "ledger.sqlite").exists()
    assert not (office.desk.home / "practice").exists()


@pytest.mark.long
@pytest.mark.parametrize(
    ("stated", "options", "code"),
    [
        (ROWS, ("--max-orders", 10), 0),
        (ROWS, (), 9),  # a limit belongs to it
        (ROWS + 1, ("--max-orders", 10), 3),
    ],
)
def test_control_totals_that_agree_stand_in_for_the_number(
    office: Office, stated: int, options: tuple[object, ...], code: int
) -> None:
    (office.desk.folder / "orders.ctl").write_text(f"orders = {stated}\n", encoding="utf-8")

    ended = office.run(*options)

    assert (ended.code, office.practice.posts()) == (code, 0 if code else ROWS)


def test_yes_does_not_confirm_a_live_run(office: Office) -> None:
    ended = office.run("--yes")

    assert (ended.code, office.practice.posts()) == (2, 0)
    assert "--confirm" in ended.err


@pytest.mark.long
def test_a_live_run_is_followed_and_resumed_by_its_id_alone(office: Office) -> None:
    run = office.run("--confirm", ROWS, "--json")

    status = office.desk.run("status", run.json["run_id"], "--json")
    resumed = office.desk.run("resume", run.json["run_id"], "--json")

    assert (status.code, resumed.code, office.practice.posts()) == (0, 0, ROWS)
    assert status.json["environment"] == resumed.json["environment"] == "LIVE"


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """The person's end of a terminal, and the program's."""
    person, program = os.openpty()
    yield person, program
    os.close(program)
    os.close(person)


def typed(
    office: Office, terminal: tuple[int, int], keys: str, *flags: str, ahead: str = "", again: str = ""
) -> tuple[Ended, str]:
    """What the program did, and what the person saw, who typed `ahead` before any question was there.

    `again` is typed where the first answer is not understood.
    """
    person, program = terminal
    os.write(person, ahead.encode())
    file = office.desk.folder / "orders.xlsx"
    running = office.desk.at_a_terminal(program, *flags, "run", file, "--profile", "live")
    seen = ""
    while f"Type {ROWS} to send" not in seen and "Fix:" not in seen:
        seen += os.read(person, 65536).decode()
    os.write(person, keys.encode())
    while again and "Type a number from 1" not in seen:
        seen += os.read(person, 65536).decode()
    os.write(person, again.encode())
    ended = running.wait()
    return ended, seen + os.read(person, 1_000_000).decode()


@pytest.mark.parametrize(("keys", "sent"), [("2\n", 2), pytest.param("3\n", 3, marks=pytest.mark.long)])
def test_a_person_types_how_many_orders_to_send(
    office: Office, terminal: tuple[int, int], keys: str, sent: int
) -> None:
    ended, seen = typed(office, terminal, keys)

    assert (ended.code, office.practice.posts()) == (0, sent)
    assert f"Type {ROWS} to send {ROWS} orders" in seen


@pytest.mark.long
@pytest.mark.parametrize(
    ("keys", "again"), [("4\n", "\n"), ("\n", ""), ("no\n", ""), ("3 orders\n", "no\n"), ("\x04", "")]
)
def test_anything_else_that_is_typed_sends_nothing(
    office: Office, terminal: tuple[int, int], keys: str, again: str
) -> None:
    ended, seen = typed(office, terminal, keys, again=again)

    assert (ended.code, office.practice.posts()) == (9, 0)
    assert "Traceback" not in seen


@pytest.mark.parametrize("ahead", ["3\n", pytest.param("3\n3\n3", marks=pytest.mark.long)])
def test_what_was_typed_before_the_question_was_shown_sends_nothing(
    office: Office, terminal: tuple[int, int], ahead: str
) -> None:
    ended, seen = typed(office, terminal, "\n", ahead=ahead)

    assert (ended.code, office.practice.posts()) == (9, 0)
    assert f"Type {ROWS} to send {ROWS} orders" in seen


@pytest.mark.long
def test_a_first_day_waits_for_an_answer_to_each_order_that_it_has_shown(
    office: Office, terminal: tuple[int, int]
) -> None:
    person, program = terminal
    asked = ("doctor", "--first-day", office.desk.folder / "orders.xlsx", "--profile", "live", "--new-ledger")
    os.write(person, b"1\n1\n1\n")
    running = office.desk.at_a_terminal(program, *asked)
    seen, sent = "", []
    for question, answer in (("Type 1 to place it", b"1\n1\n"), ("This one is LIVE, too", b"\n")):
        while question not in seen:
            seen += os.read(person, 65536).decode()
        time.sleep(0.3)
        sent.append(office.practice.posts())
        os.write(person, answer)

    assert running.wait().code == 0, seen
    assert (sent, office.practice.posts()) == ([0, 1], 1)


@pytest.mark.long
def test_ctrl_c_at_the_question_sends_nothing(office: Office, terminal: tuple[int, int]) -> None:
    person, program = terminal
    running = office.desk.at_a_terminal(
        program, "run", office.desk.folder / "orders.xlsx", "--profile", "live"
    )
    seen = ""
    while f"Type {ROWS} to send" not in seen:
        seen += os.read(person, 65536).decode()
    # A signal in the instant before a blocking read is seen only after the read; no person is so quick.
    time.sleep(0.5)
    running.signal(signal.SIGINT)

    ended = running.wait()
    seen += os.read(person, 65536).decode()
    assert (ended.code, office.practice.posts()) == (130, 0), seen
    assert "Nothing was sent." in seen


@pytest.mark.long
def test_with_no_input_nobody_is_asked_at_a_terminal_either(
    office: Office, terminal: tuple[int, int]
) -> None:
    ended, seen = typed(office, terminal, "3\n", "--no-input")

    assert (ended.code, office.practice.posts()) == (9, 0)
    assert "Type " not in seen


@pytest.mark.long
def test_the_question_is_shown_with_quiet_too(office: Office, terminal: tuple[int, int]) -> None:
    ended, seen = typed(office, terminal, "\n", "--quiet")

    assert (ended.code, office.practice.posts()) == (9, 0)
    assert f"Type {ROWS} to send {ROWS} orders" in seen
