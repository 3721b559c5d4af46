"""Cases whose proper test lives elsewhere, and the few that nothing can play yet. Every id is here or in a table of files.

A test is named as `file::name`; one that does not exist fails. `U01` to `U30` are ways in which people's workbooks go wrong.
"""

from collections.abc import Mapping

PLAYED: Mapping[str, tuple[str, ...]] = {
    "F24": ("reading/test_refused_files.py::test_a_named_pipe_and_a_device_are_refused_at_once",),
    "R03": ("stories/test_first_run.py::test_the_sample_is_ordered_once_and_running_it_again_sends_nothing",),
    "R04": (
        # Orders are known by their reference; a PO number may be shared (design 5).
        "stories/test_guards.py::test_the_same_reference_with_other_content_is_not_sent_again",
    ),
    "R05": (
        "core/test_identity.py::test_spaces_unicode_forms_and_the_order_of_parameters_do_not_change_the_fingerprint",
    ),
    "R06": ("sending/faults/test_fault_ledgers.py::test_an_edited_row_without_a_reference_is_held_with_the_earlier_order",),
    "R07": ("stories/test_after_the_run.py::test_a_sorted_results_workbook_is_still_recognised_row_by_row",),
    "R13": (
        "stories/test_guards.py::test_nothing_is_sent_while_a_row_is_wrong",
        "stories/test_guards.py::test_only_ready_sends_the_good_rows_and_tells_of_the_others",
    ),
    "R14": ("core/test_identity.py::test_with_a_reference_the_content_does_not_matter",),
    "O01": ("writing/test_texts_in_cells.py::test_any_text_is_read_again_as_it_was_cleaned_and_is_no_formula",),
    "O02": ("writing/test_texts_in_cells.py::test_any_text_is_read_again_as_it_was_cleaned_and_is_no_formula",),
    "O03": ("writing/test_texts_in_cells.py::test_any_text_is_read_again_as_it_was_cleaned_and_is_no_formula",),
    "O04": ("writing/test_texts_in_cells.py::test_a_text_that_no_cell_holds_is_cut_and_says_so",),
    "O05": ("writing/test_texts_in_cells.py::test_any_text_is_read_again_as_it_was_cleaned_and_is_no_formula",),
    "O06": ("marketplace/test_client_reads.py::test_ids_and_amounts_are_texts_without_tricks",),
    "O07": ("core/test_problem_texts.py::test_what_is_invisible_is_shown_by_its_number",),
    "O09": ("cli/test_cli.py::test_secrets_are_nowhere_and_customers_only_where_they_belong",),
    "O10": (
        "marketplace/test_client_reads.py::test_a_failed_read_quotes_the_servers_words_cleaned_and_the_correlation_id",
    ),
    "O11": ("marketplace/test_client_orders.py::test_a_body_is_read_up_to_one_mebibyte",),
    "O12": ("marketplace/test_client_reads.py::test_a_list_that_does_not_add_up_is_not_complete",),
    "U01": ("reading/test_corpus.py::test_a_cell_is_read_or_told_as_the_table_says",),
    "U02": ("reading/test_corpus.py::test_a_cell_is_read_or_told_as_the_table_says",),
    "U03": (
        "checking/test_checking_between.py::test_a_date_that_proves_month_before_day_settles_its_column",
        "checking/test_checking_between.py::test_a_date_that_proves_day_before_month_is_not_read_either_way",
    ),
    "U04": ("reading/test_corpus.py::test_a_cell_is_read_or_told_as_the_table_says",),
    "U05": ("reading/test_cells.py::test_a_number_of_more_than_15_digits_is_noted",),
    "U06": ("checking/test_checking_rows.py::test_a_hidden_row_is_left_out_and_told",),
    "U07": ("reading/test_cells.py::test_cells_covered_by_a_merge_are_empty_and_noted",),
    "U08": ("writing/test_template.py::test_no_example_stands_on_a_sheet_that_is_sent",),
    "U09": ("reading/test_workbook.py::test_blank_rows_are_left_out_and_the_others_keep_their_numbers",),
    "U10": ("cli/test_broken_samples.py::test_check_finds_exactly_what_the_list_says",),
    "U11": ("checking/test_checking_between.py::test_a_rule_between_rows_marks_the_rows_it_is_about",),
    "U12": ("writing/test_texts_in_cells.py::test_every_pair_of_colours_is_easy_to_read",),
    "U13": ("writing/test_results_workbook.py::test_results_go_beside_the_input_and_never_over_it",),
    "U14": ("writing/test_saving.py::test_a_workbook_that_is_open_in_excel_is_numbered_past",),
    "U15": ("stories/test_killed.py::test_a_run_killed_half_way_and_run_again_places_each_order_once",),
    "U16": ("sending/faults/test_fault_posts.py::test_a_lost_answer_of_an_order_that_was_taken_is_found_by_looking_and_sent_once",),
    "U17": ("sending/faults/test_fault_posts.py::test_a_429_waits_as_long_as_it_is_told_and_sends_the_same_order_again",),
    "U18": ("sending/faults/test_fault_posts.py::test_five_equal_lost_answers_in_a_row_stop_the_run",),
    "U19": ("core/test_body.py::test_an_attestation_that_was_not_stated_is_not_sent",),
    "U20": ("writing/test_results_workbook.py::test_the_summary_says_live_or_practice_in_word_and_colour",),
    "U21": ("stories/test_live.py::test_a_person_types_how_many_orders_to_send",),
    "U22": (
        "reading/test_workbook.py::test_a_header_that_is_nearly_a_missing_one_is_asked_about_once",
        "reading/test_workbook.py::test_a_header_that_is_nearly_one_we_have_is_an_extra_column",
    ),
    "U23": ("checking/test_checking.py::test_a_rule_broken_in_an_order_marks_its_own_cells_only",),
    "U24": ("reading/test_cells.py::test_a_formula_without_a_saved_result_is_noted",),
    "U25": ("stories/test_after_the_run.py::test_what_the_marketplace_refused_is_shown_with_its_words_on_the_cell",),
    "U26": ("cli/test_cli.py::test_quiet_leaves_only_results",),
    "U27": ("cli/test_cli.py::test_secrets_are_nowhere_and_customers_only_where_they_belong",),
    "U28": ("reading/test_workbook.py::test_formatted_rows_down_to_the_last_cost_nothing",),
    "U29": ("stories/test_stopped.py::test_a_second_run_with_the_same_ledger_is_refused_and_disturbs_nothing",),
    "U30": ("writing/test_results_workbook.py::test_the_summary_counts_sums_and_links",),
}  # fmt: skip

NOT_PLAYED: Mapping[str, str] = {
    "O08": "needs the local page, which is not built yet",
    "R11": "the status of a customer is known to the marketplace only; check --online tells what it answers",
}
