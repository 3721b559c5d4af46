"""Text from outside as people may be shown it: nothing that steers a terminal, hides, or turns the writing direction.

One table of such characters for everything: the marketplace's words lose them where a reply is made, and the terminal
shows the rest (names of files, sheets and headers, cell texts) with an escape in their place.
"""

import re
from typing import Final

_LINE_BREAKS_AND_TABS: Final = "\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029"
_UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # C0, DEL and C1: escape sequences begin with one of them
    "\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3164"  # no width; direction
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\u061c\u070f\u08e2\ud800-\udfff"  # direction again, and halves of surrogate pairs
    "\U000110bd\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"  # tags and unseen selectors
)
_SPACING: Final = re.compile(f"[{_LINE_BREAKS_AND_TABS}\u202f]")


def without_unseen(text: str) -> str:
    """Return the text on one line: line breaks and tabs as spaces, everything else that is not seen left out."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub("", _SPACING.sub(" ", text))


def with_unseen_shown(text: str) -> str:
    r"""Return the text on one line, with what is not seen as an escape: `\x1b`, `\n`, `\u202e`."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
