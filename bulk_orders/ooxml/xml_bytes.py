"""Finds and changes elements in the bytes of an XML part, so that everything else in it stays as it was.

Parsing into a tree and writing it again would rename prefixes, drop what a program does not know, and lose the form in
which the user's program wrote it. Nothing here knows what the elements mean.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bulk_orders.errors import UnsafeToPatch

PREFIX: Final = rb"(?:[\w.-]+:)?"
"""In a regular expression: the prefix an element's name may have."""

# Possessive, so that no crafted part can make the search go back. What begins and never ends (a comment, CDATA, an
# instruction) reaches to the end of the part: were it no match, the rest of the part would be gone through for each one.
_TAG: Final = re.compile(
    rb"<(?:!--(?:[^-]++|-(?!->))*+(?:-->)?|\?(?:[^?]++|\?(?!>))*+(?:\?>)?|!\[CDATA\[(?:[^\]]++|\](?!\]>))*+(?:\]\]>)?"
    rb"|(?P<close>/?)(?P<name>[^\s<>/!?\"'=]++)(?P<rest>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>)"
)
_ATTRIBUTE: Final = re.compile(rb"""([^\s=<>"']++)(?:\s*+=\s*+("[^"]*+"|'[^']*+'))?""")
"""A name without a value is found too, and is none: so it is gone through once."""
_ENCODING: Final = re.compile(rb"""^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']""")
_REFERENCE: Final = re.compile(r"&(?:#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos));")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_LAST_CHARACTER: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)
_LONGEST_TAG: Final = 2_000_000
_SPACES: Final = bytes.maketrans(b"\t\n\r", b"   ")
"""Written as they are in an attribute, they stand for a space (XML 1.0, 3.3.3)."""

_MOST_TAGS: Final = 2_000_000
"""In one part that is taken apart; more would take more memory than a workbook may have."""

Edit = tuple[int, int, bytes]
"""(from, to, what is there instead)."""
SHEET_ODD_XML: Final = "one of its sheets contains XML that Excel never writes"


@dataclass(frozen=True, slots=True)
class Element:
    """One element, by where it is in the bytes."""

    name: str
    """Without its prefix."""
    prefix: bytes
    """With the colon: `x:`, or nothing."""
    start: int
    inner: int
    """Where its content begins."""
    inner_end: int
    end: int

    @property
    def is_closed(self) -> bool:
        """Whether it is written as one tag."""
        return self.inner_end == self.end


_NO_XML: Final = "one of its parts is not well-formed XML"


def elements(xml: bytes, start: int = 0, end: int | None = None) -> list[Element]:
    """Return the elements side by side in a stretch of XML, up to its end or to a tag that closes what began before it.

    Raises `UnsafeToPatch`.
    """
    found: list[Element] = []
    opened: list[re.Match[bytes]] = []
    for tag in _tags(xml, start, len(xml) if end is None else end):
        if tag["close"]:
            if not opened:
                break
            first = opened.pop()
            if first["name"] != tag["name"]:
                raise UnsafeToPatch(_NO_XML)
            if not opened:
                found.append(_element(first, first.end(), tag.start(), tag.end()))
        elif tag["rest"].endswith(b"/"):
            if not opened:
                found.append(_element(tag, tag.end(), tag.end(), tag.end()))
        else:
            opened.append(tag)
    if opened and end is None:
        raise UnsafeToPatch(_NO_XML)
    return found


def descendants(xml: bytes, name: str, start: int = 0, end: int | None = None) -> list[Element]:
    """Return all elements of a name, whatever their prefix and however deep they are; the XML is known to be well-formed."""
    local = name.encode()
    found: list[Element] = []
    opened: list[re.Match[bytes]] = []
    for tag in _tags(xml, start, len(xml) if end is None else end):
        is_wanted = tag["name"].rpartition(b":")[2] == local
        if tag["close"]:
            if is_wanted and opened:
                first = opened.pop()
                found.append(_element(first, first.end(), tag.start(), tag.end()))
        elif is_wanted and tag["rest"].endswith(b"/"):
            found.append(_element(tag, tag.end(), tag.end(), tag.end()))
        elif is_wanted:
            opened.append(tag)
    return sorted(found, key=lambda element: element.start)


def _tags(xml: bytes, start: int, end: int) -> Iterator[re.Match[bytes]]:
    if xml.count(b"<", start, end) > _MOST_TAGS:
        raise UnsafeToPatch("one of its parts has millions of tags")
    return (tag for tag in _TAG.finditer(xml, start, end) if tag["name"] is not None)


def _element(tag: re.Match[bytes], inner: int, inner_end: int, end: int) -> Element:
    prefix, colon, local = tag["name"].rpartition(b":")
    return Element(local.decode("utf-8", "replace"), prefix + colon, tag.start(), inner, inner_end, end)


def is_utf8(head: bytes) -> bool:
    """Tell whether a part that begins so says that it is in UTF-8: in others a search for bytes would see nothing."""
    declared = _ENCODING.match(head.removeprefix(b"\xef\xbb\xbf"))
    is_other = declared is not None and declared[1].lower() not in {b"utf-8", b"utf8", b"us-ascii", b"ascii"}
    return not is_other and b"\0" not in head[:64]


