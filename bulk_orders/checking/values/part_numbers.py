"""What can be said of an MPN by its form alone: Microsoft's are twelve signs of a product, a colon, and the offer.

Other vendors' may have nearly any form, so what is unusual is doubted and not refused.
"""

import re
from typing import Final

_MICROSOFT: Final = re.compile(r"([A-Za-z0-9]{12}:[A-Za-z0-9]{4})((?:[_:].*)?)")
_BEGINS_LIKE_MICROSOFT: Final = re.compile(r"CFQ7TTC|DZH318Z", re.IGNORECASE)
"""The first signs of everything Microsoft sells through partners."""


def in_capitals(text: str) -> str:
    """Return an MPN of Microsoft's with product and offer in capitals; what follows them, and other MPNs, stay."""
    found = _MICROSOFT.fullmatch(text)
    return found[1].upper() + found[2] if found else text


def mpn_doubt(text: str) -> str:
    """Return why a text is hardly an MPN; nothing if it may be one."""
    if _MICROSOFT.fullmatch(text):
        return ""
    if _BEGINS_LIKE_MICROSOFT.match(text):
        return "Microsoft's have a colon and four more characters after the twelfth"
    if len(text.split()) > 1:
        return "it has spaces, like a product's name"
    if not any(map(str.isalpha, text)):
        return "it has no letters"
    return "it has no digits" if not any(map(str.isdigit, text)) else ""
