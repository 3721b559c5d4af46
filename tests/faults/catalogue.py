"""The fault catalogue: for each of the 98 faults the tests that play it, or why none can.

The ids and their order are those of the project's fault catalogue: I input, T credentials, P the order itself, Q reading
back, M time, process and machine, L runs, ledger and results. A test is named as `file::function`, below `tests/`.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One fault."""

    fault: str
    tests: tuple[str, ...] = ()
    why_not: str = ""
    """Why no test can play it, or what of it is not played; empty when all of it is."""


POSTS: Final = "faults/test_fault_posts.py"
READS: Final = "faults/test_fault_reads.py"
SIGN_IN: Final = "faults/test_fault_sign_in.py"
LEDGERS: Final = "faults/test_fault_ledgers.py"
PROCESSES: Final = "faults/test_fault_processes.py"
DECISIONS: Final = "faults/test_fault_decisions.py"
HOSTILE: Final = "faults/test_hostile_answers.py"
KILLS: Final = "kills/test_kills.py"
ORDERS: Final = "edge/test_client_orders.py"
NETWORK: Final = "edge/test_client_network.py"
CLIENT_READS: Final = "edge/test_client_reads.py"
CLIENT_SIGN_IN: Final = "edge/test_client_sign_in.py"
FILES: Final = "edge/test_ledger_files.py"
OUT: Final = "edge/test_workbook_out_files.py"
TEXTS: Final = "edge/test_workbook_out_texts.py"
REFUSED: Final = "edge/test_workbook_in_refused.py"
BOOK: Final = "edge/test_workbook_in.py"
CELLS: Final = "edge/test_workbook_in_cells.py"
ERRORS: Final = "edge/test_cli_errors.py"
LEDGER: Final = "contract/test_ledger.py"
PLANNING: Final = "money/test_planning.py"
STOPPED: Final = "stories/test_stopped.py"
SIMULATED: Final = "simulation/test_simulation.py::test_nothing_is_ordered_twice_lost_or_told_wrongly"
FOUND: Final = f"{POSTS}::test_a_lost_answer_of_an_order_that_was_taken_is_found_by_looking_and_sent_once"
NAMED: Final = (
    f"{POSTS}::test_a_lost_answer_of_an_order_that_was_not_taken_is_named_for_a_person_and_sent_once"
)
STOPS: Final = f"{POSTS}::test_an_answer_that_every_row_would_get_stops_the_run_before_the_second_order"
REFUSAL: Final = f"{POSTS}::test_a_well_formed_refusal_is_the_rows_own_and_the_next_row_is_sent"


def _played(fault: str, *tests: str, why_not: str = "") -> Entry:
    return Entry(fault=fault, tests=tests, why_not=why_not)


