"""Faults on our own side: I input, M time, process and machine, L runs, ledger and results."""

from typing import Final

from catalogue_entry import (
    AUDIT,
    BOOK,
    CELLS,
    CLIENT_SIGN_IN,
    CLOCKS,
    ERRORS,
    FILES,
    KILLS,
    LEDGER,
    LEDGER_STEPS,
    LEDGERS,
    OUT,
    OUTAGES,
    PLACES,
    PLANNING,
    PROCESSES,
    READS,
    REFUSED,
    REFUSED_STEPS,
    SHARING,
    SIMULATED,
    STOPPED,
    TEXTS,
    played,
)

INPUT: Final = {
    "I1": played(
        "the file is missing, a folder, a device, empty or unreadable",
        f"{REFUSED}::test_a_missing_file_a_folder_and_an_empty_file_are_refused",
        f"{REFUSED}::test_a_named_pipe_and_a_device_are_refused_at_once",
        f"{REFUSED}::test_a_file_that_may_not_be_read_is_refused",
    ),
    "I2": played(
        "the file changes while it is read",
        f"{LEDGER}::test_a_run_its_rows_and_its_source_come_back_as_they_were_given",
        "stories/test_after_the_run.py::test_report_makes_a_deleted_results_workbook_again_with_the_same_content",
        why_not="Read once into memory; there is no second reading that could be played between.",
    ),
    "I3": played(
        "the file is open in Excel",
        f"{REFUSED}::test_excels_mark_of_an_open_workbook_is_refused",
        why_not="Windows' own share lock needs Windows.",
    ),
    "I4": played(
        "the container is malicious or broken",
        f"{REFUSED}::test_a_zip_bomb_is_refused_by_its_declared_size",
        f"{REFUSED}::test_a_dtd_in_any_part_is_refused",
        f"{REFUSED}::test_a_far_cell_is_refused_before_calamine_sees_it",
        f"{REFUSED}::test_macros_are_refused",
    ),
    "I5": played(
        "formula cells have no stored value",
        f"{CELLS}::test_a_formula_without_a_saved_result_is_noted",
        f"{CELLS}::test_rows_of_nothing_but_formulas_without_results_are_rows",
    ),
    "I6": played(
        "rows or sheets are hidden, or there are several sheets",
        f"{BOOK}::test_hidden_filtered_and_flat_rows_are_named",
        f"{BOOK}::test_a_hidden_orders_sheet_is_a_problem",
        "checking/test_checking_rows.py::test_a_hidden_row_is_left_out_and_told",
    ),
    "I7": played(
        "a PO number or a whole row stands twice in the file",
        f"{PLANNING}::test_no_two_nameless_rows_of_a_workbook_share_an_order",
        "checking/test_checking_rows.py::test_many_equal_rows_are_one_problem_in_few_words",
    ),
    "I8": played(
        "the row is in the ledger already, from another file",
        f"{PLANNING}::test_an_accepted_order_is_ordered_before",
        f"{PLANNING}::test_an_accepted_reference_with_other_content_is_a_conflict_that_names_the_order",
        f"{LEDGERS}::test_an_edited_row_without_a_reference_is_held_with_the_earlier_order",
    ),
    "I9": played(
        "the file is edited between two runs",
        f"{PLANNING}::test_a_row_that_brings_its_key_is_its_order_after_any_edit",
        "stories/test_after_the_run.py::test_a_sorted_results_workbook_is_still_recognised_row_by_row",
    ),
    "I10": played(
        "many rows are wrong at once",
        "checking/test_checking_rows.py::test_problems_come_in_the_order_of_the_sheets",
        "stories/test_guards.py::test_nothing_is_sent_while_a_row_is_wrong",
    ),
    "I11": played(
        "there are too many rows, columns or cells",
        f"{REFUSED}::test_a_table_of_more_than_a_thousand_columns_is_refused",
        f"{REFUSED}::test_a_file_over_200_mb_is_refused",
    ),
    "I12": played(
        "a column is unknown, missing, renamed or there twice",
        f"{BOOK}::test_a_required_column_that_is_missing_is_named",
        f"{BOOK}::test_a_header_that_is_nearly_a_missing_one_is_asked_about_once",
        f"{BOOK}::test_a_header_that_stands_twice_is_a_problem_with_both_cells",
    ),
}

