"""Text as XML gives it to a cell."""

from typing import Final

XML_SPACE: Final = " \t\r\n"
_NOT_SHOWN: Final = frozenset({"rPh", "extLst"})
"""A guide to pronunciation, and what programs add for themselves."""


def is_shown(path: list[str]) -> bool:
    """Return True where a piece of text at this place is one that people see."""
    return not _NOT_SHOWN.intersection(path)


def has_versions(path: list[str]) -> bool:
    """Return True where a piece of text at this place is one of several, of which each program shows the one it understands."""
    return "AlternateContent" in path


class TextRun:
    """Text between two tags, which comments and CDATA may cut into pieces."""

    def __init__(self, about: dict[str, str]) -> None:
        """Begin at a tag with these attributes."""
        self.pieces: list[str] = []
        self._is_kept = about.get("xml:space") == "preserve"

    def text(self) -> str:
        """Return the text as Excel takes it: spaces around it count where the XML says so."""
        text = "".join(self.pieces)
        return text if self._is_kept else text.strip(XML_SPACE)
