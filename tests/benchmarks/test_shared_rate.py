"""How precisely three processes on one database keep one credential's rate."""

import pytest
from measuring import say, size
from postgres_server import Server
from processes import Desk
from rate_spenders import RATE_PER_S, spent


@pytest.mark.benchmark
def test_one_rate_of_three_processes(desk: Desk, postgres: Server) -> None:
    seconds = size("RATE_SECONDS", 20)
    mean_per_s, practice = spent(desk, postgres, processes=3, for_s=seconds)
    stats = practice.stats()
    say(
        f"three processes, {RATE_PER_S}/s for all of them, {seconds} s of orders, reads and sign-ins",
        {
            "requests a second": f"{mean_per_s:.1f} (wanted: {0.98 * RATE_PER_S:.0f} to {1.02 * RATE_PER_S:.0f})",
            f"more than {RATE_PER_S + 3} in a second": f"{stats['throttled']} of {sum(stats['requests'].values()):,} (wanted: 0)",
        },
    )
