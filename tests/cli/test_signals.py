"""A signal that comes while the main thread holds a lock: what is done for it waits for that lock and never fails."""

import subprocess
import sys
from typing import Final

import pytest

PROGRAM: Final = """
import io, os, signal, sys, threading
from bulk_orders.cli.signals import SignalListener
from bulk_orders.cli.terminal import Terminal

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
SignalListener(stop, terminal, waits_for_orders=True).listen()
raw.left = int(sys.argv[1])
with stop.lock:
    terminal.say("a line")
assert stop.wait(30)
if sys.argv[1] == "2":
    threading.Event().wait(30)
terminal.say("the end")
"""


@pytest.mark.parametrize(
    ("signals", "code", "words"),
    [(1, 0, ["a line", "^C  Stopping", "the end"]), (2, 130, ["a line", "^C  Stopping", "Stopped at once."])],
)
def test_signals_in_the_middle_of_a_line_and_of_an_event(signals: int, code: int, words: list[str]) -> None:
    program = [sys.executable, "-c", PROGRAM, str(signals)]
    ended = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
    said = ended.stderr.splitlines()
    assert (ended.returncode, len(said)) == (code, len(words)), ended.stderr
    assert all(line.startswith(word) for line, word in zip(said, words, strict=True))
    assert ('"exit_code": 130' in ended.stdout) == (code == 130)


def test_a_third_signal_ends_a_process_whose_terminal_is_blocked() -> None:
    program = PROGRAM.replace("with stop.lock:", "stop.lock.acquire()\nif True:")
    ended = subprocess.run([sys.executable, "-c", program, "3"], capture_output=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (130, b"")


WATCHED: Final = """
import os, signal, sys, threading
from bulk_orders.cli.signals import SignalListener
from bulk_orders.cli.terminal import Terminal

stop = threading.Event()
terminal = Terminal(out=sys.stdout, err=sys.stderr, is_json=True)
SignalListener(stop, terminal, waits_for_orders=True, are_sent_elsewhere=True).listen()
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
