"""The custom properties of a workbook, where we write what a later run must know of what we did to it.

The user's own properties stay. Excel, LibreOffice and openpyxl keep all of them when they save.
"""

import re
from collections.abc import Mapping
from typing import Final

from bulk_orders.errors import UnsafeToPatch
from bulk_orders.ooxml.edited_package import EditedPackage
from bulk_orders.ooxml.links import OFFICE
from bulk_orders.ooxml.xml_bytes import (
    attributes,
    children,
    escaped,
    inserted_in,
    prefixed,
    quoted,
    root_of,
    spliced,
    unescaped,
)

CUSTOM: Final = "docProps/custom.xml"
CORE: Final = "docProps/core.xml"
"""The part with the moments of making and of the last saving."""
_TYPE: Final = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_KIND: Final = "custom-properties"
_SET: Final = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_VALUES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_NONE: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    b'xmlns:vt="%s"></Properties>'
) % _VALUES.encode()
_TAG: Final = re.compile(rb"<[^<>]*>")
_FIRST_ID: Final = 2


def custom_properties(xml: bytes) -> dict[str, str]:
    """Return the texts of the custom properties by name. Raises `UnsafeToPatch` where the part is not XML."""
    return {
        attributes(xml, element).get("name", ""): unescaped(
            _TAG.sub(b"", xml[element.inner : element.inner_end])
        ).strip()
        for element in children(xml, root_of(xml))
    }


def moment_of(core: bytes, which: str) -> str:
    """Return when the workbook was `created` or `modified`, as it says itself; nothing where it does not."""
    found = re.search(rb"<dcterms:%s[^<>]*>([^<]*)<" % which.encode(), core)
    return found[1].decode("utf-8", "replace") if found else ""


class Properties:
    """What the workbook says about itself."""

    def __init__(self, package: EditedPackage) -> None:
        self._package = package
        found = [link.target for link in package.links("") if link.kind == _KIND]
        if found and found[0].lower() != CUSTOM.lower():
            raise UnsafeToPatch("its properties are kept in an unusual place")
        self._is_there = bool(found)
        self._xml = package.read(CUSTOM) if found else _NONE
        self._root = root_of(self._xml)
        self._texts = custom_properties(self._xml)
        self._found = {
            attributes(self._xml, element).get("name", ""): element
            for element in children(self._xml, self._root)
        }

    def get(self, name: str) -> str:
        """Return a property's text; nothing where there is none."""
        return self._texts.get(name, "")

    @property
    def modified(self) -> str:
        """When the workbook was last saved, as it says itself."""
        return moment_of(self._package.read(CORE), "modified") if self._package.has(CORE) else ""

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
            + b"<%s>%s</vt:lpwstr></%sproperty>" % (self._value_tag(), escaped(value), self._root.prefix)
            for number, (name, value) in enumerate(values.items(), start=max([_FIRST_ID - 1, *used]) + 1)
        )
        self._package.put(CUSTOM, spliced(self._xml, [*edits, inserted_in(self._xml, self._root, written)]))
        if not self._is_there:
            self._package.declare(CUSTOM, _TYPE)
            self._package.add_link("", _KIND, CUSTOM, namespace=OFFICE)

    def _value_tag(self) -> bytes:
        binding = b'xmlns:vt="%s"' % _VALUES.encode()
        is_bound = binding in self._xml[self._root.start : self._root.inner]
        return b"vt:lpwstr" if is_bound else b"vt:lpwstr " + binding
