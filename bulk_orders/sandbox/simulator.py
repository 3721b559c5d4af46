"""The practice marketplace without a network: state and rules of the platform behind one door, `handle`.

It models the platform by itself, from the published API description and what was seen of it, and shares no code with
the rest of the program, so that a mistake made there cannot hide here. It reads no clock and no disk: the time, the
randomness and the journal are passed in. It may be used from many threads.
"""

import functools
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from threading import Lock
from typing import Any, Final

from bulk_orders.sandbox.answers import GATEWAY_TIMEOUT, LOGIN_PAGE, AnswerWriter
from bulk_orders.sandbox.behaviour import Behaviour
from bulk_orders.sandbox.catalogue import Catalogue
from bulk_orders.sandbox.customers import practice_customers
from bulk_orders.sandbox.enquiries import Enquiries
from bulk_orders.sandbox.faults import AFTER, BEFORE, FATE_OF, READING, RENEWING, SLOW, FaultDice, FaultPlan
from bulk_orders.sandbox.gateway import Credentials, Gateway, too_many
from bulk_orders.sandbox.journal import Journal
from bulk_orders.sandbox.messages import Answer, Fault, RefusedError, Request
from bulk_orders.sandbox.orders import OrderBook, PlacedOrder, from_record, order_detail, to_record
from bulk_orders.sandbox.parameters import by_name, new_tenant_domain
from bulk_orders.sandbox.rules import Draft, Rulebook, parse_object

MAX_BODY_BYTES: Final = 1_048_576
"""Larger requests are answered 413."""

AUTHORITY: Final = "/auth"
"""The server that gives tokens with OAuth 2: its paths begin so here, and it has an address of its own."""
_SIGNING_IN: Final = ("POST", f"{AUTHORITY}/token")
_RENEWING: Final = ("PATCH", "/subscriptions/{id}")
_PLACING: Final = frozenset({("POST", "/token"), ("POST", "/orders"), _RENEWING})
_SETTING: Final = "setting"
"""Of a journal's record: the subscription of which something was set."""
_ROUTES: Final = _PLACING | Enquiries.CALLS.keys()
_PATHS: Final = frozenset(path for _, path in _ROUTES)
_NOT_FOUND: Final = "Not Found"
_SERVER_ERROR: Final = "Internal Server Error"


