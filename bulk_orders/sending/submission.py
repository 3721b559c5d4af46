"""The loop: take an order, begin an attempt, send, record the verdict.

The attempt is on disk before its first byte is sent; the verdict is on disk before the next order of the same customer
is begun. It knows ports, not implementations, and decides nothing about answers: `core.verdict` does.
"""

import functools
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final, assert_never

from bulk_orders.core.lifecycle import AttemptRecord, OrderRecord, State, Step, step
from bulk_orders.core.order_types import target_of
from bulk_orders.core.pacing import backoff_s
from bulk_orders.core.reply import TAKEN_OVER, NoReply, Reply
from bulk_orders.core.verdict import Accepted, Expected, NotProcessed, NoVerdict, Rejected, Verdict, classify
from bulk_orders.errors import BulkOrdersError, ExitCode, MarketplaceDown
from bulk_orders.ledger.interface import Ledger, Superseded
from bulk_orders.machine.clock import Clock
from bulk_orders.marketplace.interface import Marketplace, ReadFailed
from bulk_orders.sending.attempts import accepted, ended, gave_up
from bulk_orders.sending.before_sending import FRESH_S
from bulk_orders.sending.breaker import ELSEWHERE, MARKETPLACE_TO_ANSWER, Breaker, CheapQuestion
from bulk_orders.sending.customer_queues import CustomerQueues
from bulk_orders.sending.doubtful_orders import DoubtfulOrders
from bulk_orders.sending.events import AttemptBegun, AttemptEnded, Observer, OrderSettled, Stopping, Throttled
from bulk_orders.sending.limiter import Limiter
from bulk_orders.sending.lookup import Resolver
from bulk_orders.sending.readiness import Readiness
from bulk_orders.sending.run_control import RunControl
from bulk_orders.sending.streak import Streak
from bulk_orders.sending.submission_settings import SubmissionSettings
from bulk_orders.sending.subscriptions import BUSY
from bulk_orders.sending.waits import waiting
from bulk_orders.sending.workers import Workers

SLOW_ANSWER_S: Final = 10.0
"""An answer that takes longer is told to be waited for."""
LONGEST_PAUSE_S: Final = 900.0
"""A marketplace that asks for so long a silence (the longest that is read, too) ends the run: it is resumed later."""


class _TakenOver(Exception):
    """The order's record was written by somebody else while our attempt was under way; theirs stands."""


