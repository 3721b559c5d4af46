"""Whatever is wrong, the program says it in one sentence with the fix, ends with the right code, and shows no traceback."""

import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from books.order_books import order_rows, write_book
from processes import Desk, Practice

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le")
TOO_LONG = "x" * 300


@dataclass
class Case:
    """What is wrong, the exit code, words of the sentence and of its fix."""

    command: Callable[[Desk], list[object]]
    code: int
    sentence: str
    fix: str


def a_good_book(desk: Desk) -> Path:
    return write_book(desk.folder / "orders.xlsx", order_rows(2))


def a_file(name: str, content: bytes) -> Callable[[Desk], list[object]]:
    def make(desk: Desk) -> list[object]:
        path = desk.folder / name
        path.write_bytes(content)
        return ["run", path]

    return make


def a_folder(desk: Desk) -> list[object]:
    (desk.folder / "folder.xlsx").mkdir()
    return ["run", "folder.xlsx"]


def a_zip(desk: Desk) -> list[object]:
    with zipfile.ZipFile(desk.folder / "orders.xlsx", "w") as made:
        made.writestr("readme.txt", "no workbook")
    return ["run", "orders.xlsx"]


def a_broken_book(desk: Desk) -> list[object]:
    path = a_good_book(desk)
    path.write_bytes(path.read_bytes()[:2000])
    return ["run", path]


def settings(text: str, *command: object) -> Callable[[Desk], list[object]]:
    def make(desk: Desk) -> list[object]:
        (desk.home / "settings.toml").write_text(text, encoding="utf-8")
        return ["run", a_good_book(desk), *command]

    return make


def a_ledger(content: bytes) -> Callable[[Desk], list[object]]:
    def make(desk: Desk) -> list[object]:
        (desk.folder / "ledger.sqlite").write_bytes(content)
        return ["--ledger", desk.folder / "ledger.sqlite", "run", a_good_book(desk)]

    return make


def a_ledger_in_no_folder(desk: Desk) -> list[object]:
    (desk.folder / "file").write_text("", encoding="utf-8")
    return ["--ledger", desk.folder / "file" / "ledger.sqlite", "run", a_good_book(desk)]


def a_ledger_that_is_a_folder(desk: Desk) -> list[object]:
    (desk.folder / "ledger.sqlite").mkdir()
    return ["--ledger", desk.folder / "ledger.sqlite", "run", a_good_book(desk)]


def results_into_no_folder(desk: Desk) -> list[object]:
    return ["run", a_good_book(desk), "-o", desk.folder / "missing" / "results.xlsx"]


def with_a_book(*options: object) -> Callable[[Desk], list[object]]:
    return lambda desk: ["run", a_good_book(desk), *options]


def plain(*command: object) -> Callable[[Desk], list[object]]:
    return lambda desk: list(command)


def nobody_listens(desk: Desk) -> list[object]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    return ["run", a_good_book(desk), "--practice-at", f"http://127.0.0.1:{port}/marketplace/us"]


LIVE = '[profiles.live]\nbase_url = "https://127.0.0.1:9/x"\nuser = "me"\n'

