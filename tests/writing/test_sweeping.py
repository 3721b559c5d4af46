"""What a crash left beside a workbook is swept; what cannot be, or vanishes meanwhile, stops nobody."""

import os
from pathlib import Path

from bulk_orders.writing.saving import probe

LONG_AGO = 1_000_000_000.0


def leftover(folder: Path, name: str = "0123456789abcdef") -> Path:
    return folder / f".bulk-orders-{name}.part"


def test_an_old_part_is_swept_and_a_young_one_may_be_somebody_elses(tmp_path: Path) -> None:
    old, young = leftover(tmp_path, "old"), leftover(tmp_path, "young")
    for part in (old, young):
        part.write_bytes(b"x")
    os.utime(old, (LONG_AGO, LONG_AGO))
    probe(tmp_path)
    assert sorted(tmp_path.iterdir()) == [young]


def test_a_dangling_link_with_the_name_of_a_part_stops_no_run(tmp_path: Path) -> None:
    link = leftover(tmp_path)
    link.symlink_to(tmp_path / "nowhere")
    probe(tmp_path)
    os.utime(link, (LONG_AGO, LONG_AGO), follow_symlinks=False)
    probe(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_the_name_of_a_part_stops_no_run(tmp_path: Path) -> None:
    leftover(tmp_path).mkdir()
    os.utime(leftover(tmp_path), (LONG_AGO, LONG_AGO))
    probe(tmp_path)
    assert leftover(tmp_path).is_dir()
