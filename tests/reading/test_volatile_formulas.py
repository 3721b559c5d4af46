"""Which formulas have another result tomorrow, and which cells they fill."""

import pytest
from books.input_books import ORDER, ORDER_HEADERS, SHEET, book, patched, read_cell, saved

from bulk_orders.core.model import CellNote
from bulk_orders.reading.volatile_formulas import is_volatile, volatile_names
from bulk_orders.reading.workbook import read_workbook


@pytest.mark.parametrize(
    "formula",
    [
        "TODAY()",
        "A1+now()",
        "_xlfn.RANDARRAY(2,1,1,30,TRUE)",
        "_xlfn._xlws.PY(0,1)",
        "INDEX(A:A,RANDBETWEEN (1,9))",
        "RAND.NV()",
        'RTD("x",,"y")',
        'CUBEVALUE("c","m")',
        '_xlfn.STOCKHISTORY("X",A1)',
        'IFERROR(__xludf.DUMMYFUNCTION("GOOGLEFINANCE(""CURRENCY:USDEUR"")"),12.0)',
        'IFERROR(__xludf.DUMMYFUNCTION("INDEX(IMPORTRANGE(""key""),1)"),12.0)',
        "[1]Prices!$A$1",
        "[1]!Rate*2",
        "SUM([12]Nov.2026!A1:A3)",
        "[prices.xlsx]Nov!$A$1",
        "'[1]My prices'!A1",
        "'C:\\data\\[prices.xlsx]Nov'!$A$1",
        "'https://a.b/c/[It''s.xlsx]Nov'!$A$1",
        'INDIRECT("[prices.xlsx]Nov!A1")',
        "Excel|'[x.xls]Nov'!R1C1",
        "server|topic!item",
        'CELL("filename",A1)',
        '_xlfn.IMAGE("https://a.b/c.png")',
        '_xlfn.TRANSLATE(A1,"en")',
        "'Sheet one'!A1+TODAY()",
        "Seats[Rand]*RAND()",
    ],
)
def test_a_formula_of_clock_chance_network_or_another_workbook_is_volatile(formula: str) -> None:
    assert is_volatile(formula)


@pytest.mark.parametrize(
    "formula",
    [
        "Seats[2026]*Rates!A2",
        "Seats[[#This Row],[2026]]*Rates!A2",
        "SUM(Seats[[2026]:[2027]])+Rates!A2",
        "Seats[Rand]*Other!A1",
        "'Sheet one'!A1",
        '"TODAY()"',
        '"say ""NOW()"" [1]a!b | c"&A1',
        "MYTODAY(A1)",
        "BRAND(A1)",
        "Today*2",
        "'Rand()'!A1",
        "'It''s NOW()'!A1",
        "Seats[[#Headers],[TODAY()]]",
        "[0]!Rate",
        "OFFSET(A1,1,1)",
        'INDIRECT("A"&ROW())',
        'IFERROR(__xludf.DUMMYFUNCTION("UNIQUE(A1:A3)"),12.0)',
    ],
)
def test_a_formula_of_this_workbook_alone_is_not(formula: str) -> None:
    assert not is_volatile(formula)


def test_a_name_that_stands_for_something_volatile_is_volatile_by_whatever_way() -> None:
    names = volatile_names([("Rate", "[1]Prices!$A$1"), ("Net", "rate*2"), ("Fixed", "Orders!$A$1")])
    assert names == {"rate", "net"}
    for formula in ("A1*Net", "A1*Net(1)", "A1*Other!Net"):
        assert is_volatile(formula, names), formula
    assert not is_volatile('A1*Fixed+Net!A1+Seats[Net]+MyNet+"Net"', names)


def test_a_name_of_the_workbook_is_followed() -> None:
    content = patched(saved(book()), SHEET, rb'<c r="C2"[^>]*>.*?</c>', b'<c r="C2"><f>Rate</f><v>5</v></c>')
    names = b'</sheets><definedNames><definedName name="rate">RAND()</definedName></definedNames>'
    content = patched(content, "xl/workbook.xml", rb"</sheets><definedNames ?/>|</sheets>", names)
    assert read_workbook(content, "orders.xlsx").orders.notes[2, "C"] is CellNote.VOLATILE


def test_every_cell_that_a_volatile_formula_fills_is_noted() -> None:
    content = saved(book([ORDER_HEADERS, ORDER, ORDER, ORDER]))
    spilt = b'<c r="C2"><f t="array" ref="C2:D3">_xlfn.RANDARRAY(2,2)</f><v>5</v></c>'
    content = patched(content, SHEET, rb'<c r="C2"[^>]*>.*?</c>', spilt)
    notes = read_workbook(content, "orders.xlsx").orders.notes
    assert notes == dict.fromkeys([(2, "C"), (3, "C"), (2, "D"), (3, "D")], CellNote.VOLATILE)


def test_cells_that_share_a_volatile_formula_are_noted() -> None:
    content = saved(book([ORDER_HEADERS, ORDER, ORDER]))
    for row, inside in ((2, b' ref="C2:C3" si="7">TODAY()</f>'), (3, b' si="7"/>')):
        cell = b'<c r="C%d"><f t="shared"%s<v>5</v></c>' % (row, inside)
        content = patched(content, SHEET, rb'<c r="C%d"[^>]*>.*?</c>' % row, cell)
    assert set(read_workbook(content, "orders.xlsx").orders.notes.values()) == {CellNote.VOLATILE}


def test_a_volatile_formula_without_a_result_has_none() -> None:
    assert read_cell(b'<c r="C2"><f>TODAY()</f></c>') == ("", CellNote.FORMULA_STALE)
