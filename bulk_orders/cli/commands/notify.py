"""`notify`: who is told of nights, and whether it works."""

from pathlib import Path
from typing import Any

from bulk_orders.cli.commands.nightly import nightly_settings
from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.session import Session
from bulk_orders.errors import ExitCode, SetupError
from bulk_orders.machine.clock import SystemClock
from bulk_orders.nightly.results import nothing_yet
from bulk_orders.nightly.telling import Teller
from bulk_orders.settings.nightly import NightlySettings
from bulk_orders.settings.profiles import Profile, shown_address


def notify(session: Session, profile: Profile, *, is_test: bool, as_json: bool) -> ExitCode:
    """Show who is told of nights; with `is_test` tell them that this is a test. Exit code 6 if somebody cannot be told.

    Raises `SetupError` if the settings name nobody.
    """
    settings = nightly_settings(session, profile, {})
    if not (settings.recipients or settings.health_url or settings.metrics_file):
        raise SetupError(
            "Nobody is notified of the nights of the profile {name}.".format(name=profile.name),
            fix=(
                "Add [profiles.{name}.nightly.recipients.NAME] to settings.toml; "
                "`bulk-orders help nightly` has an example."
            ).format(name=profile.name),
        )
    tests = _tested(session, profile, settings) if is_test else []
    code = ExitCode.SETUP_WRONG if any(test["message"] for test in tests) else ExitCode.OK
    if as_json:
        session.terminal.json(answer(code, **_told(settings), tests=tests if is_test else None))
        return code
    for line in _lines(settings) if not is_test else []:
        session.terminal.result(line)
    for test in tests:
        mark = (
            "  ✖ {what}".format(what=test["message"])
            if test["message"]
            else "  ✔ {what}".format(what=test["what"])
        )
        session.terminal.result(mark)
        if test["fix"]:
            session.terminal.result("    {fix}".format(fix=test["fix"]))
    if not is_test:
        session.terminal.say("Try it: bulk-orders notify --test --profile {name}".format(name=profile.name))
    return code


def _tested(session: Session, profile: Profile, settings: NightlySettings) -> list[dict[str, Any]]:
    report = nothing_yet(profile, Path(settings.folder), SystemClock().now())
    return [
        {"what": what, "message": error.message if error else None, "fix": error.fix if error else None}
        for what, error in Teller(profile, settings, session.terminal.say).test(report)
    ]


def _told(settings: NightlySettings) -> dict[str, Any]:
    return {
        "recipients": {
            name: {"outcomes": [int(code) for code in who.outcomes], "attach": who.attach}
            for name, who in settings.recipients.items()
        },
        "health_url": shown_address(settings.health_url) or None,
        "metrics_file": settings.metrics_file or None,
    }


def _lines(settings: NightlySettings) -> list[str]:
    lines = [
        "  {name} is notified of exit codes {codes}.".format(
            name=name, codes=", ".join(str(int(code)) for code in who.outcomes)
        )
        for name, who in settings.recipients.items()
    ]
    if settings.health_url:
        lines.append(
            "  {url} is requested at the start and the end.".format(url=shown_address(settings.health_url))
        )
    if settings.metrics_file:
        lines.append("  Metrics are written to {path}.".format(path=settings.metrics_file))
    return lines
