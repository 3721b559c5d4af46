"""How a night sends a file: by the verbs of `runs`, with control totals and limits in place of a person."""

from decimal import Decimal

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.money import Limits
from bulk_orders.errors import GuardStopped
from bulk_orders.nightly.parts import NightParts
from bulk_orders.reading.source import Source
from bulk_orders.runs.money_limits import estimate_of, keep_to
from bulk_orders.runs.new_run import RunOptions
from bulk_orders.runs.run import PreparedRun, RunEnd, prepare_run
from bulk_orders.settings.nightly import SEND_READY


def send(parts: NightParts, source: Source, checked: CheckResult) -> RunEnd:
    """Run a checked workbook unattended; its results go to the folder of the day. Raises what the run raises."""
    limits = [parts.settings.max_orders, parts.services.profile.max_orders]
    options = RunOptions(
        only_ready=parts.settings.on_problem == SEND_READY,
        max_orders=min((limit for limit in limits if limit is not None), default=None),
        results=parts.results_folder(),
    )
    with prepare_run(parts.services, source, checked, options) as prepared:
        if prepared.plan.to_send:
            approve(parts, prepared)
        return prepared.send(len(prepared.plan.to_send))


def approve(parts: NightParts, prepared: PreparedRun) -> None:
    """Let totals and limits decide where a person would type the number of orders. Raises `GuardStopped`, `InputError`.

    For practice orders totals may be missing, but not differ.
    """
    if not parts.services.profile.is_practice and prepared.checked.control_totals.orders is None:
        raise GuardStopped(
            "The workbook states no control total of orders, and nobody is there to type the number.",
            fix=(
                "Fill the cell Orders under Control totals on the sheet Start "
                "here, or write a file NAME.ctl beside it with orders = N."
            ),
        )
    prepared.keep_to_limits()
    limit = parts.settings.max_amount
    if limit is None:
        return
    limits = Limits(in_all=Decimal(str(limit)))
    found = estimate_of(prepared.plan.to_send, prepared.prices, limits)
    keep_to(limits, found.bills, unpriced=len(found.unpriced))
