"""The custom properties of a workbook, where we write what a later run must know of what we did to it.

The user's own properties stay. Excel, LibreOffice and openpyxl keep all of them when they save.
"""

import re
from collections.abc import Mapping
from typing import Final

from bulk_orders.errors import UnsafeToPatch
from bulk_orders.ooxml.draft import OFFICE, Draft
from bulk_orders.ooxml.xml_bytes import (
    attributes,
    children,
    escaped,
    inserted_in,
    prefixed,
    quoted,
    root_of,
    spliced,
)
from bulk_orders.texts import own_copy as words

_PART: Final = "docProps/custom.xml"
_CORE: Final = "docProps/core.xml"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_KIND: Final = "custom-properties"
_SET: Final = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_VALUES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_NONE: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    b'xmlns:vt="%s"></Properties>'
) % _VALUES.encode()
_MODIFIED: Final = re.compile(rb"<dcterms:modified[^>]*>([^<]*)<")
_FIRST_ID: Final = 2


class Properties:
    """What the workbook says of itself."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        found = [link.target for link in draft.links("") if link.kind == _KIND]
        if found and found[0].lower() != _PART.lower():
            raise UnsafeToPatch(words.PROPERTIES_ELSEWHERE)
        self._is_there = bool(found)
        self._xml = draft.read(_PART) if found else _NONE
        self._root = root_of(self._xml)
        self._found = {
            attributes(self._xml, element).get("name", ""): element
            for element in children(self._xml, self._root)
        }

    def get(self, name: str) -> str:
        """Return a property's text; nothing where there is none."""
        element = self._found.get(name)
        if element is None:
            return ""
        text = re.sub(rb"<[^<>]*>", b"", self._xml[element.inner : element.inner_end]).decode(
            "utf-8", "replace"
        )
        return text.strip().replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

    @property
    def modified(self) -> str:
        """When the workbook was last saved, as it says itself."""
        found = _MODIFIED.search(self._draft.read(_CORE)) if self._draft.has(_CORE) else None
        return found[1].decode("utf-8", "replace") if found else ""

    def set(self, values: Mapping[str, str]) -> None:
        """Set these properties and leave the others."""
        used = [
            int(number)
            for name, element in self._found.items()
            if name not in values and (number := attributes(self._xml, element).get("pid", "")).isdigit()
        ]
        edits = [(element.start, element.end, b"") for name, element in self._found.items() if name in values]
        written = b"".join(
            prefixed(b'<property fmtid="%s" pid="%d" name="%s">', self._root.prefix)
            % (_SET.encode(), number, quoted(name))
            + b'<vt:lpwstr xmlns:vt="%s">%s</vt:lpwstr>' % (_VALUES.encode(), escaped(value))
            + b"</%sproperty>" % self._root.prefix
            for number, (name, value) in enumerate(values.items(), start=max([_FIRST_ID - 1, *used]) + 1)
        )
        written = written.replace(b'<vt:lpwstr xmlns:vt="%s">' % _VALUES.encode(), self._value_tag())
        self._draft.put(_PART, spliced(self._xml, [*edits, inserted_in(self._xml, self._root, written)]))
        if not self._is_there:
            self._draft.declare(_PART, _TYPE)
            self._draft.add_link("", _KIND, _PART, namespace=OFFICE)

    def _value_tag(self) -> bytes:
        # `publishing` looks for the tag as it is usually written.
        is_bound = b'xmlns:vt="%s"' % _VALUES.encode() in self._xml[self._root.start : self._root.inner]
        return b"<vt:lpwstr>" if is_bound else b'<vt:lpwstr xmlns:vt="%s">' % _VALUES.encode()
