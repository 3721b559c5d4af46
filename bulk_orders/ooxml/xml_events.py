"""A part's XML as a parser meets it, tag by tag: for what the searches in bytes cannot know, and for parts of any size."""

from collections.abc import Iterable, Iterator
from typing import Final, Protocol
from xml.parsers import expat

from bulk_orders.errors import InputError

SAVE_AGAIN_FIX: Final = "Open it in Excel, save it as .xlsx and try again."
PART_DAMAGED: Final = "The workbook is damaged in its part {part}."
PART_WITH_DTD: Final = "The workbook's part {part} contains a DTD."


class Handler(Protocol):
    """Receives what is in a part; names come without their prefixes."""

    def start(self, name: str, about: dict[str, str]) -> None:
        """Take the start of an element."""

    def end(self, _name: str) -> None:
        """Take the end of an element."""

    def text(self, text: str) -> None:
        """Take more text: what comments and CDATA cut into pieces comes in pieces."""


def parsed(chunks: Iterable[bytes], part: str, handler: Handler) -> Iterator[None]:
    """Parse a part and pause after each chunk; an `InputError` where it is not well-formed or has a document type."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, about: handler.start(_local(name), about)
    parser.EndElementHandler = lambda name: handler.end(_local(name))
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = lambda *_: _refuse_dtd(part)
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            yield
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise InputError(PART_DAMAGED.format(part=part), fix=SAVE_AGAIN_FIX) from error
    yield


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse_dtd(part: str) -> None:
    raise InputError(PART_WITH_DTD.format(part=part), fix=SAVE_AGAIN_FIX)
