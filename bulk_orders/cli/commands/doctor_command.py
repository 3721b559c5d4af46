"""`doctor`: one line per check, and each line that is not well says how to fix it."""

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bulk_orders.cli.doctor import Finding, examine_machine, examine_marketplace
from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.logs import LOG_NAMES
from bulk_orders.cli.session import Session
from bulk_orders.cli.support_bundle import BUNDLE_FILES, NOT_IN_BUNDLE, bundle_files, write_bundle
from bulk_orders.core.wording import counted
from bulk_orders.errors import BulkOrdersError, ExitCode, LedgerUnusable
from bulk_orders.ledger.interface import Ledger
from bulk_orders.runs.purge import Scope, account_of, find
from bulk_orders.sending.account_facts import AccountFacts
from bulk_orders.sending.first_contact import said_of
from bulk_orders.settings.profiles import Profile, shown_address
from bulk_orders.wiring import has_ledger, is_shared, ledger_place, open_ledger, schema_of_ledger


def diagnose(session: Session, profile: Profile, *, as_json: bool, bundle: Path | None = None) -> ExitCode:
    """Look at everything, and go on after something that is not well; the first that keeps a run from working is the exit code."""
    findings = every_finding(session, profile)
    code = code_of(findings)
    files = _write_bundle(session, profile, findings, bundle) if bundle else {}
    if as_json:
        session.terminal.json(
            answer(
                code,
                findings=[finding_json(finding) for finding in findings],
                bundle={"file": str(bundle), "holds": list(files)} if bundle else None,
            )
        )
    else:
        for line in finding_lines(findings):
            session.terminal.result(line)
        if bundle:
            session.terminal.result("Written: {path}".format(path=bundle))
        for name in files:
            session.terminal.result(f"  {name:<18} {BUNDLE_FILES[name]}")
        if bundle:
            session.terminal.result(
                "  {not_in_it} Look through it before you send it.".format(not_in_it=NOT_IN_BUNDLE)
            )
    return code


def every_finding(session: Session, profile: Profile) -> list[Finding]:
    """Examine this computer, and the marketplace too if all is well so far."""
    findings = list(examine_machine(profile, session.folders, Path.cwd()))
    if all(finding.is_well for finding in findings):
        findings += _marketplace_findings(session, profile)
    return findings


def code_of(findings: Sequence[Finding]) -> ExitCode:
    """Return the exit code of the first finding that keeps a run from working."""
    return next((finding.exit_code for finding in findings if finding.exit_code), ExitCode.OK)


def finding_lines(findings: Sequence[Finding]) -> list[str]:
    """Say what was found, and how to fix what is not well."""
    lines: list[str] = []
    for finding in findings:
        lines.append(f"  {'✔' if finding.is_well else '✖'} {finding.name:<12} {finding.text}")
        if finding.fix:
            lines.append("                 Fix: {fix}".format(fix=finding.fix))
    return lines


def _write_bundle(
    session: Session, profile: Profile, findings: Sequence[Finding], path: Path
) -> dict[str, str]:
    folders = session.folders
    logs = [folders.logs / name for name in LOG_NAMES.values()]
    told = "".join(log.read_text(encoding="utf-8", errors="replace") for log in logs if log.exists())
    with ExitStack() as closing:
        ledger = None
        if has_ledger(profile, folders):
            with suppress(LedgerUnusable):
                ledger = closing.enter_context(open_ledger(profile, folders))
        is_file = ledger is not None and not is_shared(profile, folders)
        schema = schema_of_ledger(folders.ledger(is_practice=profile.is_practice)) if is_file else ""
        files = bundle_files(
            profile,
            findings,
            ledger,
            schema=schema,
            log=told,
            own_folders=(Path.home(), Path.cwd(), folders.data, folders.config_file.parent),
        )
    write_bundle(path, files)
    return files


_LEDGER: Final = "ledger"


def _marketplace_findings(session: Session, profile: Profile) -> list[Finding]:
    try:
        with session.open_services(profile) as services:
            remembered = counted(
                len(services.ledger.runs()), "{number} run remembered", "{number} runs remembered"
            )
            place = ledger_place(profile, session.folders) if is_shared(profile, session.folders) else ""
            ledger = Finding(name=_LEDGER, is_well=True, text=", in ".join(filter(None, (remembered, place))))
            return [
                ledger,
                _account(services.ledger, profile),
                _personal_data(services.ledger, profile, services.clock.now()),
                *examine_marketplace(services.marketplace, _sign_in_of(profile)),
            ]
    except BulkOrdersError as error:
        return [
            Finding(name=_LEDGER, is_well=False, text=error.message, fix=error.fix, exit_code=error.exit_code)
        ]


def _sign_in_of(profile: Profile) -> str:
    """Say who is signed in to, and who gives the token if it is somebody else."""
    address = profile.base_url or "the practice marketplace"
    if not profile.oauth2_url:
        return address
    return "{address}, with a token from {oauth2}".format(
        address=address, oauth2=shown_address(profile.oauth2_url)
    )


def _account(ledger: Ledger, profile: Profile) -> Finding:
    """Say what was learnt about the account; nothing yet is no fault of the set-up."""
    facts = AccountFacts(str(profile.account), ledger)
    return Finding(name="account", is_well=True, text="; ".join(said_of(facts)))


def forget_account(session: Session, profile: Profile, *, as_json: bool) -> ExitCode:
    """Forget what the next run can learn again. Raises `AnotherRunActive` while a run uses the ledger."""
    with open_ledger(profile, session.folders) as ledger, ledger.hold(str(profile.account)):
        number = AccountFacts(str(profile.account), ledger).forget()
    if as_json:
        session.terminal.json(answer(ExitCode.OK, forgotten=number))
    else:
        session.terminal.result(
            "What was learnt about the account is forgotten. The next run asks again, by free estimates."
            if number
            else "Nothing was learnt about the account yet."
        )
    return ExitCode.OK


_PERSONAL_DATA: Final = "personal"


def _personal_data(ledger: Ledger, profile: Profile, now: datetime) -> Finding:
    """Say how long people's data is kept, and whether some of it is older, which is no fault of the set-up."""
    days = profile.keep_personal_days
    if days is None:
        return Finding(
            name=_PERSONAL_DATA,
            is_well=True,
            text="kept until `bulk-orders purge` erases it (keep_personal_days is not set)",
        )
    found = find(ledger, Scope(before=now - timedelta(days=days), account=account_of(profile)))
    if not (found.orders or found.runs):
        return Finding(
            name=_PERSONAL_DATA, is_well=True, text="kept for {days} days; nothing is older".format(days=days)
        )
    orders = counted(len(found.orders), "{number} order", "{number:,} orders")
    runs = counted(len(found.runs), "{number} run", "{number:,} runs")
    return Finding(
        name=_PERSONAL_DATA,
        is_well=False,
        text="should be kept for {days} days; {orders} and {runs} are older and still contain it".format(
            days=days, orders=orders, runs=runs
        ),
        fix="bulk-orders purge --profile {profile}".format(profile=profile.name),
    )


def finding_json(finding: Finding) -> dict[str, object]:
    """Return a finding as machines read it."""
    return {
        "name": finding.name,
        "is_well": finding.is_well,
        "text": finding.text,
        "fix": finding.fix or None,
    }
