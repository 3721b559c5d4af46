"""Faults between us and the marketplace: T credentials, P the order itself, Q reading back."""

from typing import Final

from catalogue_entry import (
    AUDIT,
    CANARY,
    CLIENT_READS,
    CLIENT_SIGN_IN,
    DECISIONS,
    HOSTILE,
    KILLS,
    NETWORK,
    ORDERS,
    POSTS,
    READS,
    SIGN_IN,
    SIMULATED,
    played,
)

FOUND: Final = f"{POSTS}::test_a_lost_answer_of_an_order_that_was_taken_is_found_by_looking_and_sent_once"
NAMED: Final = (
    f"{POSTS}::test_a_lost_answer_of_an_order_that_was_not_taken_is_named_for_a_person_and_sent_once"
)
STOPS: Final = f"{POSTS}::test_an_answer_that_every_row_would_get_stops_the_run_before_the_second_order"
REFUSAL: Final = f"{POSTS}::test_a_well_formed_refusal_is_the_rows_own_and_the_next_row_is_sent"

CREDENTIALS: Final = {
    "T1": played(
        "the token ends during the run",
        f"{CLIENT_SIGN_IN}::test_tokens_that_end_again_and_again_cost_no_order",
        f"{CLIENT_SIGN_IN}::test_an_order_never_leaves_with_a_token_about_to_end",
        f"{KILLS}::test_a_soak_of_20000_rows_ends_in_one_order_for_each_row",
    ),
    "T2": played(
        "an order is answered 401, once and twice",
        f"{SIGN_IN}::test_a_token_that_ended_is_renewed_and_the_same_order_goes_out_again",
        f"{SIGN_IN}::test_a_sign_in_that_is_refused_twice_for_one_order_stops_the_run_with_every_row_unsent",
    ),
    "T3": played(
        "401 although the order was taken",
        f"{SIGN_IN}::test_a_401_after_the_order_was_taken_makes_a_duplicate_that_the_audit_names",
    ),
    "T4": played(
        "the token call fails or gives nonsense",
        f"{CLIENT_SIGN_IN}::test_a_refused_sign_in_lets_no_order_out",
        f"{CLIENT_SIGN_IN}::test_a_sign_in_that_fails_for_a_while_is_tried_again_and_then_the_marketplace_is_down",
        f"{CLIENT_SIGN_IN}::test_the_life_of_a_token_is_between_a_minute_and_an_hour",
    ),
    "T5": played(
        "the wall clock jumps while a token lives",
        f"{SIGN_IN}::test_a_wall_clock_that_jumps_does_not_change_the_life_of_a_token",
    ),
    "T6": played(
        "403 with Retry-After: the quota is used up",
        f"{SIGN_IN}::test_a_used_up_quota_is_waited_for_and_the_same_order_goes_out_again",
        f"{SIGN_IN}::test_a_quota_that_is_used_up_for_the_day_ends_the_run_with_every_row_unsent",
    ),
    "T7": played("a plain 403", STOPS),
    "T8": played(
        "another marketplace or environment than meant",
        f"{SIGN_IN}::test_a_run_of_another_account_is_not_resumed",
        f"{SIGN_IN}::test_the_same_row_for_another_marketplace_is_another_order",
        f"{SIGN_IN}::test_settings_without_a_password_stop_before_any_socket_is_opened",
    ),
    "T9": played(
        "netrc, proxies and authorities of the environment",
        f"{ORDERS}::test_netrc_and_proxies_of_the_environment_are_ignored",
    ),
    "T10": played(
        "the credential is revoked during the run",
        f"{SIGN_IN}::test_credentials_revoked_during_the_run_stop_it_and_the_placed_orders_stay_placed",
    ),
}

