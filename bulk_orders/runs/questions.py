"""Many questions to the marketplace at once: each distinct one asked once, side by side, at the pace of the profile.

A refusal is an answer: it is about the row that was asked about. What gets no answer is told of its row too, but where
nothing gets one any more, or a person has to do something first, asking ends with the failure itself.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from bulk_orders.errors import Interrupted, SetupError
from bulk_orders.marketplace.interface import ReadFailed
from bulk_orders.runs.kept_answers import KeptAnswers
from bulk_orders.sending.services import Services

GOES_ON: Final = "The same command goes on where it was, for four hours."
_LONGEST_STREAK: Final = 5
"""So many questions without an answer, one after the other, are an outage, unless one of their kind is answered then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked; `name` is the same for equal questions."""

    name: str
    ask: Callable[[], Any]
    """Returns a value of JSON. Raises `ReadFailed`."""
    is_kept: Callable[[Any], bool] = lambda _value: True
    """Whether an answer says that all is well, so that an interrupted check need not ask again when it goes on."""
    is_settled: bool = False
    """Whether the answer stays true for as long as the question is asked in these words."""

    @property
    def kind(self) -> str:
        """What is asked about: the first word of the name."""
        return self.name.partition(" ")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A value, or why there is none."""

    value: Any = None
    refusal: str = ""
    """The platform's own reason; what was asked about is wrong."""
    no_answer: str = ""
    """Why the platform could not say."""
    is_busy: bool = False
    """Whether that is so because an order for the subscription is in the way."""


Tell = Callable[[int, int], None]
"""Called with how many questions are answered, and how many there are as far as is known."""


class Asking:
    """The questions of one check, in as many rounds as it takes."""

    def __init__(self, services: Services, kept: KeptAnswers, tell: Tell) -> None:
        """Ask nothing yet."""
        self._services = services
        self._kept = kept
        self._tell = tell
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._streak = 0
        self._answered: dict[str, Question] = {}
        """Of each kind one that was answered, now or by an earlier command."""
        self._done = self._total = 0

    def ask(self, questions: Mapping[str, Question], *, then: int = 0) -> dict[str, Answer]:
        """Return the answer to each question, by the caller's keys. Raises `ReadFailed`, `SetupError`, `Interrupted`.

        `then` is how many more there may be afterwards.
        """
        found: dict[str, Answer] = {}
        waiting = iter(questions.items())
        self._total = self._done + len(questions) + then
        self._tell(self._done, self._total)

        def work() -> None:
            for key, question in self._still(waiting):
                try:
                    found[key] = self._answer(question)
                except BaseException:
                    self._ended.set()  # the others need not go on
                    raise
                self._count()

        self._services.workers.run([work] * min(self._services.profile.workers, len(questions)))
        if self._services.stop.is_set():
            raise Interrupted("Stopped; nothing was sent.", fix=GOES_ON)
        return found

    def _still(self, waiting: Iterator[tuple[str, Question]]) -> Iterator[tuple[str, Question]]:
        while not self._services.stop.is_set() and not self._ended.is_set():
            with self._lock:
                entry = next(waiting, None)
            if entry is None:
                return
            yield entry

    def _count(self) -> None:
        with self._lock:
            self._done += 1
            self._tell(self._done, self._total)

    def _answer(self, question: Question) -> Answer:
        kept = self._kept.answer(question.name)
        if kept is not None:
            self._answered[question.kind] = question
            return Answer(value=kept)
        try:
            value = question.ask()
        except ReadFailed as failure:
            return self._failed(question, failure)
        self._streak = 0
        self._answered[question.kind] = question
        if value is not None and question.is_kept(value):
            self._kept.keep(question.name, value, is_settled=question.is_settled)
        return Answer(value=value)

    def _failed(self, question: Question, failure: ReadFailed) -> Answer:
        if failure.is_refusal:
            self._streak = 0
            return Answer(
                refusal=failure.said or "it gives no reason (HTTP {status})".format(status=failure.status)
            )
        if failure.is_busy or failure.status == HTTPStatus.CONFLICT:
            self._streak = 0
            return Answer(no_answer=failure.said or failure.message, is_busy=failure.is_busy)
        self._streak += 1
        if failure.needs_setup:
            raise SetupError(failure.message, fix="`bulk-orders doctor` says what to set right.") from failure
        if self._streak >= _LONGEST_STREAK and not self._is_answering(question.kind):
            raise failure
        return Answer(no_answer=failure.message)

    def _is_answering(self, kind: str) -> bool:
        """Ask once more what was answered before: if it is again, the silence is about what was asked now, and no outage."""
        answered = self._answered.get(kind)
        if answered is None:
            return False
        try:
            answered.ask()
        except ReadFailed:
            return False
        self._streak = 0
        return True
