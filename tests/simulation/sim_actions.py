"""Rows that act on subscriptions, or bring one in, among the purchases of a history: the same dangers, of other kinds of orders."""

import random
from dataclasses import replace
from typing import Final

from sim_plot import Line, Plot, tagged
from sim_subscriptions import FIRST_SEATS, Wish

MIXED_SHARE: Final = 0.4
"""Histories with such rows; the others are purchases alone."""
ACTING_SHARE: Final = 0.65
"""Rows of a mixed history that are no purchases."""
ACTIONS: Final = (
    *("change_now", "change_now", "change_now", "change_at_renewal", "change_at_renewal"),
    *("auto_renew_on", "auto_renew_off", "auto_renew_off", "cancel", "cancel", "import"),
)
DAY_S: Final = 86400.0
NEVER_S: Final = 1e9


def mixed(plot: Plot, rng: random.Random, share: float = MIXED_SHARE) -> Plot:
    """A share of histories have rows of all types; the others stay as they were drawn."""
    return of_actions(plot, rng) if rng.random() < share else plot


def of_actions(plot: Plot, rng: random.Random, actions: tuple[str, ...] = ACTIONS) -> Plot:
    """Most rows are of other types, each on a subscription of its own.

    A ledger that forgot cannot know what it did to subscriptions where the marketplace keeps no PO number. Nobody can know how
    late a subscription is where the marketplace does not tell its time, and our clock is set.
    """
    habits = plot.habits
    by_content = habits.po_mode == "dropped"
    lines = tuple(
        tagged(_acting(line, number, rng.choice(actions), rng), by_content=by_content)
        if rng.random() < ACTING_SHARE
        else line
        for number, line in enumerate(plot.lines)
    )
    is_kept = habits.po_mode == "kept"
    ends = habits.completes_after_s < NEVER_S
    is_repeating = is_kept and rng.random() < 0.15
    adds_seats = rng.random() < 0.06
    return replace(
        plot,
        habits=replace(
            habits,
            busy_share=rng.choice((0.0, 0.0, 0.3)) if is_kept and ends else 0.0,
            replay_share=0.2 if is_repeating else habits.replay_share,
            renews_at_s=rng.choice((0.5, 3.0, 6.0, 6.0, 10.0)) * DAY_S,
            shows_after_s=rng.choice((0.0, 0.0, 30.0, 240.0)),
            no_effect_share=rng.choice((0.0, 0.0, 0.0, 0.2)),
            adds_seats=adds_seats,
            subscription_place=rng.choice(("both", "both", "order", "line")),
            cancellation_lines=rng.choice(("none", "none", "one")),
        ),
        rates=plot.rates if habits.tells_time else replace(plot.rates, jump=0.0),
        lines=lines,
        changes_back=0.0 if plot.deletes or plot.rolls_back else rng.choice((0.0, 0.5)),
        inherits=rng.choice((0.0, 0.0, 0.5)),
        asks_more=rng.choice((0.0, 0.0, 0.5)) if is_kept and not (plot.deletes or plot.rolls_back) else 0.0,
        deletes=plot.deletes if is_kept else 0.0,
        rolls_back=plot.rolls_back if is_kept else 0.0,
    )


def acted(plot: Plot, actions: tuple[str, ...] = ACTIONS) -> Plot:
    """Any history with rows of these types, always the same for the same plot: for what is seldom shown."""
    return of_actions(plot, random.Random(repr(plot)), actions)  # noqa: S311 - the same plot shall give the same rows


def _acting(line: Line, number: int, action: str, rng: random.Random) -> Line:
    """The same row as another action; its number, doubled, names a subscription that is renewed, and one more one that is not."""
    if action == "import":
        quantity = line.quantity or 1
        return replace(
            line, action=action, reference=f"C{number}", domain="", quantity=quantity, subscription=""
        )
    is_renewed = action != "auto_renew_on" or rng.random() < 0.2
    asks_seats = action in {"change_now", "change_at_renewal"}
    return replace(
        line,
        action=action,
        reference=f"C{number}",
        domain="",
        quantity=rng.choice((8, 9, FIRST_SEATS, 11, 12, 13, 14)) if asks_seats else 0,
        subscription=f"{line.customer_id}/{line.mpn}/{2 * number + (not is_renewed)}",
    )


def asking_more(lines: tuple[Line, ...], rng: random.Random) -> tuple[Line, ...]:
    """The workbook with one row replaced by a new one about the same subscription."""
    places = [
        place
        for place, line in enumerate(lines)
        if line.subscription and not line.po_number and not line.reference.endswith("+")
    ]
    if not places:
        return lines
    place = rng.choice(places)
    before = lines[place]
    actions = sorted({"change_now", "change_at_renewal", "auto_renew_off", "cancel"} - {before.action})
    action = rng.choice(actions)
    quantity = rng.randint(20, 25) if action.startswith("change") else 0
    more = replace(before, reference=f"{before.reference}+", action=action, quantity=quantity)
    return (*lines[:place], tagged(more, by_content=False), *lines[place + 1 :])


def wish_of(line: Line) -> Wish | None:
    """What a row wants of a subscription; None of a purchase."""
    if not line.subscription:
        return None
    return Wish(subscription=line.subscription, action=line.action, quantity=line.quantity)
