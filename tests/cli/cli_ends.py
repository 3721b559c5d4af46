"""Every command with every code that it can end with, and how to bring that about."""

import os
import signal
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import openpyxl
from books.order_books import BASIC, TOO_MANY, order_row, order_rows, write_book
from cli_fields import FIELDS
from gateway import gateway_before
from named_database import ledger_of, named_database
from processes import Desk, Ended

from bulk_orders.ledger.holding import held
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.machine.logins import login_name
from bulk_orders.nightly.folders import NightFolders
from bulk_orders.runs.frozen import digest_of

NOT_LISTENING = "http://127.0.0.1:9/marketplace/us"

Situation = Callable[[Desk], Ended]

COMMANDS: dict[str, tuple[str, ...]] = {
    "template": ("template", "-o", "new.xlsx"),
    "map": ("map", "orders.xlsx"),
    "check": ("check", "orders.xlsx"),
    "fix": ("fix", "orders.checked.xlsx"),
    "run": ("run", "orders.xlsx"),
    "resume": ("resume", "last"),
    "resolve": ("resolve", "last"),
    "audit": ("audit", "last"),
    "verify": ("verify",),
    "status": ("status", "last"),
    "report": ("report", "last"),
    "history": ("history",),
    "undo": ("undo", "last"),
    "purge": ("purge", "--older-than", "1y", "--yes"),
    "doctor": ("doctor",),
    "explain": ("explain", "E-RANGE"),
    "help": ("help", "json"),
    "sandbox": ("sandbox", "--port", "0"),
    "subscriptions pull": ("subscriptions", "pull", "--customer", "1000105563"),
    "customers pull": ("customers", "pull"),
    "catalog pull": ("catalog", "pull", "-o", "later.xlsx"),
    "catalog compare": ("catalog", "compare", "earlier.xlsx", "earlier.xlsx", "-o", "moved.xlsx"),
    "ledger backup": ("ledger", "backup", "copy.sqlite", "--practice"),
    "ledger restore": ("ledger", "restore", "kept.sqlite", "--practice", "--yes"),
    "ledger copy": ("ledger", "copy", "--profile", "practice"),
    "worker": ("worker", "--practice-at", NOT_LISTENING),
    "worker status": ("worker", "status", "--profile", "practice"),
    "plan": ("plan", "orders.xlsx"),
    "approve": ("approve", "PLAN-OPEN"),
    "apply": ("apply", "PLAN-APPROVED"),
    "nightly": ("nightly", "night"),
    "notify": ("notify",),
    "status --all-open": ("status", "--all-open"),
}


# Desks


def a_book(desk: Desk, *rows: dict[str, str]) -> Path:
    return write_book(desk.folder / "made.xlsx", list(rows))


def ran(desk: Desk, code: int, *arguments: object) -> Ended:
    ended = desk.run(*arguments)
    assert ended.code == code, ended.words
    return ended


def where_all_is_well(desk: Desk) -> None:
    """Two orders were placed, a checked workbook lies there, and the ledger was copied; plans and a night can begin."""
    write_book(desk.folder / "orders.xlsx", order_rows(2))
    ran(desk, 0, "run", "orders.xlsx")
    ran(desk, 0, "check", "orders.xlsx", "-o", "orders.checked.xlsx")
    ran(desk, 0, "ledger", "backup", "kept.sqlite", "--practice")
    where_others_made_plans(desk)
    where_a_night_has(desk)


def where_a_workbook_of_orders_is(desk: Desk) -> None:
    a_book(desk, order_row(1))


def where_lists_were_pulled(desk: Desk) -> None:
    ran(desk, 0, "subscriptions", "pull", "--customer", "1000105563")
    ran(desk, 0, "catalog", "pull", "-o", "earlier.xlsx")


def where_an_order_was_refused(desk: Desk) -> None:
    """Another of that run is still being set up."""
    ran(desk, 4, "run", a_book(desk, order_row(1), order_row(2, mpn=BASIC, quantity=TOO_MANY)))


