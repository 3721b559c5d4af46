"""Virtual time, and simulated processes whose threads are greenlets; one seed decides who goes next.

A port call is where a greenlet may be put aside: `Kernel.sleep` is the only way to let others run. A crashed process
never runs again: its greenlets are unwound with `Crashed`, and its ports are dead while they are. It knows nothing of
orders, ledgers or marketplaces.
"""

import hashlib
import heapq
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from greenlet import getcurrent, greenlet

EPOCH = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
MOST_EVENTS = 100_000
"""A history that needs more does not end."""
_LONGEST_STRETCH_S = 16.0


class Crashed(BaseException):
    """The process is no more."""


class Endless(Exception):
    """A history does not come to its end: a live-lock or a deadlock of the simulated program."""


@dataclass(slots=True, eq=False)
class Task:
    """One thread of a process."""

    process: "Process"
    run: greenlet
    ticket: int = 0
    """Of the wake-up that counts; older ones are void."""
    idle_waits: int = 0
    error: BaseException | None = None
    is_over: bool = False
    waited_for: list["Task"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Process:
    """One run of the program, with the machine it runs on."""

    name: str
    machine: "Machine"
    is_dead: bool = False
    paused_until_s: float = 0.0
    tasks: list[Task] = field(default_factory=list)
    stop: "Stop" = None  # type: ignore[assignment]
    moves: int = 0
    """Port calls made so far."""
    right: Any = None
    """The last one to begin attempts, where machines share a ledger."""


@dataclass(slots=True)
class Machine:
    """A computer with a wall clock that people and NTP may set."""

    name: str
    clock_off_s: float = 0.0


class Stop:
    """Stands in for the `threading.Event` that ends a run: setting it wakes all that wait for it."""

    def __init__(self, kernel: "Kernel") -> None:
        self._kernel = kernel
        self._is_set = False
        self.sleepers: set[Task] = set()

    def is_set(self) -> bool:
        return self._is_set

    def clear(self) -> None:
        self._is_set = False

    def set(self) -> None:
        self._is_set = True
        for task in sorted(self.sleepers, key=lambda sleeper: sleeper.ticket):
            self._kernel.wake(task)
        self.sleepers.clear()


class Kernel:
    """Runs what is due, in the order of virtual time."""

    def __init__(self, *, keeps_trace: bool = False) -> None:
        self.now_s = 0.0
        self._hub = getcurrent()
        self._due: list[tuple[float, int, Task | None, Callable[[], None] | None]] = []
        self._tickets = itertools.count(1)
        self.current: Task | None = None
        self._digest = hashlib.blake2b(digest_size=12)
        self.trace: list[str] | None = [] if keeps_trace else None
        self._doomed: list[Process] = []
        self._living = 0
        self.events = 0

    def tell(self, line: str) -> None:
        """Add to the history's trace; its digest tells whether two histories are the same."""
        text = f"{self.now_s:.3f} {line}\n"
        self._digest.update(text.encode())
        if self.trace is not None:
            self.trace.append(text)

    def digest(self) -> str:
        return self._digest.hexdigest()

    def call_later(self, seconds: float, what: Callable[[], None]) -> None:
        """Something the world does by itself, whatever processes live."""
        heapq.heappush(self._due, (self.now_s + seconds, next(self._tickets), None, what))

    def spawn(self, process: Process, what: Callable[[], None], *, after_s: float = 0.0) -> Task:
        task = Task(process=process, run=greenlet(lambda: self._live(task, what), parent=self._hub))
        process.tasks.append(task)
        self._living += 1
        self._schedule(task, self.now_s + after_s)
        return task

    def _live(self, task: Task, what: Callable[[], None]) -> None:
        try:
            what()
        except Crashed:
            pass
        except Exception as error:  # noqa: BLE001 - a task's outermost level: whoever waits for it hears of it
            task.error = error
        self._end(task)
        for other in task.waited_for:
            self.wake(other)

    def _end(self, task: Task) -> None:
        if not task.is_over:
            task.is_over = True
            self._living -= 1

    def _schedule(self, task: Task, at_s: float) -> None:
        task.ticket = next(self._tickets)
        heapq.heappush(self._due, (at_s, task.ticket, task, None))

    def wake(self, task: Task) -> None:
        if not task.is_over:
            self._schedule(task, self.now_s)

    def sleep(self, seconds: float) -> None:
        """The current task goes on `seconds` later, or never if its process dies meanwhile."""
        task = self.current
        if task is None:
            raise AssertionError("only a task can sleep")
        if task.process.is_dead:
            raise Crashed
        at_s = self.now_s + seconds
        if self._is_next(task, at_s):
            task.ticket = next(self._tickets)
            self.events += 1
            self.now_s = max(self.now_s, at_s)
            return
        self._schedule(task, at_s)
        self._switch(task)

    def _is_next(self, task: Task, at_s: float) -> bool:
        """Would the hub hand over to this very task? Then the way there and back is saved, a seventh of a history's time."""
        return (
            not self._doomed
            and task.process.paused_until_s <= at_s
            and self.events < MOST_EVENTS
            and (not self._due or at_s < self._due[0][0])
        )

    def block(self) -> None:
        """The current task goes on when somebody wakes it."""
        task = self.current
        if task is None or task.process.is_dead:
            raise Crashed
        task.ticket = 0
        self._switch(task)

    def _switch(self, task: Task) -> None:
        self._hub.switch()
        if task.process.is_dead:
            raise Crashed

    def crash(self, process: Process) -> None:
        """From now on the process does not exist. Raises `Crashed` when one of its own tasks is speaking."""
        if process.is_dead:
            return
        process.is_dead = True
        self._doomed.append(process)
        if self.current is not None and self.current.process is process:
            raise Crashed

    def pass_time(self, seconds: float) -> None:
        """Nobody runs the program; the world goes on."""
        until_s = self.now_s + seconds
        while self._due and self._due[0][0] <= until_s:
            at_s, _, _, what = heapq.heappop(self._due)
            self.now_s = max(self.now_s, at_s)
            if what is not None:
                what()
        self.now_s = until_s

    def run(self) -> None:
        """Until no process lives any more. What the world still has under way stays so."""
        while True:
            self._bury()
            if not self._living:
                return
            if not self._due:
                raise Endless("every task waits for another")
            at_s, ticket, task, what = heapq.heappop(self._due)
            if task is None:
                self.now_s = max(self.now_s, at_s)
                if what is not None:
                    what()
                continue
            if task.ticket != ticket or task.process.is_dead or task.is_over:
                continue
            if task.process.paused_until_s > at_s:
                self._schedule(task, task.process.paused_until_s)
                continue
            self.events += 1
            if self.events > MOST_EVENTS:
                raise Endless(f"more than {MOST_EVENTS} events")
            self.now_s = max(self.now_s, at_s)
            self.current = task
            task.run.switch()
            self.current = None

    def _bury(self) -> None:
        while self._doomed:
            process = self._doomed.pop()
            for task in process.tasks:
                if not task.run.dead:
                    self.current = task
                    if task.run:
                        task.run.throw(Crashed)
                    self.current = None
                self._end(task)

    def abandon(self) -> None:
        """Unwind whatever still sleeps, so that nothing of this history is left."""
        for _, _, task, _ in self._due:
            if task is not None and not task.process.is_dead:
                task.process.is_dead = True
                self._doomed.append(task.process)
        self._due.clear()
        self._bury()


class SimClock:
    """Time for one process: its machine's wall clock, and seconds that only go forward."""

    def __init__(self, kernel: Kernel, process: Process) -> None:
        self._kernel = kernel
        self._process = process

    def now(self) -> datetime:
        return EPOCH + timedelta(
            microseconds=int((self._kernel.now_s + self._process.machine.clock_off_s) * 1e6)
        )

    def monotonic(self) -> float:
        return self._kernel.now_s + 1000.0

    def wait(self, seconds: float, stop: Any) -> bool:
        if self._process.is_dead:
            raise Crashed
        if stop.is_set():
            return True
        if seconds <= 0:
            return False
        task = self._kernel.current
        if isinstance(stop, Stop) and task is not None:
            stop.sleepers.add(task)
            try:
                self._kernel.sleep(self._stretched(seconds))
            finally:
                stop.sleepers.discard(task)
        else:
            self._kernel.sleep(self._stretched(seconds))
        return bool(stop.is_set())

    def rest(self, changed: Any, seconds: float) -> None:
        """The caller holds `changed`, and has it again when this returns."""
        changed.release()
        try:
            if self._process.is_dead:
                raise Crashed
            self._kernel.sleep(self._stretched(max(seconds, 0.001)))
        finally:
            changed.acquire()

    def _stretched(self, seconds: float) -> float:
        """Waits of a glance are woken late, and later each time, while nothing else happens: the machine is slow."""
        task = self._kernel.current
        if task is None or seconds > 1.0:
            return seconds
        task.idle_waits += 1
        return seconds * min(2.0 ** (task.idle_waits // 2), _LONGEST_STRETCH_S / seconds)


class SimLock:
    """A lock that may be held across port calls: who waits for it lets the others run."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._owner: Task | None = None
        self._waiting: list[Task] = []

    def acquire(self) -> bool:
        task = self._kernel.current
        while self._owner is not None and not self._owner.process.is_dead:
            if task is None:
                raise AssertionError("only a task can wait for a lock")
            self._waiting.append(task)
            self._kernel.block()
        self._owner = task
        return True

    def release(self) -> None:
        self._owner = None
        waiting, self._waiting = self._waiting, []
        for task in waiting:
            self._kernel.wake(task)

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *error: object) -> None:
        self.release()


class SimCrew:
    """Runs tasks as greenlets of the caller's process."""

    def __init__(self, kernel: Kernel, process: Process) -> None:
        self._kernel = kernel
        self._process = process

    def run(self, tasks: Sequence[Callable[[], None]]) -> None:
        caller = self._kernel.current
        if caller is None:
            raise AssertionError("only a task has a workers")
        started = [
            self._kernel.spawn(self._process, task, after_s=0.0001 * n) for n, task in enumerate(tasks)
        ]
        for task in started:
            task.waited_for.append(caller)
        while not all(task.is_over for task in started):
            self._kernel.block()
        for task in started:
            if task.error is not None:
                raise task.error
