"""Plan and apply: a workbook's orders are frozen, and later sent exactly so, by the same way as any run, or not at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.version import VERSION
from bulk_orders.errors import GuardStopped
from bulk_orders.ledger.interface import PlanRecord
from bulk_orders.reading.source import Source
from bulk_orders.runs.approval import PLAN_AGAIN_FIX, refuse_unapproved, refuse_unsound
from bulk_orders.runs.approved_plan import ApprovedPlan
from bulk_orders.runs.check import check_context, read_and_check
from bulk_orders.runs.frozen import Frozen, digest_of, freeze, moved_orders, moved_prices, page_of
from bulk_orders.runs.new_run import RunOptions, new_run_id
from bulk_orders.runs.proposal import Proposal
from bulk_orders.runs.run import PreparedRun, prepare_run
from bulk_orders.sending.services import Services
from bulk_orders.writing.new_book.plan_book import write_plan
from bulk_orders.writing.new_book.results import plan_path, probe


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """How a plan is made."""

    maker: str
    """Who makes it, as the system says."""
    expires_s: float
    target: Path | None = None
    """Where the plan workbook goes, a file or a folder; beside the input when None."""


def make_plan(
    services: Services,
    source: Source,
    checked: CheckResult,
    options: RunOptions,
    wanted: PlanOptions,
    on_proposal: Callable[[Proposal], None],
) -> PlanRecord | None:
    """Freeze what a run would send now, write the plan workbook and record the plan; None where there is nothing to send.

    `on_proposal` hears first what would be sent. Raises what `prepare_run` and `PreparedRun.keep_to_limits` raise, `ReadFailed` when prices cannot be asked for, and
    `ResultsNotWritten`; then there is no plan.
    """
    now = services.clock.now()
    target = _target(wanted.target, plan_path(source.path.absolute(), now))
    with prepare_run(services, source, checked, options) as prepared:
        on_proposal(prepared.proposal)
        prepared.keep_to_limits()
        to_send = prepared.plan.to_send
        if not to_send:
            return None
        probe(target.parent)
        frozen = Frozen(
            orders=freeze(to_send, prepared.prices, checked), include_hidden=options.include_hidden
        )
        run = prepared.run
        plan = PlanRecord(
            plan_id=f"PLAN-{new_run_id(now)}",
            digest="",
            account=run.account,
            environment=run.environment,
            profile=run.profile,
            marketplace=run.marketplace,
            source_name=run.source_name,
            source_path=run.source_path,
            source_sha256=run.source_sha256,
            workbook_path="",
            maker=wanted.maker,
            host=services.host,
            program_version=VERSION,
            orders=len(to_send),
            content=frozen.text(),
            made_at=now,
            expires_at=now + timedelta(seconds=wanted.expires_s),
        )
        plan = replace(plan, digest=digest_of(plan))
        # Written first: without its workbook nobody could look at what is recorded.
        written = write_plan(target, page_of(plan, frozen))
        plan = replace(plan, workbook_path=str(written))
        services.ledger.record_plan(plan)
        return plan


def _target(said: Path | None, usual: Path) -> Path:
    if said is None:
        return usual
    return (said / usual.name if said.is_dir() else said).absolute()


@contextmanager
def prepare_plan(
    services: Services, plan_id: str, source: Source, options: RunOptions
) -> Iterator[PreparedRun]:
    """Check the workbook again and prepare the run that sends an approved plan: its orders, by `PreparedRun.send`, and no others.

    Orders that exist already, are held or in doubt are not among those to send; the run's results name them. Only
    what the ledger says of the plan counts; `KeyError` where it has none. Raises `GuardStopped` when anything is not as it
    was approved (`PlanMoved` says what moved), and what `prepare_run` raises; then nothing was sent and no run recorded.
    """
    plan = services.ledger.plan(plan_id)
    if plan is None:
        raise KeyError(plan_id)
    refuse_unsound(plan, services.profile, services.clock.now())
    refuse_unapproved(plan, services.profile)
    if source.sha256 != plan.source_sha256:
        raise PlanMoved(
            plan.plan_id,
            ["the workbook {name} was changed since it was planned".format(name=source.path.name)],
        )
    frozen = Frozen.read(plan.content)
    context = check_context(
        services.clock.now(),
        own_domain=services.profile.partner_domain,
        include_hidden=frozen.include_hidden,
    )
    checked = read_and_check(
        source.content, source.path.name, context, [source.mapping] if source.mapping else []
    )
    # A row that is wrong today stops the plan below, by its name; the others never go without it.
    options = replace(
        options,
        only_ready=True,
        include_hidden=frozen.include_hidden,
        plan=_approved(plan, frozen),
    )
    with prepare_run(services, source, checked, options) as prepared:
        by_row = {order.sheet_row: order for order in prepared.wanted.orders}
        moved = moved_orders(frozen, by_row, {order.key: order for order in prepared.plan.in_question})
        to_send = prepared.plan.to_send
        if to_send and not moved:
            asked = frozenset(order.key for order in to_send)
            moved = moved_prices(frozen, prepared.prices, asked)
        if moved:
            raise PlanMoved(plan.plan_id, moved)
        refuse_unsound(plan, services.profile, services.clock.now())
        yield prepared


def _approved(plan: PlanRecord, frozen: Frozen) -> ApprovedPlan:
    if plan.approved_at is None:
        raise AssertionError(f"plan {plan.plan_id} has no approval")
    return ApprovedPlan(
        plan_id=plan.plan_id,
        made_by=plan.maker,
        approved_by=plan.approved_by,
        approved_at=plan.approved_at,
        keys=frozen.keys,
    )


class PlanMoved(GuardStopped):
    """A plan is not sent because something is not as it was approved."""

    def __init__(self, plan_id: str, moved: list[str]) -> None:
        """Take what moved, each a part of a sentence; the first is told with it."""
        first, more = moved[0], len(moved) - 1
        message = (
            "The plan {plan_id} is not sent: {first}; and {more} more.".format(
                plan_id=plan_id, first=first, more=more
            )
            if more
            else "The plan {plan_id} is not sent: {first}.".format(plan_id=plan_id, first=first)
        )
        super().__init__(message, fix=PLAN_AGAIN_FIX)
        self.moved = moved
        self.told = {"moved": moved}
