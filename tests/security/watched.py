"""Runs the program and notes what takes a workbook apart in this very process: `python watched.py NOTES ARGUMENTS...`.

Nothing is replaced: the interpreter itself tells of every call (`sys.setprofile`), in every thread.
"""

import json
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))  # the tree before any installed copy

PARSERS = {
    "zipfile.py": {"_RealGetContents"},
    "zip_package.py": {"open_package", "chunks", "read"},
    "edited_package.py": {"__init__"},
    "xml_bytes.py": {"elements", "descendants", "opening", "whole_tags", "stretches"},
    "xml_check.py": {"_parsed"},
    "xml_events.py": {"parsed"},
    "excel.py": {"load_workbook"},
}
"""Python's and our own, by file."""
IN_C = {"ParserCreate", "decompressobj", "from_filelike", "load_workbook"}
"""Of expat, zlib and calamine."""
seen: set[str] = set()


def note(frame: FrameType, event: str, what: Any) -> None:
    if event == "call":
        file = frame.f_code.co_filename.rpartition("/")[2]
        if frame.f_code.co_name in PARSERS.get(file, ()):
            seen.add(f"{file}: {frame.f_code.co_name}")
    elif event == "c_call" and getattr(what, "__name__", "") in IN_C:
        seen.add(what.__name__)


def main() -> int:
    notes, arguments = Path(sys.argv[1]), sys.argv[2:]
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        if arguments[0] == "read-here":
            from bulk_orders.reading.workbook import read_workbook  # noqa: PLC0415 - to show that it would be noticed

            read_workbook(Path(arguments[1]).read_bytes(), "orders.xlsx")
            return 0
        from bulk_orders.__main__ import main as program  # noqa: PLC0415 - what it loads is watched, too

        sys.argv[1:] = arguments
        return program()
    finally:
        sys.setprofile(None)
        notes.write_text(json.dumps(sorted(seen)), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
