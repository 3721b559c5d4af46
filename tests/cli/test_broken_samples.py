"""The broken samples: what `check` finds is what their lists say, and the same stands in all the places where it is told."""

import json
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from checked_books import lines_of_problems, marks_of, notes_of
from processes import Desk, Starter

from bulk_orders.cli.terminal import SHOWN_PROBLEMS
from bulk_orders.core.model import Severity
from bulk_orders.core.problem_texts import PROBLEM_TEXTS
from bulk_orders.machine.shell import command

pytestmark = pytest.mark.long

TESTS = Path(__file__).parents[1]
SAMPLES = TESTS.parent / "sample_data"
BROKEN = ("orders-broken.xlsx", "orders-broken-sheets.xlsx", "orders-broken-flat.csv")
SIGNED = "signed"
"""A signed workbook is not added to: the checked workbook is made new."""
RANKS = ("error", "warning", "info")
SEVERITIES = {"error": "✖ To fix", "warning": "⚠ Warning", "info": "○ Good to know"}
ICONS = {"error": "✖", "warning": "⚠", "info": "·"}
HEAD = re.compile(r"  ([✖⚠·]) (.+?) +([A-Z](?:-[A-Z]+)+)  (.+)")
USED = re.compile(r" *\(used by rows? [^)]+\)$")
OWN_COLUMN = "This column is yours: it is kept and not sent."

