"""Commands that people are told to paste do what they say, whatever a file is called."""

import os
import shutil
import subprocess
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.machine.shell import command, quoted

NAMES = [
    "orders.xlsx",
    "my orders.xlsx",
    "$(touch x).xlsx",
    "`id`",
    "a'b\"c",
    "-rf",
    "--yes",
    "é;&|<>*?!#~",
    "{a,b}",
    "",
]


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell reads it")
@pytest.mark.parametrize("name", NAMES)
def test_a_posix_shell_gets_the_very_name(tmp_path: Path, name: str) -> None:
    said = subprocess.run(
        ["sh", "-c", f"printf '[%s]' {quoted(name, is_windows=False)}"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    ).stdout

    assert said == f"[{name}]"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt" or not shutil.which("cat"), reason="needs a POSIX program")
def test_a_path_that_begins_like_an_option_is_none(tmp_path: Path) -> None:
    (tmp_path / "--help").write_text("content", encoding="utf-8")

    said = subprocess.run(
        ["sh", "-c", command("cat", PurePosixPath("--help"), is_windows=False)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    ).stdout

    assert said == "content"


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("orders.xlsx", "orders.xlsx"),
        (r"C:\Users\me\orders.xlsx", r"C:\Users\me\orders.xlsx"),
        (r"C:\My files\a.xlsx", r"'C:\My files\a.xlsx'"),
        ("$(calc).xlsx", "'$(calc).xlsx'"),
        ("it's.xlsx", "'it''s.xlsx'"),
        ("it’s.xlsx", "'it’’s.xlsx'"),
        ("-Force", r".\-Force"),
        ("a`nb", "'a`nb'"),
        ("a;b", "'a;b'"),
        ("@args", "'@args'"),
    ],
)
def test_powershell_gets_the_very_path(path: str, written: str) -> None:
    assert quoted(PureWindowsPath(path), is_windows=True) == written


@given(st.text())
def test_what_powershell_reads_between_its_quotes_is_the_text(text: str) -> None:
    written = quoted(text, is_windows=True)
    if written != text:
        inside = written[1:-1]
        for quote in "'\u2018\u2019\u201a\u201b":
            assert inside.count(quote) % 2 == 0
            inside = inside.replace(quote * 2, quote)
        assert inside == text


def test_a_command_is_its_words() -> None:
    assert command("bulk-orders", "run", PurePosixPath("a b"), is_windows=False) == "bulk-orders run 'a b'"
