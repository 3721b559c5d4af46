"""Nights on a disk that is full, in a folder that is gone, with a log that cannot be written, over a file that is still written: said, nothing lost."""

import json
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from books.order_books import order_rows, write_book
from processes import Desk, Ended
from test_nightly import inbox, live

pytestmark = pytest.mark.long

IN_A_SMALL_DISK = """\
mount -t tmpfs -o size=600k tmpfs "$1"
mkdir "$1/inbox"
cp "$2"/orders.* "$1/inbox"
dd if=/dev/zero of="$1/rubbish" bs=4096 2>/dev/null
"$3" -m bulk_orders nightly "$1" --practice --json > "$2/full.json"
echo $? > "$2/full.code"
(cd "$1" && find . -type f) > "$2/full.files"
rm "$1/rubbish"
"$3" -m bulk_orders nightly "$1" --practice --json > "$2/room.json"
echo $? > "$2/room.code"
(cd "$1" && find . -type f) > "$2/room.files"
"""


def _can_mount() -> bool:
    asked = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /mnt"]
    return (
        shutil.which("unshare") is not None
        and subprocess.run(asked, capture_output=True, check=False).returncode == 0
    )


needs_a_small_disk = pytest.mark.skipif(not _can_mount(), reason="no file system can be mounted here")


def a_file(folder: Path, rows: int = 6) -> Path:
    book = write_book(folder / "orders.xlsx", order_rows(rows))
    book.with_suffix(".ctl").write_text(f"orders = {rows}\n", encoding="utf-8")
    return book


def at_once(desk: Desk) -> None:
    (desk.home / "settings.toml").write_text(
        "[profiles.practice.nightly]\nstable_s = 0.1\n", encoding="utf-8"
    )


def night(desk: Desk, folder: Path) -> Ended:
    return desk.run("nightly", folder, "--practice", "--json")


@needs_a_small_disk
def test_a_disk_that_is_full_is_said_and_the_next_night_sends(desk: Desk) -> None:
    at_once(desk)
    a_file(desk.folder)
    (desk.folder / "disk").mkdir()
    words = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", IN_A_SMALL_DISK, "sh"]
    subprocess.run(
        [*words, desk.folder / "disk", desk.folder, sys.executable],
        env=desk.environment,
        check=True,
        cwd=desk.folder,
    )

    full, room = (json.loads((desk.folder / f"{name}.json").read_text()) for name in ("full", "room"))
    files = (desk.folder / "full.files").read_text().split()
    assert ((desk.folder / "full.code").read_text().strip(), full["exit_code"]) == ("7", 7)
    assert "No space left on device" in full["stopped_by"]
    assert any("last-run.json cannot be written" in alert for alert in full["alerts"])
    assert [entry["name"] for entry in full["waiting"]] == ["orders.xlsx"]
    assert {"./inbox/orders.xlsx", "./inbox/orders.ctl"} <= set(files)
    assert (room["exit_code"], room["files"][0]["counts"]) == (0, {"accepted": 6})
    left = (Path(name) for name in (desk.folder / "room.files").read_text().split())
    assert not any({"inbox", "work"} & set(path.parts) for path in left)


def test_a_folder_that_is_gone_is_said_and_nothing_is_lost(desk: Desk) -> None:
    practice = live(desk)
    folder = inbox(desk)
    a_file(folder / "inbox")
    away = folder.rename(desk.folder / "unmounted")
    gone = desk.run("nightly", folder, "--profile", "live", "--json")
    away.rename(folder)
    there = desk.run("nightly", folder, "--profile", "live", "--json")
    assert (gone.code, "does not exist" in gone.json["error"]["message"]) == (6, True)
    assert (there.code, practice.count()) == (0, 6)


def test_logs_that_cannot_be_written_are_said_and_the_orders_are_sent(desk: Desk) -> None:
    at_once(desk)
    folder = inbox(desk)
    a_file(folder / "inbox")
    (folder / "logs").write_text("in the way", encoding="utf-8")
    refused = night(desk, folder)
    (folder / "logs").unlink()
    (folder / "logs").mkdir()
    for name in ("log", "jsonl"):
        (folder / "logs" / f"bulk-orders-{time.strftime('%Y-%m-%d')}.{name}").mkdir()
    ended = night(desk, folder)
    assert (refused.code, "logs" in refused.json["error"]["message"]) == (6, True), refused.words
    assert (ended.code, ended.json["files"][0]["counts"]) == (9, {"accepted": 6})
    assert "cannot be written" in ended.json["alerts"][0]


def test_a_file_that_is_written_slowly_is_never_read_half(desk: Desk) -> None:
    (desk.home / "settings.toml").write_text("[profiles.practice.nightly]\nstable_s = 3\n", encoding="utf-8")
    folder = inbox(desk)
    a_file(desk.folder)
    shutil.copy(desk.folder / "orders.ctl", folder / "inbox")
    content = (desk.folder / "orders.xlsx").read_bytes()
    stop = threading.Event()

    def write() -> None:
        with (folder / "inbox" / "orders.xlsx").open("wb", buffering=0) as file:
            pieces = [content[at : at + 40] for at in range(0, len(content), 40)]
            for number, piece in enumerate(pieces):
                file.write(piece)
                if number + 1 == len(pieces):
                    break
                stop.wait(0.05)

    writer = threading.Thread(target=write)
    writer.start()
    meanwhile = []
    while writer.is_alive():
        meanwhile.append(night(desk, folder).json)
    last = night(desk, folder).json

    ends = [found["exit_code"] for one in [*meanwhile, last] for found in one["files"]]
    assert any(one["waiting"] for one in meanwhile)
    assert ends == [0]
    assert not (folder / "needs-attention" / "orders.xlsx").exists()
