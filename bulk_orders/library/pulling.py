"""What the marketplace has, as workbooks and DataFrames: subscriptions with what is wished of them. Nothing is sent."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bulk_orders.checking.data_frames import Frame, frame_of_records
from bulk_orders.core.columns.subscriptions import SUBSCRIPTION_COLUMNS
from bulk_orders.errors import ExitCode
from bulk_orders.library.opening import Home, folders_of, services_of
from bulk_orders.machine.places import check_folder, is_there
from bulk_orders.runs.kept_answers import KeptAnswers
from bulk_orders.runs.pull_subscriptions import Pulled, Wanted
from bulk_orders.runs.pull_subscriptions import pull_subscriptions as pull
from bulk_orders.runs.pulled_workbook import PulledSheet, read_pulled
from bulk_orders.runs.questions import Tell
from bulk_orders.runs.subscription_sheet import Carried, carry, sheet_rows
from bulk_orders.sending.events import Observer
from bulk_orders.settings.profiles import Profile
from bulk_orders.writing.new_book.subscriptions_book import write_subscriptions


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionsPulled:
    """What a pull of subscriptions found, and where it is written."""

    pulled: Pulled
    sheet: Carried
    path: Path | None = None
    """The workbook, where one was wanted."""
    earlier: Path | None = None
    """Where the workbook is now that had its name before."""
    other_sheets: tuple[str, ...] = ()
    """Of the earlier workbook: they stay there."""

    @property
    def exit_code(self) -> ExitCode:
        """What the command returns: 7 where the seats of a subscription are not known."""
        return ExitCode.TRY_AGAIN_LATER if self.pulled.unread else ExitCode.OK

    def to_frame(self) -> Frame:
        """Return one row for each product of each subscription, as texts, by the names of the columns; blanks are empty."""
        names = tuple(entry.name for entry in SUBSCRIPTION_COLUMNS)
        return frame_of_records(
            ({name: row.get(name, "") for name in names} for row in self.sheet.rows), names
        )


def pull_subscriptions(
    profile: Profile,
    *,
    home: Home,
    customers: Sequence[str] = (),
    due_before: date | None = None,
    workbook: Path | None = None,
    is_fresh: bool = False,
    on_answer: Tell | None = None,
    on_event: Observer | None = None,
    stop: threading.Event | None = None,
    operator: str = "",
) -> SubscriptionsPulled:
    """Read the account's subscriptions that have not ended, with their seats and what is under way about them.

    `customers` are ids, none means everybody; `due_before` leaves out what is renewed on that day or later. With `workbook`
    they are written there; where it is one that was pulled before, wishes and own columns are taken over, and the earlier one is
    moved aside. A pull that was interrupted goes on where it was, for four hours; `is_fresh` reads all anew. `on_answer` is
    called with how many questions of all are answered.

    Raises `MarketplaceDown` or `CredentialsRefused` when the marketplace does not let us in, `ReadFailed` when it does not
    answer, `UsageError` for a customer that is not there, `InputError` when `workbook` is there and is another one, `ResultsNotWritten` when it cannot be written.

    >>> bulk_orders.pull_subscriptions(bulk_orders.PRACTICE_PROFILE, home=home).to_frame()["status"].unique().tolist()
    ['active', 'hold']
    """
    if workbook:
        _earlier(workbook)  # what cannot be taken over is said before minutes of reading
    folders = folders_of(home)
    with services_of(profile, home, on_event=on_event, stop=stop, operator=operator) as services:
        kept = KeptAnswers(
            folders.subscriptions(is_practice=profile.is_practice),
            account=str(profile.account),
            now=services.clock.now,
        )
        if is_fresh:
            kept.forget()
        wanted = Wanted(customers=tuple(customers), due_before=due_before)
        found = pull(services, wanted, kept=kept, tell=on_answer or (lambda _done, _total: None))
    rows = sheet_rows(found.found, found.at)
    if workbook is None:
        return SubscriptionsPulled(pulled=found, sheet=Carried(rows=tuple(rows)))
    return _written(workbook, found, rows, environment=profile.environment)


def _written(
    workbook: Path, found: Pulled, rows: Sequence[dict[str, str]], *, environment: str
) -> SubscriptionsPulled:
    earlier = _earlier(workbook)  # read only now: somebody may have saved wishes while the pull went on
    sheet = carry(rows, earlier) if earlier else Carried(rows=tuple(rows))
    aside = workbook.with_name(f"{workbook.stem}.before-{found.at:%Y%m%d-%H%M%S}{workbook.suffix}")
    path = write_subscriptions(
        workbook,
        sheet.rows,
        environment=environment,
        pulled_at=found.at,
        own=sheet.own,
        aside=aside,
    )
    return SubscriptionsPulled(
        pulled=found,
        sheet=sheet,
        path=path,
        earlier=aside if is_there(aside) else None,
        other_sheets=earlier.other_sheets if earlier else (),
    )


def _earlier(workbook: Path) -> PulledSheet | None:
    check_folder(workbook.parent)
    return read_pulled(workbook) if is_there(workbook) else None
