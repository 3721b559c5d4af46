"""Files are read in a process of their own: it hands back the same, costs little, and may die without harm."""

import io
import os
import resource
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import pytest
from books.input_books import CUSTOMER_HEADERS, ORDER, ORDER_HEADERS, SHEET, book, patched, saved
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from bulk_orders.errors import InputError
from bulk_orders.machine.isolation import AnswerBroken, ProcessLimits, start_ahead, started
from bulk_orders.reading.input_file import MAX_FILE_BYTES
from bulk_orders.reading.isolated import CHILD, read_safely
from bulk_orders.reading.transfer import received
from bulk_orders.reading.workbook import read_workbook

SMALL = ProcessLimits.for_size(1)
MB = 1_000_000
GOOD = saved(book())


@cache
def rich() -> bytes:
    """Every kind of note, hidden and merged cells, columns that are dropped, and texts that are hard to hand over."""
    rows = [ORDER_HEADERS, *(ORDER for _ in range(2_500))]
    customers = [CUSTOMER_HEADERS, ("1", "a_x001E_b", "x", "é\n東", None, "'", "00123")]
    workbook = book(rows, customers, Products=[("Product (MPN)",), ("M",)], Notes=[("x",)])
    sheet = workbook["Orders"]
    sheet["C3"], sheet["C4"], sheet["G5"] = "=1+1", "#N/A", 12345678901234567
    sheet["G6"].number_format, sheet["G6"].value = "00000", 12
    sheet.merge_cells("D7:D2400")
    sheet.row_dimensions[9].hidden = True
    sheet.column_dimensions["G"].hidden = True
    sheet["J2200"] = "kept"
    return saved(workbook)


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (lambda: GOOD, "orders.xlsx"),
        pytest.param(rich, "orders.xlsx", marks=pytest.mark.long),
        (lambda: saved(book([ORDER_HEADERS])), "orders.xlsx"),
        (lambda: b"customer_id,mpn,quantity,city\n1,M,5,\x1e\n2,M,6,\xc3\xa9\n", "C:\\exports\\from erp.csv"),
    ],
)
def test_the_child_hands_back_what_reading_here_gives(made: Callable[[], bytes], name: str) -> None:
    content = made()
    assert read_safely(content, name) == read_workbook(content, name)


def test_what_the_reader_refuses_is_refused_in_the_same_words() -> None:
    with pytest.raises(InputError) as here:
        read_workbook(GOOD[:-100], "orders.xlsx")
    with pytest.raises(InputError) as there:
        read_safely(GOOD[:-100], "orders.xlsx")
    assert (here.value.message, here.value.fix) == (there.value.message, there.value.fix)


def test_the_child_imports_neither_pandas_nor_what_sends() -> None:
    loaded = loaded_by("import bulk_orders.machine.isolation, bulk_orders.reading.child")
    assert not {"pandas", "numpy", "pandera", "requests", "sqlalchemy", "openpyxl"} & loaded


def test_a_check_takes_nothing_apart_in_the_program_itself(tmp_path: Path) -> None:
    (tmp_path / "orders.xlsx").write_bytes(GOOD)
    loaded = loaded_by(f"import bulk_orders; bulk_orders.check({str(tmp_path / 'orders.xlsx')!r})")
    assert "pandera" in loaded
    assert not {"python_calamine", "bulk_orders.reading.child", "bulk_orders.reading.workbook"} & loaded


def loaded_by(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"],
        capture_output=True,
        check=True,
        text=True,
    )
    return set(done.stdout.split())


def refusal(content: bytes, limits: ProcessLimits = SMALL) -> InputError:
    with pytest.raises(InputError) as caught:
        read_safely(content, "orders.xlsx", limits)
    assert caught.value.fix
    assert len(caught.value.message) <= 140
    return caught.value


