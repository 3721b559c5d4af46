"""Excel tables of somebody's sheet, made wider by columns of ours, and the queries that fill such tables."""

from collections.abc import Sequence
from typing import Final

from bulk_orders.ooxml.areas import Area, area_of, reference_of
from bulk_orders.ooxml.edited_package import EditedPackage
from bulk_orders.ooxml.xml_bytes import (
    Edit,
    Element,
    attributes,
    children,
    inserted_in,
    prefixed,
    quoted,
    root_of,
    spliced,
    with_attribute,
)

_QUERY: Final = "queryTable"


def tables_of(package: EditedPackage, sheet_part: str) -> dict[str, Area]:
    """Return the Excel tables on a sheet: their areas by their parts."""
    found = {}
    for link in package.links(sheet_part):
        if link.kind == "table":
            xml = package.read(link.target)
            area = area_of(attributes(xml, root_of(xml)).get("ref", ""))
            if area:
                found[link.target] = area
    return found


def widen_table(package: EditedPackage, part: str, area: Area, headers: Sequence[str]) -> bool:
    """Add columns to a table; whether that could be done: no table may have two columns of one name."""
    table = _Table(package.read(part))
    if not table.can_have(headers):
        return False
    fields: list[int] = []
    for target in [link.target for link in package.links(part) if link.kind == _QUERY]:
        query, fields = _wider_query(package.read(target), table.last_id, len(headers))
        if not fields:
            return False
        package.put(target, query)
    package.put(part, table.wider(area, headers, fields))
    return True


class _Table:
    def __init__(self, xml: bytes) -> None:
        self._xml = xml
        self._root = root_of(xml)
        self._found = {element.name: element for element in children(xml, self._root)}
        columns = self._found.get("tableColumns")
        self._known = [attributes(xml, column) for column in children(xml, columns)] if columns else []
        self.last_id = max((int(column.get("id", "0")) for column in self._known), default=0)

    def can_have(self, headers: Sequence[str]) -> bool:
        names = {column.get("name", "").casefold() for column in self._known}
        return bool(self._known) and not names & {header.casefold() for header in headers}

    def wider(self, area: Area, headers: Sequence[str], fields: Sequence[int]) -> bytes:
        """Return the table with more columns; `fields` are those of the query, if there is one."""
        xml, root, columns = self._xml, self._root, self._found["tableColumns"]
        reference = reference_of((area[0], area[1], area[2], area[3] + len(headers)))
        tag = with_attribute(
            xml[columns.start : columns.inner], "count", str(len(self._known) + len(headers))
        )
        edits = [
            (root.start, root.inner, with_attribute(xml[root.start : root.inner], "ref", reference)),
            (columns.start, columns.inner, tag),
            inserted_in(xml, columns, prefixed(self._columns(headers, fields), root.prefix)),
        ]
        if "autoFilter" in self._found:
            edits.extend(_wider_filter(xml, self._found["autoFilter"], len(headers)))
        return spliced(xml, edits)

    def _columns(self, headers: Sequence[str], fields: Sequence[int]) -> bytes:
        of_query = [b' uniqueName="%d" queryTableFieldId="%d"' % (field, field) for field in fields]
        return b"".join(
            b'<tableColumn id="%d" name="%s"%s/>' % (number, quoted(header), about)
            for number, header, about in zip(
                range(self.last_id + 1, self.last_id + 1 + len(headers)),
                headers,
                of_query or [b""] * len(headers),
                strict=True,
            )
        )


def _wider_filter(xml: bytes, element: Element, more: int) -> list[Edit]:
    tag = xml[element.start : element.inner]
    own = area_of(attributes(xml, element).get("ref", ""))
    if own is None:
        return []
    wider = reference_of((own[0], own[1], own[2], own[3] + more))
    return [(element.start, element.inner, with_attribute(tag, "ref", wider))]


def _wider_query(xml: bytes, last_column: int, more: int) -> tuple[bytes, list[int]]:
    """Return a query whose table has more columns at its right that the query does not fill, and their fields' numbers.

    No numbers where the query does not tell its fields.
    """
    root = root_of(xml)
    refresh = next((child for child in children(xml, root) if child.name == "queryTableRefresh"), None)
    inner = children(xml, refresh) if refresh else []
    fields = next((child for child in inner if child.name == "queryTableFields"), None)
    if refresh is None or fields is None:
        return xml, []
    about = attributes(xml, refresh)
    known = [int(attributes(xml, field).get("id", "0")) for field in children(xml, fields)]
    first = max([int(about.get("nextId", "1")), *(number + 1 for number in known)])
    numbers = list(range(first, first + more))
    added = b"".join(
        b'<queryTableField id="%d" dataBound="0" tableColumnId="%d"/>' % (number, last_column + place)
        for place, number in enumerate(numbers, start=1)
    )
    tag = with_attribute(xml[refresh.start : refresh.inner], "nextId", str(first + more))
    unbound = int(about.get("unboundColumnsRight", "0")) + more
    tag = with_attribute(tag, "unboundColumnsRight", str(unbound))
    counted = with_attribute(xml[fields.start : fields.inner], "count", str(len(known) + more))
    edits = [
        (refresh.start, refresh.inner, tag),
        (fields.start, fields.inner, counted),
        inserted_in(xml, fields, prefixed(added, root.prefix)),
    ]
    return spliced(xml, edits), numbers
