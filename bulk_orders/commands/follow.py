"""`status` and `resolve`: what became of orders after the run."""

from bulk_orders.commands.setting import Setting, find_run
from bulk_orders.core.summary import Outcome
from bulk_orders.errors import ExitCode
from bulk_orders.following import FollowEnd, follow_run, resolve_run
from bulk_orders.observe import LookedUp
from bulk_orders.terminal import Terminal, report_json, report_lines, say_results
from bulk_orders.wiring import open_parts


def status(
    setting: Setting, run_id: str, *, profile_name: str | None, wait_s: float, as_json: bool
) -> ExitCode:
    """Ask what became of accepted orders."""
    run_record, profile = find_run(setting, run_id, profile_name)
    with open_parts(
        profile,
        setting.places,
        environment=setting.environment,
        ledger_file=setting.ledger_file,
        stop=setting.stop,
    ) as parts:
        end = follow_run(parts, run_record, wait_s=wait_s)
    return _say_follow(setting.terminal, end, as_json=as_json)


def resolve(setting: Setting, run_id: str, *, profile_name: str | None, as_json: bool) -> ExitCode:
    """Look again for the rows to check by hand."""
    run_record, profile = find_run(setting, run_id, profile_name)

    def show(event: object) -> None:
        if isinstance(event, LookedUp):
            found = "found" if event.is_found else "not found yet"
            setting.terminal.say(f"  row {event.sheet_row}: {found} ({event.note})")

    with open_parts(
        profile,
        setting.places,
        environment=setting.environment,
        ledger_file=setting.ledger_file,
        observers=(show,),
        stop=setting.stop,
    ) as parts:
        end = resolve_run(parts, run_record)
    return _say_follow(setting.terminal, end, as_json=as_json)


def _say_follow(terminal: Terminal, end: FollowEnd, *, as_json: bool) -> ExitCode:
    if as_json:
        terminal.json(
            report_json(end.report, end.exit_code, str(end.results_path) if end.results_path else None)
        )
        return end.exit_code
    for line in report_lines(end.report):
        terminal.result(line)
    if end.failed_reads:
        terminal.say(
            f"⚠ The marketplace gave no usable answer about {end.failed_reads} orders; ask again later."
        )
    if end.report.counts[Outcome.UNKNOWN]:
        terminal.say(
            "  Look in the Control Panel for the rows to check by hand. They are never sent again by themselves."
        )
    say_results(terminal, end.results_path, end.results_problem)
    return end.exit_code
