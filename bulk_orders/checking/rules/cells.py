"""Rules for every column by itself, made from the table: required cells, readings that failed, what was put right."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from bulk_orders.checking.frame import PARAMETER_PREFIX, BoolArray, SheetFrame, damage_code
from bulk_orders.checking.normalise import is_checked
from bulk_orders.checking.reading_codes import PARAMETER, codes_of
from bulk_orders.checking.rows import Rows
from bulk_orders.checking.rule import Explanation, Rule, Seen
from bulk_orders.checking.rules.merged_cells import MERGED, is_relevant, merged
from bulk_orders.checking.rules.orders import TYPE_NUMBER_FROM
from bulk_orders.checking.statements import where
from bulk_orders.checking.values.choices import label_of, labels_in_words
from bulk_orders.core.columns.table import Column, Kind, Need, columns_of
from bulk_orders.core.free_parameters import is_json, json_fault
from bulk_orders.core.model import CellNote, SheetRole
from bulk_orders.core.problem_texts import shown
from bulk_orders.core.stated_rules import required, sent
from bulk_orders.core.statements import Every

_KIND_IN_WORDS = {
    CellNote.DATE: "a date",
    CellNote.TIME: "a time",
    CellNote.BOOLEAN: "a yes/no value",
    CellNote.PERCENT: "a percentage",
}
_SEEN_IN_PART = frozenset(
    {
        *("E-CELL-ERROR", "E-CHARS", "E-COUNTRY", "E-DATE", "E-DATE-IMPOSSIBLE", "E-DATE-TEXT", "E-DIGITS"),
        *("E-DOMAIN", "E-EMAIL", "E-ORDER-TYPE", "E-LENGTH", "E-LIST", "E-MCA", "E-NUMBER"),
    }
)
"""Formulas take fewer spellings, and know fewer of the characters that cannot be sent."""
_ONLY_YOU = frozenset({"partner_attestation", "offer_attestation", "mca_accepted"})


def cell_rules(role: SheetRole, *, is_flat: bool, parameters: Sequence[str] = ()) -> list[Rule]:
    """Return the rules for the columns of a sheet; in the flat form those of the orders come first and have the parameters."""
    entries = [entry for entry in columns_of(role) if not (is_flat and _is_of_orders(entry))]
    rules = [
        _required(entry)
        for entry in entries
        if entry.need in {Need.ALWAYS, Need.SOMETIMES} and role is not SheetRole.PRODUCTS
    ]
    for entry in entries:
        if is_checked(entry):
            rules += _reading_rules(entry.name, entry)
    for name in parameters:
        rules += _reading_rules(name, PARAMETER)
        if is_json(name):
            rules.append(_json_rule(name))
    return rules


def _json_rule(name: str) -> Rule:
    return Rule(
        code="E-JSON",
        field=name,
        broken=lambda rows: rows.frame.where(name, lambda text: bool(json_fault(text))),
        explain=lambda rows, place: Explanation(parts={"why": json_fault(rows.frame.value(name, place))}),
    )


def _is_of_orders(entry: Column) -> bool:
    """Tell whether a column of the customers is one of the orders in the flat form."""
    names = {known.name for known in columns_of(SheetRole.ORDERS)}
    return entry.sheet is SheetRole.CUSTOMERS and entry.name in names


def _required(entry: Column) -> Rule:
    """Return the rule of a required cell (the guide, field by field); its sentence says which other cell makes it so."""
    return Rule(
        code="E-EMPTY",
        field=entry.name,
        broken=partial(_is_missing, entry=entry),
        explain=lambda rows, position: Explanation(
            parts={"reason": _reason(rows.frame, entry, position), "todo": _todo(entry)}
        ),
        seen=Seen.WHOLE if entry.in_template else Seen.NOT,
    )


def _is_missing(rows: Rows, *, entry: Column) -> BoolArray:
    frame = rows.frame
    is_told = not (entry.is_microsofts and "vendor" in frame)
    if is_told and entry.need is Need.ALWAYS and entry.name not in frame and entry.or_else not in frame:
        # A sheet without a column that every row needs is a problem of the sheet, told by the reader.
        return frame.everywhere(broken=False)
    return where(rows, Every((required(entry), sent(entry))), frame.blank(entry.name))


def _reason(frame: SheetFrame, entry: Column, position: int) -> str:
    for name, key in entry.required_when:
        if name in frame and frame.value(name, position) == key:
            other = frame.column(name)
            if not frame.columns[name].found.header:
                return ", but an address is given for a new tenant"
            value = label_of(other, key) if other.choices else key
            return ', but "{header}" is {value}'.format(header=other.header, value=value)
    return ""


def _todo(entry: Column) -> str:
    if entry.name in _ONLY_YOU:
        return (
            'Choose "Yes" or "No"; only you can state this.'
            if entry.name == "offer_attestation"
            else 'Choose "Yes" if it is true; only you can state this.'
        )
    match entry.kind:
        case Kind.WHOLE_NUMBER:
            return TYPE_NUMBER_FROM.format(smallest=1)
        case Kind.CHOICE:
            return "Choose {choices}.".format(choices=labels_in_words(entry))
        case _:
            return "Type it, for example {example}.".format(example=entry.example)


def _reading_rules(name: str, entry: Column) -> list[Rule]:
    """Return one rule for each code that a cell's text or its note can have in this column."""
    faults, infos = codes_of(entry)
    damages = {code for note in CellNote if (code := damage_code(entry, note))} - {MERGED}
    rules = [
        Rule(
            code=code,
            field=name,
            broken=partial(_is_faulty, name=name, code=code),
            explain=partial(_tell, name=name),
            seen=Seen.PART if code in _SEEN_IN_PART and entry.in_template else Seen.NOT,
        )
        for code in sorted({*faults, *damages})
    ]
    rules += [
        Rule(
            code=code,
            field=name,
            broken=partial(_is_informed, name=name, code=code),
            explain=partial(_tell, name=name),
        )
        for code in sorted(infos)
    ]
    return [
        *rules,
        merged(name),
        Rule(code="I-ZERO-PADDED", field=name, broken=partial(_is_padded, name=name)),
    ]


