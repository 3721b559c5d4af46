"""What a column, or an entry of its list, is called elsewhere."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignNames:
    """What a column is called elsewhere."""

    field: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignWords:
    """What an entry of a column's list is called in one language; `language` is its code in ISO 639-1."""

    field: str
    language: str
    key: str
    aliases: tuple[str, ...]
