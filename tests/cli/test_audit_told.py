"""What the terminal says of a comparison with the marketplace, and the exit code that goes with it."""

from typing import Any

import pytest
from books.order_books import order_rows, write_book
from processes import Desk

from bulk_orders.cli.report_told import audit_code, audit_lines
from bulk_orders.errors import ExitCode
from bulk_orders.marketplace.interface import PlatformOrder
from bulk_orders.sending.audit import AuditFindings

TWICE = "row 2 of run r: SO1 (id 1), SO2 (id 2)."


@pytest.mark.parametrize("is_whole", [True, False])
def test_orders_that_are_there_twice_are_told_even_when_the_list_was_not_whole(is_whole: bool) -> None:
    findings = AuditFindings(is_whole=is_whole, alarms=(TWICE,))
    assert audit_lines(findings, "R-1", {})[-2:] == [
        "  ⚠ 1 order is there MORE THAN ONCE. Cancel all but one:",
        f"  ⚠ {TWICE}",
    ]
    assert audit_code(findings) is ExitCode.OUTCOME_UNKNOWN


NOT_LISTED = "Accepted, and not on the marketplace's list (yet)"
LATER = "Run `bulk-orders audit R-1` later."
OWN = {"a": "1", "b": "2", "m": "3"}
"""The run's own orders: their order ids, by key."""


def seen(*order_ids: str) -> dict[str, Any]:
    orders = tuple(PlatformOrder(order_id=order_id) for order_id in order_ids)
    return {"seen": orders, "matched": len(orders)}


@pytest.mark.parametrize(
    ("findings", "lines", "code"),
    [
        (AuditFindings(is_whole=True, **seen("1")), ["  ✔ The marketplace has this run's 1 order once."], 0),
        (
            AuditFindings(is_whole=True, **seen("1", "2", "7", "8")),
            ["  ✔ The marketplace has this run's 2 orders once each."],
            0,
        ),
        (
            AuditFindings(is_whole=True, **seen("7", "8")),
            ["  ✔ The marketplace has no order of earlier runs twice."],
            0,
        ),
        (
            AuditFindings(is_whole=True, **seen("1", "2"), found=("k",), missing=("m", "x", "y")),
            [
                "  ✔ The marketplace has this run's 2 orders once each.",
                "  ✔ 1 order in doubt was found there.",
                f"  ⚠ {NOT_LISTED}: this run's 1 order, and 2 of earlier runs. {LATER}",
            ],
            7,
        ),
        (
            AuditFindings(is_whole=True, missing=("x",)),
            [f"  ⚠ {NOT_LISTED}: 1 order of an earlier run. {LATER}"],
            7,
        ),
        (
            AuditFindings(is_whole=True, **seen("1"), in_doubt=("k",)),
            [
                "  ✔ The marketplace has this run's 1 order once.",
                "  ⚠ 1 order of this run is still in doubt: `bulk-orders resolve R-1`.",
            ],
            5,
        ),
        (
            AuditFindings(is_whole=False, missing=("m",), note="no answer."),
            [
                "  ⚠ The comparison with the marketplace is incomplete (no answer): run `bulk-orders audit R-1` later."
            ],
            7,
        ),
    ],
    ids=[
        "its own",
        "and those of earlier runs",
        "of earlier runs alone",
        "some not listed yet",
        "one of an earlier run not listed yet",
        "some in doubt",
        "not compared whole",
    ],
)
def test_a_comparison_tells_the_runs_own_orders_and_those_of_earlier_runs_apart(
    findings: AuditFindings, lines: list[str], code: int
) -> None:
    assert audit_lines(findings, "R-1", OWN) == lines
    assert audit_code(findings) == code


def test_comparing_a_run_with_a_row_in_doubt_says_so_and_ends_with_5(desk: Desk) -> None:
    desk.settings.update(BULK_ORDERS_SETTLE_S="0")
    book = write_book(desk.folder / "orders.xlsx", order_rows(2))
    ended = desk.run("run", book, "--practice", "--faults", "reset-before-commit=every:2", "--json")
    doubtful = [row["row_key"] for row in ended.json["rows"] if row["outcome"] == "unknown"]

    compared = desk.run("audit", "last", "--json")
    told = desk.run("audit", "last")

    assert (ended.code, compared.code, told.code) == (5, 5, 5)
    assert compared.json["in_doubt"] == doubtful != []
    assert "1 order of this run is still in doubt: `bulk-orders resolve" in told.words