def where_an_answer_was_lost(desk: Desk) -> None:
    desk.settings.update(BULK_ORDERS_SETTLE_S="0")
    ran(desk, 5, "run", a_book(desk, *order_rows(2)), "--faults", "reset-before-commit=every:2")


def where_all_rows_are_held(desk: Desk) -> None:
    """What the last run should have sent equals what an earlier one placed."""
    ran(desk, 0, "run", a_book(desk, order_row(1)))
    ran(desk, 9, "run", a_book(desk, order_row(1, reference="")))


def where_the_bad_row_was_left_out(desk: Desk) -> None:
    ran(desk, 3, "run", a_book(desk, order_row(1), order_row(2, quantity="0")), "--only-ready")


def where_nobody_listens_any_more(desk: Desk) -> None:
    desk.settings.update(BULK_ORDERS_PATIENCE_S="0", BULK_ORDERS_SETTLE_S="0")
    practice = desk.practice("--faults", "reset-before-commit=every:2")
    ran(desk, 5, "run", a_book(desk, *order_rows(2)), "--practice-at", practice.base_url)
    desk.opened.remove(practice)
    practice.close()


def where_the_ledger_is_none(desk: Desk) -> None:
    (desk.home / "practice").mkdir(mode=0o700)
    (desk.home / "practice" / "ledger.sqlite").write_bytes(b"Dear diary, " * 100)


def settings(desk: Desk, metrics: str = "orders.prom") -> None:
    (desk.home / "settings.toml").write_text(
        f'[profiles.practice]\napprovers = ["boss", "{login_name()}"]\n'
        f"[profiles.practice.nightly]\nstable_s = 0.1\nmetrics_file = '{desk.folder / metrics}'\n",
        encoding="utf-8",
    )


def where_others_made_plans(desk: Desk, *rows: dict[str, str], at: str | None = None) -> None:
    """A colleague made two plans of one workbook; the boss approved one of them, and whoever is here may approve the other."""
    book = a_book(desk, *(rows or (order_row(7),)))
    settings(desk)
    told = ran(desk, 0, "plan", book, "--json", *(("--practice-at", at) if at else ())).json["plan"]
    ledger = SqlLedger.open(desk.home / "practice" / "ledger.sqlite")
    with closing(ledger):
        made = ledger.plan(told["id"])
        assert made
        for name in ("PLAN-OPEN", "PLAN-APPROVED"):
            plan = replace(made, plan_id=name, maker="colleague")
            ledger.record_plan(replace(plan, digest=digest_of(plan)))
        ledger.approve_plan("PLAN-APPROVED", by="boss", at=made.made_at)


def where_a_night_has(desk: Desk, *rows: dict[str, str]) -> None:
    """These orders lie in the inbox."""
    (desk.folder / "night" / "inbox").mkdir(parents=True)
    settings(desk)
    if rows:
        write_book(desk.folder / "night" / "inbox" / "tonight.xlsx", list(rows))


def an_empty_desk(_: Desk) -> None:
    return


# Situations


def answered(desk: Desk, *arguments: object) -> Ended:
    return desk.run(*arguments, "--json")


def on(desk_is: Callable[[Desk], None], *arguments: object) -> Situation:
    def situation(desk: Desk) -> Ended:
        desk_is(desk)
        return answered(desk, *arguments)

    return situation


def with_rows(command: str, *rows: dict[str, str], options: Sequence[object] = ()) -> Situation:
    return lambda desk: answered(desk, command, a_book(desk, *rows), *options)


def with_a_checked_workbook(*options: object) -> Situation:
    """Its row has a mistake with a proposal that was approved, and one without."""

    def situation(desk: Desk) -> Ended:
        ran(desk, 3, "check", a_book(desk, order_row(1, quantity="5 seats", mpn="")))
        path = desk.folder / "made.checked.xlsx"
        book = openpyxl.load_workbook(path)
        cells = [cell for row in book["Problems"] for cell in row]
        head = next(cell for cell in cells if cell.value == "Apply?")
        for row in range(head.row + 1, book["Problems"].max_row + 1):
            book["Problems"].cell(row, head.column).value = "Yes"
        book.save(path)
        return answered(desk, "fix", path, *options)

    return situation


