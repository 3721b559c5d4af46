"""The end of a history: nothing goes wrong any more, and people do what the program says is to be done next.

What is left undone after that is left undone for ever; a step that is refused, or changes nothing and is named again, was no
help.
"""

import re
from datetime import UTC, datetime
from typing import Any, Final

from sim_fate import RandomFate
from sim_kernel import EPOCH
from sim_people import cancel_surplus
from sim_plot import OTHER_LINE
from sim_world import World

MOST_STEPS: Final = 4
"""Next steps that are followed of one run."""
PAUSE_S: Final = 1000.0
"""Between two commands: a settle window, so that what can be decided is."""
_CAN_BE_DECIDED: Final = re.compile(r"after (\d\d-\w{3}-\d{4} \d\d:\d\d:\d\d) UTC")
"""How the rows in doubt say from when on; a list that was seen late makes the settle window longer than the pause."""


def heal(world: World, fate: RandomFate) -> None:
    """No more faults: each run is taken to its end, then the workbook is run until nothing changes.

    So is one that was run before the ledger was put back once more: a ledger knows the rows that it was given, and no others.
    """
    fate.is_kind = True
    world.platform.heals_at_s = world.kernel.now_s
    world.platform.partition_until_s = 0.0
    world.kernel.pass_time(1800.0)
    for run in reversed(world.disk.ledger.runs()):
        _follow_steps(world, run.run_id)
    for run in reversed(world.disk.ledger.runs()):
        world.start(world.audit(run.run_id))
        world.kernel.run()
    for is_last in (False, False, True):
        world.start(world.run_workbook(is_last=is_last))
        world.kernel.run()
        world.kernel.pass_time(PAUSE_S)
        if world.has_other_workbook and not is_last:
            world.run_to_the_end((OTHER_LINE,))
        _renew(world)


def _renew(world: World) -> None:
    """The day of what is scheduled comes, and somebody asks what became of it."""
    platform = world.platform
    left_s = platform.habits.renews_at_s - world.kernel.now_s
    if left_s <= 0.0 or not any(held.status == "scheduled" for held in platform.orders.values()):
        return
    world.fate.counted["the day of what is scheduled comes"] += 1
    world.kernel.pass_time(left_s + 86400.0)
    for run in reversed(world.disk.ledger.runs()):
        world.start(world.status(run.run_id))
        world.kernel.run()


def _follow_steps(world: World, run_id: str) -> None:
    """Do what the report of a run names first, as long as that changes something."""
    done: set[str] = set()
    for _ in range(MOST_STEPS):
        steps = [step for step in world.hear(run_id)["next"] if step not in done and _can_be_followed(step)]
        if not steps:
            return
        if not _follow(world, run_id, steps[0]):
            done.add(steps[0])


def _can_be_followed(step: str) -> bool:
    return step.split()[1] in {"resume", "audit", "resolve", "status"}


def _follow(world: World, run_id: str, step: str) -> bool:
    """Do one next step; whether it changed anything."""
    verb, name = step.split()[1:3]
    what: dict[str, Any] = {
        "resume": world.resume,
        "audit": world.audit,
        "resolve": world.decide,
        "status": world.status,
    }
    if verb == "audit":
        cancel_surplus(world)
    if verb == "resolve":
        _wait_until_it_can_be_decided(world, name)
    before = _kept(world, run_id)
    errors = len(world.refusals)
    world.start(what[verb](name))
    world.kernel.run()
    world.kernel.pass_time(PAUSE_S)
    after = _kept(world, run_id)
    steps = world.hear(run_id)["next"]
    # Where the marketplace does not keep what tells orders apart, only somebody who looks there can decide, and what comes
    # after that may have to wait for it, as the other orders of a new tenant do.
    is_for_a_person = verb == "status" or any("resolve" in named for named in steps)
    world.followed.append(
        {
            "step": step,
            "ended_by": "; ".join(world.refusals[errors:]),
            "before": before,
            "after": after,
            "is_named_again": not is_for_a_person and step in steps,
        }
    )
    return before != after


def _wait_until_it_can_be_decided(world: World, run_id: str) -> None:
    """Wait as the rows in doubt say: in the marketplace's time, which may not be ours."""
    fixes = " ".join(row["fix"] or "" for row in world.hear(run_id)["rows"])
    for moment in _CAN_BE_DECIDED.findall(fixes):
        decided = datetime.strptime(moment, "%d-%b-%Y %H:%M:%S").replace(tzinfo=UTC)
        decided_s = (decided - EPOCH).total_seconds() - world.platform.habits.skew_s
        world.kernel.pass_time(max(decided_s + 1.0 - world.kernel.now_s, 0.0))


def _kept(world: World, run_id: str) -> dict[str, str]:
    run = world.disk.ledger.run(run_id)
    orders = world.disk.ledger.orders_of_run(run_id)
    whole = str(run.audit_whole) if run else ""
    return {"compared": whole} | {key: f"{order.state} {order.code}" for key, order in orders.items()}
