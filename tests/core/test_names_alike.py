"""When two names may be the same company's: slips, abbreviations and legal forms are no doubt, another company is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.core.names_alike import may_be_same

SAME = [
    ("27 Rings Jewelers", "27 Rings Jewelers"),
    ("27 rings jewelers, Inc.", "27 Rings Jewelers"),
    ("Blue Heron", "Blue Heron Kayaks"),
    ("Königsfurt Geraetebau GmbH", "Königsfurt Gerätebau"),
    ("Koenigsfurt", "Königsfurt Gerätebau"),
    ("Weissbach AG", "Weißbach"),
    ("Foxgloves Garden", "Foxglove Gardens"),
    ("IBM", "International Business Machines Corp."),
    ("B.M.W.", "Bayerische Motoren Werke"),
    ("P&O", "P & O Ferries"),
    ("Kererū Kindergarten", "Kereru Kindergarten Ltd"),
    ("The Oak Hollow Group", "Oak Hollow Brewing"),
    ("株式会社山田", "株式会社山田"),
    ("", "Alder Street Bakery"),
    ("Alder Street Bakery", ""),
]
OTHERS = [
    ("Alder Street Bakery", "Blue Heron Kayaks"),
    ("Acme LLC", "Blue Heron Kayaks"),
    ("The Group", "The Holding"),
    ("Umbra Lighting", "Tidewell Engineering"),
    ("Contoso Ltd", "Fabrikam Ltd"),
    ("AB", "Umbra Lighting"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_a_name_written_otherwise_is_no_doubt(one: str, other: str) -> None:
    assert may_be_same(one, other)
    assert may_be_same(other, one)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_another_company_is_doubted(one: str, other: str) -> None:
    assert not may_be_same(one, other)
    assert not may_be_same(other, one)


@given(st.text(max_size=40))
def test_every_name_is_like_itself(name: str) -> None:
    assert may_be_same(name, name)


@given(st.text(max_size=30), st.text(max_size=30))
def test_who_comes_first_does_not_matter(one: str, other: str) -> None:
    assert may_be_same(one, other) == may_be_same(other, one)
