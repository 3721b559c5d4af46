"""A workbook reaches its place whole or not at all, and nobody's file is lost on the way."""

import errno
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO

import openpyxl
import pytest
from books.written_books import RUN_ID, load, order, report, table

from bulk_orders.core.model import SheetRole
from bulk_orders.core.report import RunReport
from bulk_orders.errors import ResultsNotWritten
from bulk_orders.writing.new_book.results import probe, write_results
from bulk_orders.writing.saving import publish


@pytest.fixture
def made() -> RunReport:
    return report(table(SheetRole.ORDERS, {4: order()}))


def test_writing_again_replaces_what_we_wrote(tmp_path: Path, made: RunReport) -> None:
    path = tmp_path / "r.xlsx"
    assert write_results(path, made) == path
    assert write_results(path, made) == path
    assert [found.name for found in tmp_path.iterdir()] == ["r.xlsx"]


def test_only_the_owner_can_read_results(tmp_path: Path, made: RunReport) -> None:
    umask = os.umask(0)
    path = write_results(tmp_path / "r.xlsx", made)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_of_somebody_else_is_numbered_past(tmp_path: Path, made: RunReport) -> None:
    theirs = tmp_path / "r.xlsx"
    theirs.write_text("mine")
    assert write_results(theirs, made) == tmp_path / "r (2).xlsx"
    assert theirs.read_text() == "mine"


def test_a_results_workbook_that_was_corrected_and_saved_is_numbered_past(
    tmp_path: Path, made: RunReport
) -> None:
    path = write_results(tmp_path / "r.xlsx", made)
    book = openpyxl.load_workbook(path)
    book["Orders"]["H4"] = 6
    book.save(path)
    assert write_results(path, made) == tmp_path / "r (2).xlsx"
    assert load(path)["Orders"]["H4"].value == 6


def test_the_results_of_another_run_are_numbered_past(tmp_path: Path, made: RunReport) -> None:
    other = report(made.orders, run_id="20261121-0215-AAAA")
    path = write_results(tmp_path / "r.xlsx", other)
    assert write_results(path, made).name == "r (2).xlsx"


def test_a_link_is_replaced_and_not_followed(tmp_path: Path, made: RunReport) -> None:
    victim, link = tmp_path / "victim.txt", tmp_path / "r.xlsx"
    victim.write_text("precious")
    link.symlink_to(victim)
    assert write_results(link, made) == link
    assert not link.is_symlink()
    assert victim.read_text() == "precious"


def test_a_workbook_that_is_open_in_excel_is_numbered_past(tmp_path: Path, made: RunReport) -> None:
    def replace(part: Path, target: Path) -> None:
        if target.name in {"r.xlsx", "r (2).xlsx"}:
            raise PermissionError(errno.EACCES, "in use", str(target))
        part.replace(target)

    assert write_results(tmp_path / "r.xlsx", made, replace=replace) == tmp_path / "r (3).xlsx"
    assert [found.name for found in tmp_path.iterdir()] == ["r (3).xlsx"]


def test_a_folder_of_that_name_is_numbered_past(tmp_path: Path, made: RunReport) -> None:
    (tmp_path / "r.xlsx").mkdir()
    assert write_results(tmp_path / "r.xlsx", made) == tmp_path / "r (2).xlsx"


def test_a_folder_that_is_missing_is_told_with_the_command_that_helps(
    tmp_path: Path, made: RunReport
) -> None:
    with pytest.raises(ResultsNotWritten) as caught:
        write_results(tmp_path / "gone" / "r.xlsx", made)
    assert f"bulk-orders report {RUN_ID} -o FOLDER" in caught.value.fix
    assert "r.xlsx" in caught.value.message


