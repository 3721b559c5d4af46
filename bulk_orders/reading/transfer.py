"""How a workbook that was read comes back from the child process: lines of JSON, and the cells as plain text.

Nothing that is received is run, unpickled or believed: what does not fit is a `AnswerBroken`. The lines are, in order:
for each sheet its blocks of rows and an end, then the workbook, or instead of it a refusal.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import chain
from typing import Any

from bulk_orders.core.control_totals import StatedTotal
from bulk_orders.core.model import CellNote, Problem, Severity, SheetColumn, SheetRole, SheetTable
from bulk_orders.errors import InputError
from bulk_orders.machine.isolation import AnswerBroken, ByteSink, ByteSource
from bulk_orders.reading.headers import Layout
from bulk_orders.reading.sketch import Sketch, sketch_from
from bulk_orders.reading.tables import Block, Gathering, kept_columns
from bulk_orders.reading.workbook_tables import Form, WorkbookTables, keys_apart

_BETWEEN = "\x1e"
"""Stands between two cells; a block with a cell that has it goes as JSON."""
_LINE_LIMIT = 64_000_000


class Sender:
    """The child's end: hands blocks on while they are read and keeps none."""

    def __init__(self, sink: ByteSink) -> None:
        self._sink = sink

    def keep(self, name: str, layout: Layout, blocks: Iterable[Block]) -> tuple[SheetTable, frozenset[int]]:
        """Send a sheet's rows; a `tables.BlockSink`. Of the rows, the table that is returned has the first number only."""
        filled: set[int] = set()
        first: tuple[int, ...] = ()
        for block in blocks:
            self._send(block)
            filled |= block.filled
            first = first or (block.sheet_rows[0],)
        kept = tuple(layout.columns[index] for index in kept_columns(layout.columns, filled))
        columns = [asdict(column) for column in layout.columns]
        self._line({"end": name, "header_row": layout.header_row, "columns": columns})
        table = SheetTable(
            name=name, header_row=layout.header_row, columns=kept, sheet_rows=first, cells=[], notes={}
        )
        return table, frozenset(filled)

    def finish(self, tables: WorkbookTables) -> None:
        """Send what is known of the workbook as a whole."""
        sheets = [
            (SheetRole.ORDERS, tables.orders),
            (SheetRole.CUSTOMERS, tables.customers),
            (SheetRole.PRODUCTS, tables.products),
        ]
        self._line(
            {
                "workbook": tables.form.value,
                "roles": [role.value for role, table in sheets if table is not None],
                "problems": [asdict(problem) for problem in tables.problems],
                "extra_columns": tables.extra_columns,
                "ignored_sheets": tables.ignored_sheets,
                "is_csv": tables.is_csv,
                "mapping": tables.mapping,
                "stated_totals": [asdict(stated) for stated in tables.stated_totals],
            }
        )

    def sketch(self, sketch: Sketch) -> None:
        """Send the beginnings of the sheets."""
        self._line({"sketch": asdict(sketch)})

    def refuse(self, error: InputError) -> None:
        """Send why the file is not read."""
        self._line({"refused": error.message, "fix": error.fix})

    def _send(self, block: Block) -> None:
        notes: dict[str, dict[str, list[int]]] = {}
        for (sheet_row, letter), note in block.notes.items():
            notes.setdefault(letter, {}).setdefault(note.value, []).append(sheet_row)
        texts = list(chain.from_iterable(block.cells))
        joined = _BETWEEN.join(texts)
        is_plain = joined.count(_BETWEEN) == len(texts) - 1
        data = (joined if is_plain else json.dumps(texts)).encode("utf-8", "surrogatepass")
        header = {
            "bytes": len(data),
            "plain": is_plain,
            "rows": block.sheet_rows,
            "notes": notes,
            "shown": [[sheet_row, letter, text] for (sheet_row, letter), text in block.shown.items()],
            "filled": sorted(block.filled),
            "hidden": sorted(block.hidden_rows),
        }
        self._line(header)
        self._sink.write(data)

    def _line(self, message: Mapping[str, Any]) -> None:
        self._sink.write(json.dumps(message, separators=(",", ":")).encode() + b"\n")


