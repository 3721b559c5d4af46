"""A column is certain only where header and cells agree and nothing else comes into question; what is not certain is asked."""

import random
from collections.abc import Mapping

import pytest
from books.decoy_files import CELLS, DECOYS, REQUIRED, DecoyFile, decoy_file, file_column, names_of
from hypothesis import given, settings
from hypothesis import strategies as st

from bulk_orders.checking.header_mapping.cells import FileColumn
from bulk_orders.checking.header_mapping.doubts import DoubtKind, MappingDoubt
from bulk_orders.checking.header_mapping.proposal import Answers, MappingProposal, propose
from bulk_orders.core.mapping import DAY_MONTH, FixedValue, known_fields

SEEDS = st.integers(min_value=1_000, max_value=1_000_000)
NEVER_SENT = {"order_note", "customer_note"}


def found(proposal: MappingProposal) -> dict[str, str]:
    return {match.column.name: match.field for match in proposal.matches if match.field}


def doubts(proposal: MappingProposal) -> set[tuple[DoubtKind, str]]:
    return {(doubt.kind, doubt.field) for doubt in proposal.doubts}


def simple(**changes: str) -> tuple[FileColumn, ...]:
    """A file under the simplest names; a changed one is called otherwise, or left out if that is empty."""
    names = {field: names_of(field)[0] for field in CELLS} | changes
    return tuple(file_column(name, CELLS[field]) for field, name in names.items() if name)


def wrong(file: DecoyFile, proposal: MappingProposal) -> dict[str, str]:
    """What was taken in silence and is not so; a note is sent to nobody."""
    return {
        header: field
        for header, field in found(proposal).items()
        if file.truth.get(header) != field and field not in NEVER_SENT
    }


# --- decoys ---


@pytest.mark.parametrize("seed", range(20))
def test_no_decoy_is_taken_in_silence(seed: int) -> None:
    file = decoy_file(seed)
    assert wrong(file, propose(file.columns, Answers())) == {}


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20, 320))
def test_no_decoy_is_taken_in_silence_in_hundreds_of_files(seed: int) -> None:
    file = decoy_file(seed)
    assert wrong(file, propose(file.columns, Answers())) == {}


def answered(doubt: MappingDoubt, truth: Mapping[str, str]) -> Answers:
    """What a person says who knows the file."""
    right = [column.name for column in doubt.candidates if truth.get(column.name) == doubt.field]
    if doubt.kind is DoubtKind.COLUMN:
        return (
            Answers(columns={right[0]: doubt.field}) if right else Answers(without=frozenset({doubt.field}))
        )
    assert doubt.kind is DoubtKind.MISSING
    return Answers(fixed={doubt.field: FixedValue(value="x")})


@pytest.mark.parametrize("seed", range(8))
def test_whoever_knows_the_file_gets_every_required_column_by_answering(seed: int) -> None:
    file, said = decoy_file(seed), Answers()
    proposal = propose(file.columns, said)
    for _ in range(40):
        if not proposal.doubts:
            break
        answer = answered(proposal.doubts[0], file.truth)
        said = Answers(
            columns={**said.columns, **answer.columns},
            without=said.without | answer.without,
            fixed={**said.fixed, **answer.fixed},
        )
        proposal = propose(file.columns, said)
    assert not proposal.doubts
    assert wrong(file, proposal) == {}
    meant = {field: header for header, field in file.truth.items() if field in REQUIRED}
    got = {field: header for header, field in found(proposal).items() if field in meant}
    assert got | {name: meant[name] for name in said.fixed if name in meant} == meant


@given(SEEDS, st.randoms(use_true_random=False))
@settings(max_examples=12)
def test_the_order_of_the_columns_changes_nothing(seed: int, chance: random.Random) -> None:
    columns = list(decoy_file(seed).columns)
    before = propose(columns, Answers())
    chance.shuffle(columns)
    after = propose(columns, Answers())
    assert found(after) == found(before)
    assert doubts(after) == doubts(before)


@given(SEEDS, st.sampled_from(sorted(DECOYS)))
@settings(max_examples=12)
def test_one_column_more_never_moves_what_was_certain(seed: int, decoy: str) -> None:
    columns = decoy_file(seed).columns
    if decoy.casefold() in {column.name.casefold() for column in columns}:
        return
    before = found(propose(columns, Answers()))
    after = found(propose([*columns, file_column(decoy, DECOYS[decoy])], Answers()))
    assert {
        header: field for header, field in after.items() if field not in NEVER_SENT
    }.items() <= before.items()


@given(SEEDS)
@settings(max_examples=12)
def test_each_column_is_one_thing_and_the_confidence_a_share(seed: int) -> None:
    file = decoy_file(seed)
    proposal = propose(file.columns, Answers())
    fields = list(found(proposal).values())
    assert len(set(fields)) == len(fields)
    assert [match.column for match in proposal.matches] == list(file.columns)
    assert all(0 <= match.confidence <= 1 for match in proposal.matches)


@given(SEEDS, st.sampled_from(sorted(known_fields())))
@settings(max_examples=12)
def test_what_a_person_says_holds(seed: int, field: str) -> None:
    file = decoy_file(seed)
    header = file.columns[0].name
    assert found(propose(file.columns, Answers(columns={header: field})))[header] == field
    assert header not in found(propose(file.columns, Answers(columns={header: ""})))


# --- what is certain, and what is not ---


def test_a_file_with_known_names_and_cells_leaves_nothing_to_ask() -> None:
    proposal = propose(simple(), Answers())
    assert proposal.doubts == ()
    assert found(proposal) == {names_of(field)[0]: field for field in CELLS}
    assert proposal.mapping().is_confirmed


