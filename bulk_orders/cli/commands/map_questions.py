"""Asks a person at the terminal what is doubtful about a file: one question at a time, never with an answer filled in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bulk_orders.checking.header_mapping.cells import FileColumn
from bulk_orders.checking.header_mapping.doubts import DoubtKind, MappingDoubt
from bulk_orders.checking.header_mapping.proposal import Answers
from bulk_orders.cli.commands.map_answers import fixed_value, question_of
from bulk_orders.cli.terminal import Ask, ask_for, is_number_to
from bulk_orders.core.columns.table import Column
from bulk_orders.core.mapping import DATE_ORDERS, known_fields, may_be_fixed, value_key
from bulk_orders.core.rule_constants import LEGAL_STATEMENTS
from bulk_orders.errors import UsageError

_TYPE_A_NUMBER: Final = "Type a number, or press Enter to stop."
_SHOWN = 24
"""Characters of a cell in a question."""


class Stopped(Exception):
    """The person does not want to go on."""


def may_be_answered(doubt: MappingDoubt) -> bool:
    """Tell whether somebody can answer a doubt without a change to the file."""
    return doubt.kind is not DoubtKind.MISSING or may_be_fixed(known_fields()[doubt.field])


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """A terminal with a person at it."""

    ask: Ask
    today: date
    who: list[str] = field(default_factory=list)
    """Who makes the legal statements, once it was said."""

    def answer(self, doubt: MappingDoubt) -> Answers:
        """Ask about one doubt and return the answer. Raises `Stopped`."""
        column = known_fields()[doubt.field]
        match doubt.kind:
            case DoubtKind.COLUMN:
                choices = [*map(_described, doubt.candidates), "none of these"]
                chosen = self.choose(question_of(doubt), choices)
                if chosen == len(doubt.candidates):
                    return Answers(without=frozenset({doubt.field}))
                return Answers(columns={doubt.candidates[chosen].name: doubt.field})
            case DoubtKind.MISSING:
                return self._fixed(doubt, column)
            case DoubtKind.VALUE:
                labels = [choice.label for choice in column.choices]
                meant = labels[self.choose(question_of(doubt), labels)]
                return Answers(values={doubt.field: {value_key(doubt.typed): meant}})
            case DoubtKind.DATES:
                return Answers(dates={doubt.field: DATE_ORDERS[self.choose(question_of(doubt), DATE_ORDERS)]})

    def _fixed(self, doubt: MappingDoubt, column: Column) -> Answers:
        labels = [choice.label for choice in column.choices]
        value = labels[self.choose(question_of(doubt), labels)] if labels else self.text(question_of(doubt))
        if column.name in LEGAL_STATEMENTS and not self.who:
            self.who.append(self.text("Who states this? Type a name."))
        fixed = fixed_value(column, value, self.who[0] if self.who else "", self.today)
        return Answers(fixed={doubt.field: fixed})

    def choose(self, question: str, choices: Sequence[str]) -> int:
        """Ask for one of several and return its place, from 0. Raises `Stopped`."""
        shown = [f"  {number}  {text}" for number, text in enumerate(choices, start=1)]
        typed = ask_for(
            self.ask,
            *("", question, *shown, _TYPE_A_NUMBER),
            expected=_TYPE_A_NUMBER,
            is_answer=is_number_to(len(choices)),
            no=("",),  # “no” may be one of the choices
        )
        if not typed:
            raise Stopped
        return int(typed) - 1

    def text(self, question: str) -> str:
        """Ask for a text. Raises `Stopped`."""
        typed = self.ask("", question, "Type it, or press Enter to stop.").strip()
        if not typed:
            raise Stopped
        return typed


def _described(column: FileColumn) -> str:
    return f"{column.name}   ({samples(column)})"


def samples(column: FileColumn) -> str:
    """Return the first texts of a column, cut."""
    return ", ".join(text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…" for text in column.samples)


def stopped() -> UsageError:
    """Return what is said where a person stopped."""
    return UsageError("Nothing was saved.", fix="Run `bulk-orders map` again when you know.")
