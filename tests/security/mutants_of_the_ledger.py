"""Lines about the ledger and the people in it, broken one by one."""

from security.mutant import Mutant, mutant

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "S39",
        "ledger/tables.py",
        "for _statement in _STAY_IN_SQLITE.values():",
        'for _statement in [_STAY_IN_SQLITE["UPDATE"]]:',
        "test_the_file_itself_refuses_to_change_events",
    ),
    mutant(
        "S39",
        "ledger/verification.py",
        "if not log.says(name, record):",
        "if False:",
        "test_whatever_is_changed_in_a_record_is_named",
    ),
    mutant(
        "S39",
        "ledger/verification.py",
        "if name not in records.digests and name.kind not in records.unreadable:",
        "if False:",
        "test_whatever_is_removed_is_named",
    ),
    mutant(
        "S43",
        "ledger/connections.py",
        '"PRAGMA secure_delete = ON",',
        '"PRAGMA secure_delete = OFF",',
        "test_what_is_overwritten_in_a_ledger_is_gone_from_its_file",
    ),
    mutant(
        "S43",
        "ledger/connections.py",
        '    "PRAGMA secure_delete = ON",\n',
        "",
        "test_what_is_overwritten_in_a_ledger_is_gone_from_its_file",
    ),
    mutant(
        "S41",
        "runs/check.py",
        "    if not source:\n",
        "    if False:\n",
        "test_after_a_purge_nobody_is_named_and_nothing_is_ordered_again",
    ),
    mutant(
        "S41",
        "runs/purge.py",
        "run.ended_at is None or run.run_id in waiting",
        "False",
        "test_what_is_not_settled_stays_and_is_named",
    ),
    mutant(
        "S41",
        "library/running.py",
        "confirm))\n        return _over(services, end)\n",
        "confirm))\n        return end\n",
        "test_what_is_older_than_the_setting_says_goes_at_the_end_of_a_run",
    ),
    mutant(
        "S41",
        "ledger/erasing.py",
        "order_erased(after, bare, at,",
        "order_erased(after, [], at,",
        "test_an_erased_order_names_nobody_and_is_the_same_order",
    ),
    mutant(
        "S42",
        "runs/nobody.py",
        "    message, fix = words_of(row.error_code)\n",
        "    message, fix = row.message, row.how_to_fix\n",
        "test_results_without_customers_data_name_nobody_anywhere_in_the_package",
    ),
    mutant(
        "S42",
        "core/columns/shapes.py",
        "    names_nobody: bool = False\n",
        "    names_nobody: bool = True\n",
        "test_columns_that_are_about_people_are_left_out_and_so_is_what_is_new",
    ),
    mutant(
        "S43",
        "ledger/erasing.py",
        '            connection.execute("VACUUM")\n',
        "",
        "test_what_was_erased_is_in_no_file_of_the_ledger",
    ),
)