def received(source: ByteSource, *, at_most_bytes: int) -> WorkbookTables:
    """Return the workbook that a `Sender` sends; its refusal is raised as the `InputError` it was.

    Anything else, and more than `at_most_bytes`, is a `AnswerBroken`.
    """
    try:
        return _Receiver(source, at_most_bytes).workbook()
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise AnswerBroken from error


def received_sketch(source: ByteSource) -> Sketch:
    """Return the beginnings of the sheets that a `Sender` sends; its refusal is raised as the `InputError` it was.

    Raises `AnswerBroken` for bytes that no `Sender` sends.
    """
    try:
        message = json.loads(source.readline(_LINE_LIMIT))
        if "refused" in message:
            raise InputError(str(message["refused"]), fix=str(message["fix"]))
        return sketch_from(message["sketch"])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise AnswerBroken from error


class _Receiver:
    """The parent's end."""

    def __init__(self, source: ByteSource, at_most_bytes: int) -> None:
        self._source = source
        self._left = at_most_bytes
        self._gathering = Gathering()
        self._tables: list[SheetTable] = []

    def workbook(self) -> WorkbookTables:
        for message in self._messages():
            if "bytes" in message:
                self._gathering.add(self._block(message))
            elif "end" in message:
                columns = tuple(SheetColumn(**column) for column in message["columns"])
                self._tables.append(
                    self._gathering.table(str(message["end"]), int(message["header_row"]), columns)
                )
                self._gathering = Gathering()
            elif "refused" in message:
                raise InputError(str(message["refused"]), fix=str(message["fix"]))
            else:
                return self._finished(message)
        raise AnswerBroken

    def _messages(self) -> Iterator[dict[str, Any]]:
        while line := self._source.readline(_LINE_LIMIT):
            self._count(len(line))
            message = json.loads(line)
            if not isinstance(message, dict):
                raise AnswerBroken
            yield message

    def _count(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise AnswerBroken

    def _block(self, message: Mapping[str, Any]) -> Block:
        size, sheet_rows = int(message["bytes"]), list(map(int, message["rows"]))
        if size < 0:
            raise AnswerBroken
        self._count(size)
        data = self._source.read(size)
        text = data.decode("utf-8", "surrogatepass")
        texts: list[str] = text.split(_BETWEEN) if message["plain"] else list(map(str, json.loads(text)))
        width, rest = divmod(len(texts), len(sheet_rows))
        if rest or len(data) != size:
            raise AnswerBroken
        # Notes keep the rows' numbers and not some of their own.
        numbers = {sheet_row: sheet_row for sheet_row in sheet_rows}
        notes = {
            (numbers[sheet_row], letter): CellNote(note)
            for letter, by_note in message["notes"].items()
            for note, rows in by_note.items()
            for sheet_row in rows
        }
        return Block(
            sheet_rows=sheet_rows,
            cells=[texts[start : start + width] for start in range(0, len(texts), width)],
            notes=notes,
            shown={(int(row), str(letter)): str(shows) for row, letter, shows in message["shown"]},
            filled=set(message["filled"]),
            hidden_rows=set(message["hidden"]),
        )

    def _finished(self, message: Mapping[str, Any]) -> WorkbookTables:
        roles = map(SheetRole, message["roles"])
        tables = dict(zip(roles, self._tables, strict=True))
        return keys_apart(
            WorkbookTables(
                form=Form(message["workbook"]),
                orders=tables[SheetRole.ORDERS],
                customers=tables.get(SheetRole.CUSTOMERS),
                products=tables.get(SheetRole.PRODUCTS),
                problems=tuple(map(_problem, message["problems"])),
                extra_columns=tuple(map(str, message["extra_columns"])),
                ignored_sheets=tuple(map(str, message["ignored_sheets"])),
                is_csv=bool(message["is_csv"]),
                mapping=str(message["mapping"]),
                stated_totals=tuple(map(_stated, message["stated_totals"])),
            )
        )


def _stated(told: Mapping[str, Any]) -> StatedTotal:
    return StatedTotal(label=str(told["label"]), text=str(told["text"]), place=str(told["place"]))


def _problem(told: Mapping[str, Any]) -> Problem:
    lists = {"cells": tuple(told["cells"]), "order_rows": tuple(told["order_rows"])}
    return Problem(**{**told, **lists, "severity": Severity(told["severity"])})
