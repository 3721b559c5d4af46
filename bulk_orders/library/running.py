"""`plan`, `run` and `resume`: orders are compared with ledger and account, confirmed by a number, and sent, each once."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.money import Estimate
from bulk_orders.core.wording import counted
from bulk_orders.errors import GuardStopped, UsageError
from bulk_orders.library.opening import Home, run_named, services_of
from bulk_orders.library.sources import OrdersInput, as_kept, checked_input
from bulk_orders.machine.clock import SystemClock
from bulk_orders.runs.approval import refuse_without_plan
from bulk_orders.runs.check import check_context
from bulk_orders.runs.new_run import RunOptions
from bulk_orders.runs.proposal import Proposal, Remaining
from bulk_orders.runs.purge import keep_no_longer
from bulk_orders.runs.run import (
    PreparedRun,
    RunEnd,
    prepare_run,
    refuse_errors,
    resume_run,
)
from bulk_orders.sending.events import Observer
from bulk_orders.sending.services import Leaving, Services
from bulk_orders.settings.profiles import Profile

Stage: TypeAlias = CheckResult | Proposal | Estimate
"""What `on_stage` is called with, one after the other."""
Confirm: TypeAlias = int | Callable[[Proposal], int]
"""The number of orders that must be the one to send; or a function of the proposal that returns how many of them to send."""
_USUAL = RunOptions()


def plan(
    source: OrdersInput,
    profile: Profile,
    *,
    home: Home,
    options: RunOptions = _USUAL,
    on_stage: Callable[[Stage], None] | None = None,
    on_event: Observer | None = None,
    stop: threading.Event | None = None,
    operator: str = "",
) -> Proposal:
    """Compare orders with the ledger and with the account, and return what `run` would send. Nothing is sent, no run recorded.

    `source` is what `check` takes. `home` is the folder with the ledger, `folders(os.environ).data` that of the command
    line. `on_stage` is called with the `CheckResult`, the `Proposal` and, where prices are asked for, the `Estimate`, each as
    soon as it is there. `on_event` is called with each `Event`, from any thread; setting `stop` ends the waiting.

    Raises `InputError` when rows have errors (unless `options.only_ready`) or one costs more than its own limit,
    `AnotherRunActive` while a run uses the ledger, `GuardStopped` when there are more orders than allowed or the control
    totals differ, and `SetupError` or `MarketplaceDown` when the account cannot be read.

    >>> proposal = bulk_orders.plan(orders, bulk_orders.PRACTICE_PROFILE, home=home)
    >>> proposal.orders, proposal.environment
    (2, 'PRACTICE')
    >>> proposal.to_frame()["disposition"].to_list()
    ['to_send', 'to_send']
    """
    checked = _sendable(source, profile, options, on_stage)
    with (
        services_of(profile, home, on_event=on_event, stop=stop, operator=operator) as services,
        prepare_run(services, as_kept(checked, profile, home), checked, options) as prepared,
    ):
        return _shown(prepared, on_stage)


def run(
    source: OrdersInput,
    profile: Profile,
    confirm: Confirm | None = None,
    *,
    home: Home,
    options: RunOptions = _USUAL,
    on_stage: Callable[[Stage], None] | None = None,
    on_event: Observer | None = None,
    stop: threading.Event | None = None,
    operator: str = "",
    workers_elsewhere: Leaving | None = None,
) -> RunEnd:
    """Send orders, each once, and return what became of every row. What was ordered before is not sent again.

    `confirm` is the number of orders to send: with another number nothing is sent. Or it is a function that is given the
    `Proposal` and returns how many of its orders to send. Only practice does without. The other arguments are those of
    `plan`; setting `stop` begins no more orders, and `resume` goes on. `operator` is kept as who ran it.

    With `workers_elsewhere` the orders are sent by `bulk-orders worker` on any machine; it is called, without arguments, when
    `stop` is set, and says whether the run is left to them (True) or stopped for them, too.

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
        raise GuardStopped(
            "A live run is never confirmed by itself.",
            fix=(
                "Pass confirm: the number of orders, or a function that is given the proposal and returns it."
            ),
        )
    refuse_without_plan(profile, None)
    checked = _sendable(source, profile, options, on_stage)
    with services_of(
        profile, home, on_event=on_event, stop=stop, operator=operator, elsewhere=workers_elsewhere
    ) as services:
        with prepare_run(services, as_kept(checked, profile, home), checked, options) as prepared:
            end = prepared.send(_confirmed(_shown(prepared, on_stage), confirm))
        return _over(services, end)


def resume(
    run_id: str,
    profile: Profile,
    *,
    home: Home,
    on_stage: Callable[[Remaining], None] | None = None,
    on_event: Observer | None = None,
    stop: threading.Event | None = None,
    operator: str = "",
    workers_elsewhere: Leaving | None = None,
) -> RunEnd:
    """Go on with a run that stopped: look up what is doubtful, send what was confirmed and not sent. `last` is the newest.

    `on_stage` is called with what `Remaining` there is, before anything is sent. Raises `UsageError` when there is no such run
    or it is another account's, and what `run` raises.
    """
    with services_of(
        profile, home, on_event=on_event, stop=stop, operator=operator, elsewhere=workers_elsewhere
    ) as services:
        end = resume_run(services, run_named(services.ledger, run_id, home), on_stage)
        return _over(services, end)


def _over(services: Services, end: RunEnd) -> RunEnd:
    """Erase what is kept no longer once the run is at its end; one that workers go on with is not."""
    return end if end.report.ended_at is None else replace(end, erased=keep_no_longer(services))


def _sendable(
    source: OrdersInput, profile: Profile, options: RunOptions, on_stage: Callable[[Stage], None] | None
) -> CheckResult:
    """Check the source; what cannot be sent opens neither ledger nor connection."""
    context = check_context(
        SystemClock().now(), own_domain=profile.partner_domain, include_hidden=options.include_hidden
    )
    checked = checked_input(source, context)
    if on_stage is not None:
        on_stage(checked)
    refuse_errors(checked, options)
    return checked


def _shown(prepared: PreparedRun, on_stage: Callable[[Stage], None] | None) -> Proposal:
    """Return what would be sent, with its prices where they are wanted, if it keeps to the limits."""
    proposal = prepared.proposal
    if on_stage is not None:
        on_stage(proposal)
    if prepared.is_priced:
        proposal = replace(proposal, estimate=prepared.estimate)
        if on_stage is not None:
            on_stage(prepared.estimate)
    prepared.keep_to_limits()
    return proposal


def _confirmed(proposal: Proposal, confirm: Confirm | None) -> int:
    """Return how many of the proposed orders to send; nobody is asked where there are none."""
    if not proposal.orders or confirm is None:
        return proposal.orders
    number = confirm(proposal) if callable(confirm) else confirm
    if isinstance(number, bool) or not isinstance(number, int):
        # True would send one order.
        raise UsageError(
            "The number of orders to send is a {kind}, not a whole number.".format(
                kind=type(number).__name__
            ),
            fix="Return proposal.orders to send them all, or 0 to send none.",
        )
    is_another = number > proposal.orders if callable(confirm) else number != proposal.orders
    if is_another:
        orders = counted(proposal.orders, "{number} order", "{number:,} orders")
        raise GuardStopped(
            "{orders} would be sent, but the number confirmed is {said}.".format(orders=orders, said=number),
            fix="Look at the proposal, then confirm {orders}.".format(orders=proposal.orders),
        )
    return number
