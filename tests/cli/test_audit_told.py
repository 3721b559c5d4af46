"""What the terminal says of a comparison with the marketplace, and the exit code that goes with it."""

import pytest

from bulk_orders.cli.report_told import audit_code, audit_lines
from bulk_orders.errors import ExitCode
from bulk_orders.sending.audit import AuditFindings

TWICE = "row 2 of run r: SO1 (id 1), SO2 (id 2)."


@pytest.mark.parametrize("is_whole", [True, False])
def test_orders_that_are_there_twice_are_told_even_when_the_list_was_not_whole(is_whole: bool) -> None:
    findings = AuditFindings(is_whole=is_whole, alarms=(TWICE,))
    assert audit_lines(findings)[-2:] == [
        "  ⚠ 1 order is there MORE THAN ONCE. Cancel all but one:",
        f"  ⚠ {TWICE}",
    ]
    assert audit_code(findings) is ExitCode.OUTCOME_UNKNOWN


@pytest.mark.parametrize(
    ("findings", "lines", "code"),
    [
        (
            AuditFindings(is_whole=True, matched=3),
            ["  ✔ 3 orders, of this run and of those before it, are on the marketplace, once each."],
            0,
        ),
        (
            AuditFindings(is_whole=True, matched=2, found=("k",), missing=("m",)),
            [
                "  ✔ 2 orders, of this run and of those before it, are on the marketplace, once each.",
                "  ✔ 1 order in doubt was found there.",
                "  ⚠ 1 accepted order is not on its list (yet): run `bulk-orders audit` later.",
            ],
            7,
        ),
        (
            AuditFindings(is_whole=False, missing=("m",), note="no answer"),
            [
                "  ⚠ The comparison with the marketplace is incomplete (no answer): run `bulk-orders audit` later."
            ],
            7,
        ),
    ],
    ids=["all there", "one not listed yet", "not compared whole"],
)
def test_a_comparison_is_told_in_a_line_or_two(findings: AuditFindings, lines: list[str], code: int) -> None:
    assert audit_lines(findings) == lines
    assert audit_code(findings) == code
