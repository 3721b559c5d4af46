"""Histories whose rows change seats: the same dangers, told of another kind of order."""

from dataclasses import replace
from typing import Final

from sim_plot import Line, Plot, tagged

NEVER_S: Final = 1e9


def of_changes(plot: Plot) -> Plot:
    """Every other row changes the seats of a subscription of its own; the others stay purchases.

    What people do besides is about purchases, and left out. A ledger that forgot cannot know its changes where the
    marketplace keeps no PO number, nor under a PO number of the user's own, which changes by hand inherit.
    """
    by_content = plot.habits.po_mode == "dropped"
    forgets = bool(plot.deletes or plot.rolls_back)
    lines = tuple(
        tagged(_changed(line, number, forgets=forgets), by_content=by_content) if number % 2 == 0 else line
        for number, line in enumerate(plot.lines)
    )
    is_kept = plot.habits.po_mode == "kept"
    ends = plot.habits.completes_after_s < NEVER_S
    return replace(
        plot,
        habits=replace(
            plot.habits, busy_share=0.3 if is_kept and ends else 0.0, replay_share=0.2 if is_kept else 0.0
        ),
        lines=lines,
        edits=0.0,
        by_hand_instead=0.0,
        wanted_before=False,
        thinks=0.0,
        deletes=plot.deletes if is_kept else 0.0,
        rolls_back=plot.rolls_back if is_kept else 0.0,
    )


def _changed(line: Line, number: int, *, forgets: bool) -> Line:
    return replace(
        line,
        po_number="" if forgets else line.po_number,
        reference=f"C{number}",
        domain="",
        quantity=11 + number,
        subscription=f"{line.customer_id}/{line.mpn}/{number}",
    )
