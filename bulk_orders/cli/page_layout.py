"""Lays a help page out for a terminal: paragraphs are joined and wrapped, tables are aligned, and code stays as it is."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bulk_orders.cli.wrapping import filled, longest_piece

_FENCE: Final = "```"
_ITEM = re.compile(r"(- |\d+\. )")
_RULE = re.compile(r":?-+:?")
_BAR = re.compile(r"(?<!\\)\|")
_GAP: Final = "   "
"""Between the columns of a table."""


def page_lines(text: str, width: int) -> Iterator[str]:
    """Yield the lines of a page in Markdown, of at most `width` columns where words, commands and code allow it."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        end = _end_of_block(lines, at)
        yield from _laid_out(lines[at:end], width)
        at = end


def _kind(line: str) -> str:
    if not line.strip():
        return "blank"
    if line.startswith("|"):
        return "table"
    if line.startswith("#"):
        return "heading"
    return "comment" if line.startswith("<!--") else "text"


def _end_of_block(lines: Sequence[str], start: int) -> int:
    """Return where the block ends that begins at `start`: code at its fence, a text before the next item of a list."""
    if lines[start].lstrip().startswith(_FENCE):
        fences = (at for at in range(start + 1, len(lines)) if lines[at].lstrip().startswith(_FENCE))
        return next(fences, len(lines) - 1) + 1
    kind, end = _kind(lines[start]), start + 1
    while end < len(lines) and kind in {"table", "text"} and _kind(lines[end]) == kind:
        line = lines[end].lstrip()
        if kind == "text" and (_ITEM.match(line) or line.startswith(_FENCE)):
            break
        end += 1
    return end


def _laid_out(block: Sequence[str], width: int) -> Iterator[str]:
    if block[0].lstrip().startswith(_FENCE):
        yield from block[1:-1]
        return
    match _kind(block[0]):
        case "table":
            yield from _table(block, width)
        case "text":
            indent = " " * (len(block[0]) - len(block[0].lstrip()))
            item = _ITEM.match(block[0].lstrip())
            joined = " ".join(line.strip() for line in block)
            yield from filled(joined, width, first=indent, rest=indent + " " * len(item[0] if item else ""))
        case "comment":
            pass
        case _:
            yield from block


def _table(block: Sequence[str], width: int) -> Iterator[str]:
    rows = [[cell.strip().replace("\\|", "|") for cell in _BAR.split(line.strip())[1:-1]] for line in block]
    head, *body = [row for row in rows if not all(_RULE.fullmatch(cell) for cell in row)]
    widths = _widths([head, *body], width)
    if sum(widths) + len(_GAP) * (len(widths) - 1) > width:
        yield from _records(head, body, width)
        return
    for row in (head, ["-" * space for space in widths], *body):
        cells = [filled(cell, space) for cell, space in zip(row, widths, strict=True)]
        for at in range(max(map(len, cells))):
            line = [
                (cell[at] if at < len(cell) else "").ljust(space)
                for cell, space in zip(cells, widths, strict=True)
            ]
            yield _GAP.join(line).rstrip()


def _records(head: Sequence[str], body: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Lay out a table that is too wide: under each first cell the others, with their headers."""
    for row in body:
        yield from filled(f"{head[0]}: {row[0]}", width)
        for header, cell in zip(head[1:], row[1:], strict=True):
            if cell:
                yield from filled(f"{header}: {cell}", width, first="  ", rest="    ")


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return how wide each column is: as its longest cell, or less, but never less than what is not broken."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    least = [max(map(longest_piece, column)) for column in columns]
    room = width - len(_GAP) * (len(columns) - 1)
    while sum(widths) > room:
        at = max(range(len(widths)), key=lambda index: widths[index] - least[index])
        if widths[at] <= least[at]:
            break
        widths[at] -= 1
    return widths
