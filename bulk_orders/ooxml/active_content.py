"""What in a workbook could act when it is opened: found by relationship and content types, whatever its parts are called."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bulk_orders.ooxml.edited_package import EditedPackage
from bulk_orders.ooxml.links import Link
from bulk_orders.ooxml.workbook import CONTENT_TYPES
from bulk_orders.ooxml.xml_bytes import attributes, children, descendants, is_on, root_of

_MACROS: Final = "it has macros"
_OLE_OBJECTS: Final = "it contains objects of other programs (OLE)"
_ACTIVE_X: Final = "it contains ActiveX controls"
_CUSTOM_UI: Final = "it changes Excel's ribbon or toolbars"
_ADD_IN: Final = "it contains an Office add-in"
_KINDS: Final[Mapping[str, str]] = {
    "vbaproject": _MACROS,
    "vbaprojectsignature": _MACROS,
    "xlmacrosheet": _MACROS,
    "xlintlmacrosheet": _MACROS,
    "attachedtoolbars": _CUSTOM_UI,
    "extensibility": _CUSTOM_UI,
    "usercustomization": _CUSTOM_UI,
    "webextension": _ADD_IN,
    "webextensiontaskpanes": _ADD_IN,
    "oleobject": _OLE_OBJECTS,
    "package": _OLE_OBJECTS,
    "control": _ACTIVE_X,
    "activexcontrolbinary": _ACTIVE_X,
}
"""By the last word of a relationship's type, in lower case."""
_TYPES: Final[Mapping[str, str]] = {
    "vbaproject": _MACROS,
    "macrosheet": _MACROS,
    "macroenabled": _MACROS,
    "attachedtoolbars": _CUSTOM_UI,
    "webextension": _ADD_IN,
    "oleobject": _OLE_OBJECTS,
    "activex": _ACTIVE_X,
}
"""By what is in a content type, in lower case."""
_OTHER_WORKBOOKS: Final = frozenset(
    {"externallinkpath", "xlpathmissing", "xlstartup", "xlalternatestartup", "xllibrary"}
)
"""Where the workbook lies that a formula refers to, in its own folder or in one of Excel's: Excel asks before it looks."""


def active_content(package: EditedPackage) -> str:
    """Return why a workbook must not be handed on as one of ours, as it goes on a sentence; nothing where it may."""
    return next(_reasons(package), "")


def _reasons(package: EditedPackage) -> Iterator[str]:
    yield from _of_types(package)
    for name in ["", *package.names()]:
        for link in package.links(name):
            yield from _of_link(package, link)


def _of_types(package: EditedPackage) -> Iterator[str]:
    """Yield what parts are said to be that are there; a type by the ending of names counts as soon as a name ends so."""
    xml = package.read(CONTENT_TYPES)
    endings = {name.rpartition(".")[2].lower() for name in package.names()}
    for element in children(xml, root_of(xml)):
        about = attributes(xml, element)
        is_used = (
            about.get("Extension", "").lower() in endings
            if element.name == "Default"
            else package.has(about.get("PartName", "").lstrip("/"))
        )
        said = about.get("ContentType", "").lower()
        if is_used:
            yield from (reason for word, reason in _TYPES.items() if word in said)


def _of_link(package: EditedPackage, link: Link) -> Iterator[str]:
    kind = link.kind.lower()
    if kind in _KINDS:
        yield _KINDS[kind]
    elif link.is_outside and kind != "hyperlink" and kind not in _OTHER_WORKBOOKS:
        yield "parts of it are fetched from elsewhere when it is opened"
    elif kind in _SAY_THEMSELVES and package.has(link.target):
        yield from _SAY_THEMSELVES[kind](package.read(link.target))


def _of_external_link(xml: bytes) -> Iterator[str]:
    """Report links to programs (DDE, OLE), which start them; formulas may refer to other workbooks."""
    root = root_of(xml)
    if root.name == "externalLink" and any(element.name != "externalBook" for element in children(xml, root)):
        yield "it is linked to other programs (DDE)"


_REFRESHED: Final = "it fetches data from elsewhere as soon as it is opened"


def _of_connections(xml: bytes) -> Iterator[str]:
    if descendants(xml, "webPr"):
        yield "it contains a query of a web page"
    if _are_refreshed(attributes(xml, element) for element in descendants(xml, "connection")):
        yield _REFRESHED


def _of_query(xml: bytes) -> Iterator[str]:
    if _are_refreshed([attributes(xml, root_of(xml))]):
        yield _REFRESHED


def _of_pivot(xml: bytes) -> Iterator[str]:
    sources = [attributes(xml, element).get("type") for element in descendants(xml, "cacheSource")]
    if _are_refreshed([attributes(xml, root_of(xml))]) and any(source != "worksheet" for source in sources):
        yield _REFRESHED


def _are_refreshed(found: Iterable[Mapping[str, str]]) -> bool:
    return any(is_on(about.get("refreshOnLoad")) or _interval(about) for about in found)


def _interval(about: Mapping[str, str]) -> bool:
    """Tell whether it is refreshed every so many minutes."""
    return about.get("interval", "0").strip("0 ") != ""


_SAY_THEMSELVES: Final = {
    "externallink": _of_external_link,
    "connections": _of_connections,
    "querytable": _of_query,
    "pivotcachedefinition": _of_pivot,
}
"""Parts that say themselves whether they act."""