INPUT: Final = {
    "I1": _played(
        "the file is missing, a folder, a device, empty or unreadable",
        f"{REFUSED}::test_a_missing_file_a_folder_and_an_empty_file_are_refused",
        f"{REFUSED}::test_a_named_pipe_and_a_device_are_refused_at_once",
        f"{REFUSED}::test_a_file_that_may_not_be_read_is_refused",
    ),
    "I2": _played(
        "the file changes while it is read",
        f"{LEDGER}::test_a_run_its_rows_and_its_source_come_back_as_they_were_given",
        "stories/test_after_the_run.py::test_report_makes_a_deleted_results_workbook_again_with_the_same_content",
        why_not="Read once into memory; there is no second reading that could be played between.",
    ),
    "I3": _played(
        "the file is open in Excel",
        f"{REFUSED}::test_excels_mark_of_an_open_workbook_is_refused",
        why_not="Windows' own share lock needs Windows.",
    ),
    "I4": _played(
        "the container is malicious or broken",
        f"{REFUSED}::test_a_zip_bomb_is_refused_by_its_declared_size",
        f"{REFUSED}::test_a_dtd_in_any_part_is_refused",
        f"{REFUSED}::test_a_far_cell_is_refused_before_calamine_sees_it",
        f"{REFUSED}::test_macros_are_refused",
    ),
    "I5": _played(
        "formula cells have no stored value",
        f"{CELLS}::test_a_formula_without_a_saved_result_is_noted",
        f"{CELLS}::test_rows_of_nothing_but_formulas_without_results_are_rows",
    ),
    "I6": _played(
        "rows or sheets are hidden, or there are several sheets",
        f"{BOOK}::test_hidden_filtered_and_flat_rows_are_named",
        f"{BOOK}::test_a_hidden_orders_sheet_is_a_problem",
        "edge/test_checking_rows.py::test_a_hidden_row_is_left_out_and_told",
    ),
    "I7": _played(
        "a PO number or a whole row stands twice in the file",
        f"{PLANNING}::test_no_two_nameless_rows_of_a_workbook_share_an_order",
        "edge/test_checking_rows.py::test_many_equal_rows_are_one_problem_in_few_words",
    ),
    "I8": _played(
        "the row is in the ledger already, from another file",
        f"{PLANNING}::test_an_accepted_order_is_ordered_before",
        f"{PLANNING}::test_an_accepted_reference_with_other_content_is_a_conflict_that_names_the_order",
        f"{LEDGERS}::test_an_edited_row_without_a_reference_is_held_with_the_earlier_order",
    ),
    "I9": _played(
        "the file is edited between two runs",
        f"{PLANNING}::test_a_row_that_brings_its_key_is_its_order_after_any_edit",
        "stories/test_after_the_run.py::test_a_sorted_results_workbook_is_still_recognised_row_by_row",
    ),
    "I10": _played(
        "many rows are wrong at once",
        "edge/test_checking_rows.py::test_problems_come_in_the_order_of_the_sheets",
        "stories/test_guards.py::test_nothing_is_sent_while_a_row_is_wrong",
    ),
    "I11": _played(
        "there are too many rows, columns or cells",
        f"{REFUSED}::test_a_table_of_more_than_a_thousand_columns_is_refused",
        f"{REFUSED}::test_a_file_over_200_mb_is_refused",
    ),
    "I12": _played(
        "a column is unknown, missing, renamed or there twice",
        f"{BOOK}::test_a_required_column_that_is_missing_is_named",
        f"{BOOK}::test_a_header_that_is_nearly_a_missing_one_is_asked_about_once",
        f"{BOOK}::test_a_header_that_stands_twice_is_a_problem_with_both_cells",
    ),
}

CREDENTIALS: Final = {
    "T1": _played(
        "the token ends during the run",
        f"{CLIENT_SIGN_IN}::test_tokens_that_end_again_and_again_cost_no_order",
        f"{CLIENT_SIGN_IN}::test_an_order_never_leaves_with_a_token_about_to_end",
        f"{KILLS}::test_a_soak_of_20000_rows_ends_in_one_order_for_each_row",
    ),
    "T2": _played(
        "an order is answered 401, once and twice",
        f"{SIGN_IN}::test_a_token_that_ended_is_renewed_and_the_same_order_goes_out_again",
        f"{SIGN_IN}::test_a_sign_in_that_is_refused_twice_for_one_order_stops_the_run_with_every_row_unsent",
    ),
    "T3": _played(
        "401 although the order was taken",
        f"{SIGN_IN}::test_a_401_after_the_order_was_taken_makes_a_duplicate_that_the_audit_names",
    ),
    "T4": _played(
        "the token call fails or gives nonsense",
        f"{CLIENT_SIGN_IN}::test_a_refused_sign_in_lets_no_order_out",
        f"{CLIENT_SIGN_IN}::test_a_sign_in_that_fails_for_a_while_is_tried_again_and_then_the_marketplace_is_down",
        f"{CLIENT_SIGN_IN}::test_the_life_of_a_token_is_between_a_minute_and_an_hour",
    ),
    "T5": _played(
        "the wall clock jumps while a token lives",
        f"{SIGN_IN}::test_a_wall_clock_that_jumps_does_not_change_the_life_of_a_token",
    ),
    "T6": _played(
        "403 with Retry-After: the quota is used up",
        f"{SIGN_IN}::test_a_used_up_quota_is_waited_for_and_the_same_order_goes_out_again",
        f"{SIGN_IN}::test_a_quota_that_is_used_up_for_the_day_ends_the_run_with_every_row_unsent",
    ),
    "T7": _played("a plain 403", STOPS),
    "T8": _played(
        "another marketplace or environment than meant",
        f"{SIGN_IN}::test_a_run_of_another_account_is_not_resumed",
        f"{SIGN_IN}::test_the_same_row_for_another_marketplace_is_another_order",
        f"{SIGN_IN}::test_settings_without_a_password_stop_before_any_socket_is_opened",
    ),
    "T9": _played(
        "netrc, proxies and authorities of the environment",
        f"{ORDERS}::test_netrc_and_proxies_of_the_environment_are_ignored",
    ),
    "T10": _played(
        "the credential is revoked during the run",
        f"{SIGN_IN}::test_credentials_revoked_during_the_run_stop_it_and_the_placed_orders_stay_placed",
    ),
}

