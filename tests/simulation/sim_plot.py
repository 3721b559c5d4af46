"""What a history is about: the workbook, the marketplace's habits, the dangers of its runs. Drawn before it begins.

It plays nothing.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sim_fate import AMBIGUOUS, Rates
from sim_faults import PO_MODES, POST_FAULTS
from sim_platform import Habits

from bulk_orders.settings.profiles import Profile

PROFILE: Final = Profile(
    name="sim", base_url="https://sim.example/api", user="sim", rate_per_s=0.0, workers=3
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the workbook as the user thinks of it."""

    reference: str = ""
    po_number: str = ""
    customer_id: str
    mpn: str
    quantity: int
    domain: str = ""
    """Of the new tenant that the customer gets."""
    action: str = ""
    """Key of its order type; empty for a purchase."""
    subscription: str = ""
    """What the row acts on; empty for a purchase."""
    tag: str = ""


def tagged(line: Line, *, by_content: bool) -> Line:
    """With the name under which the judge knows it: one for rows that nobody can tell apart on the platform."""
    acts = f"{line.action} {line.subscription}" if line.subscription else line.customer_id
    content = f"{acts}/{line.mpn}/{line.quantity}"
    if by_content:
        return replace(line, tag=content)
    if line.po_number:
        return replace(line, tag=f"{line.po_number} {content}")
    return replace(line, tag=f"ref {line.reference}" if line.reference else content)


