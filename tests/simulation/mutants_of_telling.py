"""Broken variants of what people are told at the end: outcomes, counts, exit codes, next steps."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mutant_registry import Patch, mutant
from sim_plot import Plot, tagged

from bulk_orders.core.summary import Outcome
from bulk_orders.errors import ExitCode
from bulk_orders.runs import follow, next_steps, report, run
from bulk_orders.sending import audit


@mutant("unknown is told as not sent")
def _told_not_sent() -> Sequence[Patch]:
    """A row in doubt is told as one that was not sent."""
    honest = report.outcome

    def told(disposition: Any, record: Any, **named: Any) -> Outcome:
        found = honest(disposition, record, **named)
        return Outcome.NOT_SENT if found is Outcome.UNKNOWN else found

    return [(report, "outcome", told), (run, "outcome", told)]


@mutant("all is well", is_of_the_exit_code=True)
def _exit_zero() -> Sequence[Patch]:
    """The exit code is 0 whatever happened."""
    return [(run, "exit_code", lambda *given, **named: ExitCode.OK)]


@mutant("held is no reason for an exit code", is_of_the_exit_code=True)
def _held_is_fine() -> Sequence[Patch]:
    """A run whose rows wait for a person ends with 0."""
    honest = run.exit_code

    def code(counted: Any, **named: Any) -> Any:
        return honest({**counted, Outcome.HELD: 0}, **named)

    return [(run, "exit_code", code), (follow, "exit_code", code)]


@mutant("status forgets what waits", is_of_the_exit_code=True)
def _status_is_content() -> Sequence[Patch]:
    """All is done once the accepted orders are, whatever waits to be sent or compared."""
    honest = follow.build_report

    def built(*given: Any, **named: Any) -> Any:
        return replace(honest(*given, **named), to_resume=(), audit_whole=None)

    return [(follow, "build_report", built)]


@mutant("doubtful rows are counted as accepted")
def _counted_as_accepted() -> Sequence[Patch]:
    """The counts are better than the rows."""
    honest = report.counts

    def counted(outcomes: Any) -> Any:
        return honest(Outcome.ACCEPTED if kind is Outcome.UNKNOWN else kind for kind in outcomes)

    return [(report, "counts", counted)]


@mutant("a run that was cut off names no next step")
def _cut_off() -> Sequence[Patch]:
    """Only a run that noted its end is named to be resumed."""
    honest = report.to_resume

    def resumable(record: Any, rows: Any, orders: Any) -> Any:
        return honest(record, rows, orders) if record.ended_at else ()

    return [(report, "to_resume", resumable)]


@mutant("the run that is reported is resumed")
def _resumes_itself() -> Sequence[Patch]:
    """Rows that a later run took up are looked for in the earlier one, which does not send them."""
    return [(next_steps, "sender", lambda record, row, order: record.run_id)]


@mutant("nothing is left to do")
def _no_steps() -> Sequence[Patch]:
    """No next step is named, whatever is open."""
    return [(report, "next_steps", lambda *given, **named: ())]


def _by_a_wrong_clock(plot: Plot) -> Plot:
    lines = (replace(line, po_number=f"PO-{number}") for number, line in enumerate(plot.lines))
    return replace(
        plot,
        habits=replace(
            plot.habits, po_mode="kept", lists_po=True, replay_share=0.4, tells_time=False, skew_s=0.0
        ),
        rates=replace(plot.rates, jump=0.1, post=0.4),
        lines=tuple(tagged(line, by_content=False) for line in lines),
        rolls_back=0.0,
        deletes=0.0,
    )


@mutant("orders that a wrong clock hides are not told", change_plot=_by_a_wrong_clock)
def _hidden_by_the_clock() -> Sequence[Patch]:
    """Orders older than a row in doubt says it was sent are nobody's, however many there are."""
    return [(audit, "_is_perhaps", lambda order, entry: False)]
