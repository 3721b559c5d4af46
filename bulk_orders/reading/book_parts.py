"""The small parts of a workbook: which sheets there are and where, and which styles change what a number means."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bulk_orders.errors import InputError
from bulk_orders.reading.zip_package import Package
from bulk_orders.texts import reading_files as words

_WORKBOOK = "xl/workbook.xml"
_RELATIONSHIPS = "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"
_PERCENT_FORMATS = {9, 10}
"""Built-in `0%` and `0.00%` (ECMA-376 part 1, 18.8.30)."""
_OTHER_WORKBOOKS = {
    "xl/workbook.bin": words.XLSB,
    "content.xml": words.ODS,
    "index/document.iwa": words.NUMBERS,
    "index.zip": words.NUMBERS,
    "word/document.xml": words.WORD,
    "ppt/presentation.xml": words.POWERPOINT,
}
_FORMAT_PIECE = re.compile(r'\[[^\]]*\]|"[^"]*"|\\.|_.|\*.|.', re.DOTALL)
_TOO_MANY_DIGITS = 10
_MASK_LETTERS = "0-() +/"
_ENCODING = re.compile(rb"""^<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']""")


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSheet:
    """One worksheet as the workbook lists it."""

    name: str
    part: str
    is_visible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberStyles:
    """The cell styles, by their number, under which a number shows as something else."""

    zero_masks: dict[int, tuple[str, ...]]
    """One entry a character, empty for a digit: `00-00` is `("", "", "-", "", "")`."""
    percents: frozenset[int]


def check_parts(package: Package) -> None:
    """Refuse what is no .xlsx, has macros, or has a document type (DTD) in any of its XML parts."""
    if not package.has(_WORKBOOK):
        what = next((text for name, text in _OTHER_WORKBOOKS.items() if package.has(name)), words.ZIP)
        raise InputError(words.OTHER_WORKBOOK.format(what=what), fix=words.SAVE_AS_XLSX_FIX)
    for name in package.parts:
        if name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/"):
            raise InputError(words.MACROS, fix=words.MACROS_FIX)
        if name.endswith((".xml", ".rels", ".vml")):
            check_xml_start(next(package.chunks(name), b""), name)


def check_xml_start(head: bytes, name: str) -> None:
    """Refuse a DTD, and an encoding in which the byte searches of this package would see nothing."""
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise InputError(words.PART_WITH_ODD_DTD.format(part=name), fix=words.SAVE_AGAIN_FIX)
    declared = _ENCODING.match(head.removeprefix(b"\xef\xbb\xbf").lstrip())
    is_other = declared is not None and declared[1].lower() not in {b"utf-8", b"utf8", b"us-ascii", b"ascii"}
    if (is_other or b"\0" in head[:64]) and not name.startswith("customxml/"):
        raise InputError(words.PART_NOT_UTF8.format(part=name), fix=words.SAVE_AGAIN_FIX)


def book_sheets(package: Package) -> tuple[BookSheet, ...]:
    """Return the worksheets in the workbook's order; chart and dialog sheets are left out."""
    targets: dict[str, str] = {}
    for relation in _tree(package, _RELATIONSHIPS):
        if not relation.get("Type", "").endswith("/worksheet"):
            continue
        if relation.get("TargetMode", "").lower() == "external" or ":" in relation.get("Target", ""):
            raise InputError(words.SHEET_OUTSIDE, fix=words.SAVE_AGAIN_FIX)
        targets[relation.get("Id", "")] = posixpath.normpath(
            posixpath.join("/xl", relation.get("Target", ""))
        )[1:]
    found = []
    for sheet in _elements(_tree(package, _WORKBOOK), "sheet"):
        relation_id = next((value for key, value in sheet.items() if key.endswith("}id")), "")
        if relation_id in targets:
            is_visible = sheet.get("state", "visible") == "visible"
            found.append(
                BookSheet(name=sheet.get("name", ""), part=targets[relation_id], is_visible=is_visible)
            )
    return tuple(found)


def counts_from_1904(package: Package) -> bool:
    """Whether the workbook's dates are counted from 1904, as Excel once did on the Mac."""
    told = [entry.get("date1904") for entry in _elements(_tree(package, _WORKBOOK), "workbookPr")]
    return told[-1:] in (["1"], ["true"])


def linked_part(package: Package, part: str, kind: str) -> str:
    """Return the name of the first part that another refers to in this way; nothing where there is none."""
    folder, name = posixpath.split(part)
    links = posixpath.join(folder, "_rels", f"{name}.rels")
    if not package.has(links):
        return ""
    for relation in _tree(package, links):
        is_inside = relation.get("TargetMode", "").lower() != "external"
        if is_inside and relation.get("Type", "").endswith(f"/{kind}"):
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:]
            return target if package.has(target) else ""
    return ""


def number_styles(package: Package) -> NumberStyles:
    """Return the styles that pad numbers with zeros or show them as percentages."""
    if not package.has(_STYLES):
        return NumberStyles(zero_masks={}, percents=frozenset())
    root = _tree(package, _STYLES)
    formats = {
        number(entry.get("numFmtId")): entry.get("formatCode", "") for entry in _elements(root, "numFmt")
    }
    masks = {format_id: mask for format_id, code in formats.items() if (mask := zero_mask(code))}
    percents = {format_id for format_id, code in formats.items() if _shows_percent(code)} | _PERCENT_FORMATS
    used = [
        number(style.get("numFmtId"))
        for styles in _elements(root, "cellXfs")
        for style in _elements(styles, "xf")
    ]
    return NumberStyles(
        zero_masks={style: masks[format_id] for style, format_id in enumerate(used) if format_id in masks},
        percents=frozenset(style for style, format_id in enumerate(used) if format_id in percents),
    )


def zero_mask(code: str) -> tuple[str, ...]:
    """Return the mask of a number format made of zeros and literal characters only, else nothing.

    `00000`, `00-0000`, `"PO-"0000` and `[$-409]00000` have one; `0`, `0.00`, `#,##0` and dates have none.
    """
    mask: list[str] = []
    for piece in _FORMAT_PIECE.findall(code.partition(";")[0]):
        if piece[0] == '"' and len(piece) > 1:
            mask.extend(piece[1:-1])
        elif piece[0] == "\\" and len(piece) > 1:
            mask.append(piece[1])
        elif piece in _MASK_LETTERS:
            mask.append(piece.replace("0", ""))
        elif not piece.startswith(("[$", "_", "*")):
            return ()
    return tuple(mask) if mask.count("") > 1 else ()


def number(text: str | None) -> int:
    """Return a style's or format's number; -1 when the workbook does not give one."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < _TOO_MANY_DIGITS else -1


def _shows_percent(code: str) -> bool:
    return "%" in _FORMAT_PIECE.findall(code)


def _elements(root: Element, local_name: str) -> Iterator[Element]:
    """Yield descendants by local name: strict and transitional workbooks differ in their namespaces."""
    return (element for element in root.iter() if element.tag.rpartition("}")[2] == local_name)


def _tree(package: Package, name: str) -> Element:
    try:
        root: Element = fromstring(package.small(name), forbid_dtd=True)
    except DefusedXmlException as error:
        raise InputError(words.PART_WITH_DTD.format(part=name), fix=words.SAVE_AGAIN_FIX) from error
    except (ParseError, ValueError, LookupError) as error:
        raise InputError(words.PART_DAMAGED.format(part=name), fix=words.SAVE_AGAIN_FIX) from error
    return root
