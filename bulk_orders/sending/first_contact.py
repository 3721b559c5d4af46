"""First contact with an account: free estimates tell how it wants its orders, before the first of them is placed.

Learnt are the spelling of the PO number's key and how much of a PO number is kept, where the commitment stands, and whether a
product line must name its vendor (findings O5 and P10). Nothing is ordered here: an estimate has the shape of an order and
makes none. What estimates cannot tell is left as it was, and the first order shows it (`sending.canary`).
"""

import itertools
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final

from bulk_orders.core.body_shape import BodyShape, shaped, shapes, with_po_number
from bulk_orders.core.identity import MARKER_LENGTH, SHORTEST_MARKER, is_cut, is_marker_of, marker
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.offers import Asked, Offer, is_ambiguous, matching, of_vendor, offer_of
from bulk_orders.core.order_types import target_of
from bulk_orders.core.validation import asked_of, validation_request
from bulk_orders.core.vendors import is_microsofts
from bulk_orders.errors import SetupError
from bulk_orders.marketplace.interface import Estimate, ReadFailed
from bulk_orders.sending.account_facts import SPELLINGS, AccountFacts
from bulk_orders.sending.canary import NO_LOOKING_UP, PO_NUMBER_CHANGED
from bulk_orders.sending.events import AccountLearnt
from bulk_orders.sending.services import Services
from bulk_orders.sending.waits import waiting

ORDERS_LOOKED_AT: Final = 500
"""Maximum orders among which different ones are looked for."""
PRODUCTS_LOOKED_UP: Final = 8
"""Maximum products looked up in search of one that is sold for several commitments: with it alone their place can be told."""
ORDERS_TRIED: Final = 3
"""Maximum orders that are estimated in search of one that the account takes in some shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """An order to ask about."""

    order: OrderRecord
    body: dict[str, Any]
    vendor: str = ""
    """How the catalogue spells the vendor that a line without one means; empty where it does not tell."""
    is_telling: bool = False
    """Its product is sold for several commitments, so that the account has to understand the one that is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """An estimate that the account took."""

    subject: _Subject
    shape: BodyShape
    estimate: Estimate
    sent: str
    """The PO number in it; empty where it was asked without one."""


