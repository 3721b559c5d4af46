"""Three processes with one credential keep one rate together, for orders, reads and sign-ins; the figures are a benchmark."""

import pytest
from postgres_server import Server
from processes import Desk
from rate_spenders import RATE_PER_S, spent

pytestmark = pytest.mark.long

_SIGN_IN_EVERY_S = 4.0


def test_three_processes_keep_one_rate_with_orders_reads_and_sign_ins(desk: Desk, postgres: Server) -> None:
    mean_per_s, practice = spent(
        desk, postgres, processes=3, for_s=2 * _SIGN_IN_EVERY_S, sign_in_every_s=_SIGN_IN_EVERY_S
    )
    stats = practice.stats()
    assert mean_per_s <= 1.02 * RATE_PER_S
    # A marketplace that stood still for a moment on a busy machine takes what came meanwhile for a crowd.
    assert stats["throttled"] < 0.02 * sum(stats["requests"].values()), stats
    assert {"POST /orders", "GET /orders/{id}"} <= set(stats["requests"])
    assert stats["requests"]["POST /token"] > 3