NOT_IN_A_SAMPLE: Mapping[str, str] = {
    "I-MORE": (
        # It takes ten thousand cells with one problem.
        "checking/test_checking_rows.py::test_of_very_many_equal_problems_the_first_are_listed_and_all_rows_are_stopped"
    ),
    # A workbook's cells are texts already.
    "F-CELL": "checking/test_data_frames.py::test_a_value_that_would_have_to_be_guessed_is_a_problem_with_its_cell",
    "E-NO-ORDER": "checking/test_checking_no_orders.py::test_a_row_of_totals_is_one_problem",
    "W-UNVERIFIED": "runs/test_cancelling.py::test_what_is_not_verified_is_told_and_a_live_run_needs_to_be_allowed",
    "W-DIGITS": "checking/test_checking_tenants.py::test_a_customer_id_is_a_word_and_letters_in_it_are_doubted",
    "W-DOMAIN": "checking/test_checking_tenants.py::test_a_new_domain_may_have_hyphens_within",
    "I-NOTHING": "checking/test_checking_spellings.py::test_an_orders_cell_that_says_nothing_is_not_sent",
    "F-TOTAL": "checking/test_checking_totals.py::test_totals_that_differ_stop_all_rows_with_both_figures",
    "F-TOTAL-UNREAD": "checking/test_checking_totals.py::test_a_total_that_cannot_be_read_stops_all_rows",
    # The samples have a catalogue.
    "W-MPN": "checking/test_checking_mpn.py::test_a_text_that_is_hardly_an_mpn_is_doubted_where_there_is_no_catalogue",
    # What is wished of subscriptions is read from a workbook of its own kind.
    "E-SEATS": "core/test_wanted_changes.py::test_a_wish_that_cannot_be_had_is_told_of_on_its_cell_and_is_no_change",
    "E-WISH": "core/test_wanted_changes.py::test_a_wish_that_cannot_be_had_is_told_of_on_its_cell_and_is_no_change",
    "E-WISH-CELL": "core/test_wanted_changes.py::test_a_cell_that_does_not_show_what_it_holds_is_no_wish",
    "E-NOT-PULLED": "core/test_wanted_changes.py::test_a_wish_that_cannot_be_had_is_told_of_on_its_cell_and_is_no_change",
    "E-INACTIVE": "core/test_wanted_changes.py::test_a_wish_that_cannot_be_had_is_told_of_on_its_cell_and_is_no_change",
    "W-CUT-NOW": "core/test_wanted_changes.py::test_a_cut_after_the_window_is_warned_of_for_only_the_marketplace_knows_when_seats_were_added",
    "E-TOO-LATE": "core/test_wanted_changes.py::test_a_wish_that_cannot_be_had_is_told_of_on_its_cell_and_is_no_change",
    "E-NO-RENEWAL": "core/test_wanted_changes.py::test_a_wish_that_cannot_be_had_is_told_of_on_its_cell_and_is_no_change",
    "E-WISHED-TWICE": "core/test_wanted_changes.py::test_different_wishes_for_one_subscription_are_held_back_all_of_them",
    "W-WISH-ENDS": "core/test_wanted_changes.py::test_the_end_of_a_subscription_is_warned_of_with_its_day",
    "W-UNDER-WAY": "core/test_wanted_changes.py::test_what_is_under_way_is_said_in_full",
    "W-HIDDEN-WISH": "core/test_wanted_changes.py::test_wishes_in_hidden_rows_do_not_count_unless_it_is_said",
    "W-NEXT-RUN": "core/test_wanted_changes.py::test_of_two_wishes_in_a_row_auto_renew_comes_first_and_the_seats_are_told_of",
    "F-NO-WISH": "checking/test_wishes.py::test_a_sheet_without_a_wish_has_nothing_to_send",
    "F-WISHES-BESIDE": "checking/test_wishes.py::test_orders_and_subscriptions_in_one_workbook_are_refused",
    # The rest is told by the marketplace, or by the ledger, and not by a workbook.
    "O-CUSTOMER": "runs/test_ask_marketplace.py::test_what_is_said_of_a_customer_stands_on_its_cell",
    "W-OTHER-NAME": "runs/test_ask_marketplace.py::test_what_is_said_of_a_customer_stands_on_its_cell",
    "O-PRODUCT": "runs/test_ask_marketplace.py::test_the_same_broken_rows_are_found_in_the_file_the_catalogue_and_by_the_platform_on_the_same_cells",
    "O-OFFERED": "runs/test_ask_marketplace.py::test_the_same_broken_rows_are_found_in_the_file_the_catalogue_and_by_the_platform_on_the_same_cells",
    "O-QUANTITY": "runs/test_ask_marketplace.py::test_the_same_broken_rows_are_found_in_the_file_the_catalogue_and_by_the_platform_on_the_same_cells",
    "O-NOT-UNIQUE": "stories/test_asked_online.py::test_the_vendor_column_settles_an_mpn_that_two_vendors_sell",
    "O-REFUSED": "runs/test_ask_marketplace.py::test_a_parameter_that_is_refused_is_the_cell_that_fills_it_on_whichever_sheet",
    "W-DEPENDS": "runs/test_ask_marketplace.py::test_a_product_that_brings_another_one_is_a_warning_unless_that_one_is_ordered_too",
    "W-NOT-ASKED": "runs/test_ask_marketplace.py::test_what_cannot_be_validated_now_is_a_warning_and_the_check_goes_on",
    "I-FIXED": "checking/test_checking_mapped.py::test_what_no_cell_says_is_told_and_a_statement_with_who_makes_it",
    "I-STATED": "checking/test_checking_mapped.py::test_what_no_cell_says_is_told_and_a_statement_with_who_makes_it",
    "E-JSON": "checking/test_checking_vendors.py::test_what_is_not_json_is_told_on_its_cell_and_not_sent",
    "E-MAX-PRICE": "runs/test_money_limits.py::test_a_limit_that_cannot_be_read_is_an_error_and_not_no_limit",
    "O-PRICE": "runs/test_money_limits.py::test_rows_that_cost_more_than_they_may_are_told_on_the_cell_with_the_limit",
    "I-ORDERED-BEFORE": "runs/test_known_rows.py::test_a_row_that_was_ordered_is_counted_apart_and_not_sent",
    "S-DECLINED": "stories/test_codes.py::test_a_customer_who_cannot_order_is_told_before_and_the_order_is_refused",
    "E-ORDERED-BEFORE": "stories/test_codes.py::test_a_reference_with_other_content_is_not_sent_and_a_row_like_an_earlier_one_is_held",
    "S-HELD": "stories/test_codes.py::test_a_reference_with_other_content_is_not_sent_and_a_row_like_an_earlier_one_is_held",
    "S-DROPPED": "stories/test_codes.py::test_a_held_row_keeps_its_reason_in_every_later_run_and_a_dropped_one_what_was_said",
    "S-NO-ANSWER": "stories/test_codes.py::test_an_order_that_may_exist_and_one_that_failed_afterwards_have_a_code",
    "S-ACCEPTANCE": "runs/test_followed_rows.py::test_slow_is_told_from_stuck_and_from_what_waits_for_somebody",
    "S-SCHEDULED": "runs/test_followed_rows.py::test_slow_is_told_from_stuck_and_from_what_waits_for_somebody",
    "S-STUCK": "runs/test_followed_rows.py::test_slow_is_told_from_stuck_and_from_what_waits_for_somebody",
    "S-ORDER-CANCELLED": "sending/faults/test_fault_decisions.py::test_an_order_that_was_accepted_and_then_failed_is_never_sent_again_under_its_key",
    "S-ORDER-ERROR": "stories/test_codes.py::test_an_order_that_may_exist_and_one_that_failed_afterwards_have_a_code",
    "S-RATE": "core/test_verdict_details.py::test_proof_that_nothing_was_made_says_what_to_do_next",
    "S-DOWN": "core/test_verdict_details.py::test_proof_that_nothing_was_made_says_what_to_do_next",
    "S-AUTH": "core/test_verdict_details.py::test_proof_that_nothing_was_made_says_what_to_do_next",
    "S-DUPLICATE": "sending/faults/test_fault_audit.py::test_a_duplicate_planted_beside_accepted_orders_is_found_by_the_audit",
    "S-GAVE-UP": "sending/test_submission.py::test_refusals_that_name_neither_a_row_nor_an_outage_give_the_row_up_after_six",
    "O-SUBSCRIPTION": "runs/test_actions_online.py::test_each_subscription_is_read_and_what_cannot_be_done_stands_on_its_cell",
    "W-ENDS-ON": "runs/test_actions_online.py::test_each_subscription_is_read_and_what_cannot_be_done_stands_on_its_cell",
    "W-SCHEDULED": "runs/test_actions_online.py::test_a_change_now_says_what_scheduled_order_it_deletes",
    "W-ENDS": "checking/test_checking_actions.py::test_what_auto_renew_off_loses_is_told_once",
    "E-IMPORT": "checking/test_checking_actions.py::test_an_import_says_what_it_brings_in_and_its_tenant_is_known",
    "E-DUP-SUBSCRIPTION": "checking/test_checking_actions.py::test_a_subscription_is_acted_on_by_one_row",
    "O-CHANGED": "runs/test_renewals.py::test_a_subscription_that_is_not_as_the_sheet_says_is_not_changed_and_both_figures_are_told",
    "S-CHANGED": "runs/test_renewals.py::test_a_subscription_that_is_not_as_the_sheet_says_is_not_changed_and_both_figures_are_told",
    "S-SUBSCRIPTION": "runs/test_changes.py::test_what_cannot_be_done_to_a_subscription_is_not_sent",
    "S-BUSY": "sending/test_subscriptions.py::test_an_order_that_is_in_the_way_for_long_is_left_for_later",
    "S-NO-EFFECT": "runs/test_changes.py::test_a_change_without_effect_is_not_called_done",
    "S-TENANT": "sending/test_tenants.py::test_if_the_first_order_of_a_tenant_fails_its_others_are_not_sent_and_say_why",
}
"""Codes that no sample shows, and the test that plays each."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of one broken sample."""

    listed: list[dict[str, Any]]
    problems: list[dict[str, Any]]
    """From `--json`."""
    terminal: str
    source: Path
    checked: Path

    @property
    def ranked(self) -> list[dict[str, Any]]:
        """The gravest first."""
        return sorted(self.problems, key=lambda problem: RANKS.index(problem["severity"]))