def many_texts() -> bytes:
    """70 kB; each of 30,000 cells has a text of 32,000 characters, which stands in the file once."""
    buffer = io.BytesIO()
    with Workbook(buffer) as made:
        sheet = made.add_worksheet("Orders")
        for column, header in enumerate(ORDER_HEADERS):
            sheet.write_string(0, column, header)
        for row in range(1, 4_000):
            for column in range(7):
                sheet.write_string(row, column, "x" * 32_000)
    return buffer.getvalue()


def refused_with_the_memory_used(content: bytes) -> tuple[str, int]:
    """The message, and the most memory that any child of this process had, in kB."""
    message = refusal(content).message
    return message, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


@pytest.mark.long
def test_a_small_file_that_needs_much_memory_ends_its_own_process_only() -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as asked:  # children of other tests do not count
        message, used_kb = asked.submit(refused_with_the_memory_used, many_texts()).result()
    assert "memory" in message
    assert used_kb < 520_000


def test_a_child_that_never_gets_its_turn_is_given_up_and_the_file_is_not_blamed() -> None:
    assert "too busy" in refusal(GOOD, replace(SMALL, wall_s=0.005)).message


@pytest.mark.long
def test_a_child_that_spends_too_much_of_the_processor_is_given_up() -> None:
    long = patched(GOOD, SHEET, b"</sheetData>", b"<row/>" * 3_000_000 + b"</sheetData>")
    assert "too long" in refusal(long, replace(SMALL, cpu_s=1)).message


def test_an_answer_that_is_larger_than_the_file_can_explain_is_given_up() -> None:
    assert refusal(rich(), replace(SMALL, answer_bytes=10_000)).message


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"Traceback\n",
        b"[1]\n",
        b"{}\n",
        b'{"workbook":"flat","roles":["orders"]}\n',
        b'{"bytes":5,"plain":true,"rows":[1],"notes":{},"filled":[],"hidden":[]}\nab',
        b'{"bytes":3,"plain":true,"rows":[1,2],"notes":{},"filled":[],"hidden":[]}\nabc',
        b'{"bytes":-1,"plain":true,"rows":[],"notes":{},"filled":[],"hidden":[]}\n',
        b"[" * 100_000 + b"\n",
    ],
)
def test_an_answer_that_is_none_is_not_believed(answer: bytes) -> None:
    with pytest.raises(AnswerBroken):
        received(io.BytesIO(answer), at_most_bytes=1_000_000)


def test_a_small_file_never_gets_more_than_512_mb_and_ten_seconds() -> None:
    for size in (0, 100_000, 3 * MB):
        limits = ProcessLimits.for_size(size)
        assert (limits.memory_bytes, limits.cpu_s) == (512 * MB, 10)
    assert ProcessLimits.for_size(3 * MB + 1).memory_bytes > 512 * MB


@pytest.mark.parametrize(("size", "wall_s"), [(1, 60), (3 * MB, 60), (4 * MB, 72), (MAX_FILE_BYTES, 900)])
def test_a_busy_computer_gets_six_times_as_long_and_never_more_than_a_quarter_of_an_hour(
    size: int, wall_s: float
) -> None:
    limits = ProcessLimits.for_size(size)
    assert limits.wall_s == wall_s
    assert limits.cpu_s < limits.wall_s


def test_no_file_gets_more_than_2_gb() -> None:
    assert (
        ProcessLimits.for_size(120 * MB).memory_bytes
        < ProcessLimits.for_size(MAX_FILE_BYTES).memory_bytes
        == 2_000 * MB
    )


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc here")
def test_the_child_gets_nothing_of_the_environment_but_what_python_needs() -> None:
    child = started(CHILD)
    try:
        # On a busy computer it is empty for a moment.
        while not (told := Path(f"/proc/{child.pid}/environ").read_bytes()):
            assert child.poll() is None
    finally:
        child.communicate(b"")
    names = {entry.partition(b"=")[0].decode() for entry in told.split(b"\0") if entry}
    assert names <= {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUTF8", "SYSTEMROOT", "LD_LIBRARY_PATH"}


def children() -> set[int]:
    """The processes that this one has, ended ones too that nobody has asked about."""
    told = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(os.getpid())], capture_output=True, text=True, check=True
    )
    return {int(pid) for pid in told.stdout.split()}