@pytest.mark.parametrize(
    ("header", "cells", "field"),
    [
        ("Quantity before", ["3", "4"], "quantity"),
        ("Seats", ["3", "4"], "quantity"),
        ("Old SKU", CELLS["mpn"], "mpn"),
        ("Artikel vorher", CELLS["mpn"], "mpn"),
        ("Renewal term", ["P1Y"], "commitment"),
        ("Secondary domain", ["contoso.com"], "domain"),
        ("Old PO number", ["X-1", "X-2"], "po_number"),
    ],
)
def test_a_rival_makes_a_column_doubtful(header: str, cells: list[str], field: str) -> None:
    proposal = propose([*simple(), file_column(header, cells)], Answers())
    assert (DoubtKind.COLUMN, field) in doubts(proposal)
    candidates = next(doubt.candidates for doubt in proposal.doubts if doubt.field == field)
    assert {names_of(field)[0], header} <= {column.name for column in candidates}
    assert not proposal.mapping().is_confirmed


@pytest.mark.parametrize(
    ("field", "name"),
    [("mpn", "Feld 7"), ("quantity", "Wieviel"), ("partner_attestation", "MPA"), ("domain", "Feld 8")],
)
def test_a_required_column_under_an_unknown_name_is_asked_about_and_not_taken(field: str, name: str) -> None:
    proposal = propose(simple(**{field: name}), Answers())
    assert name not in found(proposal)
    kinds = {kind for kind, doubtful in doubts(proposal) if doubtful == field}
    assert kinds <= {DoubtKind.COLUMN, DoubtKind.MISSING}
    assert kinds


def test_a_known_name_over_other_cells_is_not_taken() -> None:
    columns = (*simple(quantity=""), file_column("Quantity", ["as agreed", "see note"]))
    proposal = propose(columns, Answers())
    assert "Quantity" not in found(proposal)
    assert "quantity" in {doubt.field for doubt in proposal.doubts}


def test_a_customer_column_is_a_name_or_a_number_by_its_cells() -> None:
    names = file_column("Customer", CELLS["company_name"])
    numbers = file_column("Customer", CELLS["customer_id"])
    others = simple(company_name="", customer_id="Customer number")
    assert found(propose([*others, names], Answers()))["Customer"] == "company_name"
    bare = simple(company_name="", customer_id="")
    assert found(propose([*bare, numbers], Answers()))["Customer"] == "customer_id"


def test_a_column_that_names_every_row_is_asked_about() -> None:
    proposal = propose((*simple(reference=""), file_column("Line", CELLS["reference"])), Answers())
    assert doubts(proposal) == {(DoubtKind.COLUMN, "reference")}


def test_a_note_is_never_asked_about() -> None:
    notes = [file_column("Note (never sent)", ["ask first"]), file_column("Remarks", ["urgent"])]
    assert propose([*simple(), *notes], Answers()).doubts == ()


def test_a_missing_required_column_is_asked_for_unless_its_value_is_fixed() -> None:
    columns = simple(commitment="")
    assert doubts(propose(columns, Answers())) == {(DoubtKind.MISSING, "commitment")}
    fixed = {"commitment": FixedValue(value="1 year")}
    proposal = propose(columns, Answers(fixed=fixed))
    assert proposal.doubts == ()
    assert proposal.mapping().fixed == fixed


def test_a_tenant_id_stands_in_for_the_domain() -> None:
    ids = file_column("Customer tenant ID", ["a94c2acd-f6e7-4ff5-bd6c-7d03fa8aa02c"])
    assert propose((*simple(domain=""), ids), Answers()).doubts == ()


# --- words, dates, products ---


def test_the_words_of_a_language_are_taken_whole() -> None:
    columns = (*simple(commitment=""), file_column("Laufzeit", ["Jährlich"]))
    proposal = propose(columns, Answers())
    assert proposal.doubts == ()
    assert proposal.values["commitment"]["jährlich"] == "1 year"
    assert proposal.values["commitment"]["monatlich"] == "1 month"


def test_a_word_that_nobody_knows_is_asked_about_and_remembered() -> None:
    columns = (*simple(commitment=""), file_column("Term", ["P1Y", "Jahresabo"]))
    proposal = propose(columns, Answers())
    assert [(doubt.kind, doubt.typed) for doubt in proposal.doubts] == [(DoubtKind.VALUE, "Jahresabo")]
    said = Answers(values={"commitment": {"jahresabo": "1 year"}})
    proposal = propose(columns, said)
    assert proposal.doubts == ()
    assert proposal.values["commitment"] == {"jahresabo": "1 year"}


@pytest.mark.parametrize(
    ("dates", "order", "is_asked"),
    [
        (["09.04.2022", "05.04.2022"], DAY_MONTH, False),
        (["13/04/2022", "05/04/2022"], DAY_MONTH, False),
        (["05/04/2022"], None, True),
        (["2022-04-09"], None, False),
    ],
)
def test_the_order_of_day_and_month_is_proven_or_asked(
    dates: list[str], order: str | None, is_asked: bool
) -> None:
    proposal = propose((*simple(), file_column("Agreement date", dates)), Answers())
    assert proposal.dates.get("agreement_date") == order
    assert ((DoubtKind.DATES, "agreement_date") in doubts(proposal)) is is_asked


def test_a_catalogue_item_is_read_as_its_product() -> None:
    items = ["CFQ7TTC0LH16:0001:CFQ7TTC0K971", "CFQ7TTC0HDB0:0001:CFQ7TTC0K972"]
    proposal = propose((*simple(mpn=""), file_column("SKU", items)), Answers())
    assert proposal.doubts == ()
    assert proposal.parts == {"mpn": 2}
