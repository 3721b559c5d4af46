"""In which row the headers are, and what the letters of a file are written in, is proposed by what comes out."""

import pytest

from bulk_orders.checking.header_mapping.place import header_places, is_certain, likeliest_encoding
from bulk_orders.reading.sketch import Beginning

ODD = ("Asiakas", "Tuote", "Kpl")
CELLS = ("1000105563", "CFQ7TTC0LH16:0001", "3")


def sheet(*rows: tuple[str, ...], name: str = "export") -> Beginning:
    return Beginning(name=name, rows=rows, numbers=tuple(range(1, len(rows) + 1)))


def test_a_whole_row_of_names_above_products_is_the_one_in_whatever_language() -> None:
    (place,) = header_places([sheet(("Vienti",), ODD, CELLS)])
    assert (place.header_row, place.known) == (2, 0)
    assert is_certain([place])


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([ODD, ("1000105563", "Microsoft 365", "3")], id="no product below"),
        pytest.param([(*ODD[:2], "2026"), CELLS], id="a number among the names"),
        pytest.param([(*ODD[:2], "Tuote"), CELLS], id="a name twice"),
        pytest.param([CELLS, CELLS], id="no headers at all"),
    ],
)
def test_any_other_row_of_unknown_names_is_asked_about(rows: list[tuple[str, ...]]) -> None:
    assert not is_certain(header_places([sheet(*rows)]))


def test_two_sheets_of_unknown_names_are_asked_about() -> None:
    assert not is_certain(header_places([sheet(ODD, CELLS), sheet(ODD, CELLS, name="other")]))


def test_a_sheet_with_the_headers_of_customers_is_the_orders_where_it_is_the_only_one() -> None:
    customers = ("Customer ID", "Tenant", "Microsoft domain", "Material")
    row = ("1000105563", "Existing tenant", "a.onmicrosoft.com", "CFQ7TTC0LH16:0001")
    (place,) = header_places([sheet(customers, row)])
    assert place.header_row == 1


@pytest.mark.parametrize(
    ("headers", "encoding", "read_as"),
    [
        (("Numéro client", "Référence produit", "Quantité"), "mac_roman", "cp1252"),
        (("Numéro client", "Référence produit", "Quantité"), "cp850", "iso8859-1"),
        (("Código de cliente", "Artículo", "Facturación"), "cp1252", "cp1252"),
        (("Asiakas", "Määrä", "Tuote"), "cp1252", "cp1252"),
    ],
)
def test_the_encoding_is_the_one_in_which_known_names_come_out(
    headers: tuple[str, ...], encoding: str, read_as: str
) -> None:
    read = tuple(header.encode(encoding).decode(read_as) for header in headers)
    found = likeliest_encoding([sheet(read, CELLS)], read_as)
    assert tuple(text.encode(read_as).decode(found) for text in read) == headers