ORDER: Final = {
    "P1": _played(
        "no connection: name, refusal, time, handshake",
        f"{NETWORK}::test_a_host_that_does_not_exist_has_got_nothing",
        f"{NETWORK}::test_a_tls_handshake_that_fails_does_not_count_as_sending",
        f"{POSTS}::test_a_refused_connection_is_waited_for_at_the_gate_and_no_order_is_sent",
        f"{POSTS}::test_a_short_outage_costs_nothing_and_the_run_goes_on_by_itself",
    ),
    "P2": _played(
        "a certificate that is wrong",
        f"{SIGN_IN}::test_a_certificate_that_nobody_trusts_keeps_the_first_order_from_leaving",
        f"{SIGN_IN}::test_a_certificate_that_changes_during_the_run_stops_it_and_nothing_more_leaves",
    ),
    "P3": _played(
        "a proxy that refuses, or answers itself",
        f"{NETWORK}::test_a_proxy_that_refuses_to_connect_has_got_nothing_of_the_order",
        FOUND,
    ),
    "P4": _played(
        "the peer stops reading",
        f"{ORDERS}::test_a_server_that_never_reads_is_given_up_at_the_deadline",
        f"{POSTS}::test_a_server_that_reads_nothing_has_perhaps_taken_the_order",
    ),
    "P5": _played("no answer in time, and the order was taken", FOUND),
    "P6": _played("no answer in time, and the order was not taken", NAMED),
    "P7": _played("the connection ends before or after the order was taken", FOUND, NAMED),
    "P8": _played(
        "a stale connection",
        f"{ORDERS}::test_a_connection_idle_for_more_than_two_seconds_is_not_used_for_an_order",
        f"{POSTS}::test_a_stale_connection_that_dies_under_an_order_is_a_lost_answer_and_not_a_second_order",
    ),
    "P9": _played(
        "an answer that is cut off",
        f"{POSTS}::test_an_answer_cut_off_at_any_byte_is_looked_up_and_never_believed_or_refused",
        f"{HOSTILE}::test_no_answer_whole_or_cut_is_taken_for_more_than_it_proves",
        f"{HOSTILE}::test_a_recorded_answer_is_accepted_whole_and_looked_up_when_it_lacks_a_byte",
    ),
    "P10": _played("a success with a body that is none", FOUND, NAMED),
    "P11": _played("a success that repeats another customer or PO number", STOPS),
    "P12": _played("a success with errors in it", FOUND, NAMED),
    "P13": _played("202, 204 and 206", FOUND, NAMED),
    "P14": _played(
        "redirects", STOPS, f"{ORDERS}::test_a_redirect_comes_back_as_a_reply_and_is_not_followed"
    ),
    "P15": _played("400, 404 and 422 with JSON", REFUSAL),
    "P16": _played("400 in HTML", FOUND, NAMED),
    "P17": _played("408, 425 and 499", FOUND, NAMED),
    "P18": _played("409", FOUND, NAMED),
    "P19": _played(
        "413, 415 and 431 with JSON",
        REFUSAL,
        f"{POSTS}::test_three_refusals_of_the_size_in_a_row_do_not_hide_behind_each_other",
        why_not="431 is not among the refusing statuses of the design: it is looked up, which is safer.",
    ),
    "P20": _played(
        "429 with every kind of Retry-After",
        f"{POSTS}::test_a_429_waits_as_long_as_it_is_told_and_sends_the_same_order_again",
        f"{POSTS}::test_a_moment_to_come_back_is_counted_from_the_servers_own_date",
        f"{POSTS}::test_a_429_that_asks_for_a_quarter_of_an_hour_ends_the_run_with_the_row_unsent",
        f"{POSTS}::test_a_429_holds_every_sender_and_not_only_the_one_who_got_it",
    ),
    "P21": _played("500, 502, 503 and 504", FOUND, NAMED),
    "P22": _played(
        "a gateway sends our order twice",
        f"{POSTS}::test_a_gateway_that_replays_our_order_is_told_at_the_end_of_the_run_with_both_ids",
        f"{POSTS}::test_a_replay_behind_a_lost_answer_is_told_too",
    ),
    "P23": _played(
        "a slow answer, and one that drips",
        f"{POSTS}::test_a_slow_answer_within_the_deadline_is_an_answer",
        f"{ORDERS}::test_a_body_that_drips_ends_at_the_deadline_and_what_came_is_kept",
        FOUND,
    ),
    "P24": _played(
        "the answer to another request",
        STOPS,
        f"{ORDERS}::test_an_answer_nobody_asked_for_is_not_taken_for_the_next_orders_answer",
    ),
    "P25": _played(
        "a body that unpacks without end",
        FOUND,
        NAMED,
        f"{ORDERS}::test_a_packed_answer_that_cannot_be_unpacked_whole_is_not_complete",
    ),
    "P26": _played(
        "the order is taken long after we gave up",
        f"{POSTS}::test_an_order_that_appears_late_is_found_by_the_next_run_and_never_sent_again",
        SIMULATED,
    ),
    "P27": _played(
        "informational answers, trailers, endless heads",
        f"{POSTS}::test_informational_answers_before_the_real_one_change_nothing",
        f"{ORDERS}::test_informational_answers_are_skipped",
        FOUND,
    ),
    "P28": _played(
        "an id under the wrong content type",
        f"{POSTS}::test_a_wrong_content_type_is_believed_only_with_our_own_words_repeated",
        FOUND,
    ),
}

