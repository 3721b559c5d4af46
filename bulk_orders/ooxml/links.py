"""How the parts of a workbook refer to one another (relationships), and where that is written."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bulk_orders.ooxml.xml_bytes import attributes, children, root_of

OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
"""The namespace of `r:id`, and what the types of relationships begin with."""
_OF_PACKAGE: Final = "_rels/.rels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A relationship from one part to another."""

    link_id: str
    kind: str
    """The last word of its type: `worksheet`, `comments`."""
    target: str
    """The part's name; empty for what lies outside the workbook."""
    is_outside: bool


def links_name(part: str) -> str:
    """Return the name of the part that says what another refers to; `""` is the workbook's file itself."""
    if not part:
        return _OF_PACKAGE
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def links_in(xml: bytes, part: str) -> list[Link]:
    """Return what a part refers to, from the content of the part named `links_name`."""
    return [link_of(part, attributes(xml, element)) for element in children(xml, root_of(xml))]


def link_of(part: str, about: Mapping[str, str]) -> Link:
    """Return the relationship that has these attributes."""
    target = about.get("Target", "").replace("\\", "/")
    is_outside = about.get("TargetMode", "").lower() == "external" or ":" in target
    resolved = posixpath.normpath(posixpath.join("/" + posixpath.dirname(part), target)).lstrip("/")
    return Link(
        link_id=about.get("Id", ""),
        kind=about.get("Type", "").rpartition("/")[2],
        target="" if is_outside else resolved,
        is_outside=is_outside,
    )


def relationship_id(about: Mapping[str, str]) -> str:
    """Return the `r:id` among an element's attributes, whatever its prefix is; nothing where there is none."""
    return next((value for name, value in about.items() if name.endswith(":id")), "")
