"""V01 to V20: CSV files, which hide more than they show."""

import gzip
import json
from collections.abc import Callable

from corpus.entry import FLAT_TEXT, Case, Expected, csv, csv_address, csv_with, invalid, read, refused, warned

_NAMES = list(FLAT_TEXT)
_ROW = csv().splitlines()[1]
_TOLD = "the column stays, is named among those not sent, and holds nothing"


def case(
    case_id: str, what: str, content: bytes | Callable[[], bytes], expected: Expected, ruling: str = ""
) -> Case:
    made = content if callable(content) else lambda: content
    return Case(id=case_id, what=what, content=made, expected=expected, file="orders.csv", ruling=ruling)


CASES: tuple[Case, ...] = (
    case("V01", "mark", b"\xef\xbb\xbf" + csv().encode(), read(rows=1)),
    case("V02", "little endian", csv().encode("utf-16"), read(rows=1)),
    case("V02", "big endian", b"\xfe\xff" + csv().encode("utf-16-be"), read(rows=1)),
    case("V02", "without a mark", csv().encode("utf-16-le"), refused("UTF-16")),
    case("V03", "cp1252", csv_with(agreement_first_name="José")().decode().encode("cp1252"), refused("not UTF-8"), "the way out is Excel's own CSV UTF-8; there is no switch to guess with"),
    case("V04", "twice encoded", csv_with(agreement_first_name="JosÃ©"), warned("W-ENCODING", csv_address("agreement_first_name")), "held means: warned, with what was probably meant"),
    case("V04", "a name that only looks so", csv_with(agreement_first_name="SÃO JOÃO"), read("agreement_first_name", "SÃO JOÃO")),
    case("V05", "semicolons", csv(separator=";").encode(), read(rows=1)),
    case("V05", "tabs", csv(separator="\t").encode(), read(rows=1)),
    case("V06", "one cell more", csv(_ROW + ",x").encode(), refused("Line 2 ")),
    case("V07", "one cell less", csv(_ROW.rpartition(",")[0]).encode(), invalid("E-EMPTY", "orders!Z2"), "Excel leaves separators at the end of a line away"),
    case("V08", "open quote", csv(_ROW.replace("NOV-0001", '"NOV-0001')).encode(), refused("quotes in line 2")),
    case("V09", "doubled quotes", csv_with(company_name='The "27" Rings'), read("company_name", 'The "27" Rings')),
    case("V09", "a line break in quotes", csv_with(company_name="27\nRings"), invalid("E-CHARS", csv_address("company_name")), "one cell and one row; that a name has two lines is then an error of it"),
    case("V10", "NUL", csv_with(company_name="27\0Rings"), refused("NUL")),
    case("V11", "CR", csv(end="\r").encode(), read(rows=1)),
    case("V11", "mixed", csv().replace("\n", "\r\n", 1).encode(), read(rows=1)),
    case("V12", "sep=", b"sep=;\r\n" + csv(separator=";").encode(), read(rows=1)),
    case("V13", "leading blank lines", b"\n\n" + csv().encode(), read(rows=1)),
    case("V13", "a remark", csv(FLAT_TEXT, "# last week").encode(), invalid("E-EMPTY", "orders!B3")),
    case("V13", "a remark with its separators", csv(FLAT_TEXT, "# last week" + "," * (len(_NAMES) - 1)).encode(), invalid("E-EMPTY", "orders!B3")),
    case("V14", "no final newline", csv().rstrip("\n").encode(), read(rows=1)),
    case("V14", "Ctrl-Z", csv().encode() + b"\n\x1a", read(rows=1)),
    case("V15", "a cell without end", csv_with(company_name="x" * 500_000), refused("too long")),
    case("V15", "a million columns", lambda: b"," * 1_000_000 + b"x\n1\n", refused("more columns")),
    case("V16", "commas at the end", "\n".join(f"{line}," for line in csv().splitlines()).encode(), read(rows=1), _TOLD),
    case("V17", "a decimal comma", csv_with(quantity="1,5"), invalid("E-NUMBER", csv_address("quantity"))),
    case("V17", "1'000", csv_with(quantity="1'000"), invalid("E-NUMBER", csv_address("quantity"))),
    case("V18", "an id", csv_with(po_number="'00123"), read("po_number", "00123", told="I-QUOTES"), "in ids the mark is taken off and told"),
    case("V18", "a phone number", csv_with(phone="'+1 716 633 3600"), warned("W-APOSTROPHE", csv_address("phone"))),
    case("V18", "a Dutch city", csv_with(city="'s-Hertogenbosch"), read("city", "'s-Hertogenbosch")),
    case("V19", "=1+1", csv_with(company_name="=1+1 Ltd"), read("company_name", "=1+1 Ltd")),
    case("V19", "@x", csv_with(po_number="@x"), read("po_number", "@x")),
    case("V20", "gzip", lambda: gzip.compress(csv().encode()), refused("gzip")),
    case("V20", "JSON", json.dumps([{"a": 1}]).encode(), refused("JSON")),
    case("V20", "XML", b"<?xml version='1.0'?><a/>", refused("XML")),
    case("V20", "e-mail", b"From: ann@doe.com\nSubject: orders\n\n" + csv().encode(), refused("e-mail")),
)  # fmt: skip