READING: Final = {
    "Q1": _played(
        "the order is listed late",
        f"{READS}::test_an_order_that_is_listed_late_is_read_for_until_it_shows",
        f"{READS}::test_an_order_listed_only_after_the_run_is_in_doubt_until_it_shows",
        f"{READS}::test_absent_is_said_only_after_the_settle_window_and_three_complete_readings",
    ),
    "Q2": _played(
        "the list cannot be read",
        f"{READS}::test_a_failed_reading_is_no_evidence_and_the_row_stays_in_doubt",
        f"{DECISIONS}::test_nothing_is_called_absent_while_the_marketplace_cannot_be_read",
    ),
    "Q3": _played(
        "rows move between the pages",
        f"{READS}::test_a_list_that_may_lack_rows_proves_nothing_absent",
        f"{READS}::test_a_reading_that_differs_from_the_one_before_it_does_not_count",
    ),
    "Q4": _played(
        "the page size is lowered without a word",
        f"{READS}::test_a_limit_that_is_lowered_without_a_word_costs_pages_and_no_row",
    ),
    "Q5": _played(
        "the total is wrong or missing",
        f"{READS}::test_a_list_that_may_lack_rows_proves_nothing_absent",
        f"{CLIENT_READS}::test_a_list_that_does_not_add_up_is_not_complete",
    ),
    "Q6": _played(
        "a filter is ignored, or counts another time",
        f"{READS}::test_a_filter_that_is_ignored_neither_hides_our_order_nor_makes_another_ours",
        f"{READS}::test_a_marketplace_with_another_time_is_asked_in_its_own",
    ),
    "Q7": _played(
        "the PO number comes back changed",
        f"{READS}::test_a_po_number_that_comes_back_changed_stops_the_run_before_the_second_order",
    ),
    "Q8": _played(
        "the PO number is dropped",
        f"{READS}::test_a_spelling_that_is_not_read_stops_the_run_after_one_order_and_the_next_run_uses_the_other",
        f"{READS}::test_where_no_spelling_is_kept_each_run_stops_after_one_order_with_a_sentence",
        f"{READS}::test_who_allows_unmarked_orders_gets_them_and_a_lost_answer_is_found_by_content",
    ),
    "Q9": _played(
        "two orders carry one PO number",
        f"{READS}::test_two_orders_with_one_po_number_are_a_duplicate_with_both_ids_and_the_time_to_cancel",
        f"{READS}::test_a_duplicate_planted_beside_accepted_orders_is_found_by_the_audit",
    ),
    "Q10": _played(
        "the order that is found has other content",
        f"{READS}::test_an_order_with_our_po_number_and_other_content_is_not_taken_for_ours",
    ),
    "Q11": _played(
        "404 right after 201",
        f"{READS}::test_a_404_right_after_the_order_was_taken_is_waited_out",
        f"{READS}::test_a_canary_that_cannot_be_read_back_stops_the_run_before_the_second_order",
        f"{READS}::test_an_accepted_order_that_the_marketplace_does_not_list_is_told_as_missing",
    ),
    "Q12": _played(
        "the order that is found is in error or cancelled",
        f"{READS}::test_an_order_found_in_trouble_exists_and_is_never_placed_again",
    ),
}

