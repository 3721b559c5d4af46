"""Sending a chunk of a run's orders: the same work whether the run's own process does it or a worker elsewhere.

To a run that sends by itself all its orders are one chunk.
"""

import functools
import threading
from collections.abc import Mapping, Sequence

from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.settling import window_s
from bulk_orders.core.subscription_rows import AsPulled
from bulk_orders.errors import ExitCode
from bulk_orders.ledger.sharing import Content
from bulk_orders.sending.account_facts import AccountFacts
from bulk_orders.sending.breaker import NOT_READABLE, Breaker, CheapQuestion
from bulk_orders.sending.lookup import Resolver
from bulk_orders.sending.run_control import RunControl
from bulk_orders.sending.services import Services
from bulk_orders.sending.streak import Streak
from bulk_orders.sending.submission import Submission
from bulk_orders.sending.submission_settings import SubmissionSettings


def resolver_of(services: Services, facts: AccountFacts) -> Resolver:
    """Return what looks for the account's orders in doubt."""
    own_window_s = services.profile.window_s
    return Resolver(
        ledger=services.ledger,
        marketplace=services.marketplace,
        clock=services.clock,
        observer=services.observer,
        window_s=window_s(facts.lag_s) if own_window_s is None else own_window_s,
        adopting=services.adopting,
    )


class ChunkSender:
    """One process' sending for one run. The caller has the right to begin attempts."""

    def __init__(
        self,
        services: Services,
        run_id: str,
        *,
        resolver: Resolver,
        facts: AccountFacts,
        control: RunControl,
        streak: Streak | None = None,
    ) -> None:
        """Send nothing yet. `streak` is that of the run's chunks so far, where this process sent others."""
        self._services = services
        self._run_id = run_id
        self._resolver = resolver
        self._facts = facts
        self._control = control
        self._streak = streak
        self._breaker = self._new_breaker()
        self.pulled: Mapping[str, AsPulled] = {}
        """See `SubmissionSettings.pulled`; to be set before anything is sent."""

    def is_readable(self, customer_id: str) -> bool:
        """Wait until the marketplace can be read: where no lost answer could be looked for, nothing is sent."""
        self._breaker = self._new_breaker()
        ask = CheapQuestion(
            functools.partial(self._resolver.learn_their_time, customer_id),
            marketplace=self._services.marketplace,
            refused=lambda reason: self._control.end(reason, ExitCode.SETUP_WRONG),
        )
        self._breaker.trip(NOT_READABLE, ask)
        return self._breaker.wait_until_reset(self._control.stop) and not self._breaker.is_tripped

    def send(self, orders: Sequence[OrderRecord]) -> None:
        """Send `orders` until each is settled or the run is stopped; see `Submission.send_all`."""
        self._submission.send_all(orders)

    @functools.cached_property
    def _submission(self) -> Submission:
        """The one of all that it sends: equal failures in a row are counted over them."""
        services, profile = self._services, self._services.profile
        return Submission(
            run_id=self._run_id,
            ledger=services.ledger,
            marketplace=services.marketplace,
            resolver=self._resolver,
            limiter=services.limiter,
            breaker=self._breaker,
            workers=services.workers,
            clock=services.clock,
            jitter=services.jitter,
            observer=services.observer,
            control=self._control,
            settings=SubmissionSettings(
                workers=profile.workers,
                stop_after=profile.stop_after,
                shape=self._facts.shape,
                pulled=self.pulled,
            ),
            streak=self._streak,
        )

    def _new_breaker(self) -> Breaker:
        return Breaker(
            clock=self._services.clock,
            patience_s=self._services.profile.patience_s,
            give_up=lambda reason: self._control.end(reason, ExitCode.TRY_AGAIN_LATER),
            observer=self._services.observer,
        )


def send_chunk(services: Services, run_id: str, content: Content, streak: Streak) -> RunControl:
    """Send what is still to be sent of a chunk, and return whether and why the run is to end early.

    Equal failures in a row are counted in `streak`, over all chunks of the run that this process sends.

    What another process left in flight is in doubt from here, and looked for once; a run's own look-up at its end looks
    again. The account was read, and the orders enlisted, by the run that made the chunk. Raises what the ledger raises.
    """
    account = str(services.profile.account)
    control = RunControl(stop=services.stop)
    facts = AccountFacts(account, services.ledger)
    resolver = resolver_of(services, facts)
    orders = services.ledger.orders_by_key(content.keys).values()
    if any(order.state is State.IN_FLIGHT for order in orders):
        resolver.put_in_doubt(orders, run_id=run_id)
        orders = services.ledger.orders_by_key(content.keys).values()
    sender = ChunkSender(services, run_id, resolver=resolver, facts=facts, control=control, streak=streak)
    sender.pulled = content.pulled
    in_doubt = [order for order in orders if order.state is State.UNKNOWN]
    to_send = [order for order in orders if order.state is State.PENDING]
    resolver.look_up_all(in_doubt, settle_s=0.0, stop=threading.Event())
    if to_send and sender.is_readable(to_send[0].customer_id):
        sender.send(to_send)
    return control
