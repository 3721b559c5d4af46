"""The list of orders that can still be cancelled says of each where it is: a live one costs money."""

import io
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from sending.sending_parts import NOW, order

from bulk_orders.cli.commands.cancellable import cancellable_json, say_cancellable
from bulk_orders.cli.terminal import Terminal
from bulk_orders.core.lifecycle import State


def test_live_and_practice_orders_are_told_apart() -> None:
    ordered = replace(order(1), state=State.ACCEPTED, accepted_at=NOW - timedelta(hours=1), order_id="900")
    practised = replace(ordered, run_id="other")
    out, err = io.StringIO(), io.StringIO()
    session: Any = SimpleNamespace(terminal=Terminal(out=out, err=err))

    say_cancellable(session, [ordered, practised], {ordered.run_id: "LIVE", "other": "PRACTICE"}, NOW)

    assert "the one with the least time left first" in err.getvalue()
    header, _, first, second = out.getvalue().splitlines()
    place = header.index("Where")
    assert (first[place:].split()[0], second[place:].split()[0]) == ("LIVE", "PRACTICE")
    assert cancellable_json(ordered, "LIVE")["environment"] == "LIVE"
