"""How precisely three processes on one database keep one credential's rate."""

import pytest
from measuring import say, size
from postgres_server import Server
from processes import Desk
from rate_spenders import RATE_PER_S, spent

from bulk_orders.marketplace.token import SHORTEST_LIFE_S, renew_after_s


@pytest.mark.benchmark
def test_one_rate_of_three_processes(desk: Desk, postgres: Server) -> None:
    seconds = size("RATE_SECONDS", 60)
    # Orders that have to wait for a sign-in lose their slots, so that more sign-ins than there are would count as slowness.
    often_s = renew_after_s(SHORTEST_LIFE_S)
    mean_per_s, practice = spent(desk, postgres, processes=3, for_s=seconds, sign_in_every_s=often_s)
    stats = practice.stats()
    say(
        f"three processes, {RATE_PER_S}/s for all of them, {seconds} s of orders and reads, signing in every {often_s:.0f} s",
        {
            "requests a second": f"{mean_per_s:.1f} (wanted: {0.98 * RATE_PER_S:.0f} to {1.02 * RATE_PER_S:.0f})",
            f"more than {RATE_PER_S + 3} in a second": f"{stats['throttled']} of {sum(stats['requests'].values()):,} (wanted: 0)",
        },
    )
