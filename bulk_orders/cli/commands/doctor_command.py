"""`doctor`: one line a thing, and each line that is not well says the fix."""

from pathlib import Path

from bulk_orders.cli.doctor import Finding, examine_machine, examine_marketplace
from bulk_orders.cli.json_objects import JSON_SCHEMA
from bulk_orders.cli.session import Session
from bulk_orders.errors import BulkOrdersError, ExitCode
from bulk_orders.settings.profiles import Profile
from bulk_orders.texts import doctor as words
from bulk_orders.texts.plural import counted


def diagnose(session: Session, profile: Profile, *, as_json: bool) -> ExitCode:
    """Look at everything, and go on after something that is not well; the worst finding is the exit code."""
    findings = list(examine_machine(profile, session.folders, Path.cwd()))
    if all(finding.is_well for finding in findings):
        findings += _marketplace_findings(session, profile)
    code = next((finding.exit_code for finding in findings if not finding.is_well), ExitCode.OK)
    if as_json:
        session.terminal.json(
            {
                "schema": JSON_SCHEMA,
                "exit_code": int(code),
                "findings": [_as_json(finding) for finding in findings],
            }
        )
    else:
        for finding in findings:
            session.terminal.result(f"  {'✔' if finding.is_well else '✖'} {finding.name:<12} {finding.text}")
            if finding.fix:
                session.terminal.result(words.FIX.format(fix=finding.fix))
    return code


def _marketplace_findings(session: Session, profile: Profile) -> list[Finding]:
    try:
        with session.open_services(profile) as services:
            ledger = Finding(
                name=words.LEDGER,
                is_well=True,
                text=counted(len(services.ledger.runs()), words.RUNS_ONE, words.RUNS_MANY),
            )
            return [
                ledger,
                *examine_marketplace(services.marketplace, profile.base_url or words.PRACTICE_MARKETPLACE),
            ]
    except BulkOrdersError as error:
        return [
            Finding(
                name=words.LEDGER, is_well=False, text=error.message, fix=error.fix, exit_code=error.exit_code
            )
        ]


def _as_json(finding: Finding) -> dict[str, object]:
    return {
        "name": finding.name,
        "is_well": finding.is_well,
        "text": finding.text,
        "fix": finding.fix or None,
    }
