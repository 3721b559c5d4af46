"""`fix` applies what was approved on the sheet Problems, into exactly those cells, and checks again."""

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from books.own_books import checked as checked_into
from books.own_books import parts, read, replaced, rich_book, with_parts
from processes import Desk

from bulk_orders.errors import InputError
from bulk_orders.runs.fix import apply_fixes

BROKEN = {
    5: {"Quantity": "5 seats", "Billing": "Monthlyy"},
    7: {"Commitment": "Anual"},
    8: {"Tenant": "Existing tenantt"},
}


def approve(content: bytes, marks: Mapping[str, str], *, proposals: Mapping[str, str] | None = None) -> bytes:
    """The checked workbook with answers typed under Apply?, and proposals typed over, by cell."""
    sheet = next(name for name, part in parts(content).items() if b"Apply?" in part)

    def typed(xml: bytes) -> bytes:
        for row in re.findall(rb"<row [^>]*>.*?</row>", xml):
            where = re.search(rb'<c r="C(\d+)"[^>]*>.*?<t[^>]*>([^<]*)<', row)
            if where and where[2].decode() in marks:
                changed = _typed(row, b"K" + where[1], marks[where[2].decode()])
                if proposals and where[2].decode() in proposals:
                    changed = _typed(changed, b"J" + where[1], proposals[where[2].decode()])
                xml = xml.replace(row, changed)
        return xml

    return with_parts(content, {sheet: typed})


def _typed(row: bytes, cell: bytes, text: str) -> bytes:
    pattern = rb'<c r="%s"( s="\d+")?[^>]*?(?:/>|>.*?</c>)' % cell
    assert re.search(pattern, row)
    return re.sub(pattern, rb'<c r="%s"\1 t="inlineStr"><is><t>%s</t></is></c>' % (cell, text.encode()), row)


def cells(content: bytes) -> dict[str, object]:
    sheet = openpyxl.load_workbook(BytesIO(content))["Orders"]
    return {cell.coordinate: cell.value for row in sheet["A1:N9"] for cell in row}


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("fix")
    return checked_into(folder, rich_book(folder, changes=BROKEN))


pytestmark = [
    pytest.mark.long,
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),
]


def test_only_lines_that_say_yes_are_applied_and_only_to_their_cells(checked: bytes) -> None:
    content = approve(checked, {"Orders!E5": "Yes", "Orders!F7": "No", "Orders!J8": "yes"})
    fixed = apply_fixes(content, read(content))
    before, after = cells(content), cells(fixed.content)
    assert {name: after[name] for name in after if after[name] != before[name]} == {
        "E5": 5,
        "J8": "Existing tenant",
    }
    assert [line.where for line in fixed.applied] == ["Orders!E5", "Orders!J8"]
    assert not fixed.not_applied


def test_every_other_part_stays_byte_for_byte(checked: bytes) -> None:
    content = approve(checked, {"Orders!E5": "Yes"})
    before, after = parts(content), parts(apply_fixes(content, read(content)).content)
    assert {name for name in before if before[name] != after.get(name)} == {"xl/worksheets/sheet2.xml"}


def test_a_cell_that_changed_since_is_left_alone(checked: bytes) -> None:
    content = approve(checked, {"Orders!E5": "Yes", "Orders!F7": "Yes"})
    content = with_parts(content, {"xl/sharedStrings.xml": replaced(("5 seats", "7 seats"))})
    fixed = apply_fixes(content, read(content))
    assert [line.where for line in fixed.applied] == ["Orders!F7"]
    assert [(refused.line.where, refused.reason) for refused in fixed.not_applied] == [
        ("Orders!E5", "The cell no longer contains what was checked.")
    ]
    assert cells(fixed.content)["E5"] == "7 seats"


def test_a_proposal_that_somebody_typed_over_is_what_is_written(checked: bytes) -> None:
    content = approve(checked, {"Orders!E5": "Yes"}, proposals={"Orders!E5": "12"})
    assert cells(apply_fixes(content, read(content)).content)["E5"] == 12


