"""What processes that share a ledger rely on, broken line by line: leases and fences, what was committed, one rate for all.

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
    # The last look before the socket is left out.
    _sharing(
        "ledger/postgres/store.py",
        "return self._lease is None or self._lease.is_sure()",
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
        'return bool(status == "committed")',
        "return True",
        "test_a_commit_whose_answer_is_lost_is_asked_about_and_written_once",
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
)