MACHINE: Final = {
    "M1": _played(
        "the wall clock jumps",
        f"{LEDGERS}::test_a_wall_clock_that_jumps_neither_loses_an_order_nor_sends_it_twice",
    ),
    "M2": _played(
        "the machine sleeps",
        f"{LEDGERS}::test_an_order_whose_machine_slept_after_the_intent_is_not_sent_on_that_intent",
        f"{CLIENT_SIGN_IN}::test_an_order_never_leaves_with_a_token_about_to_end",
    ),
    "M3": _played(
        "the process stands still between intent and sending",
        f"{LEDGERS}::test_an_order_whose_machine_slept_after_the_intent_is_not_sent_on_that_intent",
        f"{PROCESSES}::test_a_process_stopped_for_longer_than_the_send_deadline_sends_each_order_once",
    ),
    "M4": _played(
        "the process is killed",
        f"{KILLS}::test_12_kills_at_random_moments_order_nothing_twice_and_lose_nothing",
        f"{KILLS}::test_a_kill_or_a_failure_at_every_system_call_orders_nothing_twice_and_loses_nothing",
        "simulation/test_enumerated.py::test_one_row_survives_every_crash_at_every_end_of_a_placing",
    ),
    "M5": _played(
        "the power fails",
        SIMULATED,
        why_not="Unsynced writes are lost in the simulation's disk; no real disk is torn here.",
    ),
    "M6": _played(
        "the kernel delivers what a dead process had written",
        f"{READS}::test_the_settle_window_counts_from_the_moment_a_crash_is_noticed",
        f"{KILLS}::test_12_kills_at_random_moments_order_nothing_twice_and_lose_nothing",
    ),
    "M7": _played(
        "memory runs out",
        f"{LEDGERS}::test_an_exception_in_a_worker_ends_the_sending_and_the_row_is_looked_up_by_the_next_run",
        f"{KILLS}::test_a_soak_of_20000_rows_ends_in_one_order_for_each_row",
    ),
    "M8": _played(
        "Ctrl-C once",
        f"{STOPPED}::test_stopped_once_it_finishes_what_is_in_flight_and_says_how_to_go_on",
        f"{STOPPED}::test_a_stopped_run_is_resumed_to_its_end",
    ),
    "M9": _played(
        "Ctrl-C twice",
        f"{STOPPED}::test_stopped_twice_it_ends_at_once_and_the_next_run_finds_what_was_in_flight",
    ),
    "M10": _played(
        "SIGTERM and SIGHUP",
        f"{STOPPED}::test_stopped_once_it_finishes_what_is_in_flight_and_says_how_to_go_on",
    ),
    "M11": _played(
        "an exception in a worker, or nobody listens any more",
        f"{LEDGERS}::test_an_exception_in_a_worker_ends_the_sending_and_the_row_is_looked_up_by_the_next_run",
        f"{PROCESSES}::test_who_stops_listening_stops_no_order",
    ),
    "M12": _played(
        "the disk of the ledger is full",
        f"{LEDGERS}::test_a_disk_that_is_full_at_any_step_stops_the_run_and_the_next_run_makes_it_whole",
        f"{PROCESSES}::test_a_ledger_that_may_not_grow_sends_no_order_without_its_intent_and_the_next_run_makes_it_whole",
        f"{FILES}::test_a_full_disk_refuses_the_step_whole_and_takes_it_when_there_is_room",
    ),
    "M13": _played(
        "the disk fails at fsync",
        f"{FILES}::test_after_the_disk_failed_nothing_more_is_written_even_when_it_works_again",
    ),
    "M14": _played(
        "the ledger is locked by another program",
        f"{FILES}::test_a_ledger_that_another_program_keeps_locked_is_refused_and_can_be_written_later",
        f"{FILES}::test_reading_does_not_wait_while_another_program_writes",
    ),
    "M15": _played(
        "the ledger lies on a network drive or in a synced folder",
        f"{FILES}::test_a_ledger_may_only_lie_on_a_disk_of_this_computer",
        f"{FILES}::test_a_ledger_in_a_folder_kept_in_step_with_other_computers_is_refused",
    ),
    "M16": _played("PostgreSQL fails over", why_not="There is no ledger on PostgreSQL yet."),
    "M17": _played(
        "threads end in any order",
        f"{LEDGER}::test_threads_do_not_lose_or_mix_each_others_steps",
        SIMULATED,
    ),
    "M18": _played(
        "2038, leap days, moments without a zone",
        f"{LEDGERS}::test_moments_far_away_are_kept_and_read_like_any_other",
        f"{LEDGER}::test_a_moment_without_a_zone_is_refused_and_nothing_is_written",
    ),
}

