"""Folders and files are for their owner alone, whatever the umask, and small files are read as files."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bulk_orders.machine.private_files import (
    SMALL_FILE_BYTES,
    exposure,
    make_folder,
    opener,
    read_text,
    replace_text,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no modes: files inherit who may do what")


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_every_folder_that_was_missing_is_its_owner_s_alone(tmp_path: Path, mask: int) -> None:
    with umask(mask):
        made = make_folder(tmp_path / "a" / "b" / "c")

    assert [mode(tmp_path / name) for name in ("a", "a/b", "a/b/c")] == [0o700] * 3
    assert make_folder(made) == made


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_folder(tmp_path / "a")

    assert mode(tmp_path) == 0o755


def test_a_file_in_the_folder_s_place_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(OSError, match="a"):
        make_folder(tmp_path / "a")


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o277])
def test_every_file_is_its_owner_s_alone(tmp_path: Path, mask: int) -> None:
    with umask(mask):
        for name, how in (("new", "x"), ("log", "a"), ("other", "w")):
            with open(tmp_path / name, how, encoding="utf-8", opener=opener) as file:
                file.write("text")
        replace_text(tmp_path / "replaced", "text")

    assert [mode(path) for path in sorted(tmp_path.iterdir())] == [0o600] * 4


def test_a_file_that_others_could_read_is_theirs_no_longer_once_it_is_written_to(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.touch(0o644)
    with open(log, "a", encoding="utf-8", opener=opener):
        pass

    assert mode(log) == 0o600


def test_a_new_file_is_never_made_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        open(tmp_path / "link", "x", encoding="utf-8", opener=opener)  # noqa: SIM115

    assert not (tmp_path / "elsewhere").exists()


def test_replacing_goes_by_a_name_that_nobody_foresees_and_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "note"
    target.symlink_to(tmp_path / "elsewhere")
    for planted in (f"note.{os.getpid()}", "note.tmp", "note.new"):
        (tmp_path / planted).symlink_to(tmp_path / "elsewhere")
    before = set(tmp_path.iterdir())

    replace_text(target, "text")

    assert set(tmp_path.iterdir()) == before
    assert (target.is_symlink(), target.read_text(encoding="utf-8")) == (False, "text")
    assert not (tmp_path / "elsewhere").exists()


def test_a_replacement_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "note").mkdir()
    with pytest.raises(OSError, match="note"):
        replace_text(tmp_path / "note", "text")

    assert [path.name for path in tmp_path.iterdir()] == ["note"]


@pytest.mark.parametrize("device", ["/dev/full", "/dev/zero", "/dev/null", "/dev/tty"])
def test_a_device_is_no_file(device: str) -> None:
    with pytest.raises(OSError, match=r"."):
        read_text(Path(device))


def test_a_pipe_is_no_file_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="not a regular file"):
        read_text(tmp_path / "pipe")
    with pytest.raises(OSError, match=r"."):
        open(tmp_path / "pipe", "a", encoding="utf-8", opener=opener)  # noqa: SIM115


def test_no_more_is_read_than_a_small_file_has(tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(b"x" * (SMALL_FILE_BYTES + 1))
    with pytest.raises(OSError, match="too large"):
        read_text(large)


def test_text_is_read_as_every_editor_saves_it(tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes("\ufeffé\r\nb".encode())

    assert read_text(tmp_path / "text") == "é\nb"


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "is_secret", "found"),
    [
        (0o700, 0o600, True, None),
        (0o755, 0o600, True, None),
        (0o755, 0o644, False, None),
        (0o755, 0o644, True, (False, "chmod 600", "read")),
        (0o755, 0o640, True, (False, "chmod 600", "read")),
        (0o755, 0o620, False, (False, "chmod 600", "change")),
        (0o755, 0o666, False, (True, "chmod 600", "change")),
        (0o755, 0o602, True, (True, "chmod 600", "change")),
        (0o777, 0o600, True, (True, "chmod go-w", "replace")),
        (0o1777, 0o600, True, None),
        (0o775, 0o600, True, (False, "chmod go-w", "replace")),
        (0o775, 0o666, True, (True, "chmod 600", "change")),
    ],
)
def test_who_else_could_get_at_a_file_is_said_with_what_mends_it(
    tmp_path: Path, folder_mode: int, file_mode: int, is_secret: bool, found: tuple[bool, str, str] | None
) -> None:
    folder = tmp_path / "my folder"
    folder.mkdir()
    file = folder / "file"
    file.touch()
    file.chmod(file_mode)
    folder.chmod(folder_mode)

    said = exposure(file, is_secret=is_secret)

    if found is None:
        assert said is None
    else:
        assert said is not None
        is_severe, mend, verb = found
        assert said.is_severe is is_severe
        assert f"Run: {mend} '{folder}" in said.fix
        assert verb in said.message


def test_what_is_not_there_is_exposed_only_by_its_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert exposure(tmp_path / "absent") is None
    assert exposure(tmp_path / "absent" / "absent") is None
