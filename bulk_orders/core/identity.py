"""What makes an order the same order: canonical form, order key, marker.

Keys and markers are pinned for ever by golden tests: a key that changes makes every row look new, and new rows are sent.
Their version is in their prefix. Nothing here is random: after a lost ledger the same row gives the same marker,
and the marker is how the order is found on the platform.
"""

import functools
import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

KEY_VERSION: Final = "k1"
MARKER_PREFIX: Final = "BO"
MARKER_LETTERS: Final = 12
"""60 bits: two of a million orders share a marker with a chance of one in two million."""
MARKER_LENGTH: Final = len(MARKER_PREFIX) + MARKER_LETTERS + 1
"""Whole, with its check character."""
SHORTEST_MARKER: Final = 10
"""Where a platform cuts PO numbers: `BO`, 7 letters (35 bits) and the check character. Two of a customer's thousand orders
share such a marker with a chance of one in seventy thousand, and a shorter one could not be told from a person's own number."""
BASE32: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
PO_NAMES: Final = frozenset({"ponumber", "poNumber"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whose orders these are: the same row for another account is another order."""

    host: str
    """Host and path of the base URL, or `practice`."""
    marketplace: str
    user: str

    def __str__(self) -> str:
        return f"{self.host}|{self.marketplace}|{self.user}".lower()

    @property
    def credential(self) -> str:
        """Name who is allowed so many requests a second: a user, of however many marketplaces of one address."""
        return f"{self.host}|{self.user}".lower()


def canonical(value: Any) -> Any:
    """Return `value` with texts in NFC and trimmed and parameters sorted by name, so that equal orders are equal values."""
    match value:
        case str():
            return unicodedata.normalize("NFC", value).strip()
        case Mapping():
            return {key: _sorted_parameters(key, canonical(inner)) for key, inner in sorted(value.items())}
        case list() | tuple():
            return [canonical(inner) for inner in value]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value


def _sorted_parameters(key: str, value: Any) -> Any:
    if key == "parameters" and isinstance(value, list):
        return sorted(value, key=lambda entry: (str(entry.get("name", "")), canonical_json(entry)))
    return value


def canonical_json(value: Any) -> str:
    """Return one text for equal values: keys sorted, no spaces, no escapes for letters."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(body: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hex, of the canonical order body without its PO number."""
    content = {key: value for key, value in body.items() if key not in PO_NAMES}
    return _digest(canonical_json(canonical(content))).hex()


def order_key(
    account: Account, *, order_type: str, reference: str, po_number: str, fingerprint: str, occurrence: int
) -> str:
    """Return the name of "this order, once", the same in every run.

    With a reference the reference alone decides; without one the content does, the user's own PO number included,
    and `occurrence` (from 1) tells identical rows apart.
    """
    if reference:
        return key_of_reference(account, reference)
    return _key(account, "content", order_type, _folded(po_number), fingerprint, str(occurrence))


def key_of_reference(account: Account, reference: str) -> str:
    """Return the name of the order with this reference, the same in every run."""
    return _key(account, "reference", _folded(reference))


def _key(account: Account, *parts: str) -> str:
    return f"{KEY_VERSION}:{_digest(canonical_json([str(account), *parts])).hex()}"


@functools.lru_cache(maxsize=4096)  # each pair of an order and one on the marketplace asks for it
def marker(key: str, longest: int | None = None) -> str:
    """Return the PO number for an order whose user gave none: `BO`, 12 letters of base 32, and a check character.

    `longest` is how many characters the account was seen to keep, None for any number: there are fewer letters then, but
    never fewer than `SHORTEST_MARKER` characters in all.
    """
    number = int.from_bytes(_digest(f"marker:{key}")[:8], "big") >> 4
    letters = ""
    for _ in range(MARKER_LETTERS):
        number, index = divmod(number, 32)
        letters += BASE32[index]
    if longest is not None:
        letters = letters[: max(longest, SHORTEST_MARKER) - len(MARKER_PREFIX) - 1]
    return f"{MARKER_PREFIX}{letters}{check_character(letters)}"


def is_marker(po_number: str) -> bool:
    """Return True when the PO number looks like one that we made, for whatever row: its check character is right."""
    letters = po_number.removeprefix(MARKER_PREFIX)[:-1]
    fewest = SHORTEST_MARKER - len(MARKER_PREFIX) - 1
    is_shaped = fewest <= len(letters) <= MARKER_LETTERS and set(letters) <= set(BASE32)
    return is_shaped and po_number == f"{MARKER_PREFIX}{letters}{check_character(letters)}"


def is_marker_of(key: str, po_number: str) -> bool:
    """Return True when the PO number was made from this key, whole, shortened by us, or cut by the platform."""
    if not po_number.startswith(MARKER_PREFIX):  # most are not, and this is asked of every pair
        return False
    return is_cut(po_number, marker(key)) or (
        is_marker(po_number) and po_number == marker(key, len(po_number))
    )


def is_cut(po_number: str, sent: str) -> bool:
    """Return True when a PO number that came back is what was sent, or its beginning and long enough to be told from others."""
    return po_number == sent or (len(po_number) >= SHORTEST_MARKER and sent.startswith(po_number))


def check_character(letters: str) -> str:
    """Sum with weights modulo 31, a prime: one wrong letter or two swapped ones are noticed (A for 7 excepted)."""
    return BASE32[sum((place + 1) * BASE32.index(letter) for place, letter in enumerate(letters)) % 31]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().casefold()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
