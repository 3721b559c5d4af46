"""XML that a parser has read from beginning to end, without document types: of what is read, and of what is written."""

from collections.abc import Iterable, Iterator
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from bulk_orders.errors import InputError, UnsafeToPatch
from bulk_orders.ooxml.xml_bytes import is_utf8
from bulk_orders.ooxml.xml_events import PART_DAMAGED, PART_WITH_DTD, SAVE_AGAIN_FIX
from bulk_orders.ooxml.zip_package import MAX_SMALL_PART_BYTES, Package


class _Nothing:
    """Wants to know nothing of what a parser finds."""

    def close(self) -> None:
        """Take the end of the part."""


def _parsed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Hand on what has been parsed. Raises what the parser raises."""
    parser: Any = DefusedXMLParser(target=_Nothing(), forbid_dtd=True)
    # Otherwise it is told of every tag and text, which takes seven times as long as reading them.
    parser.parser.DefaultHandlerExpand = None
    for chunk in chunks:
        parser.feed(chunk)
        yield chunk
    parser.close()


def well_formed(chunks: Iterable[bytes], part: str) -> Iterator[bytes]:
    """Hand on what is about to be written; `UnsafeToPatch` where a reader would stumble over it."""
    try:
        yield from _parsed(chunks)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise UnsafeToPatch(
            "its part {part} is written in a way that cannot be added to".format(part=part)
        ) from error


def read_xml(package: Package, part: str) -> bytes:
    """Return a small part whole; an `InputError` where it is missing, not well-formed, or has a document type."""
    content = package.read(part, at_most_bytes=MAX_SMALL_PART_BYTES)
    try:
        return b"".join(_parsed([content]))
    except DefusedXmlException as error:
        raise InputError(PART_WITH_DTD.format(part=part), fix=SAVE_AGAIN_FIX) from error
    except (ParseError, ValueError, LookupError) as error:
        raise InputError(PART_DAMAGED.format(part=part), fix=SAVE_AGAIN_FIX) from error


def check_xml_start(head: bytes, part: str) -> None:
    """Refuse a DTD, and an encoding in which searches for bytes would see nothing, with an `InputError`."""
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise InputError(
            "The workbook's part {part} contains a DTD, which Excel never writes.".format(part=part),
            fix=SAVE_AGAIN_FIX,
        )
    if not is_utf8(head) and not part.startswith("customxml/"):
        raise InputError("The workbook's part {part} is not UTF-8.".format(part=part), fix=SAVE_AGAIN_FIX)