def where(problem: Mapping[str, Any]) -> str:
    if problem["cells"]:
        return f"{problem['sheet']}!{', '.join(problem['cells'])}"
    return problem["sheet"] or ""


def at_cells(told: Told) -> dict[str, list[dict[str, Any]]]:
    found = defaultdict(list)
    for problem in told.ranked:
        for cell in problem["cells"]:
            found[f"{problem['sheet']}!{cell}"].append(problem)
    return found


@pytest.fixture(scope="module", params=[*BROKEN, SIGNED])
def told(
    request: pytest.FixtureRequest, starter: Starter, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Told]:
    name = BROKEN[0] if request.param == SIGNED else request.param
    with Desk(starter, tmp_path_factory.mktemp("broken")) as desk:
        source = Path(copy(SAMPLES / name, desk.folder / name))
        if request.param == SIGNED:
            with zipfile.ZipFile(source, "a") as archive:
                archive.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
        shown = desk.run("check", name, "--all")
        as_json = desk.run("check", name, "--json")
        assert (shown.code, as_json.code) == (3, 3)
        yield Told(
            listed=json.loads((SAMPLES / name).with_suffix(".problems.json").read_text("utf-8")),
            problems=as_json.json["problems"],
            terminal=shown.out,
            source=source,
            checked=desk.folder / as_json.json["files"]["checked"],
        )


