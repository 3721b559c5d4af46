"""Who somebody is, is what the system says, whatever the environment claims."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bulk_orders.machine.logins import login_name, ownership

pwd = pytest.importorskip("pwd", reason="other systems name people in other ways")


def me() -> str:
    return str(pwd.getpwuid(os.getuid()).pw_name)


def test_the_environment_does_not_say_who_one_is() -> None:
    claims = dict.fromkeys(("LOGNAME", "USER", "LNAME", "USERNAME", "SUDO_USER"), "somebody-else")
    asked = "from bulk_orders.machine.logins import login_name; print(login_name())"
    told = subprocess.run(
        [sys.executable, "-c", asked], env=os.environ | claims, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == login_name() == me()


def test_a_file_is_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("a", encoding="utf-8")
    path.chmod(0o644)
    assert (ownership(path).owner, ownership(path).is_theirs_alone) == (me(), True)


@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666])
def test_a_file_that_others_can_write_is_not_theirs_alone(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "file"
    path.write_text("a", encoding="utf-8")
    path.chmod(mode)
    assert not ownership(path).is_theirs_alone


def test_a_file_that_was_replaced_or_written_has_another_stamp(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("a", encoding="utf-8")
    first = ownership(path)
    assert ownership(path) == first
    path.write_text("ab", encoding="utf-8")
    second = ownership(path)
    other = tmp_path / "other"
    other.write_text("ab", encoding="utf-8")
    other.replace(path)
    assert len({first.stamp, second.stamp, ownership(path).stamp}) == 3


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root gives files away")
def test_an_owner_without_a_name_is_a_number(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("a", encoding="utf-8")
    os.chown(path, 54_321, -1)
    assert ownership(path).owner == "54321"
