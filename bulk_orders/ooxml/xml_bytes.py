"""Finds and changes elements in the bytes of an XML part, so that everything else in it stays as it was.

Parsing into a tree and writing it again would rename prefixes, drop what a program does not know, and lose the form in
which the user's program wrote it. Nothing here knows what the elements mean.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from bulk_orders.errors import UnsafeToPatch
from bulk_orders.texts import own_copy as words

# Possessive, so that no crafted part can make the search go back.
_TAG: Final = re.compile(
    rb"<(?:!--.*?-->|\?.*?\?>|!\[CDATA\[.*?\]\]>"
    rb"|(?P<close>/?)(?P<name>[^\s<>/!?\"'=]++)(?P<rest>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>)",
    re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(rb"""([^\s=<>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")

_ENCODING: Final = re.compile(rb"""^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']""")

Edit = tuple[int, int, bytes]
"""(from, to, what stands there instead)."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element, by where it stands in the bytes."""

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


def elements(xml: bytes, start: int = 0, end: int | None = None) -> list[Element]:
    """Return the elements side by side in a stretch of XML, up to its end or to a tag that closes what began before it."""
    found: list[Element] = []
    opened: list[re.Match[bytes]] = []
    for tag in _TAG.finditer(xml, start, len(xml) if end is None else end):
        if tag["name"] is None:
            continue
        if tag["close"]:
            if not opened:
                break
            first = opened.pop()
            if first["name"] != tag["name"]:
                raise UnsafeToPatch(words.NO_XML)
            if not opened:
                found.append(_element(first, first.end(), tag.start(), tag.end()))
        elif tag["rest"].endswith(b"/"):
            if not opened:
                found.append(_element(tag, tag.end(), tag.end(), tag.end()))
        else:
            opened.append(tag)
    if opened and end is None:
        raise UnsafeToPatch(words.NO_XML)
    return found


def _element(tag: re.Match[bytes], inner: int, inner_end: int, end: int) -> Element:
    prefix, colon, local = tag["name"].rpartition(b":")
    return Element(local.decode("utf-8", "replace"), prefix + colon, tag.start(), inner, inner_end, end)


def refuse_other_encodings(head: bytes) -> None:
    """Raise `UnsafeToPatch` for a part to which text in UTF-8 cannot be added."""
    declared = _ENCODING.match(head.removeprefix(b"\xef\xbb\xbf"))
    is_other = declared is not None and declared[1].lower() not in {b"utf-8", b"utf8", b"us-ascii", b"ascii"}
    if is_other or b"\0" in head[:64]:
        raise UnsafeToPatch(words.NOT_UTF8)


def root_of(xml: bytes) -> Element:
    """Return the outermost element."""
    found = elements(xml)
    if len(found) != 1:
        raise UnsafeToPatch(words.NO_XML)
    return found[0]


def opening(xml: bytes) -> re.Match[bytes]:
    """Return the first tag that opens an element; the rest may be missing."""
    for tag in _TAG.finditer(xml):
        if tag["name"] is not None and not tag["close"]:
            return tag
    raise UnsafeToPatch(words.NO_XML)


def children(xml: bytes, parent: Element) -> list[Element]:
    """Return an element's children."""
    return elements(xml, parent.inner, parent.inner_end)


def attributes(xml: bytes, element: Element) -> dict[str, str]:
    """Return an element's attributes, prefixes kept."""
    return tag_attributes(xml[element.start : element.inner])


def tag_attributes(tag: bytes) -> dict[str, str]:
    """Return the attributes in a tag, prefixes kept."""
    return {
        name.decode(): html.unescape((double or single).decode("utf-8", "replace"))
        for name, double, single in _ATTRIBUTE.findall(tag)
    }


def with_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """Return a tag in which an attribute has this value; with None it has none."""
    pattern = re.compile(rb"\s+" + re.escape(name.encode()) + rb"""\s*=\s*(?:"[^"]*"|'[^']*')""")
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
    """Return text as it stands in double quotes."""
    return html.escape(text, quote=True).replace("\n", "&#10;").replace("\t", "&#9;").encode()


class _Nothing:
    """Wants to know nothing of what a parser finds."""

    def close(self) -> None:
        """The part has ended."""


def well_formed(chunks: Iterable[bytes], part: str) -> Iterator[bytes]:
    """Hand on what is about to be written; `UnsafeToPatch` where a reader would stumble over it."""
    parser: Any = DefusedXMLParser(target=_Nothing(), forbid_dtd=True)
    # Otherwise it is told of every tag and text, which takes seven times as long as reading them.
    parser.parser.DefaultHandlerExpand = None
    try:
        for chunk in chunks:
            parser.feed(chunk)
            yield chunk
        parser.close()
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise UnsafeToPatch(words.NOTHING_TO_ADD_TO.format(part=part)) from error
