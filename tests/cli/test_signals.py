"""A signal that comes while the main thread holds a lock: what is done for it waits for that lock and never fails."""

import os
import subprocess
import sys
from typing import Final

import pytest

from bulk_orders.cli.signals import InFlight
from bulk_orders.core.lifecycle import State
from bulk_orders.sending.events import AttemptBegun, AttemptEnded, OrderSettled

PROGRAM: Final = """
import io, os, signal, sys, threading
from bulk_orders.cli.signals import InFlight, SignalListener
from bulk_orders.cli.terminal import Terminal
from bulk_orders.sending.events import AttemptBegun

class Interrupted(io.RawIOBase):
    '''A stream in whose writing a signal comes, as often as it is told to.'''
    left = 0
    def writable(self): return True
    def write(self, data):
        while self.left:
            self.left -= 1
            os.kill(os.getpid(), signal.SIGINT)
        return os.write(2, data)

class Held(threading.Event):
    lock = threading.Lock()
    def set(self):
        with self.lock:
            super().set()

raw, stop = Interrupted(), Held()
err = io.TextIOWrapper(io.BufferedWriter(raw), encoding="utf-8")
terminal = Terminal(out=sys.stdout, err=err, is_json=True)
in_flight = InFlight()
for row in range(int(sys.argv[2])):
    in_flight(AttemptBegun(sheet_row=row, number=1))
SignalListener(stop, terminal, in_flight, waits_for_orders=True).listen()
raw.left = int(sys.argv[1])
with stop.lock:
    terminal.say("a line")
assert stop.wait(30)
if sys.argv[1] == "2":
    threading.Event().wait(30)
terminal.say("the end")
"""


ASKED: Final = """
import os, signal, sys, threading
from bulk_orders.cli.signals import InFlight, SignalListener
from bulk_orders.cli.terminal import Terminal

terminal = Terminal(out=sys.stdout, err=sys.stderr)
listener = SignalListener(threading.Event(), terminal, InFlight(), waits_for_orders=True)
listener.listen()
threading.Timer(0.5, os.kill, (os.getpid(), getattr(signal, sys.argv[1]))).start()
try:
    listener.ask("Type 3:")
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_at_a_question_ends_it_at_once(name: str) -> None:
    person, program = os.openpty()
    try:
        ended = subprocess.run(
            [sys.executable, "-c", ASKED, name], stdin=program, capture_output=True, timeout=20, check=False
        )
    finally:
        os.close(person)
        os.close(program)
    assert (ended.returncode, ended.stderr) == (130, b"Type 3:\n")


def test_who_stops_at_once_before_anything_was_sent_hears_that() -> None:
    program = PROGRAM.replace("    in_flight(AttemptBegun(sheet_row=row, number=1))", "    pass")
    command = [sys.executable, "-c", program, "2", "0"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.stderr.splitlines()[-1] == "Stopped at once. Nothing was sent."


@pytest.mark.parametrize(
    ("signals", "code", "words"),
    [(1, 0, ["a line", "^C  Stopping", "the end"]), (2, 130, ["a line", "^C  Stopping", "Stopped at once."])],
)
def test_signals_in_the_middle_of_a_line_and_of_an_event(signals: int, code: int, words: list[str]) -> None:
    program = [sys.executable, "-c", PROGRAM, str(signals), "0"]
    ended = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
    said = ended.stderr.splitlines()
    assert (ended.returncode, len(said)) == (code, len(words)), ended.stderr
    assert all(line.startswith(word) for line, word in zip(said, words, strict=True))
    assert ('"exit_code": 130' in ended.stdout) == (code == 130)


def test_a_third_signal_ends_a_process_whose_terminal_is_blocked() -> None:
    program = PROGRAM.replace("with stop.lock:", "stop.lock.acquire()\nif True:")
    ended = subprocess.run(
        [sys.executable, "-c", program, "3", "0"], capture_output=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout) == (130, b"")


@pytest.mark.parametrize(
    ("in_flight", "words"),
    [
        (0, "^C  Stopping; no order is in flight …"),
        (1, "^C  Stopping after the order in flight …"),
        (3, "^C  Stopping after the 3 orders in flight …"),
    ],
)
def test_the_first_signal_says_how_many_orders_are_in_flight(in_flight: int, words: str) -> None:
    program = [sys.executable, "-c", PROGRAM, "1", str(in_flight)]
    ended = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
    assert ended.stderr.splitlines()[1].startswith(words)


def test_an_order_is_in_flight_from_its_attempt_to_its_answer() -> None:
    in_flight = InFlight()
    for row in (4, 5, 6):
        in_flight(AttemptBegun(sheet_row=row, number=1))
    assert len(in_flight) == 3

    in_flight(
        AttemptEnded(
            sheet_row=4,
            number=1,
            verdict="accepted",
            http_status=201,
            reason="",
            correlation_id="",
            elapsed_s=0.1,
        )
    )
    in_flight(OrderSettled(sheet_row=4, state=State.ACCEPTED))
    in_flight(OrderSettled(sheet_row=5, state=State.UNKNOWN))
    assert len(in_flight) == 1


STOPPING: Final = """
import os, signal, sys, threading
from bulk_orders.cli.signals import InFlight, SignalListener
from bulk_orders.cli.terminal import Terminal

stop = threading.Event()
stop.set()
listener = SignalListener(stop, Terminal(out=sys.stdout, err=sys.stderr), InFlight(), waits_for_orders=True)
listener.listen()
os.kill(os.getpid(), signal.SIGINT)
listener.close()
"""


def test_the_first_signal_to_a_run_that_stops_by_itself_ends_nothing_at_once() -> None:
    program = [sys.executable, "-c", STOPPING]
    ended = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr.startswith("^C  Stopping;")) == (0, True), ended.stderr


WATCHED: Final = """
import os, signal, sys, threading
from bulk_orders.cli.signals import InFlight, SignalListener
from bulk_orders.cli.terminal import Terminal

stop = threading.Event()
terminal = Terminal(out=sys.stdout, err=sys.stderr, is_json=True)
SignalListener(stop, terminal, InFlight(), waits_for_orders=True, are_sent_elsewhere=True).listen()
for _ in range(3):
    os.kill(os.getpid(), signal.SIGINT)
    assert stop.wait(30)
    stop.clear()
    terminal.say("asked")
os.kill(os.getpid(), signal.SIGINT)
assert stop.wait(30)
os.kill(os.getpid(), signal.SIGINT)
threading.Event().wait(30)
"""


def test_where_orders_are_sent_elsewhere_each_signal_that_was_dealt_with_is_followed_by_a_first_one() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", WATCHED], capture_output=True, text=True, timeout=60, check=False
    )
    said = ended.stderr.splitlines()
    assert (ended.returncode, said[:3], len(said)) == (130, ["asked"] * 3, 4), ended.stderr
    assert said[3].startswith("Stopped watching at once. Workers may go on")
    assert '"exit_code": 130' in ended.stdout