ORDER: Final = {
    "P1": played(
        "no connection: name, refusal, time, handshake",
        f"{NETWORK}::test_a_host_that_does_not_exist_has_got_nothing",
        f"{NETWORK}::test_a_tls_handshake_that_fails_does_not_count_as_sending",
        f"{POSTS}::test_a_refused_connection_is_waited_for_behind_the_breaker_and_no_order_is_sent",
        f"{POSTS}::test_a_short_outage_costs_nothing_and_the_run_goes_on_by_itself",
    ),
    "P2": played(
        "a certificate that is wrong",
        f"{SIGN_IN}::test_a_certificate_that_nobody_trusts_keeps_the_first_order_from_leaving",
        f"{SIGN_IN}::test_a_certificate_that_changes_during_the_run_stops_it_and_nothing_more_leaves",
    ),
    "P3": played(
        "a proxy that refuses, or answers itself",
        f"{NETWORK}::test_a_proxy_that_refuses_to_connect_has_got_nothing_of_the_order",
        FOUND,
    ),
    "P4": played(
        "the peer stops reading",
        f"{ORDERS}::test_a_server_that_never_reads_is_given_up_at_the_deadline",
        f"{POSTS}::test_a_server_that_reads_nothing_has_perhaps_taken_the_order",
    ),
    "P5": played("no answer in time, and the order was taken", FOUND),
    "P6": played("no answer in time, and the order was not taken", NAMED),
    "P7": played("the connection ends before or after the order was taken", FOUND, NAMED),
    "P8": played(
        "a stale connection",
        f"{ORDERS}::test_a_connection_idle_for_more_than_two_seconds_is_not_used_for_an_order",
        f"{POSTS}::test_a_stale_connection_that_dies_under_an_order_is_a_lost_answer_and_not_a_second_order",
    ),
    "P9": played(
        "an answer that is cut off",
        f"{POSTS}::test_an_answer_cut_off_at_any_byte_is_looked_up_and_never_believed_or_refused",
        f"{HOSTILE}::test_no_answer_whole_or_cut_is_taken_for_more_than_it_proves",
        f"{HOSTILE}::test_a_recorded_answer_is_accepted_whole_and_looked_up_when_it_lacks_a_byte",
    ),
    "P10": played("a success with a body that is none", FOUND, NAMED),
    "P11": played("a success that repeats another customer or PO number", STOPS),
    "P12": played("a success with errors in it", FOUND, NAMED),
    "P13": played("202, 204 and 206", FOUND, NAMED),
    "P14": played("redirects", STOPS, f"{ORDERS}::test_a_redirect_comes_back_as_a_reply_and_is_not_followed"),
    "P15": played("400, 404 and 422 with JSON", REFUSAL),
    "P16": played("400 in HTML", FOUND, NAMED),
    "P17": played("408, 425 and 499", FOUND, NAMED),
    "P18": played("409", FOUND, NAMED),
    "P19": played(
        "413, 415 and 431 with JSON",
        REFUSAL,
        f"{POSTS}::test_three_refusals_of_the_size_in_a_row_do_not_hide_behind_each_other",
        why_not="431 is not among the refusing statuses of the design: it is looked up, which is safer.",
    ),
    "P20": played(
        "429 with every kind of Retry-After",
        f"{POSTS}::test_a_429_waits_as_long_as_it_is_told_and_sends_the_same_order_again",
        f"{POSTS}::test_a_moment_to_come_back_is_counted_from_the_servers_own_date",
        f"{POSTS}::test_a_429_that_asks_for_a_quarter_of_an_hour_ends_the_run_with_the_row_unsent",
        f"{POSTS}::test_a_429_holds_every_sender_and_not_only_the_one_who_got_it",
    ),
    "P21": played("500, 502, 503 and 504", FOUND, NAMED),
    "P22": played(
        "a gateway sends our order twice",
        f"{POSTS}::test_a_gateway_that_replays_our_order_is_told_at_the_end_of_the_run_with_both_ids",
        f"{POSTS}::test_a_replay_behind_a_lost_answer_is_told_too",
    ),
    "P23": played(
        "a slow answer, and one that drips",
        f"{POSTS}::test_a_slow_answer_within_the_deadline_is_an_answer",
        f"{ORDERS}::test_a_body_that_drips_ends_at_the_deadline_and_what_came_is_kept",
        FOUND,
    ),
    "P24": played(
        "the answer to another request",
        STOPS,
        f"{ORDERS}::test_an_answer_nobody_asked_for_is_not_taken_for_the_next_orders_answer",
    ),
    "P25": played(
        "a body that unpacks without end",
        FOUND,
        NAMED,
        f"{ORDERS}::test_a_packed_answer_that_cannot_be_unpacked_whole_is_not_complete",
    ),
    "P26": played(
        "the order is taken long after we gave up",
        f"{POSTS}::test_an_order_that_appears_late_is_found_by_the_next_run_and_never_sent_again",
        SIMULATED,
    ),
    "P27": played(
        "informational answers, trailers, endless heads",
        f"{POSTS}::test_informational_answers_before_the_real_one_change_nothing",
        f"{ORDERS}::test_informational_answers_are_skipped",
        FOUND,
    ),
    "P28": played(
        "an id under the wrong content type",
        f"{POSTS}::test_a_wrong_content_type_is_believed_only_with_our_own_words_repeated",
        FOUND,
    ),
}

