"""A run that is killed again and again, and taken to its end as a person would."""

import random
import signal
import time

from processes import Desk, Ended, Practice

MOST_ROUNDS = 12


def killed(desk: Desk, dice: random.Random, *command: object, says: str) -> None:
    """Start a command and kill it a moment after it said something."""
    running = desk.start(*command)
    running.says(says)
    time.sleep(dice.uniform(0.2, 1.0))
    running.signal(signal.SIGKILL)
    assert running.wait().code == -signal.SIGKILL


def killed_once_taken(desk: Desk, practice: Practice, orders: int, *command: object) -> None:
    """Start a command and kill it once the marketplace has taken so many orders in all."""
    running = desk.start(*command)
    practice.has_taken(orders)
    running.signal(signal.SIGKILL)
    assert running.wait().code == -signal.SIGKILL


def settled(desk: Desk) -> Ended:
    """Resume the last run until nothing is in doubt; what is absent where it may be called so is sent again."""
    for _ in range(MOST_ROUNDS):
        ended = desk.run("resume", "last", "--json")
        if ended.code not in {5, 7}:
            break
        desk.run("resolve", "last")
        desk.run("resolve", "last", "--resend-absent", "--reason", "read three times")
    assert ended.json["counts"]["unknown"] == ended.json["counts"]["not_sent"] == 0
    return ended