def with_a_lost_answer(desk: Desk) -> Ended:
    desk.settings.update(BULK_ORDERS_SETTLE_S="0")
    return answered(desk, "run", a_book(desk, *order_rows(2)), "--faults", "reset-before-commit=every:2")


def where_an_order_is_there_twice(desk: Desk) -> Ended:
    practice = desk.practice()
    with gateway_before(practice, twice=1) as gateway:
        ran(desk, 5, "run", a_book(desk, order_row(1)), "--practice-at", gateway.base_url)
        return answered(desk, "audit", "last")


def an_approved_plan(*rows: dict[str, str], faults: str = "", options: Sequence[object] = ()) -> Situation:
    def situation(desk: Desk) -> Ended:
        desk.settings.update(BULK_ORDERS_SETTLE_S="0")
        where_others_made_plans(
            desk, *rows, at=desk.practice("--faults", faults).base_url if faults else None
        )
        return answered(desk, *COMMANDS["apply"], *options)

    return situation


def a_night_with(*rows: dict[str, str], faults: str = "", options: Sequence[object] = ()) -> Situation:
    def situation(desk: Desk) -> Ended:
        desk.settings.update(BULK_ORDERS_SETTLE_S="0", BULK_ORDERS_PATIENCE_S="0" if options else "30")
        where_a_night_has(desk, *rows)
        at = ("--practice-at", desk.practice("--faults", faults).base_url) if faults else ()
        return answered(desk, *COMMANDS["nightly"], *options, *at)

    return situation


def where_another_night_is(desk: Desk) -> Ended:
    where_all_is_well(desk)
    with NightFolders(root=desk.folder / "night", trigger="").held():
        return answered(desk, *COMMANDS["nightly"])


def of_ones_own_plan(desk: Desk) -> Ended:
    where_all_is_well(desk)
    plan = ran(desk, 0, "plan", a_book(desk, order_row(8)), "--json").json["plan"]
    return answered(desk, "approve", plan["id"])


def where_metrics_cannot_be_written(desk: Desk) -> Ended:
    settings(desk, metrics="no/such/orders.prom")
    return answered(desk, "notify", "--test")


def where_another_run_is(*arguments: object) -> Situation:
    def situation(desk: Desk) -> Ended:
        where_all_is_well(desk)
        with held(ledger_of(desk)):
            return answered(desk, *arguments)

    return situation


def with_a_library_that(does: str, *arguments: object) -> Situation:
    """Another library of that name is found before the one that was installed."""

    def situation(desk: Desk) -> Ended:
        (desk.folder / "platformdirs.py").write_text(does, encoding="utf-8")
        path = os.pathsep.join([str(desk.folder), desk.environment["PYTHONPATH"]])
        return desk.run_cold(*arguments, "--json", PYTHONPATH=path)

    return situation


def with_an_empty_database(does: Situation, *, is_held: bool = False) -> Situation:
    """Named in the settings by a file of its own; perhaps a run uses the ledger's file."""

    def situation(desk: Desk) -> Ended:
        where_all_is_well(desk)
        with named_database(desk, is_held=is_held):
            return does(desk)

    return situation


def stopped(command: str, *, once_it_says: str) -> Situation:
    def situation(desk: Desk) -> Ended:
        started = desk.start(*COMMANDS[command], "--json")
        started.says(once_it_says)
        started.signal(signal.SIGTERM)
        return started.wait()

    return situation