class Simulator:
    """A marketplace to practise on.

    `now` gives aware UTC; `records` are what a journal kept of an earlier life. A journal that fails to append keeps
    the order from being taken.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        rng: random.Random,
        behaviour: Behaviour | None = None,
        faults: FaultPlan | None = None,
        credentials: Credentials | None = None,
        journal: Journal | None = None,
        records: Iterable[dict[str, Any]] = (),
    ) -> None:
        self.behaviour = behaviour or Behaviour()
        self.customers = practice_customers()
        self.catalogue = Catalogue()
        self.requests: Counter[str] = Counter()
        """How often each route was asked for, as `POST /orders` or `GET /orders/{id}`."""
        self.answers: Counter[str] = Counter()
        """The same with the status, as `POST /orders 201`; with a fault of the connection also its kind."""
        self._now, self._journal = now, journal
        self._plan = faults or FaultPlan()
        self._dice = FaultDice(self._plan, rng)
        self._gateway = Gateway(
            credentials=credentials or Credentials(),
            rng=rng,
            sign_in=self.behaviour.sign_in,
            client_id=self.behaviour.client_id,
            token_lifetime_s=self.behaviour.token_lifetime_s,
            limit_per_s=self.behaviour.limit_per_s,
        )
        self._write = AnswerWriter(rng)
        self._book = OrderBook()
        self._taken: set[str] = set()
        self._rules = Rulebook(
            customers=self.customers,
            catalogue=self.catalogue,
            po_spelling=self.behaviour.po_spelling,
            period_place=self.behaviour.period_place,
            vendor_place=self.behaviour.vendor_place,
            po_kept=self.behaviour.po_kept,
            po_limit=self.behaviour.po_limit,
        )
        self._enquiries = Enquiries(
            behaviour=self.behaviour,
            customers=self.customers,
            catalogue=self.catalogue,
            rules=self._rules,
            book=self._book,
            taken=self._taken,
            dice=self._dice,
            list_lag_s=self._plan.list_lag_s,
            rng=rng,
        )
        self._lock = Lock()
        for record in records:
            if _SETTING in record:
                self._enquiries.holdings.set_renewal(record[_SETTING], record["renewalStatus"])
            else:
                self._keep(from_record(record, self.catalogue))

    @property
    def orders(self) -> list[dict[str, Any]]:
        """Every committed order, oldest first, as GET /orders/{id} shows it now.

        Besides: `fate`; `poNumber` is what the platform kept (None when it kept none), `created` the exact moment, `sent` the
        body as it arrived.
        """
        with self._lock:
            at, ageing = self._now(), self.behaviour.ageing
            return [
                {
                    **order_detail(order, at, ageing),
                    "poNumber": order.po_number,
                    "created": order.created,
                    "fate": order.fate,
                    "sent": order.sent,
                }
                for order in self._book.all
            ]

    @property
    def order_count(self) -> int:
        """How many orders were committed."""
        return len(self._book.all)

    @property
    def drafts_made(self) -> int:
        """How many drafts the validation of parameters has made."""
        return self._enquiries.validator.drafts_made

    @property
    def throttled(self) -> int:
        """How many requests were answered 429."""
        with self._lock:
            return sum(count for key, count in self.answers.items() if key.endswith(" 429"))

    @property
    def faults(self) -> Counter[str]:
        """How often each fault has struck."""
        with self._lock:
            return self._dice.struck.copy()

    def fail_next(self, name: str, times: int = 1) -> None:
        """Let the named fault strike at its next `times` occasions; raises `UsageError` for an unknown name."""
        with self._lock:
            self._dice.fail_next(name, times)

    def handle(self, request: Request) -> Answer:
        """Answer one request; takes at most one order."""
        with self._lock:
            at = self._now()
            path, item_id = _routed(request.path)
            route = f"{request.method} {path}"
            self.requests[route] += 1
            try:
                answer = self._answer(request, at, path, item_id)
            except RefusedError as refused:
                answer = self._write.refusal(request, at, refused)
            wire = f" {answer.fault.kind}" if answer.fault else ""
            self.answers[f"{route} {answer.status}{wire}"] += 1
            return answer

    def _answer(self, request: Request, at: datetime, path: str, item_id: str) -> Answer:
        if request.path.startswith(f"{AUTHORITY}/"):
            return self._write.json(200, self._granted(request, at), at)
        self._gateway.check_key(request.headers)
        self._gateway.check_rate(at)
        call = (request.method, path)
        if call not in _ROUTES:
            known = path in _PATHS
            raise RefusedError(
                405 if known else 404, "Request method is not supported." if known else _NOT_FOUND
            )
        if len(request.body) > MAX_BODY_BYTES:
            raise RefusedError(413, "The request body is too large.")
        if call == ("POST", "/orders"):
            return self._take(request, at, 201, self._placed)
        if call == _RENEWING:
            return self._take(request, at, 200, functools.partial(self._renewed, item_id))
        if call == ("POST", "/token"):
            return self._write.json(200, self._issue_token(request, at), at)
        if request.method == "GET":
            self._fail_reading()
        self._gateway.check_token(request.headers, at)
        return self._write.json(200, Enquiries.CALLS[call](self._enquiries, request, at, item_id), at)

    def _granted(self, request: Request, at: datetime) -> dict[str, str | int]:
        """Answer in the name of the server that gives tokens with OAuth 2; the gateway is not before it."""
        if (request.method, request.path) != _SIGNING_IN:
            raise RefusedError(404, _NOT_FOUND)
        self._gateway.check_form(request.headers, request.body)
        token = self._gateway.issue_token(at)
        return {
            "access_token": token["token"],
            "expires_in": token["expiresInSeconds"],
            "token_type": "Bearer",
        }

    def _issue_token(self, request: Request, at: datetime) -> dict[str, str | int]:
        self._gateway.check_basic(request.headers)
        _must_be_json(request)
        marketplace = parse_object(request.body).get("marketplace")
        if not isinstance(marketplace, str) or not marketplace.strip():
            raise RefusedError(400, "marketplace is required.")
        return self._gateway.issue_token(at)

    def _take(
        self,
        request: Request,
        at: datetime,
        status: int,
        act: Callable[[dict[str, Any], datetime], dict[str, Any]],
    ) -> Answer:
        """Do what the request asks for, once, and answer with what came of it; the faults of orders strike here."""
        early = self._dice.due(BEFORE)
        if early:
            return self._fail_early(request, at, early)
        self._gateway.check_token(request.headers, at)
        _must_be_json(request)
        answer = self._write.json(status, act(parse_object(request.body), at), at)
        if self._dice.due(SLOW):
            answer = replace(answer, fault=Fault(kind="slow", seconds=self._plan.slow_s))
        late = self._dice.due(AFTER)
        return self._fail_late(request, at, late, answer) if late else answer

    def _placed(self, body: dict[str, Any], at: datetime) -> dict[str, Any]:
        order = self._commit(self._enquiries.draft(body, at), body, at)
        return order_detail(order, at, self.behaviour.ageing)

    def _renewed(self, item_id: str, body: dict[str, Any], at: datetime) -> dict[str, Any]:
        found = self._enquiries.subscription(item_id, at)
        renews = body.get("renewalStatus")
        if not isinstance(renews, bool):
            raise RefusedError(400, "renewalStatus must be true or false.")
        if found["status"] != "active":
            raise RefusedError(
                400, "Subscription '{subscription_id}' is not active.".format(subscription_id=item_id)
            )
        if self._dice.due(RENEWING) is None:
            if self._journal:
                self._journal.append({_SETTING: item_id, "renewalStatus": renews})
            self._enquiries.holdings.set_renewal(item_id, renews)
        return self._enquiries.subscription(item_id, at)

    def _commit(self, draft: Draft, body: dict[str, Any], at: datetime) -> PlacedOrder:
        shaping = self._dice.shaping()
        order = PlacedOrder(
            number=len(self._book.all) + 1,
            created=self._book.not_before_last(at),
            customer_id=draft.customer.id,
            po_number=None if "po-dropped" in shaping else draft.po_number,
            po_key="ponumber" if "po-renamed" in shaping else "poNumber",
            fate=next((fate for name, fate in FATE_OF.items() if name in shaping), draft.fate),
            lines=draft.lines,
            attributes=draft.attributes,
            sent=body,
            order_type=draft.order_type,
            target=draft.target,
            before=draft.before,
            due=draft.due,
        )
        if self._journal:
            self._journal.append(to_record(order))
        self._keep(order)
        return order

    def _keep(self, order: PlacedOrder) -> None:
        if order.order_type == "change" and order.fate == "completed":
            # At Microsoft a change in the middle of a term deletes what is scheduled for its end.
            for other in list(self._book.acting_on(order.target)):
                if other.fate == "scheduled" and other.over_at(self.behaviour.ageing) > order.created:
                    self._book.cancel(other)
        self._book.add(order)
        domains = (new_tenant_domain(by_name(line.parameters)) for line in order.lines)
        self._taken.update(domain for domain in domains if domain)

    def _fail_reading(self) -> None:
        match self._dice.due(READING):
            case "read-429":
                raise too_many(self._plan.retry_after_s)
            case "read-500":
                raise RefusedError(500, _SERVER_ERROR)

    def _fail_early(self, request: Request, at: datetime, name: str) -> Answer:
        wait_s = self._plan.retry_after_s
        match name:
            case "429":
                raise too_many(wait_s)
            case "429-date":
                raise too_many(wait_s, header=format_datetime(at + timedelta(seconds=wait_s), usegmt=True))
            case "503-before-commit":
                raise RefusedError(503, "Service Unavailable")
            case "504-html-before-commit":
                return self._write.raw(504, GATEWAY_TIMEOUT, "text/html", at)
            case "token-expiry":
                self._gateway.end_session(request.headers)
        failure = self._write.refusal(request, at, RefusedError(500, _SERVER_ERROR))
        return replace(failure, fault=self._on_the_wire(name))

    def _fail_late(self, request: Request, at: datetime, name: str, answer: Answer) -> Answer:
        match name:
            case "500-after-commit":
                failure = self._write.refusal(request, at, RefusedError(500, _SERVER_ERROR))
            case "504-html":
                failure = self._write.raw(504, GATEWAY_TIMEOUT, "text/html", at)
            case "empty-200":
                failure = self._write.raw(200, b"", "application/json", at)
            case "html-200":
                failure = self._write.raw(200, LOGIN_PAGE, "text/html", at)
            case _:
                return replace(answer, fault=self._on_the_wire(name))
        return replace(failure, fault=answer.fault)

    def _on_the_wire(self, name: str) -> Fault | None:
        match name.removesuffix("-before-commit").removesuffix("-after-commit"):
            case "hang":
                return Fault(kind="hang", seconds=self._plan.hang_s)
            case "reset":
                return Fault(kind="reset")
            case "truncated-body":
                return Fault(kind="truncate")
        return None


def _routed(path: str) -> tuple[str, str]:
    """Return the path as the API description names it, and the id in it; a slash at the end means nothing."""
    trimmed = path.rstrip("/")
    if trimmed in _PATHS:
        return trimmed, ""
    parent, _, item_id = trimmed.rpartition("/")
    with_id = f"{parent}/{{id}}"
    # Unknown paths share one name: a counter must not grow with what a client makes up.
    return (with_id, item_id) if with_id in _PATHS else ("unknown", "")


def _must_be_json(request: Request) -> None:
    content_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise RefusedError(
            415, "Content type '{content_type}' is not supported.".format(content_type=content_type)
        )