CASES = {
    "a file that is not there": Case(
        plain("run", "nofile.xlsx"), 3, "There is no file", "name and the folder"
    ),
    "a folder": Case(a_folder, 3, "folder", "workbook"),
    "an empty file": Case(a_file("orders.xlsx", b""), 3, "empty", ""),
    "an empty CSV": Case(a_file("orders.csv", b""), 3, "empty", ""),
    "a CSV called xlsx": Case(a_file("orders.xlsx", b"a,b\n1,2\n"), 3, "", ".csv"),
    "a web page called xlsx": Case(
        a_file("orders.xlsx", b"<html><table></table></html>"), 3, "web page", "save it as Excel Workbook"
    ),
    "a zip called xlsx": Case(a_zip, 3, "workbook", ""),
    "half a workbook": Case(a_broken_book, 3, "", ""),
    "a workbook with a password": Case(a_file("orders.xlsx", OLE), 3, "password", "password"),
    "a workbook of Excel 97": Case(a_file("orders.xls", OLE[:512]), 3, "", "xlsx"),
    "something else": Case(a_file("orders.xlsx", os.urandom(64)), 3, "", ""),
    "a workbook without orders": Case(a_file("orders.csv", b"reference,customerId,mpn\n"), 3, "", ""),
    "a file of another kind": Case(plain("orders.pdf"), 2, "orders.pdf", ""),
    "an unknown profile": Case(
        with_a_book("--profile", "live"), 6, "There is no profile live", "settings.toml"
    ),
    "a profile that is not in the file": Case(
        settings(LIVE, "--profile", "prod"), 6, "it has: live", "[profiles.prod]"
    ),
    "settings that are no TOML": Case(settings("[profiles", "--profile", "live"), 6, "cannot be read", ""),
    "a setting that does not exist": Case(
        settings(LIVE + "rate = 3\n", "--profile", "live"), 6, '"rate"', "bulk-orders help settings"
    ),
    "a setting with a wrong value": Case(
        settings(LIVE + 'workers = "many"\n', "--profile", "live"), 6, '"workers"', ""
    ),
    "a password in the settings file": Case(
        settings(LIVE + 'password = "x"\n', "--profile", "live"),
        6,
        "contains the password itself",
        "password_file",
    ),
    "a password file that is not there": Case(
        settings(LIVE + 'password_file = "/no/such"\n', "--profile", "live"),
        6,
        "cannot be read",
        "password_file",
    ),
    "profiles that are no table": Case(settings("profiles = 3\n", "--profile", "live"), 6, "settings", ""),
    "a profile that is no table": Case(
        settings("profiles.live = 3\n", "--profile", "live"), 6, "settings", ""
    ),
    "a live profile without a password": Case(
        settings(LIVE, "--profile", "live"), 6, "has no password", "BULK_ORDERS_PASSWORD"
    ),
    "an address that is not encrypted": Case(
        with_a_book("--practice-at", "http://example.com/x"), 6, "not encrypted", "https://"
    ),
    "an address that is none": Case(
        with_a_book("--practice-at", "localhost:80"), 6, "web address", "base_url"
    ),
    "nobody listening": Case(nobody_listens, 7, "refused; nothing listens there", "base_url"),
    "an unknown run": Case(plain("status", "20200101-0000-XXXX"), 2, "There is no run", "history"),
    "no run yet": Case(plain("resume", "last"), 2, "There is no run", "history"),
    "an unknown help page": Case(plain("help", "nite"), 2, "no help page nite", "`bulk-orders help nightly`"),
    "an unknown flag": Case(with_a_book("--frist", 3), 2, "no option --frist", "Did you mean --first?"),
    "an unknown command": Case(plain("rum"), 2, "No such command", ""),
    "a command without its file": Case(plain("check"), 2, "Missing argument", ""),
    "an unknown code": Case(plain("explain", "E-TERM-BILING"), 2, "There is no code", "E-TERM-BILLING"),
    "a rate for workers": Case(
        with_a_book("--workers-elsewhere", "--rate", "1/s"),
        2,
        "--rate and --stop-after do not reach",
        "rate_per_s",
    ),
    "a limit of failures for workers": Case(
        with_a_book("--workers-elsewhere", "--stop-after", "2"), 2, "do not reach workers", "stop_after"
    ),
    "a rate that is none": Case(with_a_book("--rate", "fast"), 2, '--rate "fast" is not a rate', "2/s"),
    "a time that is none": Case(
        plain("status", "last", "--wait", "soon"), 2, '--wait "soon" is not a time', "30m"
    ),
    "an unknown fault": Case(with_a_book("--faults", "fire=1"), 2, "no fault called 'fire'", "Known faults"),
    "practice and a profile": Case(with_a_book("--practice", "--profile", "x"), 2, "cannot be combined", ""),
    "a profile that is spelt otherwise": Case(
        settings(LIVE, "--profile", "Life"), 6, "There is no profile Life", "Did you mean live?"
    ),
    "no run of a profile yet": Case(
        lambda desk: [*_live(desk), "status", "last", "--profile", "live"],
        2,
        "no run of the profile live yet",
        "history",
    ),
    "a ledger that is none": Case(a_ledger(b"Dear diary, " * 100), 6, "ledger", ""),
    "a ledger in no folder": Case(a_ledger_in_no_folder, 6, "ledger", ""),
    "a ledger that is a folder": Case(a_ledger_that_is_a_folder, 6, "ledger", ""),
    "results into no folder": Case(results_into_no_folder, 2, "There is no folder", "Make it first"),
    "a template over a file": Case(
        lambda desk: ["template", "-o", a_good_book(desk)], 2, "already exists", "-o"
    ),
    "a template that is to be a CSV": Case(
        plain("template", "-o", "no.such/orders.csv"), 2, "orders.csv", "-o no.such/orders.xlsx"
    ),
    "results that are to be of Excel 97": Case(with_a_book("-o", "r.XLS"), 2, "r.XLS", "-o r.xlsx"),
    "a checked workbook that is to be a PDF": Case(
        lambda desk: ["check", a_good_book(desk), "-o", "checked.pdf"], 2, "checked.pdf", "-o checked.xlsx"
    ),
    "a template into no folder": Case(
        plain("template", "-o", "no/such/orders.xlsx"), 2, "There is no folder no/such", "Make it first"
    ),
    "a template that is a folder": Case(plain("template", "-o", "."), 2, "is a folder", "orders.xlsx"),
    "a bundle into no folder": Case(
        plain("doctor", "--bundle", "no/such/bundle.zip"), 2, "There is no folder no/such", "Make it first"
    ),
    "a template whose name is too long": Case(
        plain("template", "-o", f"{TOO_LONG}.xlsx"), 6, "cannot be used: File name too long", "another file"
    ),
    "settings whose name is too long": Case(
        plain("--config", TOO_LONG, "doctor"), 6, "cannot be used: File name too long", "another file"
    ),
    "doctor asked for two things": Case(
        plain("doctor", "--forget-account", "--first-steps"), 2, "are four things", "one at a time"
    ),
    "a home that is a file": Case(
        lambda desk: [*_home_is_a_file(desk), "run", a_good_book(desk)], 6, "Not a directory", "another path"
    ),
}