RUNS: Final = {
    "L1": _played(
        "two runs of one file at once",
        f"{PROCESSES}::test_of_processes_that_run_one_file_at_once_one_sends_and_the_others_are_told",
        f"{LEDGERS}::test_without_a_lock_eight_runs_at_once_still_send_each_order_once",
        f"{FILES}::test_of_two_processes_that_begin_the_same_orders_one_wins_each",
    ),
    "L2": _played(
        "the lock file is deleted, or its holder dead",
        f"{FILES}::test_without_its_lock_file_a_run_begins_nothing_more_but_still_tells_what_came_back",
        f"{PROCESSES}::test_a_lock_that_a_dead_process_held_holds_nobody_back",
    ),
    "L3": _played(
        "two machines with two ledgers and one file",
        f"{READS}::test_a_duplicate_planted_beside_accepted_orders_is_found_by_the_audit",
        f"{LEDGERS}::test_a_deleted_ledger_recognises_what_was_ordered_and_sends_only_the_rest",
        why_not="No client can close it when both send at the same moment; the audit names what was made.",
    ),
    "L4": _played(
        "the ledger is deleted",
        f"{PROCESSES}::test_a_ledger_deleted_between_runs_is_made_good_from_the_marketplace",
        f"{LEDGERS}::test_a_new_ledger_looks_twice_a_settle_window_apart_so_that_late_orders_are_seen",
        f"{LEDGERS}::test_a_new_ledger_sends_nothing_while_the_marketplace_cannot_be_read",
    ),
    "L5": _played(
        "the ledger is deleted while it is open",
        f"{FILES}::test_a_ledger_that_was_taken_away_while_open_is_not_written_any_more",
    ),
    "L6": _played(
        "the ledger is restored from a backup",
        f"{PROCESSES}::test_a_ledger_restored_from_before_the_last_run_is_made_good_from_the_marketplace",
        f"{LEDGERS}::test_a_ledger_restored_from_before_the_last_run_is_noticed_by_the_count_of_runs",
        f"{LEDGERS}::test_a_ledger_restored_from_the_middle_of_the_last_run_sends_nothing_twice",
        f"{LEDGERS}::test_a_run_resumed_with_a_ledger_restored_from_its_middle_sends_nothing_twice",
    ),
    "L7": _played(
        "the ledger is damaged, or of another version",
        f"{PROCESSES}::test_a_ledger_that_cannot_be_trusted_is_refused_and_nothing_is_sent",
        f"{FILES}::test_what_is_no_sound_ledger_is_refused_with_a_fix_and_left_alone",
    ),
    "L8": _played(
        "the disk lies about what it has kept",
        why_not="Out of reach of any program; the look-back and the audit are what is left.",
    ),
    "L9": _played(
        "the process dies while the ledger is changed to a new version",
        why_not="There has been one version of the ledger's tables; another one is refused (L7).",
    ),
    "L10": _played(
        "the results workbook is open in Excel",
        f"{OUT}::test_a_workbook_that_is_open_in_excel_is_numbered_past",
    ),
    "L11": _played(
        "the results cannot be written where they should go",
        f"{OUT}::test_the_probe_refuses_a_folder_that_cannot_be_written",
        f"{OUT}::test_a_link_is_replaced_and_not_followed",
        f"{ERRORS}::test_a_folder_that_cannot_be_written_to_stops_the_run_before_anything_is_sent",
    ),
    "L12": _played(
        "the process dies while the results are written",
        f"{OUT}::test_a_process_killed_while_writing_leaves_the_old_workbook_and_one_private_part",
        f"{OUT}::test_a_stop_in_the_middle_of_writing_leaves_the_old_workbook",
    ),
    "L13": _played(
        "a text that no cell can hold",
        f"{TEXTS}::test_any_text_is_read_again_as_it_was_cleaned_and_is_no_formula",
    ),
    "L14": _played(
        "results and ledger say different things",
        "core/test_summary.py::test_rows_in_are_rows_out",
        f"{OUT}::test_a_workbook_with_rows_missing_is_not_published",
        f"{KILLS}::test_12_kills_at_random_moments_order_nothing_twice_and_lose_nothing",
    ),
    "L15": _played(
        "a results workbook comes in as the input",
        "stories/test_after_the_run.py::test_corrected_rows_of_the_results_workbook_are_sent_and_only_those",
    ),
    "L16": _played(
        "a nightly run meets another one",
        f"{PROCESSES}::test_of_processes_that_run_one_file_at_once_one_sends_and_the_others_are_told",
        why_not="The nightly job itself is not built yet; what it meets is the lock.",
    ),
    "L17": _played(
        "the marketplace is out of reach for an hour",
        f"{LEDGERS}::test_an_outage_of_hours_costs_no_more_rows_than_were_in_flight_and_the_run_goes_on_by_itself",
        f"{LEDGERS}::test_an_outage_longer_than_the_patience_ends_the_run_to_be_resumed",
        f"{PROCESSES}::test_a_marketplace_that_freezes_in_the_middle_of_a_run_is_waited_for",
    ),
    "L18": _played(
        "a new version of the program makes other keys or PO numbers",
        "core/test_identity.py::test_the_key_of_a_reference_is_pinned",
        "core/test_identity.py::test_the_key_of_a_content_is_pinned",
        "core/test_identity.py::test_the_marker_is_pinned",
    ),
}

CATALOGUE: Final[dict[str, Entry]] = {**INPUT, **CREDENTIALS, **ORDER, **READING, **MACHINE, **RUNS}
