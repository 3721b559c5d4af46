"""The texts that a workbook's cells share, in the one form that python-calamine is given."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from bulk_orders.errors import InputError
from bulk_orders.ooxml.xml_bytes import escaped
from bulk_orders.ooxml.xml_events import SAVE_AGAIN_FIX, parsed
from bulk_orders.reading.text_runs import TextRun, has_versions, is_shown
from bulk_orders.reading.usual_rows import PLAIN_TEXT

_HEAD: Final = re.compile(rb"\s*(?:<\?xml [^<>]*>\s*)?<sst(?:\s[^<>]*)?>")
_TEXTS: Final = re.compile(
    rb'(?:<si>(?:<t>%s</t>|<t xml:space="preserve">[^<]*+</t>|<t ?/>)</si>\s*+)*+(?:</sst>\s*+)?+'
    % PLAIN_TEXT
)


def usual_texts(chunks: Callable[[], Iterable[bytes]], part: str) -> Iterator[bytes]:
    """Yield the part of the shared texts: as it is, or where it is written otherwise each as one text.

    What is only a guide to pronunciation is left out, as Excel does. `chunks` gives the part, as often as it is asked.
    """
    if _are_usual(chunks()):
        yield from chunks()
        return
    writer = _Writer()
    yield b"<sst>"
    for _ in parsed(chunks(), part, writer):
        yield "".join(writer.written).encode()
        writer.written.clear()
    yield b"</sst>"


def _are_usual(chunks: Iterable[bytes]) -> bool:
    rest = b""
    is_head = True
    for chunk in chunks:
        rest += chunk
        if is_head:
            head = _HEAD.match(rest)
            if head is None:
                return False
            rest, is_head = rest[head.end() :], False
        end = rest.rfind(b"</si>") + len(b"</si>")
        if end >= len(b"</si>"):
            if not _TEXTS.fullmatch(rest, 0, end):
                return False
            rest = rest[end:]
    return not is_head and bool(_TEXTS.fullmatch(rest))


_TEXTS_ODD_XML: Final = "The workbook's texts contain XML that Excel never writes."


class _Writer:
    """Takes what the parser finds."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self._path: list[str] = []
        self._runs: list[TextRun] = []

    def start(self, name: str, about: dict[str, str]) -> None:
        self._path.append(name)
        if self._path == ["sst", "si"]:
            self._runs = []
        elif name == "t":
            if has_versions(self._path):
                raise InputError(_TEXTS_ODD_XML, fix=SAVE_AGAIN_FIX)
            self._runs.append(TextRun(about))

    def end(self, _name: str) -> None:
        if self._path == ["sst", "si"]:
            text = escaped("".join(run.text() for run in self._runs)).decode()
            self.written.append(f'<si><t xml:space="preserve">{text}</t></si>')
        self._path.pop()

    def text(self, text: str) -> None:
        if self._path[-1] == "t" and self._path[:2] == ["sst", "si"]:
            if is_shown(self._path):
                self._runs[-1].pieces.append(text)
        elif text.strip() and "extLst" not in self._path:
            raise InputError(_TEXTS_ODD_XML, fix=SAVE_AGAIN_FIX)
