"""`report`, `history`, `explain`, `template`: what needs no marketplace."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from bulk_orders.cli.json_objects import JSON_SCHEMA
from bulk_orders.cli.progress import wait_lines
from bulk_orders.cli.session import Session, find_run, profiles_to_search
from bulk_orders.cli.terminal import outcome_line, report_json, say_results, table_lines
from bulk_orders.clock import SystemClock
from bulk_orders.core.problem_texts import PROBLEM_TEXTS, nearest_codes
from bulk_orders.errors import ExitCode, UsageError
from bulk_orders.ledger.interface import RunRecord
from bulk_orders.machine.shell import quoted
from bulk_orders.runs.catalogue_rows import Row, customer_rows, product_rows
from bulk_orders.runs.check import check_again
from bulk_orders.runs.live_results import LiveResults
from bulk_orders.runs.report import build_report
from bulk_orders.settings.profiles import Profile
from bulk_orders.texts import commands as words
from bulk_orders.texts.plural import counted
from bulk_orders.wiring import open_ledger
from bulk_orders.writing.template.write import write_template


def template(
    session: Session, target: Path, *, rows: int, profile: Profile | None = None, with_catalog: bool = False
) -> ExitCode:
    """Make a workbook to fill in, empty or with the marketplace's products and customers. Never over an existing file."""
    if target.exists():
        raise UsageError(words.EXISTS.format(path=target), fix=words.EXISTS_FIX)
    catalogue: list[Row] = []
    customers: list[Row] = []
    if with_catalog and profile is not None:
        catalogue, customers = _listed(session, profile)
    write_template(
        target,
        rows=rows,
        catalogue=catalogue,
        customers=customers,
        own_domain=profile.partner_domain if profile else "",
    )
    session.terminal.result(str(target))
    if with_catalog:
        products = counted(len(catalogue), words.PRODUCTS_ONE, words.PRODUCTS_MANY)
        ours = counted(len(customers), words.CUSTOMERS_ONE, words.CUSTOMERS_MANY)
        session.terminal.say(words.CATALOGUE_IS_IN.format(products=products, customers=ours))
    session.terminal.say(words.FILL_IN.format(path=quoted(target)))
    return ExitCode.OK


def _listed(session: Session, profile: Profile) -> tuple[list[Row], list[Row]]:
    """The marketplace's products and customers as rows of the template."""
    session.terminal.say(words.ASKING_FOR_CATALOGUE)
    with session.open_services(profile, wait_lines(session, as_json=False)) as services:
        services.marketplace.sign_in()
        products = product_rows(services.marketplace.list_products(), services.clock.now().date())
        return products, customer_rows(services.marketplace.list_customers())


def report(
    session: Session, run_id: str, *, profile_name: str | None, target: Path | None, as_json: bool
) -> ExitCode:
    """Write the results workbook again, from the ledger alone."""
    run_record, profile = find_run(session, run_id, profile_name)
    with open_ledger(profile, session.folders, session.ledger_file) as ledger:
        checked = check_again(ledger, run_record)
        path, problem = LiveResults(ledger, profile, SystemClock(), run_record, checked, target).publish(
            run_record
        )
        told = replace(run_record, results_path=str(path or ""))
        made = build_report(ledger, told, checked, now=SystemClock().now(), profile=profile)
    code = ExitCode.OK if path else ExitCode.TRY_AGAIN_LATER
    if as_json:
        session.terminal.json(report_json(made, code, str(path) if path else None))
    else:
        session.terminal.result(outcome_line(made.counts))
        say_results(session.terminal, path, problem)
    return code


def history(session: Session, *, profile_name: str | None, as_json: bool) -> ExitCode:
    """The runs so far, newest first."""
    found: list[RunRecord] = []
    for profile in profiles_to_search(session, profile_name):
        with open_ledger(profile, session.folders, session.ledger_file) as ledger:
            found.extend(ledger.runs())
    runs = sorted({run.run_id: run for run in found}.values(), key=lambda run: run.started_at, reverse=True)
    if as_json:
        session.terminal.json(
            {
                "schema": JSON_SCHEMA,
                "exit_code": int(ExitCode.OK),
                "runs": [_run_json(run) for run in runs],
            }
        )
        return ExitCode.OK
    rows = [
        (
            run.run_id,
            run.environment,
            run.profile,
            str(run.rows_in),
            words.RUNNING if run.exit_code is None else words.EXIT.format(exit_code=run.exit_code),
            run.source_name,
        )
        for run in runs
    ]
    if not rows:
        session.terminal.say(words.NO_RUNS)
    header = (words.RUN_COLUMN, words.WHERE, words.PROFILE, words.ROWS, words.ENDED, words.WORKBOOK)
    for line in table_lines(header, rows) if rows else []:
        session.terminal.result(line)
    return ExitCode.OK


def _run_json(run: RunRecord) -> dict[str, Any]:
    return {
        "run_id": run.run_id,
        "environment": run.environment,
        "profile": run.profile,
        "workbook": run.source_name,
        "workbook_sha256": run.source_sha256,
        "operator": run.operator,
        "started_at": run.started_at.isoformat(),
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
        "rows": run.rows_in,
        "exit_code": run.exit_code,
        "stopped_by": run.stopped_by or None,
        "results": run.results_path or None,
    }


_PART = re.compile(r"\{(\w+)\}")
"""What a sentence fills in; shown as ‹name›."""


def explain(session: Session, code: str) -> ExitCode:
    """Print cause, example and fix of a code. Raises `UsageError` where there is none."""
    text = PROBLEM_TEXTS.get(code.strip().upper())
    if text is None:
        near = ", ".join(nearest_codes(code))
        raise UsageError(
            words.NO_CODE.format(code=code),
            fix=words.NO_CODE_NEAR_FIX.format(codes=near) if near else words.NO_CODE_FIX,
        )
    terminal = session.terminal
    terminal.result(words.CODE_HEAD.format(code=text.code, title=text.title, severity=text.severity))
    fix = words.AS_THE_MESSAGE_SAYS if text.fix == "{todo}" else text.fix
    to_do = words.WHAT_TO_DO.format(fix=fix) if fix else ""
    for line in (text.sentence, to_do, words.WHY_IT_IS.format(why=text.why)):
        if line and not _PART.fullmatch(line):  # what is a part alone differs from cell to cell
            terminal.result("  " + _PART.sub(r"‹\1›", line))
    if text.before:
        terminal.result(words.BEFORE.format(before=text.before))
        terminal.result(words.AFTER.format(after=text.after))
    return ExitCode.OK


def explain_all(session: Session) -> ExitCode:
    """Every code with its title."""
    for line in table_lines(
        (words.CODE, words.SEVERITY, words.TITLE),
        [(text.code, str(text.severity), text.title) for text in PROBLEM_TEXTS.values()],
    ):
        session.terminal.result(line)
    return ExitCode.OK
