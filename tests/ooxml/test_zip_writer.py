"""A zip that is written, read again by Python's own reader."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.ooxml.zip_writer import PackageWriter

PROGRAM = """\
import sys
if sys.argv[2] == "zlib":
    sys.modules["isal"] = None  # as where there is none to install
from bulk_orders.ooxml.zip_writer import PackageWriter
with open(sys.argv[1], "wb") as file:
    writer = PackageWriter(file)
    writer.add("xl/sheet.xml", [b"<row/>" * 10_000, b"", b"</end>"])
    writer.close()
"""


@given(parts=st.dictionaries(st.text("abc/.", min_size=1), st.lists(st.binary(max_size=3_000)), max_size=5))
def test_what_is_packed_is_unpacked_whole(
    tmp_path_factory: pytest.TempPathFactory, parts: dict[str, list[bytes]]
) -> None:
    path = tmp_path_factory.mktemp("zip") / "made.zip"
    with path.open("wb") as file:
        writer = PackageWriter(file)
        for name, chunks in parts.items():
            writer.add(name, chunks)
        writer.close()
    with ZipFile(path) as made:
        assert made.testzip() is None
        assert {name: made.read(name) for name in made.namelist()} == {
            name: b"".join(chunks) for name, chunks in parts.items()
        }


@pytest.mark.parametrize("library", ["isal", "zlib"])
def test_either_library_packs_the_same(tmp_path: Path, library: str) -> None:
    path = tmp_path / "made.zip"
    subprocess.run([sys.executable, "-c", PROGRAM, str(path), library], check=True)
    with ZipFile(path) as made:
        assert made.testzip() is None
        assert made.read("xl/sheet.xml") == b"<row/>" * 10_000 + b"</end>"
    assert path.stat().st_size < 1_000
