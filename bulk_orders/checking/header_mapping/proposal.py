"""Proposes what each column of a file is: certain where header and cells agree and nothing else comes into question, else asked.

A pure function of the file's columns and the answers so far: after each answer it is asked again. A column is certain only
if its header is one of the names that we know for it, its cells fit, and no other column is a rival for it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bulk_orders.checking.header_mapping.cells import (
    MOST_CHOICES,
    ONLY_NOTES,
    FileColumn,
    fit,
    is_own_spelling,
    meaning,
    words_like,
)
from bulk_orders.checking.header_mapping.details import date_doubt, dates_of, parts_of
from bulk_orders.checking.header_mapping.doubts import DoubtKind, MappingDoubt
from bulk_orders.checking.header_mapping.likeness import KNOWN, fields_named, likeness, says_more
from bulk_orders.core.columns.shapes import Kind, Need
from bulk_orders.core.mapping import FixedValue, HeaderMapping, header_key, known_fields, value_key

_FITS: Final = 0.8
"""From here on the cells fit; what is wrong with single ones the check says."""
_FITS_LIST: Final = 0.5
_MAY_FIT: Final = 0.3
_LIKE: Final = 0.8
"""A header so like a name is a rival of a header that is one."""
_WORTH_ASKING: Final = 0.6
_NEARLY: Final = 0.85
"""From here on a column that nobody needs is asked about, too: a slip, or one letter more."""
_MOST_CANDIDATES: Final = 5
_SHAPED: Final = frozenset({Kind.WHOLE_NUMBER, Kind.DIGITS, Kind.CHOICE, Kind.DATE, Kind.DOMAIN})
_SHAPED_TEXTS: Final = frozenset({"mpn", "reference", "po_number", "tenant_id"})
_ONLY_ONCE: Final = "mpn"
"""A second column with products, under whatever header, is an old one or a new one."""
_ASKED_IF_ANY: Final = frozenset({"reference"})
"""Nobody must fill them, but rows lose what they are known by if they are passed over."""
_NOT_GUESSED: Final = frozenset(
    {"order_type", "submit", "subscription", "microsoft_subscription", "microsoft_order"}
)
"""Only their own names lead to them: whether and how a row is sent is nothing to read out of a likeness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a person said, or a mapping that was confirmed before."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Column of ours by the key of a header; empty for a column of the file's own."""
    without: frozenset[str] = frozenset()
    """Columns of ours that the file does not have."""
    elsewhere: frozenset[str] = frozenset()
    """Columns of ours that another sheet of the file has under our own names."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fixed: Mapping[str, FixedValue] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A column of the file with what it is."""

    column: FileColumn
    field: str
    """Empty for one of the file's own."""
    confidence: float
    """From 0 to 1."""
    is_stated: bool = False
    """A person said so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingProposal:
    """What a file's columns are, as far as it is certain, and what must be asked."""

    matches: tuple[Match, ...]
    """One for each column with a header, from left to right."""
    doubts: tuple[MappingDoubt, ...]
    values: Mapping[str, Mapping[str, str]]
    fixed: Mapping[str, FixedValue]
    dates: Mapping[str, str]
    parts: Mapping[str, int]

    def mapping(self) -> HeaderMapping:
        """Return the mapping that a proposal without doubts comes to."""
        return HeaderMapping(
            headers=tuple(match.column.name for match in self.matches),
            columns={match.field: match.column.name for match in self.matches if match.field},
            values=self.values,
            fixed=self.fixed,
            dates=self.dates,
            parts=self.parts,
            is_confirmed=not self.doubts,
        )


def propose(columns: Sequence[FileColumn], answers: Answers) -> MappingProposal:
    """Return what the columns are and what is doubtful. Columns without a header are left out by the caller."""
    return _Proposer(columns, answers).proposal()