def root_of(xml: bytes) -> Element:
    """Return the outermost element. Raises `UnsafeToPatch`."""
    found = elements(xml)
    if len(found) != 1:
        raise UnsafeToPatch(_NO_XML)
    return found[0]


def opening(xml: bytes) -> re.Match[bytes]:
    """Return the first tag that opens an element; the rest may be missing. Raises `UnsafeToPatch`."""
    for tag in _TAG.finditer(xml):
        if tag["name"] is not None and not tag["close"]:
            return tag
    raise UnsafeToPatch(_NO_XML)


def children(xml: bytes, parent: Element) -> list[Element]:
    """Return an element's children."""
    return elements(xml, parent.inner, parent.inner_end)


def attributes(xml: bytes, element: Element) -> dict[str, str]:
    """Return an element's attributes, prefixes kept."""
    return tag_attributes(xml[element.start : element.inner])


def tag_attributes(tag: bytes) -> dict[str, str]:
    """Return the attributes in a tag, prefixes kept."""
    return {
        name.decode(errors="replace"): unescaped(value.translate(_SPACES))
        for name, value in raw_attributes(tag).items()
    }


def raw_attributes(tag: bytes) -> dict[bytes, bytes]:
    """Return the attributes in a tag as they are written, without their quotes."""
    return {name: value[1:-1] for name, value in _ATTRIBUTE.findall(tag) if value}


def is_on(value: str | None) -> bool:
    """Tell whether an attribute that is true or false is true."""
    return value is not None and value.strip() in {"1", "true"}


def unescaped(text: bytes) -> str:
    """Return the text that is written between tags or in quotes."""
    decoded = text.decode("utf-8", "replace")
    return _REFERENCE.sub(_character, decoded) if "&" in decoded else decoded


def _character(reference: re.Match[str]) -> str:
    if reference[3]:
        return _NAMED[reference[3]]
    number = int(reference[1]) if reference[1] else int(reference[2], 16)
    is_character = 0 < number <= _LAST_CHARACTER and number not in _SURROGATES
    return chr(number) if is_character else reference[0]


def stretches(
    xml: bytes, opening: re.Pattern[bytes], closing: re.Pattern[bytes]
) -> Iterator[tuple[int, int]]:
    """Yield from where to where each stretch reaches that begins with one tag and ends with another.

    Once an end is missing, it is missing for all that follow: the bytes are gone through once, whatever is in them.
    """
    done = 0
    while (start := opening.search(xml, done)) and (end := closing.search(xml, start.end())):
        done = end.end()
        yield start.start(), done


def whole_tags(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a part in stretches that do not end within a tag. Raises `UnsafeToPatch`."""
    rest = b""
    for chunk in chunks:
        whole, end, rest = (rest + chunk).rpartition(b">")
        if len(rest) > _LONGEST_TAG:
            raise UnsafeToPatch(_NO_XML)
        yield whole + end


def with_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """Return a tag in which an attribute has this value; with None it has none."""
    pattern = re.compile(rb"(?<!\s)\s++" + re.escape(name.encode()) + rb"""\s*+=\s*+(?:"[^"]*+"|'[^']*+')""")
    written = b"" if value is None else b' %s="%s"' % (name.encode(), quoted(value))
    if pattern.search(tag):
        return pattern.sub(lambda _: written, tag, count=1)
    end = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:end].rstrip() + written + tag[end:]


def spliced(xml: bytes, edits: Iterable[Edit]) -> bytes:
    """Return the bytes with stretches replaced; edits at one place follow each other in the order given."""
    pieces: list[bytes] = []
    done = 0
    for start, end, instead in sorted(edits, key=lambda edit: edit[0]):
        pieces += [xml[done:start], instead]
        done = max(done, end)
    return b"".join([*pieces, xml[done:]])


def inserted_in(xml: bytes, parent: Element, fragment: bytes) -> Edit:
    """Return the edit that puts a fragment at the end of an element, also where it is written as one tag."""
    if not parent.is_closed:
        return (parent.inner_end, parent.inner_end, fragment)
    tag = xml[parent.start : parent.inner]
    name = parent.prefix + parent.name.encode()
    return (parent.start, parent.end, tag[:-2].rstrip() + b">" + fragment + b"</" + name + b">")


def place_for(found: Sequence[Element], name: str, order: Sequence[str], last: int) -> int:
    """Return where an element of this name belongs among others that must keep an order; `last` is where they end."""
    later = set(order[order.index(name) + 1 :])
    return min((element.start for element in found if element.name in later), default=last)


def prefixed(fragment: bytes, prefix: bytes) -> bytes:
    """Return a fragment without prefixes as elements of another prefix."""
    return re.sub(rb"<(/?)(?=\w)", rb"<\1" + prefix, fragment) if prefix else fragment


def escaped(text: str) -> bytes:
    """Return text as it stands between tags."""
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.encode()


def quoted(text: str) -> bytes:
    """Return text escaped for double quotes."""
    return html.escape(text, quote=True).replace("\n", "&#10;").replace("\t", "&#9;").encode()
