"""`nightly`: one unattended pass over an inbox."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bulk_orders.cli.commands.purge import say_erased
from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.logs import log_also
from bulk_orders.cli.progress import wait_lines
from bulk_orders.cli.report_told import report_json
from bulk_orders.cli.session import Session
from bulk_orders.core.wording import counted, plural
from bulk_orders.errors import BulkOrdersError, ExitCode, UsageError
from bulk_orders.nightly.folders import NightFolders
from bulk_orders.nightly.night import lying, work_through_night
from bulk_orders.nightly.parts import NightParts
from bulk_orders.nightly.preview import preview
from bulk_orders.nightly.results import WAITING_LINE, NightReport, night_json, night_lines, nothing_yet
from bulk_orders.nightly.telling import Teller
from bulk_orders.runs.purge import keep_no_longer
from bulk_orders.settings.nightly import NightlySettings, load_nightly
from bulk_orders.settings.profiles import Profile


def nightly(
    session: Session, profile: Profile, flags: Mapping[str, Any], *, is_dry_run: bool, as_json: bool
) -> ExitCode:
    """Work through the inbox once, or show what would be done. Raises `UsageError` without a folder."""
    settings = nightly_settings(session, profile, flags)
    if not settings.folder:
        raise UsageError(
            "No folder is named for the nights of the profile {name}.".format(name=profile.name),
            fix=(
                "Name it: bulk-orders nightly FOLDER, or folder under "
                "[profiles.{name}.nightly] in settings.toml."
            ).format(name=profile.name),
        )
    root = Path(settings.folder).expanduser().absolute()
    session.terminal.say(
        "{environment}   profile {profile}   {folder}".format(
            environment=profile.environment, profile=profile.name, folder=root
        )
    )
    with session.open_services(profile, wait_lines(session, as_json=as_json)) as services:
        parts = NightParts(
            services=services,
            folders=NightFolders(root=root, trigger=settings.trigger),
            settings=settings,
            run_json=report_json,
        )
        if is_dry_run:
            return _say_preview(session, parts, as_json=as_json)
        report = _told_night(session, parts, root)
        say_erased(session.terminal, profile, keep_no_longer(services))
    if as_json:
        session.terminal.json(night_json(report))
        return report.exit_code
    if not report.has_news:
        session.terminal.say(_nothing_there(parts))
    for line in night_lines(report):
        session.terminal.result(line)
    return report.exit_code


def _nothing_there(parts: NightParts) -> str:
    """Say that nothing is to be done, and how many files of earlier nights still wait for somebody."""
    folder = parts.folders.needs_attention
    left = sum(name.startswith(f"{folder.name}/") for name in lying(parts))
    if not left:
        return "The inbox is empty: {path}".format(path=parts.folders.inbox)
    return plural(
        left,
        "The inbox is empty, and {number} file waits for somebody in {path}",
        "The inbox is empty, and {number:,} files wait for somebody in {path}",
    ).format(number=left, path=folder)


def _told_night(session: Session, parts: NightParts, root: Path) -> NightReport:
    """Do the night, and tell everybody whom it concerns; also of one that could not begin."""
    profile = parts.services.profile
    teller = Teller(profile, parts.settings, session.terminal.say)
    teller.begin()
    try:
        return work_through_night(parts, log_also, teller.tell)
    except Exception as error:
        message = str(error) if isinstance(error, BulkOrdersError) else type(error).__name__
        code = error.exit_code if isinstance(error, BulkOrdersError) else ExitCode.BUG
        teller.tell(replace(nothing_yet(profile, root, parts.now()), stopped_by=message, stopped_code=code))
        raise


def nightly_settings(session: Session, profile: Profile, flags: Mapping[str, Any]) -> NightlySettings:
    """Return the settings of the profile's nights, with the command's flags laid over them. Raises `SetupError`."""
    return load_nightly(
        profile.name, config_file=session.folders.config_file, flags=flags, warn=session.terminal.say
    )


def _say_preview(session: Session, parts: NightParts, *, as_json: bool) -> ExitCode:
    seen = preview(parts)
    if as_json:
        session.terminal.json(
            answer(
                ExitCode.OK,
                dry_run=True,
                files=[path.name for path, _ in seen.found.complete],
                waiting=[{"name": entry.name, "why": entry.why} for entry in seen.found.waiting],
                open_runs=[run.run_id for run in seen.runs],
                to_compare=seen.to_compare,
                to_delete=list(map(str, seen.to_delete)),
            )
        )
        return ExitCode.OK
    lines = [
        *(
            "  → Run {run_id} ({name}) would be resumed.".format(run_id=run.run_id, name=run.source_name)
            for run in seen.runs
        ),
        *("  → {name} would be processed.".format(name=path.name) for path, _ in seen.found.complete),
        *(WAITING_LINE.format(name=entry.name, why=entry.why) for entry in seen.found.waiting),
        *("  → {path} would be deleted.".format(path=path) for path in seen.to_delete),
    ]
    if seen.to_compare:
        compared = counted(
            seen.to_compare,
            "  → {number} order would be compared with the marketplace again.",
            "  → {number:,} orders would be compared with the marketplace again.",
        )
        lines.append(compared)
    for line in lines or [_nothing_there(parts)]:
        session.terminal.result(line)
    return ExitCode.OK
