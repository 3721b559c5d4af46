"""The command line as people and other programs meet it: helps, streams, encodings, and what it never shows."""

import random
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from books.order_books import order_row, order_rows, write_book
from processes import Desk, Starter

from bulk_orders.runs.check import checked_path
from bulk_orders.sandbox import Credentials, FaultPlan, PracticeServer, Simulator

COMMANDS = (
    "template",
    "check",
    "run",
    "resume",
    "resolve",
    "audit",
    "verify",
    "status",
    "report",
    "history",
    "doctor",
    "explain",
    "sandbox",
)
PASSWORD = "pw-canary-7f3a9c"
KEY = "key-canary-51be02"
NAME = "Zephyrine"
EMAIL = "zephyrine@company.example.com"


def test_alone_it_shows_the_three_steps(desk: Desk) -> None:
    ended = desk.run()

    assert ended.code == 0
    assert [step in ended.out for step in ("template -o", "check orders.xlsx", "run orders.xlsx")] == [
        True
    ] * 3
    assert len(ended.out.splitlines()) <= 9


def test_a_workbook_without_a_command_is_checked_and_nothing_is_sent(desk: Desk) -> None:
    write_book(desk.folder / "orders.xlsx", order_rows(3))

    ended = desk.run("orders.xlsx")

    assert ended.code == 0
    assert "3 ready" in ended.out
    assert not (desk.home / "practice").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_help_with_words(desk: Desk, command: str) -> None:
    ended = desk.run(command, "--help")

    lines = [line.strip() for line in ended.out.splitlines() if line.strip()]
    assert (ended.code, ended.err) == (0, "")
    assert lines[0].startswith(f"Usage: bulk-orders {command}")
    assert len(lines[1]) > 15
    assert [line for line in lines if line.startswith("--") and len(line.split()) < 3] == []


def test_the_help_names_every_command_and_every_exit_code(desk: Desk) -> None:
    ended = desk.run("--help")

    listed = [line.split()[0] for line in ended.out.partition("Commands:")[2].splitlines() if line.strip()]
    assert set(COMMANDS) <= set(listed)
    assert [f" {code} " in ended.out.replace("\n", " ") for code in range(10)] == [True] * 10


def test_check_writes_a_workbook_that_can_be_corrected_and_run(desk: Desk) -> None:
    write_book(desk.folder / "orders.xlsx", [order_row(1), order_row(2, quantity="none")])

    ended = desk.run("check", "orders.xlsx", "--json")

    told = ended.json
    assert (ended.code, told["exit_code"], told["counts"]["to_fix"]) == (3, 3, 1)
    errors = [found for found in told["problems"] if found["severity"] == "error"]
    assert [(found["row"], found["sheet"]) for found in errors] == [(3, "Orders")]
    assert (desk.folder / "orders.checked.xlsx").exists()


def test_a_checked_workbook_goes_into_a_folder_that_is_named(desk: Desk) -> None:
    write_book(desk.folder / "orders.xlsx", order_rows(1))
    (desk.folder / "for finance").mkdir()
    assert desk.run("check", "orders.xlsx", "-o", "for finance").code == 0
    assert [path.name for path in (desk.folder / "for finance").iterdir()] == ["orders.checked.xlsx"]


@pytest.mark.long
def test_quiet_leaves_only_results(desk: Desk) -> None:
    write_book(desk.folder / "orders.xlsx", order_rows(2))

    ended = desk.run("--quiet", "run", "orders.xlsx")

    assert (ended.code, ended.err) == (0, "")
    assert [line.split()[0] for line in ended.out.splitlines()] == ["○", "Results:"]


@pytest.mark.parametrize(
    "command",
    [
        ("check", "orders.xlsx"),
        ("status", "last"),
        ("doctor",),
        *(
            pytest.param(command, marks=pytest.mark.long)
            for command in (("resolve", "last"), ("audit", "last"), ("report", "last"), ("history",))
        ),
    ],
)
def test_json_is_all_that_stands_on_stdout(ordered: Desk, command: tuple[str, ...]) -> None:
    assert ordered.run(*command, "--json").json["schema"] == 1