def test_check_finds_exactly_what_the_list_says(told: Told) -> None:
    assert [{key: problem[key] for key in ("code", "sheet", "cells")} for problem in told.problems] == (
        told.listed
    )


def test_the_terminal_shows_the_same_codes_cells_and_sentences(told: Told) -> None:
    shown: list[list[str]] = []
    for line in told.terminal.splitlines():
        if head := HEAD.fullmatch(line):
            shown.append([*head.groups(), ""])
        elif line.startswith(" " * 19):
            shown[-1][-1] = USED.sub("", line.strip())
    assert shown == [
        [
            ICONS[problem["severity"]],
            where(problem) or "Workbook",
            problem["code"],
            problem["message"],
            problem["fix"] or "",
        ]
        for problem in told.ranked
    ]


def test_the_sheet_problems_lists_the_same_codes_cells_and_sentences(told: Told) -> None:
    headers = ("Severity", "Where", "Code", "What is wrong", "How to fix", "Proposed value")
    assert [[line[header] for header in headers] for line in lines_of_problems(told.checked)] == [
        [
            SEVERITIES[problem["severity"]],
            where(problem) or "the workbook",
            problem["code"],
            problem["message"],
            problem["fix"] or "",
            problem["proposal"] or "",
        ]
        for problem in told.ranked
    ]


def test_the_notes_say_the_same_on_exactly_the_cells_that_are_named(told: Told) -> None:
    before = notes_of(told.source) if told.source.suffix == ".xlsx" else {}
    notes = {
        cell: text
        for cell, text in notes_of(told.checked).items()
        if before.get(cell) != text and text != OWN_COLUMN
    }
    assert notes == {
        cell: f"{cell.partition('!')[2]}: " + "\n".join(map(note, found))
        for cell, found in at_cells(told).items()
    }


def note(problem: Mapping[str, Any]) -> str:
    proposal = problem["proposal"] and f"Proposed: {problem['proposal']}"
    return " ".join(filter(None, (problem["message"], problem["fix"], proposal, f"[{problem['code']}]")))


def test_exactly_the_cells_that_are_named_are_marked_in_the_colour_of_the_gravest(told: Told) -> None:
    assert marks_of(told.checked) == {cell: found[0]["severity"] for cell, found in at_cells(told).items()}


def test_what_the_terminal_leaves_out_is_counted_with_the_way_to_see_it(desk: Desk) -> None:
    listed = json.loads((SAMPLES / "orders-broken.problems.json").read_text("utf-8"))
    severe = [entry for entry in listed if PROBLEM_TEXTS[entry["code"]].severity is not Severity.INFO]
    path = SAMPLES / "orders-broken.xlsx"
    ended = desk.run("check", path, "-o", desk.folder / "o.checked.xlsx")
    more = f"  … and {len(severe) - SHOWN_PROBLEMS} more: `{command('bulk-orders', 'check', path, '--all')}` shows them"
    assert more in ended.out.splitlines()


def test_every_code_is_in_one_sample_once_or_has_a_test_of_its_own() -> None:
    listed = [
        entry["code"]
        for name in BROKEN
        for entry in json.loads((SAMPLES / name).with_suffix(".problems.json").read_text("utf-8"))
    ]
    assert dict.fromkeys(PROBLEM_TEXTS, 1) == Counter([*listed, *NOT_IN_A_SAMPLE])


@pytest.mark.parametrize("code", NOT_IN_A_SAMPLE)
def test_a_test_that_is_named_plays_its_code(code: str) -> None:
    path, _, name = NOT_IN_A_SAMPLE[code].partition("::")
    content = (TESTS / path).read_text("utf-8")
    assert f"def {name}(" in content
    assert f'"{code}"' in content
