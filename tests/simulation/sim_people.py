"""What people do at the prompt, and on the marketplace beside the run: they order, in the panel or with another ledger."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import sim_orders
from sim_by_hand import do_otherwise
from sim_kernel import Process, SimClock
from sim_platform import LONGEST_LAG_S
from sim_plot import PROFILE, Line

from bulk_orders.core.lifecycle import OrderRecord, State, Step, step
from bulk_orders.sending.planning import Plan

if TYPE_CHECKING:
    from sim_world import World

LEAST_THOUGHT_S: Final = 31.0
"""Somebody who thinks longer than this sees what others ordered meanwhile."""


def give_up(world: "World") -> bool:
    """Whether somebody looks at what is proposed, and does not confirm it."""
    return not world.fate.is_kind and world.rng.random() < world.plot.gives_up


def confirmed(world: "World", process: Process, planned: Plan) -> Plan:
    """A person looks at what is proposed, thinks, and types how many are to be sent."""
    rng, fate = world.rng, world.fate
    if not planned.to_send or fate.is_kind or rng.random() >= world.plot.thinks:
        return planned
    fate.counted["a person thinks at the prompt"] += 1
    world.shown.append(world.lines)
    minutes_s = LEAST_THOUGHT_S + 600.0 * rng.random()
    # Where no lock works another process may be sending already, and nothing is read between its orders.
    if world.disk.lock_works and rng.random() < 0.6:
        order_meanwhile(world, planned.to_send, within_s=minutes_s)
        minutes_s += LONGEST_LAG_S  # what was ordered just now is seen by nobody, whoever looks
    world.kernel.sleep(minutes_s)
    if rng.random() < 0.2:
        fate.counted["a person sends only the first"] += 1
        return planned.only_first(1)
    return planned


def confirm_held(world: "World", run_id: str) -> None:
    """A person who knows what exists says of held rows whose order does not that they are meant."""
    if world.is_renamed:
        return
    ledger = world.disk.ledger
    rows_of = Counter(line.tag for line in world.lines)
    made = world.platform.made()
    by_key = {
        order.key: line.tag
        for line, order in zip(world.lines, sim_orders.orders_of(world.lines), strict=True)
    }
    for order in ledger.orders_of_run(run_id).values():
        tag = by_key.get(order.key, "")
        if order.state is State.HELD and tag and made[tag] == 0 and rows_of[tag] == 1:
            world.fate.counted["a held row is confirmed"] += 1
            ledger.advance(
                order,
                step(order, Step.CONFIRMED, code="", message=""),
                Step.CONFIRMED,
                at=SimClock(world.kernel, world.process()).now(),
            )


def order_meanwhile(world: "World", planned: Sequence[OrderRecord], *, within_s: float) -> None:
    """While somebody thinks, another person orders some of the rows: in the panel, or from another machine with its own ledger.

    Not those that equal a row in doubt: whose such an order is, nobody could tell.
    """
    rng = world.rng
    doubtful = {_content(order) for order in world.disk.ledger.unsettled(str(PROFILE.account))}
    rows_of = Counter(line.tag for line in world.lines)
    for order in planned:
        if rng.random() < 0.5 or _content(order) in doubtful:
            continue
        is_panel = rng.random() < 0.5
        world.kernel.call_later(
            within_s * rng.random(),
            lambda order=order, is_panel=is_panel: _order(world, order, rows_of, is_panel),
        )


def _content(order: OrderRecord) -> tuple[str, str, str]:
    return order.customer_id, order.mpn, str(order.quantity)


def _order(world: "World", order: OrderRecord, rows_of: Counter[str], is_panel: bool) -> None:
    platform = world.platform
    body = json.loads(order.body)
    line = line_of(world, order)
    made = platform.made()
    if made[line.tag] + platform.on_their_way[line.tag] >= rows_of[line.tag]:
        return  # they see in the panel that it is there, and do not order what was sent a moment ago
    po_number = "" if order.marker.startswith("BO") else order.marker
    if not do_otherwise(world, line, po_number or "HAND-3", body=None if is_panel else body):
        return
    world.fate.counted["ordered while a person thinks"] += 1
    world.fate.counted["a row ordered by hand"] += 1
    by = "in the panel" if is_panel else "by another ledger"
    world.fate.counted[f"ordered {by} while a person thinks"] += 1


def line_of(world: "World", order: OrderRecord) -> Line:
    """The row of an order that is about to be sent."""
    return next(
        line
        for lines in (world.lines, *reversed(world.shown))
        for line, known in zip(lines, sim_orders.orders_of(lines), strict=True)
        if known.key == order.key
    )


def cancel_surplus(world: "World") -> None:
    """Somebody who was told of orders that are there twice cancels all but one of each in the panel: one in error first."""
    orders = world.platform.orders
    for held in orders.values():
        together = {other for ids in world.alarms if held.order_id in ids for other in ids & orders.keys()}
        there = [orders[other] for other in sorted(together) if orders[other].status != "cancelled"]
        if held.is_replay and held in there and len(there) > 1:
            surplus = next((other for other in there if other.status == "error"), held)
            surplus.has_effect = surplus.has_effect and surplus.status != "scheduled"
            surplus.status = "cancelled"
            world.fate.counted["a surplus order is cancelled"] += 1


def rename_doubtful(world: "World") -> bool:
    """Somebody gives a row whose order is in doubt another reference: what they want is still one order."""
    doubtful = {order.key for order in world.disk.ledger.unsettled(str(PROFILE.account))}
    lines = list(world.lines)
    for place, (line, order) in enumerate(zip(lines, sim_orders.orders_of(world.lines), strict=True)):
        if order.key in doubtful and line.reference and not line.po_number:
            world.fate.counted["a row in doubt is given another reference"] += 1
            world.is_renamed = True
            lines[place] = replace(line, reference=f"{line.reference}-bis")
            world.lines = tuple(lines)
            return True
    return False


def knows_all(world: "World") -> bool:
    """Tell whether the ledger knows every row of the workbook."""
    keys = [order.key for order in sim_orders.orders_of(world.lines)]
    return len(world.disk.ledger.orders_by_key(keys)) == len(set(keys))