READING: Final = {
    "Q1": played(
        "the order is listed late",
        f"{READS}::test_an_order_that_is_listed_late_is_read_for_until_it_shows",
        f"{READS}::test_an_order_listed_only_after_the_run_is_in_doubt_until_it_shows",
        f"{READS}::test_absent_is_said_only_after_the_settle_window_and_three_complete_readings",
    ),
    "Q2": played(
        "the list cannot be read",
        f"{READS}::test_a_failed_reading_is_no_evidence_and_the_row_stays_in_doubt",
        f"{DECISIONS}::test_nothing_is_called_absent_while_the_marketplace_cannot_be_read",
    ),
    "Q3": played(
        "rows move between the pages",
        f"{READS}::test_a_list_that_may_lack_rows_proves_nothing_absent",
        f"{READS}::test_a_reading_that_differs_from_the_one_before_it_does_not_count",
    ),
    "Q4": played(
        "the page size is lowered without a word",
        f"{READS}::test_a_limit_that_is_lowered_without_a_word_costs_pages_and_no_row",
    ),
    "Q5": played(
        "the total is wrong or missing",
        f"{READS}::test_a_list_that_may_lack_rows_proves_nothing_absent",
        f"{CLIENT_READS}::test_a_list_that_does_not_add_up_is_not_complete",
    ),
    "Q6": played(
        "a filter is ignored, or counts another time",
        f"{READS}::test_a_filter_that_is_ignored_neither_hides_our_order_nor_makes_another_ours",
        f"{READS}::test_a_marketplace_with_another_time_is_asked_in_its_own",
    ),
    "Q7": played(
        "the PO number comes back changed",
        f"{CANARY}::test_a_po_number_that_comes_back_changed_stops_the_run_before_the_second_order",
    ),
    "Q8": played(
        "the PO number is dropped",
        f"{CANARY}::test_a_spelling_that_is_not_read_stops_the_run_after_one_order_and_the_next_run_uses_the_other",
        f"{CANARY}::test_where_no_spelling_is_kept_each_run_stops_after_one_order_with_a_sentence",
        f"{CANARY}::test_who_allows_unmarked_orders_gets_them_and_a_lost_answer_is_found_by_content",
    ),
    "Q9": played(
        "two orders carry one PO number",
        f"{AUDIT}::test_two_orders_with_one_po_number_are_a_duplicate_with_both_ids_and_the_time_to_cancel",
        f"{AUDIT}::test_a_duplicate_planted_beside_accepted_orders_is_found_by_the_audit",
    ),
    "Q10": played(
        "the order that is found has other content",
        f"{AUDIT}::test_an_order_with_our_po_number_and_other_content_is_not_taken_for_ours",
    ),
    "Q11": played(
        "404 right after 201",
        f"{CANARY}::test_a_404_right_after_the_order_was_taken_is_waited_out",
        f"{CANARY}::test_a_canary_that_cannot_be_read_back_stops_the_run_before_the_second_order",
        f"{AUDIT}::test_an_accepted_order_that_the_marketplace_does_not_list_is_told_as_missing",
    ),
    "Q12": played(
        "the order that is found is in error or cancelled",
        f"{AUDIT}::test_an_order_found_in_trouble_exists_and_is_never_placed_again",
    ),
}