class Submission:
    """One run's sending."""

    def __init__(
        self,
        *,
        run_id: str,
        ledger: Ledger,
        marketplace: Marketplace,
        resolver: Resolver,
        limiter: Limiter,
        breaker: Breaker,
        workers: Workers,
        clock: Clock,
        jitter: Callable[[], float],
        observer: Observer,
        control: RunControl,
        settings: SubmissionSettings,
        streak: Streak | None = None,
    ) -> None:
        """Take `jitter`, which gives numbers from 0 up to, not including, 1, and the `streak` so far, if there is one."""
        self._run_id = run_id
        self._ledger = ledger
        self._marketplace = marketplace
        self._resolver = resolver
        self._limiter = limiter
        self._breaker = breaker
        self._workers = workers
        self._clock = clock
        self._jitter = jitter
        self._tell = observer
        self._control = control
        self._settings = settings
        self._streak = streak or Streak(settings.stop_after)
        self._readiness = Readiness(
            ledger=ledger,
            marketplace=marketplace,
            resolver=resolver,
            clock=clock,
            observer=observer,
            on_silence=self._on_silence,
            stop=control.stop,
            pulled=settings.pulled,
        )
        self._doubtful = DoubtfulOrders(resolver)
        self._tries: Counter[str] = Counter()
        """By order key, attempts of this run; an order's own count goes on from run to run."""
        self._renewed: set[str] = set()
        self._lock = threading.Lock()

    def send_all(self, orders: Sequence[OrderRecord]) -> None:
        """Send `orders` (all PENDING, in row order) until each is settled or the run is stopped.

        Raises what the ledger raises when it cannot record; then nothing more is sent.
        """
        if not orders:
            return
        queues = CustomerQueues(orders, self._clock)
        workers = max(1, min(self._settings.workers, len(orders)))
        try:
            self._workers.run([functools.partial(self._work, queues)] * workers)
        finally:
            self._readiness.close()

    def _work(self, queues: CustomerQueues) -> None:
        try:
            while (order := queues.take(self._control.stop)) is not None:
                stop = self._control.stop
                if not self._breaker.is_tripped and (found := self._doubtful.find_one()):
                    self._tell(OrderSettled(sheet_row=found.sheet_row, state=State.ACCEPTED))
                    queues.found(found)
                if not self._breaker.wait_until_reset(stop, is_cautious=True):
                    queues.again(order)
                    return
                if not self._readiness.may_go(order, queues):
                    continue
                ready_s = self._clock.monotonic()
                if not (self._breaker.wait_until_reset(stop, order.key) and self._limiter.wait_turn(stop)):
                    queues.again(order)
                    return
                if self._limiter.is_alarmed():
                    self._breaker.trip(ELSEWHERE, self._question(order))
                if self._breaker.is_tripped:
                    queues.again(order)  # it tripped while we waited for our turn
                    continue
                was_made = False
                try:
                    if self._is_ready_still(order, ready_s, queues):
                        was_made = True
                        self._attempt(order, queues)
                finally:
                    self._breaker.attempt_over(order.key, was_made=was_made)
        except BaseException as error:
            # Whatever it was, an order may be half told: nobody sends on from here.
            code = error.exit_code if isinstance(error, BulkOrdersError) else ExitCode.BUG
            self._end(str(error) or type(error).__name__, code)
            raise

    def _is_ready_still(self, order: OrderRecord, ready_s: float, queues: CustomerQueues) -> bool:
        """Compare a subscription once more where its order's turn was long in coming; it is sent right after, so nobody starves."""
        is_old = bool(target_of(order.body)) and self._clock.monotonic() - ready_s >= FRESH_S
        return not is_old or self._readiness.may_go(order, queues)

    def _attempt(self, order: OrderRecord, queues: CustomerQueues) -> None:
        self._streak.begin(order.key)
        begun_at = self._clock.now()
        started_s = self._clock.monotonic()
        begun = step(
            order,
            Step.BEGUN,
            attempts=order.attempts + 1,
            sent_at=self._resolver.marketplace_now(),
            run_id=self._run_id,
        )
        attempt = AttemptRecord(
            key=order.key,
            run_id=self._run_id,
            sheet_row=order.sheet_row,
            number=begun.attempts,
            begun_at=begun_at,
        )
        try:
            self._ledger.advance(order, begun, Step.BEGUN, at=begun_at, attempt=attempt)
        except Superseded:
            queues.settled(order)  # somebody else took it up; the ledger tells what came of it
            return
        self._tell(AttemptBegun(sheet_row=order.sheet_row, number=begun.attempts))
        if why := self._why_not_sent(started_s):
            verdict: Verdict = NotProcessed(reason=why, code="S-DOWN")
            answer: Reply | NoReply | None = None
        else:
            self._limiter.sending()
            answer = self._placed(begun)
            expected = Expected(customer_id=begun.customer_id, marker=begun.marker)
            verdict = classify(answer, expected, now=self._clock.now())
            verdict = self._readiness.weighed(begun, answer, verdict)
        try:
            self._settle(begun, ended(attempt, answer, verdict, self._clock), verdict, queues)
        except _TakenOver:
            self._readiness.settled(begun)
            queues.settled(begun)

    def _why_not_sent(self, started_s: float) -> str:
        """Say why an attempt on disk is too late to be sent; empty when it is not."""
        if self._clock.monotonic() - started_s > self._settings.send_deadline_s:
            return "Not sent: this computer was suspended before sending."
        return "" if self._ledger.may_send() else TAKEN_OVER

    def _placed(self, begun: OrderRecord) -> Reply | NoReply:
        with waiting(
            self._tell, self._clock, "the answers to orders that were sent", told_after_s=SLOW_ANSWER_S
        ):
            return self._readiness.sent(begun, self._settings.shape)

    def _settle(
        self, begun: OrderRecord, attempt: AttemptRecord, verdict: Verdict, queues: CustomerQueues
    ) -> None:
        self._tell(
            AttemptEnded(
                sheet_row=begun.sheet_row,
                number=attempt.number,
                verdict=attempt.verdict,
                http_status=attempt.http_status,
                reason=attempt.reason,
                correlation_id=attempt.correlation_id,
                elapsed_s=((attempt.ended_at or attempt.begun_at) - attempt.begun_at).total_seconds(),
            )
        )
        match verdict:
            case Accepted():
                self._record(begun, accepted(begun, verdict, self._clock.now()), Step.ACCEPTED, attempt)
                self._after(begun, State.ACCEPTED, "", queues)
            case Rejected():
                after = step(begun, Step.REJECTED, code="S-DECLINED", message=verdict.words)
                self._record(begun, after, Step.REJECTED, attempt)
                self._after(begun, State.REJECTED, verdict.words, queues)
            case NotProcessed():
                self._settle_not_processed(begun, attempt, verdict, queues)
            case NoVerdict():
                self._settle_no_verdict(begun, attempt, verdict, queues)
            case _ as never:
                assert_never(never)

    def _after(self, order: OrderRecord, state: State, failure: str, queues: CustomerQueues) -> None:
        with self._lock:
            self._renewed.clear()  # orders get verdicts, so the sign-in is good
        self._tell(OrderSettled(sheet_row=order.sheet_row, state=state))
        self._end_streak(self._streak.count(failure))
        self._readiness.settled(order)
        queues.settled(order)

    def _settle_not_processed(
        self, begun: OrderRecord, attempt: AttemptRecord, verdict: NotProcessed, queues: CustomerQueues
    ) -> None:
        with self._lock:
            self._tries[begun.key] += 1
            tries = self._tries[begun.key]
        wait_s = max(verdict.wait_s or 0.0, backoff_s(tries, jitter=self._jitter()))
        after = step(
            begun,
            Step.NOT_PROCESSED,
            code=verdict.code,
            message=verdict.reason,
            not_before=self._clock.now() + timedelta(seconds=wait_s),
        )
        after = self._record(begun, after, Step.NOT_PROCESSED, attempt)
        if verdict.pauses_everyone:
            self._pause(begun, wait_s)
        if verdict.renews_token:
            wait_s = 0.0
            self._renew_token(begun)
        else:
            with self._lock:
                # Only two refusals in a row mean that the sign-in is no good.
                self._renewed.discard(begun.key)
        if verdict.stops_run:
            self._end(verdict.reason, ExitCode.SETUP_WRONG)
        if verdict.code == "S-DOWN":
            # An outage is waited for at the breaker, by everybody, and is no row's fault.
            tries, wait_s = 0, 0.0
            self._trip(verdict.reason, self._question(begun))
        if tries < self._settings.max_attempts:
            queues.again(after, wait_s)
        elif verdict.code == "S-RATE":
            queues.again(after, wait_s)
            self._end("The marketplace keeps asking us to slow down.", ExitCode.TRY_AGAIN_LATER)
        else:
            code = BUSY if verdict.code == BUSY else "S-GAVE-UP"
            if not gave_up(self._ledger, after, self._clock.now(), code=code):
                raise _TakenOver
            self._after(after, State.GAVE_UP, verdict.reason, queues)

    def _renew_token(self, order: OrderRecord) -> None:
        """Renew the token. A refusal ends the run, and every row says so; without an answer the breaker waits."""
        with self._lock:
            is_second = order.key in self._renewed
            self._renewed.add(order.key)
        if is_second:
            self._end("The marketplace keeps refusing our sign-in (HTTP 401).", ExitCode.SETUP_WRONG)
            return
        try:
            self._marketplace.renew_token()
        except MarketplaceDown as error:
            with self._lock:
                self._renewed.discard(order.key)
            self._trip(error.message, self._signs_in)

    def _signs_in(self) -> bool:
        try:
            self._marketplace.sign_in()
        except MarketplaceDown:
            return False
        return True

    def _settle_no_verdict(
        self, begun: OrderRecord, attempt: AttemptRecord, verdict: NoVerdict, queues: CustomerQueues
    ) -> None:
        message = " ".join(filter(None, (verdict.reason, verdict.words)))
        unknown = step(
            begun,
            Step.NO_VERDICT,
            code="S-NO-ANSWER",
            message=message,
            doubtful_at=None,
            absent_reads=0,
        )
        unknown = self._record(begun, unknown, Step.NO_VERDICT, attempt)
        if verdict.stops_run:
            self._end(verdict.reason, ExitCode.SETUP_WRONG)
        if verdict.wait_s is not None:
            self._pause(begun, verdict.wait_s)
        self._trip(verdict.reason, self._question(begun))
        if self._is_found(unknown):
            self._after(begun, State.ACCEPTED, "", queues)
            return
        self._tell(OrderSettled(sheet_row=begun.sheet_row, state=State.UNKNOWN))
        self._end_streak(self._streak.count_doubt(begun.key, verdict.reason))
        self._doubtful.add(unknown)
        queues.doubtful(begun)

    def _is_found(self, unknown: OrderRecord) -> bool:
        """Look at once; a reading that succeeds, whatever it shows, says that the marketplace answers."""
        with waiting(self._tell, self._clock, MARKETPLACE_TO_ANSWER):
            try:
                is_found = self._resolver.look_up(unknown, must_read=True)
            except ReadFailed:
                return False
        self._breaker.reset(is_cautious=not is_found)
        return is_found

    def _on_silence(self, order: OrderRecord, reason: str) -> None:
        self._breaker.trip(reason, self._question(order))

    def _question(self, order: OrderRecord) -> CheapQuestion:
        return CheapQuestion(
            functools.partial(
                self._marketplace.list_orders, customer_id=order.customer_id, created_from=order.sent_at
            ),
            marketplace=self._marketplace,
            refused=lambda reason: self._end(reason, ExitCode.SETUP_WRONG),
        )

    def _trip(self, reason: str, ask: Callable[[], bool]) -> None:
        """Let no order begin here until the marketplace answers, nor at other processes until it answers them."""
        self._breaker.trip(reason, ask)
        self._limiter.alarm()

    def _record(
        self, before: OrderRecord, after: OrderRecord, what: Step, attempt: AttemptRecord
    ) -> OrderRecord:
        after = replace(after, http_status=attempt.http_status, correlation_id=attempt.correlation_id)
        try:
            self._ledger.advance(
                before, after, what, at=self._clock.now(), attempt=attempt, note=attempt.reason
            )
        except Superseded:
            # Another process took us for dead. What we learnt is recorded anyway if it is proof of purchase.
            if what is not Step.ACCEPTED:
                raise _TakenOver from None
            self._resolver.record_purchase(after, note="reported late by the attempt itself")
        return after

    def _pause(self, order: OrderRecord, wait_s: float) -> None:
        if wait_s >= LONGEST_PAUSE_S:
            self._end(
                "The marketplace asks us to wait for {minutes:.0f} minutes or more.".format(
                    minutes=wait_s / 60
                ),
                ExitCode.TRY_AGAIN_LATER,
            )
            return
        self._tell(Throttled(sheet_row=order.sheet_row, wait_s=wait_s, attempt_number=order.attempts))
        self._limiter.throttle(wait_s)

    def _end_streak(self, why: str) -> None:
        if why:
            self._end(why, ExitCode.TRY_AGAIN_LATER)

    def _end(self, reason: str, exit_code: ExitCode) -> None:
        self._control.end(reason, exit_code)
        self._tell(Stopping(reason=self._control.reason))