OTHER_LINE: Final = tagged(Line(reference="OTHER", customer_id="c3", mpn="M3", quantity=1), by_content=False)
"""Of another workbook."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """What a history is about, drawn before it begins."""

    rates: Rates
    habits: Habits
    profile: Profile
    runs: int
    lines: tuple[Line, ...]
    lock_works: bool = True
    second_process: float = 0.0
    deletes: float = 0.0
    rolls_back: float = 0.0
    edits: float = 0.0
    decides: float = 0.0
    """A person says absent where the program allows it."""
    decides_meanwhile: float = 0.0
    """The same while other processes are at work, which only a lock that does not work allows."""
    by_hand: float = 0.0
    by_hand_instead: float = 0.0
    """A person enters what a row asks for in the panel, under its PO number or another one."""
    wanted_before: bool = False
    """Before the first run somebody ordered what a row asks for, under its PO number, as another purchase."""
    strangers: int = 0
    """Orders of the customer that somebody else made before the first run."""
    days_later: float = 0.0
    """Between two runs days pass, not hours."""
    is_first_ever: bool = False
    thinks: float = 0.0
    """A person thinks at the prompt before anything is sent, and meanwhile others may order the rows."""
    gives_up: float = 0.0
    """A run is prepared, which finds what was in doubt, and not begun."""
    renames: float = 0.0
    """Somebody gives a row in doubt another reference, so as to order it anew, and runs the workbook at once."""
    asks: float = 0.0
    """Between two runs somebody asks for `status` or `audit`."""
    changes_back: float = 0.0
    """Somebody undoes in the panel what a row did to a subscription."""
    inherits: float = 0.0
    """Renewals, changes and cancellations of what our rows bought come under the same PO number."""
    machines: int = 0
    """So many with a worker; who runs the workbook has them send it. 0 is one machine with the ledger for itself."""
    asks_more: float = 0.0
    """The row of a subscription gives way to another row that wants something else of it."""


def draw_plot(rng: random.Random) -> Plot:
    """Each history has its own mix: some are all crashes, some all lost answers, some almost quiet."""
    heavy = rng.random()
    kinds = tuple(POST_FAULTS.values())
    habits = Habits(
        po_mode=rng.choice(PO_MODES),
        lists_po=rng.random() < 0.7,
        lists_products=rng.random() < 0.2,
        listing_lag_s=rng.choice((0.0, 0.0, 5.0, 60.0, 60.0, 240.0)),
        commit_lag_s=rng.choice((5.0, 60.0, 280.0)),
        skew_s=rng.choice((0.0, 0.0, -200.0, 200.0, -3600.0, 3600.0)),
        error_share=rng.choice((0.0, 0.0, 0.1)),
        replay_share=rng.choice((0.05, 0.2)) if rng.random() < 0.06 else 0.0,
        replay_after_s=rng.choice((0.0, 60.0, 290.0)),
        tells_time=rng.random() < 0.9,
        completes_after_s=rng.choice((1e12, 1e12, 20.0, 400.0)),
    )
    is_kept = habits.po_mode == "kept"
    if not is_kept:
        habits = replace(
            habits, replay_share=0.0
        )  # without a PO number nothing shows which request came twice
    rates = Rates(
        crash=rng.choice((0.0, 0.01, 0.02, 0.06, 0.12)),
        post=rng.choice((0.1, 0.45, 0.45, 0.8)),
        read=rng.choice((0.0, 0.15, 0.15, 0.4)),
        pause=rng.choice((0.0, 0.0, 0.02)),
        pause_after_intent=rng.choice((0.0, 0.0, 0.0, 0.4)),
        jump=rng.choice((0.0, 0.0, 0.0, 0.06)),
        stop=rng.choice((0.0, 0.0, 0.01)),
        disk=rng.choice((0.0, 0.0, 0.0, 0.02)),
        results=rng.choice((0.0, 0.0, 0.0, 0.2)),
        partition=rng.choice((0.0, 0.0, 0.05)),
        kinds=kinds if heavy < 0.6 else AMBIGUOUS if heavy < 0.8 else tuple(rng.sample(kinds, 4)),
    )
    by_content = habits.po_mode == "dropped"
    # Where the marketplace's clock may be an hour off and is not told, no window can be right.
    if not habits.tells_time and abs(habits.skew_s) > 200.0:
        habits = replace(habits, skew_s=0.0)
    plot = Plot(
        rates=rates,
        habits=habits,
        profile=PROFILE.model_copy(
            update={
                "workers": rng.randint(1, 3),
                "allow_unmarked": habits.po_mode == "dropped" and rng.random() < 0.5,
            }
        ),
        runs=rng.choice((1, 2, 2, 3, 4)),
        lines=_draw_lines(rng, by_content=by_content, makes_tenants=rng.random() < 0.15),
        lock_works=rng.random() < 0.8,
        second_process=rng.choice((0.0, 0.0, 0.0, 0.7)),
        deletes=rng.choice((0.0, 0.0, 0.0, 0.4)),
        rolls_back=rng.choice((0.0, 0.0, 0.0, 0.4, 0.7)),
        # An edited row whose PO number was lost cannot be known again once the ledger is lost, too.
        edits=rng.choice((0.0, 0.0, 0.5)) if is_kept else 0.0,
        decides=rng.choice((0.0, 0.0, 0.7)),
        by_hand=rng.choice((0.0, 0.0, 0.3)),
        by_hand_instead=rng.choice((0.0, 0.0, 0.0, 0.3)) if is_kept else 0.0,
        wanted_before=is_kept and rng.random() < 0.1,
        strangers=rng.choice((60, 300)) if rng.random() < 0.01 else 0,
        days_later=rng.choice((0.0, 0.0, 0.0, 0.3)),
        is_first_ever=rng.random() < 0.5,
        thinks=rng.choice((0.0, 0.0, 0.7)),
        renames=rng.choice((0.0, 0.0, 0.5)),
        asks=rng.choice((0.0, 0.0, 0.5)),
        gives_up=rng.choice((0.0, 0.0, 0.3)),
    )
    if plot.edits:  # a row that is edited after somebody ordered it by hand is another purchase, or none
        plot = replace(plot, by_hand_instead=0.0, thinks=0.0, renames=0.0)
    if plot.deletes or plot.rolls_back:
        # A ledger that forgot the doubt cannot know what a new reference is for.
        plot = replace(plot, renames=0.0)
    if habits.replay_share and not habits.lists_po:
        # Where the list hides PO numbers, only orders of customers that the ledger knows are opened: a row that nobody has any
        # more, nor the ledger, cannot be told from somebody else's.
        plot = replace(plot, edits=0.0)
    is_crowded = plot.second_process and not plot.lock_works
    return replace(plot, decides_meanwhile=plot.decides if is_crowded else 0.0)


def _draw_lines(rng: random.Random, *, by_content: bool, makes_tenants: bool) -> tuple[Line, ...]:
    lines = [_draw_line(rng, number) for number in range(rng.choice((1, 2, 3, 4, 5, 6)))]
    if makes_tenants:
        lines = [replace(line, domain=f"{line.customer_id}.example") for line in lines]
    return tuple(tagged(line, by_content=by_content) for line in lines)


def _draw_line(rng: random.Random, number: int) -> Line:
    return Line(
        reference=f"R{number}" if rng.random() < 0.7 else "",
        po_number=rng.choice(("PO-A", "PO-B")) if rng.random() < 0.25 else "",
        customer_id=rng.choice(("c1", "c1", "c2", "c3")),
        mpn=rng.choice(("M1", "M2")),
        quantity=rng.randint(1, 3),
    )


def edited(lines: tuple[Line, ...], rng: random.Random) -> tuple[Line, ...]:
    """Sorted anew, and perhaps with a row changed, added or removed."""
    found = list(lines)
    rng.shuffle(found)
    kind = rng.choice(("sort", "quantity", "add", "remove"))
    if kind == "quantity":
        place = rng.randrange(len(found))
        line = found[place]
        if not line.po_number and line.quantity:
            found[place] = tagged(replace(line, quantity=line.quantity + 10), by_content=False)
    elif kind == "add":
        line = Line(
            reference=f"N{rng.randint(1, 99)}", customer_id="c1", mpn="M1", quantity=rng.randint(1, 3)
        )
        if line.reference not in {other.reference for other in found}:
            found.append(tagged(line, by_content=False))
    elif kind == "remove" and len(found) > 1:
        found.pop()
    return tuple(found)


def tags_of(lines: Sequence[Line]) -> Mapping[int, str]:
    return {number: line.tag for number, line in enumerate(lines, 2)}
