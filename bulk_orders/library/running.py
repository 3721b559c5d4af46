"""`plan`, `run` and `resume`: orders are compared with ledger and account, confirmed by a number, and sent, each once."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from bulk_orders.errors import BulkOrdersError, GuardStopped, UsageError
from bulk_orders.ledger.interface import Superseded
from bulk_orders.library.opening import Home, folders_of, run_named, services_of
from bulk_orders.library.sources import OrdersInput, checked_source
from bulk_orders.runs.check import check_context
from bulk_orders.runs.new_run import RunOptions
from bulk_orders.runs.purge import erase_what_is_too_old
from bulk_orders.runs.run import PreparedRun, Proposal, RunEnd, prepare_run, resume_run
from bulk_orders.sending.events import Observer
from bulk_orders.sending.services import Services
from bulk_orders.settings.profiles import Profile
from bulk_orders.texts import library as words
from bulk_orders.texts.plural import counted

logger = logging.getLogger("bulk_orders")

Confirm: TypeAlias = int | Callable[[Proposal], int]
"""The number of orders that must be the one to send; or a function of the proposal that returns how many of them to send."""
_USUAL = RunOptions()


def plan(
    source: OrdersInput,
    profile: Profile,
    *,
    home: Home,
    options: RunOptions = _USUAL,
    on_event: Observer | None = None,
    stop: threading.Event | None = None,
) -> Proposal:
    """Compare orders with the ledger and with the account, and return what `run` would send. Nothing is sent, no run recorded.

    `source` is what `check` takes. `home` is the folder with the ledger, `folders(os.environ).data` that of the command
    line. `on_event` is called with each `Event`, from any thread; setting `stop` ends the waiting.

    Raises `InputError` when rows have errors (unless `options.only_ready`), `AnotherRunActive` while a run uses the ledger,
    `GuardStopped` when there are more orders, or dearer ones, than allowed, or the control totals differ, and `SetupError` or `MarketplaceDown` when the
    account cannot be read.

    >>> proposal = bulk_orders.plan(orders, bulk_orders.PRACTICE_PROFILE, home=home)
    >>> proposal.orders, proposal.environment
    (2, 'PRACTICE')
    >>> proposal.to_frame()["disposition"].to_list()
    ['to_send', 'to_send']
    """
    with (
        services_of(profile, home, on_event=on_event, stop=stop) as services,
        _prepared(services, source, home, options) as prepared,
    ):
        prepared.keep_to_limits()
        return prepared.proposal


def run(
    source: OrdersInput,
    profile: Profile,
    confirm: Confirm | None = None,
    *,
    home: Home,
    options: RunOptions = _USUAL,
    on_event: Observer | None = None,
    stop: threading.Event | None = None,
    operator: str = "",
) -> RunEnd:
    """Send orders, each once, and return what became of every row. What was ordered before is not sent again.

    `confirm` is the number of orders to send: with another number nothing is sent. Or it is a function that is given the
    `Proposal` and returns how many of its orders to send. Only practice does without. The other arguments are those of
    `plan`; setting `stop` begins no more orders, and `resume` goes on. `operator` is kept as who ran it.

    A run of DataFrames keeps a workbook of their texts in the ledger, and its results are below `home`; a workbook's are
    beside it, or where `options.results` says. Look at `exit_code` in any case: rows can fail while others are sent.

    Raises what `plan` raises, `GuardStopped` when the number is not confirmed, and `ResultsNotWritten` when there is no
    place for results; then nothing was sent.

    >>> end = bulk_orders.run(orders, bulk_orders.PRACTICE_PROFILE, confirm=2, home=home)
    >>> end.exit_code
    <ExitCode.OK: 0>
    >>> bulk_orders.run(orders, bulk_orders.PRACTICE_PROFILE, home=home).to_frame()["outcome"].unique().tolist()
    ['ordered_before']
    """
    if confirm is None and not profile.is_practice:
        raise GuardStopped(words.NEVER_BY_ITSELF, fix=words.NEVER_BY_ITSELF_FIX)
    with services_of(profile, home, on_event=on_event, stop=stop, operator=operator) as services:
        with _prepared(services, source, home, options) as prepared:
            end = prepared.send(_confirmed(prepared.proposal, confirm))
        _keep_no_longer(services)
        return end


def resume(
    run_id: str,
    profile: Profile,
    *,
    home: Home,
    on_event: Observer | None = None,
    stop: threading.Event | None = None,
) -> RunEnd:
    """Go on with a run that stopped: look up what is doubtful, send what was confirmed and not sent. `last` is the newest.

    Raises `UsageError` when there is no such run or it is another account's, and what `run` raises.
    """
    with services_of(profile, home, on_event=on_event, stop=stop) as services:
        end = resume_run(services, run_named(services.ledger, run_id, home))
        _keep_no_longer(services)
        return end


@contextmanager
def _prepared(
    services: Services, source: OrdersInput, home: Home, options: RunOptions
) -> Iterator[PreparedRun]:
    profile, folders = services.profile, folders_of(home)
    results = (folders.practice if profile.is_practice else folders.data) / "results"
    context = check_context(
        services.clock.now(), own_domain=profile.partner_domain, include_hidden=options.include_hidden
    )
    kept, checked = checked_source(source, context, results)
    with prepare_run(services, kept, checked, options) as prepared:
        yield prepared


def _confirmed(proposal: Proposal, confirm: Confirm | None) -> int:
    """Return how many of the proposed orders to send; nobody is asked where there are none."""
    if not proposal.orders or confirm is None:
        return proposal.orders
    number = confirm(proposal) if callable(confirm) else confirm
    if isinstance(number, bool) or not isinstance(number, int):
        # True would send one order.
        raise UsageError(words.NO_NUMBER.format(kind=type(number).__name__), fix=words.NO_NUMBER_FIX)
    is_another = number > proposal.orders if callable(confirm) else number != proposal.orders
    if is_another:
        orders = counted(proposal.orders, words.ORDERS_ONE, words.ORDERS_MANY)
        raise GuardStopped(
            words.OTHER_NUMBER.format(orders=orders, said=number),
            fix=words.OTHER_NUMBER_FIX.format(orders=proposal.orders),
        )
    return number


def _keep_no_longer(services: Services) -> None:
    """Erase what is older than the profile keeps it. It never fails the run."""
    try:
        erase_what_is_too_old(services.ledger, services.profile, services.clock.now())
    except (BulkOrdersError, Superseded) as error:
        logger.warning("what is older than keep_personal_days was not erased: %s", type(error).__name__)