IS_BROKEN = "raise RuntimeError('half of it is missing')"
IS_INTERRUPTED = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)"
WHERE_NOTHING_CAN_BE_WRITTEN = ("-o", "/proc/made.xlsx" if Path("/proc").is_dir() else "/dev/made.xlsx")
OF_A_PROFILE = (
    *("template", "check", "fix", "run", "resume", "resolve", "audit", "verify", "status", "report"),
    *("history", "undo", "purge", "doctor", "ledger copy", "worker", "worker status", "plan", "approve"),
    *(
        "apply",
        "nightly",
        "notify",
        "status --all-open",
        "subscriptions pull",
        "customers pull",
        "catalog pull",
    ),
)
OF_THE_LOCK = ("run", "resume", "resolve", "audit", "purge", "ledger restore", "plan", "apply")
LATER: tuple[tuple[int, Callable[[Desk], None], tuple[str, ...]], ...] = (
    (3, where_the_bad_row_was_left_out, ("resume",)),
    (4, where_an_order_was_refused, ("resume", "resolve", "status", "status --all-open")),
    (5, where_an_answer_was_lost, ("resume", "resolve", "status", "status --all-open")),
    (7, where_nobody_listens_any_more, ("resume", "resolve", "audit", "status", "status --all-open")),
    (9, where_all_rows_are_held, ("resume", "resolve", "status", "status --all-open")),
)
ENDS: dict[tuple[str, int], Situation] = {
    **{(command, 0): on(where_all_is_well, *words) for command, words in COMMANDS.items()},
    **{(command, 1): with_a_library_that(IS_BROKEN, *words) for command, words in COMMANDS.items()},
    **{(command, 2): on(an_empty_desk, *words, "--no-such-option") for command, words in COMMANDS.items()},
    **{(command, 130): with_a_library_that(IS_INTERRUPTED, *words) for command, words in COMMANDS.items()},
    **{
        (command, 6): on(where_all_is_well, *COMMANDS[command], "--profile", "nowhere")
        for command in OF_A_PROFILE
    },
    **{(command, 8): where_another_run_is(*COMMANDS[command]) for command in OF_THE_LOCK},
    **{
        (command, code): on(desk_is, *COMMANDS[command])
        for code, desk_is, commands in LATER
        for command in commands
    },
    ("catalog compare", 0): on(where_lists_were_pulled, *COMMANDS["catalog compare"]),
    ("subscriptions pull", 3): on(where_a_workbook_of_orders_is, "subscriptions", "pull", "-o", "made.xlsx"),
    ("catalog compare", 3): on(an_empty_desk, *COMMANDS["catalog compare"]),
    ("catalog compare", 7): on(
        where_lists_were_pulled, *COMMANDS["catalog compare"][:-2], *WHERE_NOTHING_CAN_BE_WRITTEN
    ),
    **{
        (command, 7): on(an_empty_desk, *COMMANDS[command], "--practice-at", NOT_LISTENING)
        for command in ("subscriptions pull", "customers pull", "catalog pull")
    },
    ("sandbox", 0): stopped("sandbox", once_it_says='"url"'),
    ("ledger copy", 0): with_an_empty_database(on(an_empty_desk, *COMMANDS["ledger copy"])),
    ("ledger copy", 8): with_an_empty_database(on(an_empty_desk, *COMMANDS["ledger copy"]), is_held=True),
    ("worker", 0): with_an_empty_database(stopped("worker", once_it_says="Ctrl-C ends it")),
    ("worker status", 0): with_an_empty_database(on(an_empty_desk, *COMMANDS["worker status"])),
    ("template", 7): on(an_empty_desk, "template", *WHERE_NOTHING_CAN_BE_WRITTEN),
    ("map", 3): on(an_empty_desk, "map", "none.csv"),
    ("check", 3): with_rows("check", order_row(1, quantity="0")),
    ("check", 7): with_rows("check", order_row(1), options=WHERE_NOTHING_CAN_BE_WRITTEN),
    ("check", 9): with_rows("check", order_row(1), options=("--max-amount", "0.01")),
    ("fix", 3): with_a_checked_workbook(),
    ("fix", 7): with_a_checked_workbook(*WHERE_NOTHING_CAN_BE_WRITTEN),
    ("run", 3): with_rows("run", order_row(1, quantity="0")),
    ("run", 4): with_rows("run", order_row(1, mpn=BASIC, quantity=TOO_MANY)),
    ("run", 5): with_a_lost_answer,
    ("run", 7): with_rows("run", order_row(1), options=WHERE_NOTHING_CAN_BE_WRITTEN),
    ("run", 9): with_rows("run", *order_rows(2), options=("--max-orders", 1)),
    ("audit", 5): where_an_order_is_there_twice,
    ("verify", 3): on(an_empty_desk, "verify", "none.xlsx"),
    ("report", 7): on(where_all_is_well, "report", "last", *WHERE_NOTHING_CAN_BE_WRITTEN),
    ("undo", 7): on(where_all_is_well, "undo", "last", *WHERE_NOTHING_CAN_BE_WRITTEN),
    ("purge", 7): on(where_an_answer_was_lost, "purge", "--older-than", "0d", "--yes"),
    ("purge", 9): on(where_all_is_well, "purge", "--older-than", "0d"),
    ("doctor", 7): on(an_empty_desk, "doctor", "--practice-at", NOT_LISTENING),
    ("ledger backup", 6): on(where_the_ledger_is_none, *COMMANDS["ledger backup"]),
    ("ledger restore", 6): on(an_empty_desk, *COMMANDS["ledger restore"]),
    ("ledger restore", 9): on(where_all_is_well, "ledger", "restore", "kept.sqlite", "--practice"),
    ("plan", 3): with_rows("plan", order_row(1, quantity="0")),
    ("plan", 7): with_rows("plan", order_row(1), options=WHERE_NOTHING_CAN_BE_WRITTEN),
    ("plan", 9): with_rows("plan", *order_rows(2), options=("--max-orders", 1)),
    ("approve", 3): on(an_empty_desk, "approve", "none.xlsx"),
    ("approve", 9): of_ones_own_plan,
    ("apply", 3): on(an_empty_desk, "apply", "none.xlsx"),
    ("apply", 4): an_approved_plan(order_row(1), order_row(2, mpn=BASIC, quantity=TOO_MANY)),
    ("apply", 5): an_approved_plan(*order_rows(2), faults="reset-before-commit=every:2"),
    ("apply", 7): an_approved_plan(order_row(1), options=WHERE_NOTHING_CAN_BE_WRITTEN),
    ("apply", 9): on(where_all_is_well, "apply", "PLAN-OPEN"),
    ("nightly", 3): a_night_with(order_row(1, quantity="0")),
    ("nightly", 4): a_night_with(order_row(1, mpn=BASIC, quantity=TOO_MANY)),
    ("nightly", 5): a_night_with(*order_rows(2), faults="reset-before-commit=every:2"),
    ("nightly", 7): a_night_with(order_row(1), options=("--practice-at", NOT_LISTENING)),
    ("nightly", 8): where_another_night_is,
    ("nightly", 9): a_night_with(*order_rows(2), options=("--max-orders", 1)),
    ("notify", 6): where_metrics_cannot_be_written,
    ("sandbox", 6): on(an_empty_desk, "sandbox", "--port", "0", "--state", "no/such/orders.jsonl"),
}


def assert_is_one_object(ended: Ended, command: str, code: int) -> None:
    told = ended.json
    assert (ended.code, told.pop("schema"), told.pop("exit_code")) == (code, 1, code), ended.words
    if error := told.pop("error", None):
        assert set(told) <= {"proposal", "moved"}  # what a guard did not let be sent, and what moved
        assert error["message"] in ended.err
        assert (error["fix"] or "") in ended.err
    elif (command, code) in {("run", 3), ("plan", 3)}:  # of rows to fix nothing is sent
        assert set(told) == FIELDS["check"]
    else:
        assert set(told) - {"audit"} == FIELDS[command], ended.words