def _home_is_a_file(desk: Desk) -> list[object]:
    (desk.folder / "file").write_text("", encoding="utf-8")
    desk.settings["BULK_ORDERS_HOME"] = str(desk.folder / "file" / "home")
    return []


def _live(desk: Desk) -> list[object]:
    settings(LIVE)(desk)
    desk.settings.update(BULK_ORDERS_PASSWORD="secret", BULK_ORDERS_SUBSCRIPTION_KEY="key")
    return []


@pytest.mark.long
@pytest.mark.parametrize("name", CASES)
def test_it_is_said_in_a_sentence_with_the_fix(desk: Desk, name: str) -> None:
    case = CASES[name]

    ended = desk.run(*case.command(desk))

    ended.assert_is_a_sentence()
    assert ended.code == case.code, ended.words
    assert case.sentence in ended.err
    assert case.fix in ended.err
    assert len(ended.err) < 1500


@pytest.fixture
def office(desk: Desk) -> tuple[Desk, Practice]:
    practice = desk.practice()
    (desk.home / "settings.toml").write_text(
        f'[profiles.live]\nbase_url = "{practice.base_url}"\nuser = "practice"\n', encoding="utf-8"
    )
    return desk, practice


@pytest.mark.long
@pytest.mark.parametrize("setting", ["PASSWORD", "SUBSCRIPTION_KEY"])
def test_a_wrong_secret_is_said_without_repeating_it(office: tuple[Desk, Practice], setting: str) -> None:
    desk, practice = office
    right = {"BULK_ORDERS_PASSWORD": "practice", "BULK_ORDERS_SUBSCRIPTION_KEY": "practice"}
    desk.settings.update(right | {f"BULK_ORDERS_{setting}": "wr0ng-and-s3cret"})

    ended = desk.run("run", a_good_book(desk), "--profile", "live", "--confirm", 2)

    assert (ended.code, practice.posts()) == (6, 0)
    assert "refused the sign-in of practice (401)" in ended.err
    assert "Fix: Check user, password, subscription_key" in ended.err
    ended.assert_is_a_sentence()
    assert "wr0ng-and-s3cret" not in ended.words


def test_doctor_finds_the_wrong_password_and_says_the_fix(office: tuple[Desk, Practice]) -> None:
    desk, _ = office
    desk.settings.update(BULK_ORDERS_PASSWORD="wr0ng", BULK_ORDERS_SUBSCRIPTION_KEY="k")

    ended = desk.run("doctor", "--profile", "live")

    assert ended.code == 6
    assert "✖ sign-in" in ended.out
    assert "Fix: Check user, password" in ended.out
    ended.assert_is_a_sentence()


def test_doctor_is_well_on_a_fresh_machine(desk: Desk) -> None:
    ended = desk.run("doctor")

    assert ended.code == 0
    assert "✖" not in ended.words
    ended.assert_is_a_sentence()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_stops_the_run_before_anything_is_sent(desk: Desk) -> None:
    practice = desk.practice()
    book = a_good_book(desk)
    desk.folder.chmod(0o500)

    ended = desk.run("run", book, "--practice-at", practice.base_url)

    desk.folder.chmod(0o700)
    assert (ended.code, practice.posts()) == (7, 0)
    ended.assert_is_a_sentence()


def test_a_module_that_is_missing_is_named_and_no_bug(tmp_path: Path) -> None:
    program = "import sys; sys.modules['xlsxwriter'] = None; from bulk_orders.__main__ import main; sys.exit(main())"
    ended = subprocess.run(
        [sys.executable, "-c", program, "template", "-o", str(tmp_path / "orders.xlsx")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "BULK_ORDERS_HOME": str(tmp_path / "home")},
    )
    assert (ended.returncode, "Traceback" in ended.stderr) == (6, False)
    assert "the Python module xlsxwriter is missing" in ended.stderr