def test_a_formula_that_other_cells_share_is_left_alone(checked: bytes) -> None:
    content = approve(checked, {"Orders!F7": "Yes"})
    shared = b'<c r="F7" t="str"><f t="shared" ref="F7:F8" si="0">"Anu"&amp;"al"</f><v>Anual</v></c>'
    content = with_parts(
        content,
        {
            "xl/workbook.xml": replaced((' fullCalcOnLoad="1"', "")),
            "xl/worksheets/sheet2.xml": lambda xml: re.sub(rb'<c r="F7".*?</c>', shared, xml),
        },
    )
    fixed = apply_fixes(content, read(content))
    assert not fixed.applied
    assert "other cells share" in fixed.not_applied[0].reason


def test_a_formula_of_its_own_is_replaced_and_excels_list_of_formulas_goes(checked: bytes) -> None:
    content = approve(checked, {"Orders!F7": "Yes"})
    formula = b'<c r="F7" t="str"><f>"Anu"&amp;"al"</f><v>Anual</v></c>'
    chain = '<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/></Types>'
    link = '<Relationship Id="rId77" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain" Target="calcChain.xml"/></Relationships>'
    content = with_parts(
        content,
        {
            "xl/worksheets/sheet2.xml": lambda xml: re.sub(rb'<c r="F7".*?</c>', formula, xml),
            "xl/workbook.xml": replaced((' fullCalcOnLoad="1"', "")),
            "xl/calcChain.xml": lambda _: b'<calcChain><c r="F7" i="2"/></calcChain>',
            "[Content_Types].xml": replaced(("</Types>", chain)),
            "xl/_rels/workbook.xml.rels": replaced(("</Relationships>", link)),
        },
    )
    fixed = apply_fixes(content, read(content))
    assert cells(fixed.content)["F7"] == "1 year"
    assert "xl/calcChain.xml" not in parts(fixed.content)
    assert all(b"calcChain" not in part for part in parts(fixed.content).values())


def test_a_workbook_that_was_not_checked_has_nothing_to_apply(tmp_path: Path) -> None:
    source = rich_book(tmp_path)
    with pytest.raises(InputError, match="no sheet Problems"):
        apply_fixes(source, read(source))


def test_the_command_writes_a_workbook_of_its_own_and_says_what_remains(desk: Desk) -> None:
    book = desk.folder / "orders.xlsx"
    book.write_bytes(rich_book(desk.folder, changes=BROKEN))
    first = desk.run("check", book)
    path = desk.folder / "orders.checked.xlsx"
    before = approve(path.read_bytes(), {"Orders!E5": "Yes", "Orders!F7": "Yes", "Orders!J8": "Yes"})
    path.write_bytes(before)

    fixed = desk.run("fix", path)

    assert (first.code, fixed.code) == (3, 3)
    assert "✔ Orders!E5: 5 seats → 5" in fixed.out
    assert "✖ 1 to fix" in fixed.out
    assert path.read_bytes() == before
    written = desk.folder / "orders.fixed.xlsx"
    remaining = openpyxl.load_workbook(written)["Problems"]
    assert {cell.value for cell in remaining["C"]} >= {"Orders!G5"}
    assert {cell.value for cell in remaining["C"]}.isdisjoint({"Orders!E5", "Orders!F7", "Orders!J8"})
    assert openpyxl.load_workbook(written)["Orders"]["E5"].comment is None

    written.write_bytes(approve(written.read_bytes(), {"Orders!G5": "Yes"}))
    last = desk.run("fix", written, "--json")
    assert (last.code, last.json["counts"]["ready"]) == (0, 6)
    assert {problem["code"] for problem in last.json["problems"]} == {"F-IGNORED-SHEET", "I-COMMENTS"}
    assert last.json["applied"] == [
        {"where": "Orders!G5", "code": "E-LIST", "from": "Monthlyy", "to": "Monthly"}
    ]
    assert last.json["files"]["fixed"] not in {str(written), None}
    assert desk.run("fix", written, "-o", written).code == 2
