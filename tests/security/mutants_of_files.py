"""Lines about workbooks, files and secrets at rest, broken one by one."""

from security.mutant import Mutant, mutant

ZIP = "ooxml/zip_package.py"
CHILD = "machine/isolation.py"
FILES = "machine/private_files.py"
CELLS = "writing/cells.py"
SAVING = "writing/saving.py"
SECRETS = "settings/secrets.py"
PROFILES = "settings/profiles.py"

MUTANTS: tuple[Mutant, ...] = (
    # --- what a workbook may be ---
    mutant(
        "S2",
        ZIP,
        "entry.file_size > MAX_RATIO * entry.compress_size",
        "False",
        "test_a_zip_bomb_is_refused_by_its_declared_size",
    ),
    mutant(
        "S2",
        ZIP,
        "if seen != part.unpacked_bytes or crc != part.crc:",
        "if False:",
        "test_a_part_that_unpacks_to_more_than_it_says_is_refused",
    ),
    mutant("S2", ZIP, "entry.header_offset < end or ", "", "test_overlapping_parts_are_refused"),
    mutant(
        "S2",
        ZIP,
        " or part.start + part.packed_bytes > directory_start",
        "",
        "test_overlapping_parts_are_refused",
    ),
    mutant(
        "S2",
        "ooxml/xml_check.py",
        'if b"<!DOCTYPE" in head or b"<!ENTITY" in head:',
        "if False:",
        "test_a_dtd_in_any_part_is_refused",
    ),
    mutant(
        "S2",
        "reading/part_checks.py",
        "if runs_macros(package, main):",
        "if False:",
        "test_macros_are_refused",
    ),
    # --- the child that reads it ---
    mutant(
        "S3",
        CHILD,
        "_RESOURCE.RLIMIT_FSIZE: 0,",
        "_RESOURCE.RLIMIT_FSIZE: memory_bytes,",
        "test_the_child_that_reads_workbooks_can_write_no_file_and_dump_no_core",
    ),
    mutant(
        "S3",
        CHILD,
        "_RESOURCE.RLIMIT_CORE: 0,",
        "",
        "test_the_child_that_reads_workbooks_can_write_no_file_and_dump_no_core",
    ),
    mutant(
        "S3",
        CHILD,
        "env=environment,",
        "env={**os.environ, **environment},",
        "test_the_child_gets_nothing_of_the_environment_but_what_python_needs",
    ),
    mutant(
        "S4",
        CHILD,
        "_RESOURCE.RLIMIT_AS: memory_bytes,",
        "_RESOURCE.RLIMIT_AS: 3 * memory_bytes,",
        "test_a_small_file_that_needs_much_memory_ends_its_own_process_only",
    ),
    mutant(
        "S4",
        "reading/sheet_scan.py",
        "if scan.last_row * scan.width > MAX_BOX_CELLS:",
        "if False:",
        "test_a_far_cell_is_refused_before_calamine_sees_it",
    ),
    mutant(
        "S6",
        CELLS,
        "return text.lstrip()[:1] in _BEGINS_A_FORMULA",
        'return eval("text.lstrip()[:1] in _BEGINS_A_FORMULA")',
        "test_nothing_evaluates_or_unpickles",
    ),
    # --- what is written into cells ---
    mutant(
        "S7",
        CELLS,
        "sheet.write_string(*at, clean(text), ",
        '(sheet.write_formula if text[:1] == "=" else sheet.write_string)(*at, clean(text), ',
        "test_new_results_mark_cells_headers_and_what_the_marketplace_said",
    ),
    mutant(
        "S7",
        "writing/new_book/result_columns.py",
        "sheet.write_string(row, index, clean(value), ",
        '(sheet.write_formula if value[:1] == "=" else sheet.write_string)(row, index, clean(value), ',
        "test_any_text_is_read_again_as_it_was_cleaned_and_is_no_formula",
    ),
    mutant(
        "S7",
        "writing/new_book/data_sheets.py",
        "row, entry.index, clean(text), styles",
        "row, entry.index, text, styles",
        "test_any_text_is_read_again_as_it_was_cleaned_and_is_no_formula",
    ),
    mutant(
        "S7",
        "writing/new_book/data_sheets.py",
        "num_format=TEXT, quote_prefix=True, **properties",
        "num_format=TEXT, **properties",
        "test_new_results_mark_cells_headers_and_what_the_marketplace_said",
    ),
    mutant(
        "S7",
        CELLS,
        'properties["quote_prefix"] = True',
        "pass",
        "test_new_results_mark_cells_headers_and_what_the_marketplace_said",
    ),
    mutant(
        "S7",
        "writing/new_book/result_columns.py",
        "formats(quote_prefix=True, **LINE)",
        "formats(**LINE)",
        "test_new_results_mark_cells_headers_and_what_the_marketplace_said",
    ),
    mutant(
        "S7",
        "writing/new_book/data_sheets.py",
        'quoting = {"quote_prefix": True} if',
        "quoting = {} if",
        "test_new_results_mark_cells_headers_and_what_the_marketplace_said",
    ),
    mutant(
        "S7",
        "writing/template/sheets.py",
        "self._formats(num_format=TEXT, quote_prefix=True)",
        "self._formats(num_format=TEXT)",
        "test_a_template_marks_what_the_marketplace_calls_its_products_and_customers",
    ),
    # --- files and folders ---
    mutant(
        "S8",
        FILES,
        "FILE_MODE: Final = 0o600",
        "FILE_MODE: Final = 0o644",
        "test_every_file_is_its_owner_s_alone",
        "test_files_and_folders_are_their_owners_alone_whatever_the_umask",
    ),
    mutant(
        "S8",
        FILES,
        "os.fchmod(descriptor, FILE_MODE)",
        "pass",
        "test_every_file_is_its_owner_s_alone",
    ),
    mutant(
        "S8",
        FILES,
        "            missing.chmod(FOLDER_MODE)\n",
        "            missing.chmod(0o755)\n",
        "test_every_folder_that_was_missing_is_its_owner_s_alone",
        "test_files_and_folders_are_their_owners_alone_whatever_the_umask",
    ),
    mutant(
        "S8",
        FILES,
        "elif mode & _OTHERS and is_secret:",
        "elif False:",
        "test_who_else_could_get_at_a_file_is_said_with_what_mends_it",
    ),
    mutant(
        "S9",
        SAVING,
        'io.FileIO(path, "x+b", opener=opener)',
        'io.FileIO(path, "w+b", opener=opener)',
        "test_what_is_written_aside_is_never_written_through_a_planted_link",
    ),
    mutant(
        "S9",
        FILES,
        'flags |= getattr(os, "O_NOFOLLOW", 0)',
        "pass",
        "test_what_must_be_new_is_opened_so_that_no_link_is_followed",
    ),
    mutant(
        "S9",
        FILES,
        'path.with_name(f"{path.name}.{secrets.token_hex(8)}")',
        'path.with_name(f"{path.name}.{os.getpid()}")',
        "test_replacing_goes_by_a_name_that_nobody_foresees_and_leaves_nothing_behind",
    ),
    mutant(
        "S9",
        SAVING,
        "            replace(part, target)\n",
        "            replace(part, target.resolve())\n",
        "test_a_link_is_replaced_and_not_followed",
    ),
    mutant(
        "S11",
        FILES,
        "FILE_MODE: Final = 0o600",
        "FILE_MODE: Final = 0o644",
        "test_a_process_killed_while_writing_leaves_the_old_workbook_and_one_private_part",
    ),
    mutant(
        "S11",
        SAVING,
        "if time.time() - leftover.lstat().st_mtime > _LEFT_BEHIND_AFTER_S:",
        "if False:",
        "test_the_probe_leaves_nothing_and_sweeps_what_a_crash_left",
    ),
    # --- secrets ---
    mutant(
        "S12",
        FILES,
        "if not stat.S_ISREG(status.st_mode):",
        "if False:",
        "test_a_device_or_a_pipe_is_no_secret_and_no_settings_file",
    ),
    mutant(
        "S12",
        SECRETS,
        'warn(f"{others.message} {others.fix}")',
        "del warn",
        "test_a_secret_that_others_can_read_is_used_and_said",
    ),
    mutant(
        "S12",
        "cli/app.py",
        '    version: Annotated[bool, typer.Option("--version"',
        '    password: Annotated[str, typer.Option("--password")] = "",\n'
        '    version: Annotated[bool, typer.Option("--version"',
        "test_no_option_takes_a_secret",
    ),
    mutant(
        "S13",
        SECRETS,
        'if any("plaintext" in',
        'if any("no such keyring" in',
        "test_a_keyring_that_is_a_plain_file_is_refused",
    ),
    mutant(
        "S14",
        PROFILES,
        '        "marketplace",\n        "user",\n',
        '        "marketplace",\n        "user",\n        "password",\n',
        "test_every_setting_may_be_shown_or_is_only_said_to_be_set",
    ),
    mutant(
        "S17",
        "__main__.py",
        "    forbid_core_dumps()\n",
        "",
        "test_the_program_dumps_no_core",
    ),
    mutant(
        "S37",
        SECRETS,
        "if others.is_severe:",
        "if False:",
        "test_a_file_that_everybody_can_change_is_refused",
    ),
    # --- the ledger ---
    mutant(
        "S39",
        "ledger/tables.py",
        'for _change in ("UPDATE", "DELETE"):',
        'for _change in ("UPDATE",):',
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
)