MACHINE: Final = {
    "M1": played(
        "the wall clock jumps",
        f"{CLOCKS}::test_a_wall_clock_that_jumps_neither_loses_an_order_nor_sends_it_twice",
    ),
    "M2": played(
        "the machine sleeps",
        f"{CLOCKS}::test_an_order_whose_machine_slept_after_the_intent_is_not_sent_on_that_intent",
        f"{CLIENT_SIGN_IN}::test_an_order_never_leaves_with_a_token_about_to_end",
    ),
    "M3": played(
        "the process stands still between intent and sending",
        f"{CLOCKS}::test_an_order_whose_machine_slept_after_the_intent_is_not_sent_on_that_intent",
        f"{PROCESSES}::test_a_process_stopped_for_longer_than_the_send_deadline_sends_each_order_once",
    ),
    "M4": played(
        "the process is killed",
        f"{KILLS}::test_kills_at_random_moments_order_nothing_twice_and_lose_nothing",
        f"{KILLS}::test_a_kill_or_a_failure_at_every_system_call_orders_nothing_twice_and_loses_nothing",
        "simulation/test_enumerated.py::test_one_row_survives_every_crash_at_every_end_of_a_placing",
    ),
    "M5": played(
        "the power fails",
        SIMULATED,
        why_not="Unsynced writes are lost in the simulation's disk; no real disk is torn here.",
    ),
    "M6": played(
        "the kernel delivers what a dead process had written",
        f"{READS}::test_the_settle_window_counts_from_the_moment_a_crash_is_noticed",
        f"{KILLS}::test_kills_at_random_moments_order_nothing_twice_and_lose_nothing",
    ),
    "M7": played(
        "memory runs out",
        f"{REFUSED_STEPS}::test_an_exception_in_a_worker_ends_the_sending_and_the_row_is_looked_up_by_the_next_run",
        f"{KILLS}::test_a_soak_of_20000_rows_ends_in_one_order_for_each_row",
    ),
    "M8": played(
        "Ctrl-C once",
        f"{STOPPED}::test_stopped_once_it_finishes_what_is_in_flight_and_says_how_to_go_on",
        f"{STOPPED}::test_a_stopped_run_is_resumed_to_its_end",
    ),
    "M9": played(
        "Ctrl-C twice",
        f"{STOPPED}::test_stopped_twice_it_ends_at_once_and_the_next_run_finds_what_was_in_flight",
    ),
    "M10": played(
        "SIGTERM and SIGHUP",
        f"{STOPPED}::test_stopped_once_it_finishes_what_is_in_flight_and_says_how_to_go_on",
    ),
    "M11": played(
        "an exception in a worker, or nobody listens any more",
        f"{REFUSED_STEPS}::test_an_exception_in_a_worker_ends_the_sending_and_the_row_is_looked_up_by_the_next_run",
        f"{PROCESSES}::test_who_stops_listening_stops_no_order",
    ),
    "M12": played(
        "the disk of the ledger is full",
        f"{REFUSED_STEPS}::test_a_disk_that_is_full_at_any_step_stops_the_run_and_the_next_run_makes_it_whole",
        f"{PROCESSES}::test_a_ledger_that_may_not_grow_sends_no_order_without_its_intent_and_the_next_run_makes_it_whole",
        f"{FILES}::test_a_full_disk_refuses_the_step_whole_and_takes_it_when_there_is_room",
    ),
    "M13": played(
        "the disk fails at fsync",
        f"{FILES}::test_after_the_disk_failed_nothing_more_is_written_even_when_it_works_again",
    ),
    "M14": played(
        "the ledger is locked by another program",
        f"{SHARING}::test_a_ledger_that_another_program_keeps_locked_is_refused_and_can_be_written_later",
        f"{SHARING}::test_reading_does_not_wait_while_another_program_writes",
    ),
    "M15": played(
        "the ledger lies on a network drive or in a synced folder",
        f"{PLACES}::test_a_ledger_may_only_lie_on_a_disk_of_this_computer",
        f"{PLACES}::test_a_ledger_in_a_folder_kept_in_step_with_other_computers_is_refused",
    ),
    "M16": played("PostgreSQL fails over", why_not="There is no ledger on PostgreSQL yet."),
    "M17": played(
        "threads end in any order",
        f"{LEDGER_STEPS}::test_threads_do_not_lose_or_mix_each_others_steps",
        SIMULATED,
    ),
    "M18": played(
        "2038, leap days, moments without a zone",
        f"{CLOCKS}::test_moments_far_away_are_kept_and_read_like_any_other",
        f"{LEDGER}::test_a_moment_without_a_zone_is_refused_and_nothing_is_written",
    ),
}

