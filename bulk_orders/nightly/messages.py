"""What each recipient is told of a night: values in, messages out.

A subject begins with the outcome, so that a list of subjects can be read from top to bottom.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bulk_orders.core.night_rules import riskiest
from bulk_orders.errors import ExitCode
from bulk_orders.nightly.promise import Undecided
from bulk_orders.nightly.results import NightReport, night_lines
from bulk_orders.settings.nightly import NightlySettings, Recipient

OUTCOMES: Final = {
    0: "✔ All is well",
    1: "✖ Something inside the program went wrong",
    2: "✖ Wrong command line",
    3: "✖ To fix, nothing sent",
    4: "✖ Some orders failed",
    5: "⚠ Look before sending again",
    6: "✖ Sign-in or settings",
    7: "○ Not finished, the next night goes on",
    8: "○ Another run was at work",
    9: "✖ A person must decide",
    130: "○ Stopped",
}
"""By exit code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to one recipient."""

    recipient: str
    """As the settings name it."""
    subject: str
    body: str
    attachments: tuple[Path, ...] = ()


def messages(report: NightReport, settings: NightlySettings) -> Iterator[Message]:
    """Yield a message for each recipient whom something of the night concerns."""
    for name, recipient in settings.recipients.items():
        part = concerning(report, recipient)
        if part is not None:
            yield _message(name, recipient, part, report.undecided)


def concerning(report: NightReport, recipient: Recipient) -> NightReport | None:
    """Return what of a night concerns a recipient: all that has one of the outcomes that are wanted.

    None if nothing does. Whoever wants to hear of well-ended nights hears of each, also of one without files.
    """
    wanted = set(recipient.outcomes)
    undecided = tuple(found for found in report.undecided if found.exit_code in wanted)
    is_told = report.exit_code in wanted
    part = replace(
        report,
        files=tuple(found for found in report.files if found.exit_code in wanted),
        undecided=undecided,
        drifted=report.drifted if ExitCode.SOME_FAILED in wanted else (),
        alarms=report.alarms if ExitCode.OUTCOME_UNKNOWN in wanted else (),
        not_compared=report.not_compared if ExitCode.TRY_AGAIN_LATER in wanted else "",
        alerts=report.alerts if ExitCode.GUARD in wanted else (),
        waiting=report.waiting if is_told else (),
        stopped_by=report.stopped_by if report.stopped_code in wanted else "",
        stopped_code=report.stopped_code if report.stopped_code in wanted else ExitCode.OK,
    )
    has_any = bool(part.files) or part.exit_code is not ExitCode.OK
    return part if has_any or (is_told and report.exit_code is ExitCode.OK) else None


def _message(name: str, recipient: Recipient, part: NightReport, undecided: Sequence[Undecided]) -> Message:
    """Return the message; rows that are not decided are in every one, whatever it is about."""
    code = riskiest([part.exit_code])
    lines = [
        *night_lines(replace(part, undecided=undecided)),
        "",
        "{environment}, profile {profile}, in {folder}".format(
            folder=part.folder, profile=part.profile, environment=part.environment
        ),
        "From {started_at:%Y-%m-%d %H:%M} to {ended_at:%H:%M %Z}".format(
            started_at=part.started_at, ended_at=part.ended_at
        ),
    ]
    results = tuple(found.results for found in part.files if found.results)
    return Message(
        recipient=name,
        subject=subject(part, code),
        body="\n".join(lines).lstrip("\n"),
        attachments=results if recipient.attach else (),
    )


def subject(report: NightReport, code: ExitCode) -> str:
    """Return `✖ Some orders failed – orders-november.xlsx – LIVE`."""
    names = [found.name for found in report.files]
    about = "{number} files".format(number=len(names)) if names[1:] else "".join(names) or "the night"
    return f"{OUTCOMES[int(code)]} – {about} – {report.environment}"


def sample(report: NightReport, settings: NightlySettings) -> Iterator[Message]:
    """Yield what `notify --test` sends: to every recipient the same, whatever outcomes it wants."""
    for name in settings.recipients:
        yield Message(
            recipient=name,
            subject="✔ Test message – bulk-orders – {environment}".format(environment=report.environment),
            body="This is how nights of the profile {profile} reach {recipient}. Nothing was ordered.".format(
                profile=report.profile, recipient=name
            ),
        )