class _Proposer:
    """Goes from what was said to what is certain, and from there to what is asked."""

    def __init__(self, columns: Sequence[FileColumn], answers: Answers) -> None:
        self._columns = columns
        self._answers = answers
        self._known = known_fields()
        self._taken: dict[str, FileColumn] = {}
        self._stated = {header_key(name): said for name, said in answers.columns.items()}
        self._fits: dict[tuple[str, str], float] = {}

    def proposal(self) -> MappingProposal:
        answers = self._answers
        for column in self._columns:
            if said := self._stated.get(header_key(column.name)):
                self._taken[said] = column
        for name in self._wanted():
            if certain := self._certain(name):
                self._taken[name] = certain
        doubts = [*self._doubtful_columns(), *self._doubtful_values(), *self._doubtful_dates()]
        return MappingProposal(
            matches=tuple(map(self._match, self._columns)),
            doubts=tuple(doubts),
            values={name: found for name in self._taken if (found := self._values(name))},
            fixed={name: fixed for name, fixed in answers.fixed.items() if name not in self._taken},
            dates={
                name: order
                for name, column in self._taken.items()
                if self._known[name].kind is Kind.DATE
                and (order := answers.dates.get(name) or dates_of(column.texts))
            },
            parts=dict(answers.parts) if "mpn" in self._taken and answers.parts else self._parts(),
        )

    def _wanted(self) -> Iterator[str]:
        """Yield our columns that nothing was said of yet."""
        answers = self._answers
        settled = {*self._taken, *answers.without, *answers.elsewhere, *answers.fixed}
        yield from [name for name in self._known if name not in settled]

    def _free(self) -> Iterator[FileColumn]:
        taken = {column.name for column in self._taken.values()}
        for column in self._columns:
            if column.name not in taken and header_key(column.name) not in self._stated:
                yield column

    def _fit(self, column: FileColumn, name: str) -> float:
        if (column.name, name) not in self._fits:
            self._fits[column.name, name] = fit(column, name)
        return self._fits[column.name, name]

    def _certain(self, name: str) -> FileColumn | None:
        """Return the one column that bears a name of ours with cells that fit, if nothing else comes into question."""
        free = list(self._free())
        named = [column for column in free if self._is_named(column, name)]
        if len(named) != 1 or self._rivals(named[0], name, free):
            return None
        return None if self._means_another(named[0], name) and name not in ONLY_NOTES else named[0]

    def _means_another(self, column: FileColumn, name: str) -> bool:
        """Tell whether a column also bears the name of another column of ours, with cells that fit that."""
        return any(self._is_named(column, other) for other in fields_named(column.name) if other != name)

    def _is_named(self, column: FileColumn, name: str) -> bool:
        enough = _FITS_LIST if self._known[name].choices else _FITS
        return name in fields_named(column.name) and self._fit(column, name) >= enough

    def _rivals(self, column: FileColumn, name: str, among: Iterable[FileColumn]) -> list[FileColumn]:
        """Return the other columns that may be meant instead: like in name, with cells that may fit."""
        return [
            other
            for other in among
            if other is not column
            and other.texts
            and self._fit(other, name) >= _MAY_FIT
            and (self._is_like(other, name) or self._is_suspicious(other, name))
            and not self._means_another(other, name)
        ]

    def _is_suspicious(self, column: FileColumn, name: str) -> bool:
        """Tell whether a column says more than a name of ours, or has what only one column should have: products."""
        is_second = name == _ONLY_ONCE and self._fit(column, name) >= _FITS
        return is_second or (self._is_shaped(name) and says_more(column.name, name))

    def _is_shaped(self, name: str) -> bool:
        """Tell whether the cells of a column have a form of their own; where anything may stand, more words say little."""
        return self._known[name].kind in _SHAPED or name in _SHAPED_TEXTS

    @staticmethod
    def _is_like(column: FileColumn, name: str) -> bool:
        return likeness(column.name, name) >= _LIKE

    def _doubtful_columns(self) -> Iterator[MappingDoubt]:
        for name in self._wanted():
            entry = self._known[name]
            candidates = () if name in ONLY_NOTES else self._candidates(name)
            is_needed = entry.need is Need.ALWAYS and entry.or_else not in self._taken
            if candidates:
                yield MappingDoubt(kind=DoubtKind.COLUMN, field=name, candidates=candidates)
            elif is_needed:
                yield MappingDoubt(kind=DoubtKind.MISSING, field=name)
        for name in self._answers.without:
            entry = self._known[name]
            is_needed = entry.need is Need.ALWAYS and entry.or_else not in self._taken
            if is_needed and name not in self._answers.fixed:
                yield MappingDoubt(kind=DoubtKind.MISSING, field=name)

    def _candidates(self, name: str) -> tuple[FileColumn, ...]:
        """Return the columns that may be what is looked for, the likeliest first; none where asking is not worth it."""
        entry = self._known[name]
        is_needed = entry.need is Need.ALWAYS and entry.or_else not in self._taken
        found = [
            (score, column)
            for column in self._free()
            if column.texts and (score := self._score(column, name, is_needed=is_needed))
        ]
        found.sort(key=lambda scored: -scored[0])
        return tuple(column for _, column in found[:_MOST_CANDIDATES])

    def _score(self, column: FileColumn, name: str, *, is_needed: bool) -> float:
        """Return how likely a column is what is looked for; 0 where it does not come into question."""
        alike, says_so = likeness(column.name, name), says_more(column.name, name)
        is_known, is_shaped = alike == KNOWN, self._is_shaped(name)
        if is_needed:
            is_like = is_known or alike >= _WORTH_ASKING or says_so
        else:
            is_named_so = says_so and name in _SHAPED_TEXTS
            names_rows = name in _ASKED_IF_ANY and column.names_rows
            is_like = is_known or alike >= _NEARLY or is_named_so or names_rows
        may_be = is_like or (is_needed and is_shaped)
        if not may_be or (name in _NOT_GUESSED and not is_known):
            return 0.0  # its cells, which take longer, need not be looked at
        fitting = self._fit(column, name)
        fits = fitting >= (_MAY_FIT if is_like else _FITS)
        return (alike + fitting) / 2 if fits else 0.0

    def _values(self, name: str) -> Mapping[str, str]:
        """Return what the typed texts of a list's column mean, where the check would not know."""
        if not self._known[name].choices:
            return {}
        texts = self._taken[name].texts
        said = {value_key(typed): label for typed, label in self._answers.values.get(name, {}).items()}
        return {**words_like(name, texts), **said}

    def _doubtful_values(self) -> Iterator[MappingDoubt]:
        for name, column in self._taken.items():
            if not self._known[name].choices:
                continue
            said = self._answers.values.get(name, {})
            unread = [
                text
                for text in column.texts
                if not is_own_spelling(name, text) and not meaning(name, text) and value_key(text) not in said
            ]
            for text in unread[:MOST_CHOICES]:
                yield MappingDoubt(kind=DoubtKind.VALUE, field=name, candidates=(column,), typed=text)

    def _doubtful_dates(self) -> Iterator[MappingDoubt]:
        for name, column in self._taken.items():
            is_said = name in self._answers.dates or self._known[name].kind is not Kind.DATE
            if not is_said and (typed := date_doubt(column.texts)):
                yield MappingDoubt(kind=DoubtKind.DATES, field=name, candidates=(column,), typed=typed)

    def _parts(self) -> dict[str, int]:
        parts = parts_of(self._taken["mpn"].texts) if "mpn" in self._taken else 0
        return {"mpn": parts} if parts else {}

    def _match(self, column: FileColumn) -> Match:
        name = next((name for name, taken in self._taken.items() if taken is column), "")
        is_stated = header_key(column.name) in self._stated
        sure = (KNOWN + self._fit(column, name)) / 2 if name else KNOWN
        if not name and not is_stated:
            # How far it is from everything that we know.
            sure = 1 - max((likeness(column.name, other) for other in self._wanted()), default=0.0)
        return Match(
            column=column,
            field=name,
            confidence=1.0 if is_stated else round(sure, 2),
            is_stated=is_stated,
        )


def answers_of(mapping: HeaderMapping) -> Answers:
    """Return what a confirmed mapping says, as answers: of its own columns, too, that they are none of ours."""
    own = {header_key(header): "" for header in mapping.headers}
    return Answers(
        columns={**own, **{header_key(header): name for name, header in mapping.columns.items()}},
        values=mapping.values,
        fixed=mapping.fixed,
        dates=mapping.dates,
        parts=mapping.parts,
    )


def only_there(answers: Answers, columns: Sequence[FileColumn]) -> Answers:
    """Return the answers that are about columns which the file has."""
    there = {header_key(column.name) for column in columns}
    return replace(answers, columns={key: said for key, said in answers.columns.items() if key in there})
