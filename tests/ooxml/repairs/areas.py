"""Areas of a sheet that may not meet, and tables, whose columns must be called as their header cells are."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations
from xml.etree.ElementTree import Element

from ooxml.repairs.book import Sheet
from ooxml.repairs.package import MAIN, Opened
from ooxml.repairs.places import area_of

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def area_faults(
    opened: Opened, sheet: Sheet, root: Element, texts: Mapping[tuple[int, int], str]
) -> Iterator[str]:
    merged = [entry.get("ref", "") for entry in root.iterfind(f"{MAIN}mergeCells/{MAIN}mergeCell")]
    listed = {
        opened.target(sheet.part, value)
        for entry in root.iterfind(f"{MAIN}tableParts/{MAIN}tablePart")
        for value in entry.attrib.values()
    }
    linked = set(opened.linked(sheet.part, "table"))
    if listed != linked:
        yield f"{sheet.name} lists the tables {sorted(listed)} and is linked to {sorted(linked)}"
    tables = {part: tree for part in sorted(linked) if (tree := opened.tree(part)) is not None}
    filters = [entry.get("ref", "") for entry in root.iterfind(f"{MAIN}autoFilter")]
    named = [
        *(("merged cells", reference) for reference in merged),
        *(("table", table.get("ref", "")) for table in tables.values()),
        *(("filter", reference) for reference in filters),
    ]
    areas = [(what, reference, area) for what, reference in named if (area := area_of(reference)) is not None]
    yield from (
        f"{sheet.name}: {what} {reference} is no area" for what, reference in named if not area_of(reference)
    )
    for (one, first, area), (other, second, beside) in combinations(areas, 2):
        if area.meets(beside) and {one, other} != {"filter", "merged cells"}:
            yield f"{sheet.name}: {one} {first} and {other} {second} meet"
    for entry in root.iterfind(f"{MAIN}autoFilter"):
        yield from filter_faults(sheet.name, entry)
    for part, table in tables.items():
        yield from _table_faults(sheet.name, part, table, texts, opened)
    yield from _reference_faults(sheet, root)


def filter_faults(where: str, entry: Element) -> Iterator[str]:
    area = area_of(entry.get("ref", ""))
    for column in entry.iterfind(f"{MAIN}filterColumn"):
        if area is not None and int(column.get("colId", "0")) >= area.width:
            yield f"{where}: the filter {entry.get('ref')} has a column {column.get('colId')}"


def _table_faults(
    sheet: str, part: str, table: Element, texts: Mapping[tuple[int, int], str], opened: Opened
) -> Iterator[str]:
    area = area_of(table.get("ref", ""))
    columns = table.findall(f"{MAIN}tableColumns/{MAIN}tableColumn")
    if area is None:
        return
    stated = int(table.find(f"{MAIN}tableColumns").get("count", "-1"))  # type: ignore[union-attr]
    if not len(columns) == area.width == stated:
        yield f"{part}: {table.get('ref')} has {area.width} columns, {len(columns)} are described and {stated} counted"
    for what in ("id", "name", "uniqueName", "queryTableFieldId"):
        values = Counter(column.get(what, "").casefold() for column in columns if column.get(what))
        yield from (
            f"{part}: two columns have the {what} {value}" for value, number in values.items() if number > 1
        )
    heads = int(table.get("headerRowCount", "1"))
    if area.bottom - area.top < heads:
        yield f"{part}: {table.get('ref')} has no row below its header"
    for place, column in enumerate(columns):
        name = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), column.get("name", ""))
        there = _ESCAPE.sub(
            lambda found: chr(int(found[1], 16)), texts.get((area.top, area.left + place), "")
        )
        if heads and name != there:
            yield f"{part}: column {name!r} has {there!r} over it on sheet {sheet}"
    for entry in table.iterfind(f"{MAIN}autoFilter"):
        own = area_of(entry.get("ref", ""))
        last = area.bottom - int(table.get("totalsRowCount", "0"))
        if own is None or (own.top, own.left, own.bottom, own.right) != (
            area.top,
            area.left,
            last,
            area.right,
        ):
            yield f"{part}: its filter reaches over {entry.get('ref')}, the table over {table.get('ref')}"
        yield from filter_faults(part, entry)
    yield from _query_faults(part, columns, opened)


def _query_faults(part: str, columns: list[Element], opened: Opened) -> Iterator[str]:
    """A table that a query fills names a field of the query for each of its columns."""
    for target in opened.linked(part, "queryTable"):
        root = opened.tree(target)
        refresh = None if root is None else root.find(f"{MAIN}queryTableRefresh")
        if root is None or refresh is None:
            continue
        fields = root.findall(f".//{MAIN}queryTableField")
        found = {(entry.get("id"), entry.get("tableColumnId")) for entry in fields}
        wanted = {(column.get("queryTableFieldId"), column.get("id")) for column in columns}
        if found != wanted:
            yield f"{target}: its fields are not the columns of {part}"
        if max(int(entry.get("id", "0")) for entry in fields) >= int(refresh.get("nextId", "1")):
            yield f"{target}: the number of its next field is taken"


def _reference_faults(sheet: Sheet, root: Element) -> Iterator[str]:
    """Areas that are written as no area is."""
    for path, name in (
        ("dimension", "ref"),
        (f"dataValidations/{MAIN}dataValidation", "sqref"),
        ("conditionalFormatting", "sqref"),
        (f"hyperlinks/{MAIN}hyperlink", "ref"),
        (f"ignoredErrors/{MAIN}ignoredError", "sqref"),
    ):
        for entry in root.iterfind(f"{MAIN}{path}"):
            references = entry.get(name, "").split()
            if not references and name != "sqref":
                yield f"{sheet.name}: {entry.tag.removeprefix(MAIN)} has no area"
            for reference in references:
                if area_of(reference) is None and not re.fullmatch(
                    r"[A-Z]{1,3}:[A-Z]{1,3}|\d+:\d+", reference
                ):
                    yield f"{sheet.name}: {reference} is no area"
