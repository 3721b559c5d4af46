"""The folders of a night: a file is always in exactly one of them, whole, and nothing is overwritten."""

import os
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bulk_orders.errors import AnotherRunActive, SetupError
from bulk_orders.nightly.folders import NightFolders

AT = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)


@pytest.fixture
def folders(tmp_path: Path) -> NightFolders:
    made = NightFolders(root=tmp_path / "orders", trigger=".ready")
    made.root.mkdir()
    made.prepare()
    return made


def drop(folders: NightFolders, name: str, text: str = "x") -> Path:
    path = folders.inbox / name
    path.write_text(text, encoding="utf-8")
    return path


def everything(folders: NightFolders) -> dict[str, str]:
    return {
        path.relative_to(folders.root).as_posix(): path.read_text("utf-8")
        for path in folders.root.rglob("*")
        if path.is_file() and not path.name.startswith("nightly.")
    }


def test_a_file_takes_its_companions_from_folder_to_folder(folders: NightFolders) -> None:
    for name in ("orders.csv", "orders.ctl", "orders.csv.ready", "other.csv", "other.ready"):
        drop(folders, name, name)
    claim = folders.claim(folders.inbox / "orders.csv", AT)
    assert sorted(everything(folders)) == [
        *("inbox/other.csv", "inbox/other.ready"),
        *(f"work/20261122-021500/{name}" for name in ("orders.csv", "orders.csv.ready", "orders.ctl")),
    ]
    folders.finish(claim, AT.date())
    assert sorted(everything(folders)) == [
        *("inbox/other.csv", "inbox/other.ready"),
        *(f"processed/2026-11-22/{name}" for name in ("orders.csv", "orders.csv.ready", "orders.ctl")),
    ]
    assert list(folders.work.iterdir()) == []


def test_nothing_is_overwritten_and_companions_keep_the_name_of_their_file(folders: NightFolders) -> None:
    for text in ("first", "second", "third"):
        drop(folders, "orders.csv", text)
        drop(folders, "orders.ctl", text)
        folders.set_aside(folders.claim(folders.inbox / "orders.csv", AT))
    assert everything(folders) == {
        f"needs-attention/orders{number}.{ending}": text
        for number, text in (("", "first"), (" (2)", "second"), (" (3)", "third"))
        for ending in ("csv", "ctl")
    }


def test_a_file_that_is_put_back_gives_way_to_one_that_came_meanwhile(folders: NightFolders) -> None:
    claim = folders.claim(drop(folders, "orders.csv", "old"), AT)
    drop(folders, "orders.csv", "new")
    folders.put_back(claim)
    assert everything(folders) == {"inbox/orders.csv": "new", "inbox/orders (2).csv": "old"}


def test_what_a_night_that_died_had_taken_is_found_with_what_it_had_not_taken_yet(
    folders: NightFolders,
) -> None:
    place = folders.work / "20261121-021500"
    place.mkdir()
    (place / "orders.csv").write_text("x", encoding="utf-8")
    drop(folders, "orders.ctl", "orders = 1")
    (folders.work / "20261120-021500").mkdir()

    assert [claim.path for claim in folders.claimed_before()] == [place / "orders.csv"]
    assert (place / "orders.ctl").exists()
    assert not (folders.work / "20261120-021500").exists()


def test_of_two_that_claim_a_file_one_gets_it(folders: NightFolders) -> None:
    path = drop(folders, "orders.csv")
    folders.claim(path, AT)
    with pytest.raises(FileNotFoundError):
        folders.claim(path, AT)
    assert len(list(folders.work.iterdir())) == 1


def test_of_two_nights_on_one_inbox_the_second_is_told_who_is_the_first(folders: NightFolders) -> None:
    with (
        folders.held(),
        pytest.raises(AnotherRunActive, match=f"process {os.getpid()}"),
        NightFolders(root=folders.root).held(),
    ):
        pass
    with folders.held():
        pass


def test_a_share_that_is_not_mounted_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="does not exist"):
        NightFolders(root=tmp_path / "share").prepare()
    assert not (tmp_path / "share").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize(
    ("mode", "of_folder", "of_file"),
    [(0o770, 0o770, 0o660), (0o750, 0o750, 0o640), (0o755, 0o750, 0o640), (0o700, 0o700, 0o600)],
)
def test_the_group_may_do_with_files_what_it_may_do_with_the_folder_and_others_nothing(
    tmp_path: Path, mode: int, of_folder: int, of_file: int
) -> None:
    folders = NightFolders(root=tmp_path / "orders")
    folders.root.mkdir()
    folders.root.chmod(mode)
    folders.prepare()
    file = drop(folders, "orders.xlsx")
    folders.share(file)
    day = folders.made(folders.processed(date(2026, 11, 22)))
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (folders.inbox, day, file)]
    assert modes == [of_folder, of_folder, of_file]
