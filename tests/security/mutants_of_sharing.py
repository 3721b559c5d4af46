"""What processes that share a ledger rely on, broken line by line: leases, claims, fences, what was committed, one rate for all.

No line of SECURITY.md is about them: they are called `sharing`. The simulation needs none of them: in its worlds nobody is
held back by a lease, and nothing is ordered twice all the same. So only tests on a real PostgreSQL can notice.
"""

from functools import partial

from security.mutant import Mutant, mutant

SHARING = "sharing"
_sharing = partial(mutant, SHARING)

MUTANTS: tuple[Mutant, ...] = (
    # No fence.
    _sharing(
        "ledger/writer.py",
        "self._store.why_none_may_begin(connection) if begun else None",
        "None",
        "test_who_was_taken_for_dead_begins_nothing_records_no_run_and_what_came_back_all_the_same",
        "test_nothing_begins_by_a_lease_that_was_given_back",
    ),
    # A fence that takes over what another holds.
    _sharing(
        "ledger/postgres/leases.py",
        "SET expires_at = {_ENDS} WHERE scope = :scope AND token = :token",
        "SET expires_at = {_ENDS} WHERE scope = :scope",
        "test_who_was_taken_for_dead_begins_nothing_records_no_run_and_what_came_back_all_the_same",
    ),
    # The look at a right that was just renewed: without whose it is, without how long it lasts, on either clock.
    _sharing(
        "ledger/postgres/leases.py",
        "AND token = %(token)s AND {IS_FRESH}",
        "AND {IS_FRESH}",
        "test_who_was_taken_for_dead_begins_nothing_records_no_run_and_what_came_back_all_the_same",
    ),
    _sharing(
        "ledger/postgres/leases.py",
        "AND token = %(token)s AND {IS_FRESH}",
        "AND token = %(token)s",
        "test_a_lease_that_is_over_and_that_nobody_took_goes_on",
    ),
    _sharing(
        "ledger/postgres/claims.py",
        "AND chunks.token = %(token)s AND {STANDS}",
        "AND {STANDS}",
        "test_a_chunk_that_another_took_is_noticed_however_lately_its_claim_was_renewed",
    ),
    _sharing(
        "ledger/postgres/claims.py",
        "AND chunks.token = %(token)s AND {STANDS}",
        "AND chunks.token = %(token)s AND leases.scope = shared_runs.account",
        "test_once_another_took_the_account_no_chunk_of_the_old_plan_is_ever_sent",
        "test_who_stops_a_run_stops_it_for_all_and_the_first_reason_stays",
    ),
    _sharing(
        "ledger/postgres/rights.py",
        "return not self._is_over and self.monotonic() < self._asked_s + FRESH_S",
        "return True",
        "test_nothing_may_leave_once_another_could_have_taken_over_and_an_attempt_that_is_recorded_renews",
    ),
    # The last look before the socket is left out.
    _sharing(
        "ledger/postgres/store.py",
        "return self.right is None or self.right.is_sure()",
        "return True",
        "test_nothing_may_leave_once_another_could_have_taken_over_and_an_attempt_that_is_recorded_renews",
    ),
    # A local clock: of whoever takes the lease, and of whoever takes slots.
    _sharing(
        "ledger/postgres/leases.py",
        ":pid, :held_since, {_ENDS})",
        ":pid, :held_since, CAST(:held_since AS TIMESTAMPTZ) + interval '15 seconds')",
        "test_a_machine_whose_clock_is_wrong_holds_as_long_as_any_other",
    ),
    _sharing(
        "ledger/postgres/paces.py",
        "now_s = round(now_s, _DIGITS)",
        "now_s = round(self._clock.monotonic(), _DIGITS)",
        "test_machines_whose_clocks_differ_take_turns_all_the_same",
    ),
    # A lease that guards recording.
    _sharing(
        "ledger/writer.py",
        "begun = [job for job in steps if job.step is Step.BEGUN]",
        "begun = list(steps)",
        "test_who_was_taken_for_dead_begins_nothing_records_no_run_and_what_came_back_all_the_same",
        "test_a_refusal_in_a_group_of_writes_keeps_nobody_elses_from_being_written",
    ),
    # What was being committed when the connection ended counts without asking.
    _sharing(
        "ledger/postgres/store.py",
        "return bool(number == lane.number)",
        "return True",
        "test_a_commit_whose_answer_is_lost_is_asked_about_and_written_once",
        "test_what_was_being_committed_when_the_server_crashed_is_not_taken_for_what_others_wrote_after_it",
    ),
    # A rate per worker.
    _sharing(
        "ledger/postgres/paces.py",
        "self._credential = credential",
        'self._credential = f"{credential} {id(self)}"',
        "test_processes_take_turns_at_one_rate",
        "test_a_429_of_one_process_holds_all_of_them_and_all_go_slower_afterwards",
        "test_an_alarm_of_one_process_is_told_once_to_each_of_the_others_that_were_there",
    ),
    # The row is written over what another wrote.
    _sharing(
        "ledger/postgres/paces.py",
        "if written.rowcount != 1:",
        "if written.rowcount > 1:",
        "test_a_process_that_froze_between_reading_and_writing_keeps_nobody_waiting",
    ),
    # A pause that began elsewhere is not asked about.
    _sharing(
        "ledger/postgres/paces.py",
        "return self._clock.monotonic() - self._asked_s < KNOWN_FOR_S",
        "return True",
        "test_a_pause_is_known_to_others_before_they_use_a_slot_they_have_waited_for",
    ),
    # A claim on a chunk: without the account in the fence, without the claim in it, without the stop of the run.
    _sharing(
        "ledger/postgres/claims.py",
        "        if connection.execute(_HOLD_ON, self._key()).rowcount != 1:\n            return None\n",
        "        connection.execute(_HOLD_ON, self._key())\n",
        "test_who_stops_a_run_stops_it_for_all_and_the_first_reason_stays",
        "test_once_another_took_the_account_no_chunk_of_the_old_plan_is_ever_sent",
    ),
    _sharing(
        "ledger/postgres/claims.py",
        "return asked_s if connection.execute(_RENEW, self._key()).rowcount == 1 else None",
        "connection.execute(_RENEW, self._key())\n        return asked_s",
        "test_a_worker_that_was_taken_for_dead_begins_nothing_and_records_what_came_back",
    ),
    _sharing(
        "ledger/postgres/claims.py",
        ' AND shared_runs.exit_code IS NULL"',
        '"',
        "test_who_stops_a_run_stops_it_for_all_and_the_first_reason_stays",
    ),
    # One of another database, one of a plan that is too old, one that somebody has.
    _sharing(
        "ledger/postgres/claims.py",
        "shared_runs.ledger = :ledger AND ",
        "(:ledger <> '') AND ",
        "test_a_chunk_that_was_made_in_another_database_is_not_sent",
    ),
    _sharing(
        "ledger/postgres/claims.py",
        "clock_timestamp() - interval '{LEFT_ALONE_S} seconds'\"",
        "clock_timestamp() - interval '10 days'\"",
        "test_a_run_on_which_nobody_worked_for_long_is_not_taken_up",
    ),
    _sharing(
        "ledger/postgres/claims.py",
        "(chunks.token = '' OR chunks.expires_at <= clock_timestamp())",
        "true",
        "test_a_chunk_is_claimed_by_one_and_what_is_handed_out_is_seen_by_all",
        "test_of_many_who_want_a_chunk_at_once_one_gets_it",
    ),
    # A plan whose account was taken meanwhile is handed out.
    _sharing(
        "ledger/postgres/shared_runs.py",
        "            if lease.renew(connection) is None:\n                raise lease.gone(self._store.name).error()\n",
        "",
        "test_only_who_holds_the_account_hands_out",
    ),
    # A live order of another chunk is put in doubt; what a dead worker left in flight is not.
    _sharing(
        "sending/chunk.py",
        "resolver.put_in_doubt(orders, run_id=run_id)",
        "resolver.recover(account, run_id=run_id)",
        "test_what_a_dead_worker_left_in_flight_is_looked_for_and_not_sent",
    ),
    _sharing(
        "sending/chunk.py",
        "        resolver.put_in_doubt(orders, run_id=run_id)\n",
        "",
        "test_what_a_dead_worker_left_in_flight_is_looked_for_and_not_sent",
    ),
    # What the workbook says of subscriptions does not reach the worker.
    _sharing(
        "sending/chunk.py",
        "    sender.pulled = content.pulled\n",
        "",
        "test_a_subscription_that_is_not_as_the_workbook_has_it_is_left_alone_by_a_worker_too",
    ),
    # A chunk that was not worked through counts as done; customers that wait for one tenant are apart.
    _sharing(
        "sending/claimed_chunk.py",
        "    elif not services.stop.is_set():\n",
        "    else:\n",
        "test_a_worker_that_is_ended_gives_the_chunk_back_and_stops_nobody_else",
        "test_who_lost_the_claim_begins_nothing_and_says_nothing",
    ),
    _sharing(
        "core/chunks.py",
        "        if order.domain:\n",
        "        if False:\n",
        "test_each_order_is_in_one_chunk_and_orders_that_depend_on_each_other_are_together",
        "test_two_customers_are_together_through_the_domain_that_a_third_has_in_common_with_each",
    ),
)