def _shown(text: str | None) -> str:
    """Say what a cell shows in place of its value; None is not known."""
    if text is None:
        return "another value"
    return f'"{shown(text)}"' if text.strip() else "nothing"


def _is_faulty(rows: Rows, *, name: str, code: str) -> BoolArray:
    if code not in rows.codes_read.get(name, ()):
        return rows.frame.everywhere(broken=False)
    return rows.frame.faulty(name, code) & is_relevant(rows, name)


def _is_informed(rows: Rows, *, name: str, code: str) -> BoolArray:
    if code not in rows.codes_read.get(name, ()):
        return rows.frame.everywhere(broken=False)
    return rows.frame.informed(name, code) & is_relevant(rows, name)


def _is_padded(rows: Rows, *, name: str) -> BoolArray:
    frame = rows.frame
    if name not in frame or not frame.columns[name].padded_rows:
        return frame.everywhere(broken=False)
    return np.isin(frame.sheet_rows, list(frame.columns[name].padded_rows)) & frame.filled(name)


def _tell(rows: Rows, position: int, *, name: str) -> Explanation:
    frame = rows.frame
    damage = frame.columns[name].damaged.get(int(frame.sheet_rows[position]))
    if damage is not None:
        why = _KIND_IN_WORDS.get(damage.note, "")
        if damage.code == "E-DATE":
            is_time = damage.note is CellNote.TIME
            why = "a date with a time" if is_time else "{what}, not a date".format(what=why)
            return Explanation(
                parts={"why": why, "todo": "Type the day without a time, for example 2022-04-09."}
            )
        if damage.code == "E-FORMAT":
            return Explanation(parts={"shown": _shown(damage.shown)})
        is_number = not name.startswith(PARAMETER_PREFIX) and frame.column(name).kind is Kind.WHOLE_NUMBER
        wanted, todo = (
            ("a number", "Format the cell as Number and type it again.")
            if is_number
            else ("text", "Format the cell as Text and type it again.")
        )
        return Explanation(parts={"why": why, "wanted": wanted, "todo": todo})
    reading = frame.reading(name, position)
    return Explanation(parts=reading.parts, proposal=reading.proposal) if reading else Explanation()