@pytest.mark.skipif(shutil.which("ps") is None, reason="needs ps")
def test_a_process_that_was_started_ahead_reads_the_next_workbook_and_no_other() -> None:
    before = children()
    start_ahead(CHILD)
    assert len(children() - before) == 2  # ps is one of them
    assert read_safely(GOOD, "orders.xlsx") == read_workbook(GOOD, "orders.xlsx")
    assert len(children() - before) == 1
    assert read_safely(GOOD, "orders.xlsx") == read_workbook(GOOD, "orders.xlsx")


@pytest.mark.skipif(shutil.which("ps") is None, reason="needs ps")
def test_one_that_died_while_it_waited_is_replaced() -> None:
    before = children()
    start_ahead(CHILD)
    for pid in children() - before:
        with suppress(ProcessLookupError):  # ps
            os.kill(pid, signal.SIGKILL)
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert read_safely(GOOD, "orders.xlsx") == read_workbook(GOOD, "orders.xlsx")


def test_one_that_nobody_needs_ends_by_itself() -> None:
    child = started(CHILD)
    child.communicate()
    assert child.returncode == 0


# --- anything at all ---


def parts_swapped(content: bytes, first: int, second: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        names = old.namelist()
        a, b = names[first % len(names)], names[second % len(names)]
        for name in names:
            new.writestr(name, old.read({a: b, b: a}.get(name, name)))
    return buffer.getvalue()


def read_or_refused(content: bytes, name: str = "orders.xlsx") -> None:
    try:
        read_workbook(content, name)
    except InputError as error:
        assert error.fix  # noqa: PT017  # either is right


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=400), name=st.sampled_from(["a.xlsx", "a.csv", "a", "a.xls"]))
def test_any_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    read_or_refused(content, name)


@settings(max_examples=60, deadline=None)
@given(flips=st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(1, 255)), min_size=1, max_size=4))
def test_a_workbook_with_flipped_bits_is_read_or_refused(flips: list[tuple[int, int]]) -> None:
    content = bytearray(GOOD)
    for place, mask in flips:
        content[place] ^= mask
    read_or_refused(bytes(content))


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, len(GOOD)))
def test_a_workbook_that_was_cut_off_anywhere_is_read_or_refused(cut: int) -> None:
    read_or_refused(GOOD[:cut])


@pytest.mark.long
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=st.integers(0, 20), second=st.integers(0, 20))
def test_a_workbook_with_swapped_parts_is_read_or_refused(first: int, second: int) -> None:
    read_or_refused(parts_swapped(GOOD, first, second))


XML = zipfile.ZipFile(io.BytesIO(GOOD)).read(SHEET)
PIECES = st.sampled_from(
    [
        b"<c",
        b"<row",
        b"</c>",
        b">",
        b"<f>",
        b"</f>",
        b' r="A1"',
        b' t="s"',
        b' t="e"',
        b"<v>9</v>",
        b"<!--",
        b"&#0;",
        b"'",
    ]
)


@pytest.mark.long
@settings(max_examples=80, deadline=None)
@given(
    changes=st.lists(
        st.tuples(st.integers(0, len(XML)), PIECES | st.binary(max_size=3)), min_size=1, max_size=5
    )
)
def test_a_sheet_with_pieces_of_xml_thrown_in_is_read_or_refused(changes: list[tuple[int, bytes]]) -> None:
    xml = XML
    for place, piece in changes:
        xml = xml[:place] + piece + xml[place:]
    read_or_refused(patched(GOOD, SHEET, b"(?s).*", xml))
