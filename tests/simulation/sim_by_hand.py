"""What people and the marketplace do beside the runs: in the panel, with another ledger, or when a term ends."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from sim_actions import asking_more
from sim_platform import LATEST_COMMIT_S, LONGEST_LAG_S
from sim_plot import PROFILE, Line

from bulk_orders.core.order_types import target_of

if TYPE_CHECKING:
    from sim_world import World

ALL_LISTED_S: Final = LATEST_COMMIT_S + LONGEST_LAG_S
"""After the last placing everybody sees all that was made."""
LOOKED_BACK_DAYS: Final = 28.0
LATEST_RENEWAL_S: Final = 11 * 86400.0


def before_all(world: "World") -> None:
    """What others ordered before the first run."""
    plot, platform = world.plot, world.platform
    for number in range(plot.strangers):
        platform.enter_by_hand("c1", f"PANEL-{number:04d}", "M9", number + 1)
    world.fate.counted["more orders of others than a page has"] += bool(plot.strangers)
    purchases = [line for line in world.lines if not line.subscription]
    if plot.wanted_before and purchases:
        line = purchases[0]
        world.fate.counted["the same was ordered before under its PO number"] += bool(line.po_number)
        platform.enter_by_hand(line.customer_id, line.po_number or "HAND-2", line.mpn, line.quantity)
    world.kernel.pass_time(LONGEST_LAG_S)


def until_all_is_listed(world: "World") -> None:
    left_s = world.platform.last_post_s + ALL_LISTED_S - world.kernel.now_s
    if left_s > 0:
        world.kernel.pass_time(left_s)


def order_by_hand(world: "World") -> None:
    """Somebody enters a row that was not ordered yet, and waits until everybody can see it."""
    until_all_is_listed(world)
    made = world.platform.made()
    missing = [line for line in world.lines if not made[line.tag]]
    if not missing:
        return
    line = world.rng.choice(missing)
    if not do_otherwise(world, line, line.po_number or "HAND-1"):
        return
    world.fate.counted["a row ordered by hand"] += 1
    world.fate.counted["a row ordered by hand under its PO number"] += bool(line.po_number)
    world.kernel.pass_time(LONGEST_LAG_S)


def do_otherwise(
    world: "World", line: Line, po_number: str, *, body: Mapping[str, Any] | None = None
) -> bool:
    """Do what a row asks for in the panel, or (with a body) as another ledger does; False where it cannot be done now.

    What is changed in the panel under another PO number than the row's is somebody else's, though it is as the row wants it.
    """
    is_done = _do_otherwise(world, line, po_number, body)
    if line.subscription and is_done:
        where = "in the panel" if body is None else "by another ledger"
        world.fate.counted[f"a row about a subscription is done {where}"] += 1
    return is_done


def _do_otherwise(world: "World", line: Line, po_number: str, body: Mapping[str, Any] | None) -> bool:
    platform = world.platform
    if line.action.startswith("auto_renew"):
        return platform.set_renewal(line.subscription, is_on=line.action == "auto_renew_on")
    tag = line.tag if not line.subscription or po_number == line.po_number else ""
    if body is None and line.action == "change_now":
        return platform.change_by_hand(line.subscription, line.quantity, po_number, tag)
    if body is None and line.subscription:
        return False
    if body is None:
        platform.enter_by_hand(line.customer_id, po_number, line.mpn, line.quantity, tag=tag)
        return True
    named = {**body, "products": body.get("products") or [{"subscriptionId": line.subscription}]}
    if platform.hindrance(named) is not None or platform.habits.adds_seats:
        return False
    held = platform.make(body, received_s=world.kernel.now_s)
    held.is_foreign = bool(
        line.subscription and line.po_number
    )  # as in the panel: a user's own PO number is no proof
    return True


def change_back(world: "World") -> None:
    """Somebody undoes in the panel what a row did, once everybody can see it; not where a row is in doubt about it, nor what another
    ledger did whose PO number cannot be recognised: nothing would be left to tell by that it was done.
    """
    platform, rng = world.platform, world.rng
    doubtful = {target_of(order.body) for order in world.disk.ledger.unsettled(str(PROFILE.account))}
    is_kept = platform.habits.po_mode == "kept"
    made = {
        done.tag
        for done in (*platform.orders.values(), *platform.settings)
        if is_kept or done.sent_by in world.disk.users
    }
    lines = [
        line
        for line in world.lines
        if line.subscription and line.tag in made and line.subscription not in doubtful
    ]
    if not lines:
        return
    line = rng.choice(lines)
    if line.action.startswith("auto_renew"):
        is_done = platform.set_renewal(line.subscription, is_on=line.action == "auto_renew_off")
    else:
        is_done = platform.change_by_hand(line.subscription, 16)
    world.fate.counted["what a row did is undone in the panel"] += is_done
    world.kernel.pass_time(LONGEST_LAG_S)


def inherit(world: "World") -> None:
    """Something happens to what one of our rows bought, in the marketplace's own order under the same PO number."""
    platform, rng = world.platform, world.rng
    bought = [held for held in platform.orders.values() if held.order_type == "sales" and held.tag]
    if not bought:
        return
    held = rng.choice(bought)
    (line,) = held.products
    number = 1000 + 2 * len(platform.orders)
    platform.enter_by_hand(
        held.customer_id,
        held.po_number,
        str(line["mpn"]),
        int(line["quantity"]),
        type=rng.choice(("renewal", "change", "cancellation")),
        subscriptionId=f"{held.customer_id}/{line['mpn']}/{number}",
    )
    world.fate.counted["an order of another type inherits a PO number"] += 1


def act_between(world: "World") -> None:
    """What happens to subscriptions; nothing is drawn where a history has none."""
    rng, plot, counted = world.rng, world.plot, world.fate.counted
    if plot.changes_back and rng.random() < plot.changes_back:
        until_all_is_listed(world)
        change_back(world)
    if plot.inherits and rng.random() < plot.inherits:
        inherit(world)
    if plot.asks_more and rng.random() < plot.asks_more:
        before, world.lines = world.lines, asking_more(world.lines, rng)
        counted["another row about the same subscription"] += world.lines != before
    left_s = plot.habits.renews_at_s - world.kernel.now_s
    if 0.0 < left_s < LATEST_RENEWAL_S and rng.random() < 0.1 and world.days_passed <= LOOKED_BACK_DAYS:
        counted["the renewal comes"] += 1
        world.kernel.pass_time(left_s + rng.choice((1.0, 1000.0)))
        world.days_passed += left_s / 86400.0