class FirstContact:
    """Asks one account, for one run or one check."""

    def __init__(self, services: Services, account: str) -> None:
        """Ask nothing yet."""
        self._facts = AccountFacts(account, services.ledger)
        self._marketplace = services.marketplace
        self._clock = services.clock
        self._tell = services.observer
        self._allow_unmarked = services.profile.allow_unmarked

    def make(self, orders: Sequence[OrderRecord], *, before: Collection[OrderRecord] = ()) -> None:
        """Learn what is not known yet, or what a refusal contradicts; `before` are the same orders as they were refused.

        Raises `SetupError` where no order could be sent well: then nothing was sent.
        """
        orders = [
            order for order in orders if not target_of(order.body)
        ]  # their product is told by a subscription
        doubted = {
            order.key for order in before if order.state is State.REJECTED and is_ambiguous(order.message)
        }
        if not orders or (self._facts.is_known and not doubted):
            return
        first = sorted(orders, key=lambda order: order.key not in doubted)
        known = dict(self._facts.learnt())
        # After "Waiting for ".
        with waiting(
            self._tell,
            self._clock,
            "the marketplace to say how this account wants its orders; nothing is ordered",
        ):
            said = self._asked(first)
        if said or known != self._facts.learnt():
            self._tell(
                AccountLearnt(
                    said=said
                    or "Learnt about this account by free estimates: {facts}.".format(
                        facts="; ".join(said_of(self._facts))
                    )
                )
            )

    def _asked(self, orders: Sequence[OrderRecord]) -> str:
        """Ask and remember; return why nothing could be learnt."""
        refusals: list[str] = []
        try:
            for subject in itertools.islice(self._subjects(orders), ORDERS_TRIED):
                taken = self._taken(subject, refusals)
                if taken is not None:
                    # What stops this run is asked first: an account counts as known only after it.
                    self._learn_po_number(taken, orders)
                    self._remember(taken)
                    return ""
        except ReadFailed as failure:
            return (
                "What this account wants could not be asked: {reason} The first order will show it.".format(
                    reason=failure.message
                )
            )
        if refusals and all(map(is_ambiguous, refusals)) and not self._facts.is_known:
            raise SetupError(
                (
                    "The marketplace cannot tell which product the first orders mean, "
                    'wherever the commitment stands: "{said}" Nothing was sent.'
                ).format(said=refusals[0]),
                fix=(
                    "Name the vendor in the column Vendor, spelt as `bulk-orders catalog pull` lists it. If the account "
                    "wants another order body, give it in body_templates: `bulk-orders help settings`."
                ),
            )
        return (
            (
                "Nothing was learnt about this account: "
                'its estimates of the first orders were refused ("{said}").'
            ).format(said=refusals[0])
            if refusals
            else ""
        )

    def _subjects(self, orders: Sequence[OrderRecord]) -> Iterator[_Subject]:
        """Yield orders of different products: telling ones as they are found, the others after them."""
        different: dict[Asked, OrderRecord] = {}
        for order in orders[:ORDERS_LOOKED_AT]:
            for asked in asked_of(validation_request(json.loads(order.body)))[:1]:
                different.setdefault(replace(asked, quantity=0), order)
        others: list[_Subject] = []
        catalogue: dict[str, list[Offer]] = {}
        for asked, order in different.items():
            if asked.mpn not in catalogue:
                if len(catalogue) >= PRODUCTS_LOOKED_UP:
                    break
                entries = self._marketplace.list_products(mpn=asked.mpn)
                catalogue[asked.mpn] = [offer_of(entry) for entry in entries]
            subject = _subject(order, asked, catalogue[asked.mpn])
            if subject.is_telling:
                yield subject
            else:
                others.append(subject)
        yield from others

    def _taken(self, subject: _Subject, refusals: list[str]) -> _Taken | None:
        """Return the order as the account takes it: as it is, or in the first shape, without a PO number that may be in the way."""
        usual, sent = BodyShape(po_name=self._facts.po_name), subject.order.marker
        estimate = self._estimate(shaped(subject.body, usual), refusals)
        if estimate is not None:
            return _Taken(subject=subject, shape=usual, estimate=estimate, sent=sent)
        tried: list[dict[str, Any]] = []
        for shape in shapes(self._facts.po_name, subject.vendor):
            body = with_po_number(shaped(subject.body, shape), None)
            if body not in tried:
                tried.append(body)
                if (estimate := self._estimate(body, refusals)) is not None:
                    return _Taken(subject=subject, shape=shape, estimate=estimate, sent="")
        return None

    def _estimate(
        self, body: Mapping[str, Any], refusals: list[str], *, is_first: bool = True
    ) -> Estimate | None:
        """Return the estimate; None where the order was refused, whose reason is put to `refusals`.

        A refusal that came as an error of the server is asked about once more: a passing fault has words, too.
        """
        try:
            return self._marketplace.estimate(body)
        except ReadFailed as failure:
            if not _is_refusal(failure):
                raise
            if is_first and (failure.status or 0) >= HTTPStatus.INTERNAL_SERVER_ERROR:
                return self._estimate(body, refusals, is_first=False)
            refusals.append(failure.said or failure.message)
            return None

    def _remember(self, taken: _Taken) -> None:
        shape = taken.shape
        if taken.subject.is_telling or shape.period_place != "order":
            self._facts.remember(period_place=shape.period_place)
        names_its_own = any("vendor" in line for line in taken.subject.body["products"])
        if not names_its_own and shape.vendor != self._facts.shape.vendor:
            self._facts.remember(vendor=shape.vendor)

    def _learn_po_number(self, taken: _Taken, orders: Sequence[OrderRecord]) -> None:
        """Learn which spelling comes back, and how much of one of ours; an order that came back has told it better."""
        if self._facts.is_po_known:
            return
        ours = marker(taken.subject.order.key)
        for name in dict.fromkeys((taken.shape.po_name, *SPELLINGS)):
            told = [(taken.sent, taken.estimate)] if taken.sent and name == taken.shape.po_name else []
            if not told or len(taken.sent) < len(ours):
                told = [*self._with_our_number(taken, name, orders), *told]
            for sent, estimate in told:
                if estimate.po_number:
                    self._take_po_number(name, sent, estimate.po_number)
                    return

    def _with_our_number(
        self, taken: _Taken, name: str, orders: Sequence[OrderRecord]
    ) -> list[tuple[str, Estimate]]:
        """Ask with a PO number of ours, and if that is refused with the shortest."""
        body = shaped(taken.subject.body, replace(taken.shape, po_name=name))
        refusals: list[str] = []
        for longest in (MARKER_LENGTH, SHORTEST_MARKER):
            sent = marker(taken.subject.order.key, longest)
            estimate = self._estimate(with_po_number(body, sent), refusals)
            if estimate is not None:
                if refusals:
                    self._facts.remember(longest_po=str(longest))
                return [(sent, estimate)]
        if any(is_marker_of(order.key, order.marker) for order in orders):
            raise SetupError(
                (
                    "The marketplace refuses PO numbers as this program makes them: "
                    '"{said}" Nothing was sent.'
                ).format(said=refusals[0]),
                fix="Fill in PO numbers of your own, short enough, in the column PO number.",
            )
        return []

    def _take_po_number(self, name: str, sent: str, came_back: str) -> None:
        if not is_cut(came_back, sent):
            if not self._allow_unmarked:
                what = PO_NUMBER_CHANGED.format(sent=sent, came_back=came_back)
                raise SetupError(NO_LOOKING_UP.format(what=what))
            return
        cut = {} if came_back == sent else {"longest_po": str(len(came_back))}
        self._facts.remember(po_name=name, **cut)