@pytest.fixture(scope="module")
def ordered(starter: Starter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk where two orders were placed."""
    with Desk(starter, tmp_path_factory.mktemp("ordered")) as desk:
        write_book(desk.folder / "orders.xlsx", order_rows(2))
        assert desk.run("run", "orders.xlsx", "--json").json["schema"] == 1
        yield desk


@pytest.mark.long
@pytest.mark.parametrize("encoding", ["ascii", pytest.param("cp1252", marks=pytest.mark.long)])
def test_a_console_without_our_signs_does_not_stop_it(desk: Desk, encoding: str) -> None:
    rows = [order_row(1, customer_company_name="Kererū Kindergarten"), order_row(2, quantity="✖")]
    write_book(desk.folder / "órders.xlsx", rows)

    ended = desk.run_cold("run", "órders.xlsx", "--only-ready", PYTHONIOENCODING=encoding, NO_COLOR="1")

    assert ended.code == 3
    assert "1 accepted, being set up" in ended.out
    assert "Traceback" not in ended.words
    assert "\x1b" not in ended.words


@pytest.mark.long
def test_a_reader_that_goes_away_does_not_stop_it(desk: Desk) -> None:
    write_book(desk.folder / "orders.xlsx", [order_row(1), order_row(2, quantity="x"), order_row(3, mpn="")])
    command = f"{sys.executable} -m bulk_orders check orders.xlsx | true; echo ${{PIPESTATUS[0]}}"

    ended = subprocess.run(
        ["bash", "-c", command],
        cwd=desk.folder,
        env=desk.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ended.stdout.strip() == "3"
    assert "Traceback" not in ended.stderr
    assert "BrokenPipe" not in ended.stderr


@pytest.mark.long
def test_closed_streams_do_not_stop_a_run(desk: Desk) -> None:
    practice = desk.practice()
    write_book(desk.folder / "orders.xlsx", order_rows(3))
    command = (
        f"exec {sys.executable} -m bulk_orders run orders.xlsx --practice-at {practice.base_url} <&- >&- 2>&-"
    )

    ended = subprocess.run(
        ["sh", "-c", command], cwd=desk.folder, env=desk.environment, check=False, timeout=60
    )

    assert (ended.returncode, practice.count()) == (0, 3)


def every_byte(folder: Path) -> Mapping[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def guarded() -> Iterator[PracticeServer]:
    """A marketplace that takes no password and key but the canaries."""
    simulator = Simulator(
        now=lambda: datetime.now(UTC),
        rng=random.Random(1),  # noqa: S311 - dice, no secret
        faults=FaultPlan.parse("500-after-commit=every:2,token-expiry=every:3"),
        credentials=Credentials(user="reseller", password=PASSWORD, subscription_key=KEY),
    )
    with PracticeServer(simulator) as server:
        yield server


@pytest.mark.long
def test_secrets_are_nowhere_and_customers_only_where_they_belong(
    desk: Desk, guarded: PracticeServer
) -> None:
    (desk.home / "settings.toml").write_text(
        f'[profiles.live]\nbase_url = "{guarded.base_url}"\nuser = "reseller"\nwindow_s = 0\nrate_per_s = 0\n',
        encoding="utf-8",
    )
    rows = [order_row(n, first_name_agreement=NAME, email_address_agreement=EMAIL) for n in range(1, 5)]
    write_book(desk.folder / "orders.xlsx", rows)
    command = ("-v", "run", "orders.xlsx", "--profile", "live", "--confirm", 4, "--json")

    desk.settings.update(BULK_ORDERS_SUBSCRIPTION_KEY=KEY, BULK_ORDERS_WORKERS="1")
    desk.settings["BULK_ORDERS_PASSWORD"] = f"{PASSWORD}-wrong"
    refused = desk.run(*command)
    desk.settings["BULK_ORDERS_PASSWORD"] = PASSWORD
    told = [
        desk.run(*command),
        desk.run("status", "last", "--profile", "live"),
        desk.run("doctor", "--profile", "live"),
        desk.run("history"),
    ]

    written = every_byte(desk.folder)
    said = "".join(ended.words for ended in [refused, *told])
    assert (refused.code, [ended.code for ended in told]) == (6, [0, 0, 0, 0])
    assert guarded.simulator.order_count == 4
    assert [secret for secret in (PASSWORD, KEY, "practice.") if secret in said] == []
    assert [name for name, content in written.items() if PASSWORD.encode() in content] == []
    assert [name for name, content in written.items() if KEY.encode() in content] == []
    assert [
        name
        for name, text in cells_of(Path(told[0].json["files"]["results"]))
        if PASSWORD in text or KEY in text
    ] == []
    assert NAME not in said + written["home/logs/bulk-orders.log"].decode()
    assert EMAIL not in said + written["home/logs/bulk-orders.log"].decode()
    assert b"Bearer" not in b"".join(written.values())


def cells_of(path: Path) -> list[tuple[str, str]]:
    """The parts of a workbook as text: they are packed in the file."""
    with zipfile.ZipFile(path) as parts:
        return [(name, parts.read(name).decode("utf-8", "replace")) for name in parts.namelist()]


def test_what_a_run_writes_is_for_its_user_alone(ordered: Desk) -> None:
    made = [path for path in ordered.folder.rglob("*") if path.is_file() and path.name != "orders.xlsx"]

    assert any(path.suffix == ".xlsx" for path in made)
    assert any(path.is_relative_to(ordered.home) for path in made)
    assert [path.name for path in made if path.stat().st_mode & 0o077] == []


def test_a_checked_workbook_goes_into_no_folder_that_is_not_there(desk: Desk) -> None:
    write_book(desk.folder / "orders.xlsx", order_rows(1))

    ended = desk.run("check", "orders.xlsx", "-o", "m3/")

    assert (ended.code, (desk.folder / "m3").exists()) == (2, False)
    assert "There is no folder m3" in ended.err
    assert "-o m3.xlsx" in ended.err


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("orders.xlsx", "orders.checked.xlsx"),
        ("orders.checked.xlsx", "orders.checked.xlsx"),
        ("orders.csv", "orders.csv.checked.xlsx"),
        ("orders.csv.checked.xlsx", "orders.csv.checked.xlsx"),
    ],
)
def test_each_file_has_a_checked_workbook_of_its_own(source: str, name: str) -> None:
    assert checked_path(Path("folder", source)) == Path("folder", name)
