"""Rules for every column by itself, made from the table: required cells, readings that failed, what was put right."""

from functools import partial
from itertools import chain

import numpy as np

from bulk_orders.checking.frame import PARAMETER_PREFIX, BoolArray, SheetFrame
from bulk_orders.checking.normalise import is_checked
from bulk_orders.checking.rule import Explanation, Rule, any_of, sent
from bulk_orders.checking.rules.merged_cells import MERGED, merged
from bulk_orders.checking.values.choices import label_of, labels_in_words
from bulk_orders.core.columns.table import Column, Kind, Need, columns_of
from bulk_orders.core.model import CellNote, SheetRole
from bulk_orders.core.problem_texts import shown
from bulk_orders.texts import checking_rules as words

_KIND_IN_WORDS = {
    CellNote.DATE: words.A_DATE,
    CellNote.TIME: words.A_TIME,
    CellNote.BOOLEAN: words.A_YES_NO,
    CellNote.PERCENT: words.A_PERCENTAGE,
}
_ONLY_YOU = frozenset({"partner_attestation", "offer_attestation", "mca_accepted"})


def cell_rules(frame: SheetFrame, role: SheetRole) -> list[Rule]:
    """Return the rules for the columns of `role`; readings decide which faults are asked about at all."""
    rules = [
        _required(entry)
        for entry in columns_of(role)
        # A sheet without a column that every row needs is a problem of the sheet, told by the reader.
        if entry.need is Need.SOMETIMES
        or (entry.need is Need.ALWAYS and (entry.name in frame or (entry.or_else and entry.or_else in frame)))
    ]
    if role is SheetRole.PRODUCTS or (role is SheetRole.CUSTOMERS and role is not frame.roles[0]):
        rules = [rule for rule in rules if rule.field != "customer_id" and role is not SheetRole.PRODUCTS]
    for name in frame.columns:
        if name.startswith(PARAMETER_PREFIX):
            # In the flat form the parameters belong to the order.
            rules += _reading_rules(frame, name) if role is frame.roles[0] else []
            continue
        entry = frame.column(name)
        if entry.sheet is not role or not is_checked(entry):
            continue
        rules += _reading_rules(frame, name)
    return rules


def _required(entry: Column) -> Rule:
    """Required cells (the guide, field by field); the sentence says which other cell makes it so."""
    return Rule(
        code="E-EMPTY",
        field=entry.name,
        broken=lambda frame: frame.blank(entry.name) & _is_required(frame, entry),
        explain=lambda frame, position: Explanation(
            parts={"reason": _reason(frame, entry, position), "todo": _todo(entry)}
        ),
    )


def _is_required(frame: SheetFrame, entry: Column) -> BoolArray:
    if entry.need is Need.ALWAYS:
        return ~(frame.filled(entry.or_else) & frame.equals("tenant", "existing"))
    reasons = [frame.equals(name, key) for name, key in entry.required_when]
    return any_of(reasons) & sent(frame, entry.name)


def _reason(frame: SheetFrame, entry: Column, position: int) -> str:
    for name, key in entry.required_when:
        if name in frame and frame.value(name, position) == key:
            other = frame.column(name)
            if not frame.columns[name].found.letter:
                return words.BECAUSE_ADDRESS
            value = label_of(other, key) if other.choices else key
            return words.BECAUSE_OTHER.format(header=other.header, value=value)
    return ""


def _todo(entry: Column) -> str:
    if entry.name in _ONLY_YOU:
        return words.CHOOSE_YES_OR_NO if entry.name == "offer_attestation" else words.CHOOSE_YES_IF_SO
    match entry.kind:
        case Kind.WHOLE_NUMBER:
            return words.TYPE_NUMBER_FROM.format(smallest=1)
        case Kind.CHOICE:
            return words.CHOOSE.format(choices=labels_in_words(entry))
        case _:
            return words.TYPE_EXAMPLE.format(example=entry.example)


def _reading_rules(frame: SheetFrame, name: str) -> list[Rule]:
    column = frame.columns[name]
    faults = {reading.fault for reading in column.readings.values() if reading.fault}
    damages = {damage.code for damage in column.damaged.values()}
    faults |= damages - {MERGED}
    infos = set(chain.from_iterable(reading.infos for reading in column.readings.values()))
    rules = [
        Rule(
            code=code,
            field=name,
            broken=partial(_is_faulty, name=name, code=code),
            explain=partial(_tell, name=name),
        )
        for code in sorted(faults)
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
    if MERGED in damages:
        rules.append(merged(frame, name, _is_relevant(frame, name)))
    if column.padded_rows:
        rules.append(Rule(code="I-ZERO-PADDED", field=name, broken=partial(_is_padded, name=name)))
    return rules


def _shown(text: str | None) -> str:
    """Say what a cell shows in place of its value; None is not known."""
    if text is None:
        return words.SHOWS_ANOTHER
    return words.SHOWS_TEXT.format(text=shown(text)) if text.strip() else words.SHOWS_NOTHING


def _is_relevant(frame: SheetFrame, name: str) -> BoolArray:
    return frame.everywhere(broken=True) if name.startswith(PARAMETER_PREFIX) else sent(frame, name)


def _is_faulty(frame: SheetFrame, *, name: str, code: str) -> BoolArray:
    return frame.faulty(name, code) & _is_relevant(frame, name)


def _is_informed(frame: SheetFrame, *, name: str, code: str) -> BoolArray:
    return frame.informed(name, code) & _is_relevant(frame, name)


def _is_padded(frame: SheetFrame, *, name: str) -> BoolArray:
    return np.isin(frame.sheet_rows, list(frame.columns[name].padded_rows)) & frame.filled(name)


def _tell(frame: SheetFrame, position: int, *, name: str) -> Explanation:
    damage = frame.columns[name].damaged.get(int(frame.sheet_rows[position]))
    if damage is not None:
        why = _KIND_IN_WORDS.get(damage.note, "")
        if damage.code == "E-DATE":
            is_time = damage.note is CellNote.TIME
            why = words.DATE_WITH_TIME if is_time else words.NO_DATE_BUT.format(what=why)
            return Explanation(parts={"why": why, "todo": words.TYPE_DAY_WITHOUT_TIME})
        if damage.code == "E-FORMAT":
            return Explanation(parts={"shown": _shown(damage.shown)})
        is_number = not name.startswith(PARAMETER_PREFIX) and frame.column(name).kind is Kind.WHOLE_NUMBER
        wanted, todo = (
            (words.A_NUMBER, words.TYPE_AS_NUMBER) if is_number else (words.A_TEXT, words.TYPE_AS_TEXT)
        )
        return Explanation(parts={"why": why, "wanted": wanted, "todo": todo})
    reading = frame.reading(name, position)
    return Explanation(parts=reading.parts, proposal=reading.proposal) if reading else Explanation()