def _subject(order: OrderRecord, asked: Asked, offers: Sequence[Offer]) -> _Subject:
    vendors = {offer.vendor for offer in matching(offers, asked) if offer.vendor}
    (vendor,) = vendors if len(vendors) == 1 and not asked.vendor else ("",)
    terms = {offer.term for offer in of_vendor(offers, asked.vendor) if offer.billing == asked.billing}
    return _Subject(
        order=order,
        body=json.loads(order.body),
        vendor=vendor if is_microsofts(vendor) else "",
        is_telling=len(terms) > 1 and asked.term in terms,
    )


def _is_refusal(failure: ReadFailed) -> bool:
    """Return whether the platform read the order and says no; it was seen to do so with HTTP 500, in its own words."""
    status = failure.status or 0
    is_in_words = bool(failure.said) and status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return is_in_words or (failure.is_refusal and status != HTTPStatus.METHOD_NOT_ALLOWED)


_PERIOD_PLACES: Final = {
    "order": "the commitment is sent with the order",
    "both": "the commitment is sent with the order and in the product line",
    "line": "the commitment is sent in the product line only",
}


def said_of(facts: AccountFacts) -> list[str]:
    """Say in a few words each what is known of an account."""
    shape = facts.shape
    said = []
    if facts.is_po_known:
        said.append('the PO number is sent as "{name}"'.format(name=shape.po_name))
    if facts.longest_po is not None:
        said.append("PO numbers have at most {length} characters".format(length=facts.longest_po))
    if facts.is_known:
        said.append(_PERIOD_PLACES[shape.period_place])
        said.append(
            'each product line names its vendor ("{vendor}")'.format(vendor=shape.vendor)
            if shape.vendor
            else "products need no vendor"
        )
    return said or ["nothing is known yet; the next run asks, by free estimates"]