def test_a_full_disk_leaves_the_old_workbook_and_no_rubbish(tmp_path: Path, made: RunReport) -> None:
    path = write_results(tmp_path / "r.xlsx", made)
    before = path.read_bytes()

    def replace(_part: Path, _target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(ResultsNotWritten, match="No space left on device"):
        write_results(path, made, replace=replace)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["r.xlsx"]


def test_a_stop_in_the_middle_of_writing_leaves_the_old_workbook(tmp_path: Path, made: RunReport) -> None:
    path = write_results(tmp_path / "r.xlsx", made)
    before = path.read_bytes()

    def fill(file: object) -> None:
        file.write(b"half")  # type: ignore[attr-defined]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(path, fill, mark=RUN_ID, last_rows={}, fix="")
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["r.xlsx"]


KILLED_HALF_WAY = """
import sys, time
from pathlib import Path
from bulk_orders.writing.saving import publish

def fill(file):
    file.write(b"half of a workbook")
    file.flush()
    print("half", flush=True)
    time.sleep(60)

publish(Path(sys.argv[1]), fill, mark="", last_rows={}, fix="")
"""


@pytest.mark.long
def test_a_process_killed_while_writing_leaves_the_old_workbook_and_one_private_part(
    tmp_path: Path, made: RunReport
) -> None:
    path = write_results(tmp_path / "r.xlsx", made)
    before = path.read_bytes()
    command = [sys.executable, "-c", KILLED_HALF_WAY, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"half\n"
        process.kill()
    assert path.read_bytes() == before
    (part,) = tmp_path.glob(".bulk-orders-*.part")
    assert part.stat().st_mode & 0o777 == 0o600
    assert write_results(path, made) == path


def test_a_workbook_with_rows_missing_is_not_published(tmp_path: Path, made: RunReport) -> None:
    whole = write_results(tmp_path / "whole.xlsx", made).read_bytes()
    with pytest.raises(ResultsNotWritten, match="4 rows after writing, 9 were expected"):
        publish(
            tmp_path / "r.xlsx",
            lambda file: file.write(whole) and None,
            mark="",
            last_rows={"Orders": 9},
            fix="",
        )
    assert not (tmp_path / "r.xlsx").exists()


@pytest.mark.long
@pytest.mark.parametrize("at", [0, 5_000, -1])
def test_a_byte_that_the_disk_changed_is_noticed(tmp_path: Path, made: RunReport, at: int) -> None:
    whole = write_results(tmp_path / "whole.xlsx", made).read_bytes()

    def fill(file: BinaryIO) -> None:
        file.write(whole[:100])
        file.write(whole[100:])
        file.flush()
        (part,) = tmp_path.glob(".bulk-orders-*.part")
        with part.open("r+b") as disk:
            disk.seek(at % len(whole))
            disk.write(bytes([whole[at] ^ 1]))

    with pytest.raises(
        ResultsNotWritten, match="what was read back from the disk differs from what was written"
    ):
        publish(tmp_path / "r.xlsx", fill, mark="", last_rows={}, fix="", streams=True)
    assert not (tmp_path / "r.xlsx").exists()


def test_bytes_that_are_written_again_or_cut_off_are_as_they_are_at_the_end(
    tmp_path: Path, made: RunReport
) -> None:
    whole = write_results(tmp_path / "whole.xlsx", made).read_bytes()

    def fill(file: BinaryIO) -> None:
        file.write(b"a first try")
        file.seek(0)
        file.truncate()
        file.write(bytes(30))
        file.write(whole[30:])
        file.seek(0)
        file.write(whole[:30])
        file.seek(0, os.SEEK_END)

    path = publish(tmp_path / "r.xlsx", fill, mark="", last_rows={}, fix="", streams=True)
    assert path.read_bytes() == whole


def test_the_probe_leaves_nothing_and_sweeps_what_a_crash_left(tmp_path: Path) -> None:
    old, young = tmp_path / ".bulk-orders-1.part", tmp_path / ".bulk-orders-2.part"
    old.write_text("rows")
    young.write_text("rows")
    long_ago = time.time() - 7200
    os.utime(old, (long_ago, long_ago))
    probe(tmp_path)
    assert list(tmp_path.iterdir()) == [young]


def test_the_probe_refuses_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultsNotWritten) as caught:
        probe(tmp_path / "file")
    assert caught.value.fix.startswith("Nothing was sent.")