RUNS: Final = {
    "L1": played(
        "two runs of one file at once",
        f"{PROCESSES}::test_of_eight_processes_that_run_one_file_at_once_one_sends_and_the_others_are_told",
        f"{REFUSED_STEPS}::test_without_a_lock_eight_runs_at_once_still_send_each_order_once",
        f"{SHARING}::test_of_two_processes_that_begin_the_same_orders_one_wins_each",
    ),
    "L2": played(
        "the lock file is deleted, or its holder dead",
        f"{SHARING}::test_without_its_lock_file_a_run_begins_nothing_more_but_still_tells_what_came_back",
        f"{PROCESSES}::test_a_lock_that_a_dead_process_held_holds_nobody_back",
    ),
    "L3": played(
        "two machines with two ledgers and one file",
        f"{AUDIT}::test_a_duplicate_planted_beside_accepted_orders_is_found_by_the_audit",
        f"{LEDGERS}::test_a_deleted_ledger_recognises_what_was_ordered_and_sends_only_the_rest",
        why_not="No client can close it when both send at the same moment; the audit names what was made.",
    ),
    "L4": played(
        "the ledger is deleted",
        f"{PROCESSES}::test_a_ledger_deleted_between_runs_is_made_good_from_the_marketplace",
        f"{LEDGERS}::test_a_new_ledger_looks_twice_a_settle_window_apart_so_that_late_orders_are_seen",
        f"{LEDGERS}::test_a_new_ledger_sends_nothing_while_the_marketplace_cannot_be_read",
    ),
    "L5": played(
        "the ledger is deleted while it is open",
        f"{PLACES}::test_a_ledger_that_was_taken_away_while_open_is_not_written_any_more",
    ),
    "L6": played(
        "the ledger is restored from a backup",
        f"{PROCESSES}::test_a_ledger_restored_from_before_the_last_run_is_made_good_from_the_marketplace",
        f"{LEDGERS}::test_a_ledger_put_back_with_all_beside_it_orders_nothing_again",
        f"{LEDGERS}::test_a_ledger_put_back_from_the_middle_of_a_run_sends_nothing_twice",
        f"{LEDGERS}::test_two_ledgers_in_turn_over_one_workbook_order_each_row_once",
    ),
    "L7": played(
        "the ledger is damaged, or of another version",
        f"{PROCESSES}::test_a_ledger_that_cannot_be_trusted_is_refused_and_nothing_is_sent",
        f"{PLACES}::test_what_is_no_sound_ledger_is_refused_with_a_fix_and_left_alone",
    ),
    "L8": played(
        "the disk lies about what it has kept",
        why_not="Out of reach of any program; the look-back and the audit are what is left.",
    ),
    "L9": played(
        "the process dies while the ledger is changed to a new version",
        why_not="There has been one version of the ledger's tables; another one is refused (L7).",
    ),
    "L10": played(
        "the results workbook is open in Excel",
        f"{OUT}::test_a_workbook_that_is_open_in_excel_is_numbered_past",
    ),
    "L11": played(
        "the results cannot be written where they should go",
        f"{OUT}::test_the_probe_refuses_a_folder_that_cannot_be_written",
        f"{OUT}::test_a_link_is_replaced_and_not_followed",
        f"{ERRORS}::test_a_folder_that_cannot_be_written_to_stops_the_run_before_anything_is_sent",
    ),
    "L12": played(
        "the process dies while the results are written",
        f"{OUT}::test_a_process_killed_while_writing_leaves_the_old_workbook_and_one_private_part",
        f"{OUT}::test_a_stop_in_the_middle_of_writing_leaves_the_old_workbook",
    ),
    "L13": played(
        "a text that no cell can hold",
        f"{TEXTS}::test_any_text_is_read_again_as_it_was_cleaned_and_is_no_formula",
    ),
    "L14": played(
        "results and ledger say different things",
        "core/test_summary.py::test_rows_in_are_rows_out",
        f"{OUT}::test_a_workbook_with_rows_missing_is_not_published",
        f"{KILLS}::test_kills_at_random_moments_order_nothing_twice_and_lose_nothing",
    ),
    "L15": played(
        "a results workbook comes in as the input",
        "stories/test_after_the_run.py::test_corrected_rows_of_the_results_workbook_are_sent_and_only_those",
    ),
    "L16": played(
        "a nightly run meets another one",
        f"{PROCESSES}::test_of_eight_processes_that_run_one_file_at_once_one_sends_and_the_others_are_told",
        why_not="The nightly job itself is not built yet; what it meets is the lock.",
    ),
    "L17": played(
        "the marketplace is out of reach for an hour",
        f"{OUTAGES}::test_an_outage_of_hours_costs_no_more_rows_than_were_in_flight_and_the_run_goes_on_by_itself",
        f"{OUTAGES}::test_an_outage_longer_than_the_patience_ends_the_run_to_be_resumed",
        f"{PROCESSES}::test_a_marketplace_that_freezes_in_the_middle_of_a_run_is_waited_for",
    ),
    "L18": played(
        "a new version of the program makes other keys or PO numbers",
        "core/test_identity.py::test_the_key_of_a_reference_is_pinned",
        "core/test_identity.py::test_the_key_of_a_content_is_pinned",
        "core/test_identity.py::test_the_marker_is_pinned",
    ),
}
