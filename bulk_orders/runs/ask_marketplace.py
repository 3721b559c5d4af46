"""Questions to the marketplace before anything is ordered: would it take these orders, and what would they cost?

Asked from the general to the particular, in rounds: customers and products, then each order's parameters, then its price. An
order is asked about no further once something is wrong with it, so that a row is told of once, where it is wrong.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial
from typing import Any

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.acting import changed_since, needs_nothing, why_not
from bulk_orders.core.body import for_existing_tenant
from bulk_orders.core.body_shape import shaped
from bulk_orders.core.identity import canonical, canonical_json, fingerprint
from bulk_orders.core.json_values import number_of, text_of
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.model import Problem
from bulk_orders.core.money import Price, is_priced
from bulk_orders.core.offers import Offer, offer_of
from bulk_orders.core.order_types import AUTO_RENEW_OFF, target_of, type_of
from bulk_orders.core.platform_status import BROKEN
from bulk_orders.core.subscription_rows import AsPulled
from bulk_orders.core.validation import asked_of, drafted_for, validation_request, with_drafts
from bulk_orders.core.wording import counted
from bulk_orders.errors import SetupError
from bulk_orders.ledger.interface import Ledger
from bulk_orders.marketplace.interface import Marketplace, ParameterFinding, ReadFailed
from bulk_orders.runs.change_prices import change_estimate
from bulk_orders.runs.kept_answers import KeptAnswers
from bulk_orders.runs.online_findings import OnlineFindings
from bulk_orders.runs.questions import Answer, Asking, Question, Tell
from bulk_orders.sending.account_facts import AccountFacts
from bulk_orders.sending.events import AccountLearnt
from bulk_orders.sending.first_contact import FirstContact
from bulk_orders.sending.services import Services
from bulk_orders.sending.waits import waiting

__all__ = ["Price", "Said", "ask", "meet_account", "prices"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the marketplace said."""

    problems: tuple[Problem, ...] = ()
    prices: Mapping[str, Price] = field(default_factory=dict)
    """By order key; orders that cannot be priced are absent."""
    orders: tuple[OrderRecord, ...] = ()
    """What was asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """An order, and what is asked about it."""

    order: OrderRecord
    body: Mapping[str, Any]
    request: Mapping[str, Any]
    drafts_name: str
    """What the vendor's drafts of the order's product lines are kept under."""

    @property
    def validation(self) -> str:
        """The name of the question whether it is valid."""
        return f"validation {canonical_json(canonical(self.request))}"

    @property
    def acts(self) -> bool:
        """Whether it acts on a subscription, which says more than customer and catalogue do."""
        return bool(target_of(self.order.body))

    @property
    def price(self) -> str:
        """The name of the question what it costs."""
        return f"price {fingerprint(self.body)}"


def ask(
    services: Services,
    orders: Sequence[OrderRecord],
    checked: CheckResult,
    *,
    kept: KeptAnswers,
    tell: Tell,
    is_online: bool = True,
) -> Said:
    """Ask about every order; without `is_online` for the prices alone. Nothing is placed.

    Raises `ReadFailed` when nothing gets an answer any more or a person has to do something first, and `Interrupted`
    when it is stopped; asked again, it goes on where it was.
    """
    conversation = _Conversation(services, orders, checked, kept, tell)
    if is_online:
        conversation.ask_customers_and_products()
        conversation.ask_subscriptions(services.clock.now().date())
        conversation.ask_validation()
    found = conversation.ask_prices()
    kept.finish()
    return Said(problems=conversation.findings.problems, prices=found, orders=tuple(orders))


def prices(services: Services, orders: Sequence[OrderRecord]) -> dict[str, Price]:
    """Return what each order would cost, by order key; orders that cannot be priced are absent.

    Neither can those for which another order is in the way, and that are sent once it is not. Raises `ReadFailed` if the
    marketplace did not answer one of the questions.
    """
    what = counted(len(orders), "the price of {number} order", "the prices of {number} orders")
    nothing_kept = KeptAnswers(None, account="", now=services.clock.now)
    asking = Asking(services, nothing_kept, lambda _done, _total: None)
    with waiting(services.observer, services.clock, what):
        subjects = _subjects(orders, services.ledger)
        answers = asking.ask(_price_questions(services, subjects))
    if silent := next((said for said in answers.values() if said.no_answer and not said.is_busy), None):
        raise ReadFailed(silent.no_answer)  # nobody knows; only a refusal means that there is no price
    return _prices_in(subjects, answers)


def meet_account(services: Services, orders: Sequence[OrderRecord]) -> None:
    """Learn how the account wants its orders, as a run does before its first; what would stop a run is only said here."""
    try:
        FirstContact(services, str(services.profile.account)).make(orders)
    except SetupError as error:
        services.observer(AccountLearnt(said=str(error)))


class _Conversation:
    """One check's questions and what came of them."""

    def __init__(
        self,
        services: Services,
        orders: Sequence[OrderRecord],
        checked: CheckResult,
        kept: KeptAnswers,
        tell: Tell,
    ) -> None:
        self._services = services
        self._marketplace = services.marketplace
        self._kept = kept
        self._asking = Asking(services, kept, tell)
        self._open = _subjects(orders, services.ledger)
        self._pulled = checked.pulled
        self.findings = OnlineFindings(checked)

    def ask_customers_and_products(self) -> None:
        """Look up each customer and each product once."""
        customers = {subject.order.customer_id for subject in self._open}
        purchases = [subject for subject in self._open if not subject.acts]
        mpns = {wanted.mpn for subject in purchases for wanted in asked_of(subject.request)}
        questions = {f"customer {one}": _customer(self._marketplace, one) for one in customers}
        questions |= {f"product {mpn}": _product(self._marketplace, mpn=mpn) for mpn in mpns}
        then = len(self._validations()) + len(self._prices())
        answers = self._asking.ask(questions, then=then)
        unknown = [mpn for mpn in mpns if answers[f"product {mpn}"].value == []]
        by_name = {f"named {mpn}": _product(self._marketplace, name=mpn) for mpn in unknown}
        answers |= self._asking.ask(by_name, then=then)
        together: dict[str, set[str]] = defaultdict(set)
        for subject in purchases:
            together[subject.order.customer_id].update(wanted.mpn for wanted in asked_of(subject.request))
        for subject in self._open:
            customer = answers[f"customer {subject.order.customer_id}"]
            if self._is_answered(subject, customer):
                self.findings.take_customer(subject.order, customer.value or None)
            for wanted in () if subject.acts else asked_of(subject.request):
                found = answers[f"product {wanted.mpn}"]
                if self._is_answered(subject, found):
                    named = answers.get(f"named {wanted.mpn}", _NOTHING)
                    self.findings.take_product(
                        subject.order,
                        wanted,
                        offers=_offers(found),
                        named=_offers(named),
                        beside=frozenset(together[subject.order.customer_id]),
                    )
        self._leave_out_what_is_wrong()

    def ask_subscriptions(self, today: date) -> None:
        """Read the subscription of each row that acts on one."""
        acting = {subject.order.key: subject for subject in self._open if subject.acts}
        questions = {
            key: _subscription(
                self._marketplace, subject.order, today, self._pulled.get(subject.order.sheet_row)
            )
            for key, subject in acting.items()
        }
        answers = self._asking.ask(questions, then=len(self._validations()) + len(self._prices()))
        for key, subject in acting.items():
            if self._is_answered(subject, answers[key]):
                self.findings.take_subscription(subject.order, answers[key].value)
        self._leave_out_what_is_wrong()

    def ask_validation(self) -> None:
        """Ask about the parameters of each order; a draft that was made before is used again."""
        answers = self._asking.ask(self._validations(), then=len(self._prices()))
        for subject in self._open:
            if subject.acts:
                continue
            answer = answers[subject.validation]
            if self._is_answered(subject, answer):
                self.findings.take_parameters(
                    subject.order, [ParameterFinding(**found) for found in answer.value]
                )
        self._leave_out_what_is_wrong()

    def ask_prices(self) -> dict[str, Price]:
        """Return what each order would cost, by order key."""
        answers = self._asking.ask(self._prices())
        for subject in self._open:
            if is_priced(subject.order):
                self._is_answered(subject, answers[subject.price])
        return _prices_in(self._open, answers)

    def _validations(self) -> dict[str, Question]:
        return {
            subject.validation: Question(
                name=subject.validation,
                ask=partial(_validated, self._marketplace, subject, self._kept),
                is_kept=lambda findings: not findings,
            )
            for subject in self._open
            if not subject.acts
        }

    def _prices(self) -> dict[str, Question]:
        return _price_questions(self._services, self._open)

    def _is_answered(self, subject: _Subject, answer: Answer) -> bool:
        if answer.refusal:
            self.findings.take_refusal(subject.order, answer.refusal)
        elif answer.no_answer:
            self.findings.take_silence(subject.order, answer.no_answer)
        return not (answer.refusal or answer.no_answer)

    def _leave_out_what_is_wrong(self) -> None:
        wrong = self.findings.rows_to_fix
        self._open = [subject for subject in self._open if subject.order.sheet_row not in wrong]


def _subjects(orders: Iterable[OrderRecord], ledger: Ledger) -> list[_Subject]:
    found = []
    alike: dict[str, list[str]] = defaultdict(list)
    for order in orders:
        body = _body_to_send(order, ledger)
        request = validation_request(body)
        line, whole = drafted_for(request), canonical_json(request)
        if whole not in alike[line]:
            alike[line].append(whole)
        name = f"{line} {alike[line].index(whole)}"
        found.append(_Subject(order=order, body=body, request=request, drafts_name=name))
    return found


def _body_to_send(order: OrderRecord, ledger: Ledger) -> Mapping[str, Any]:
    """Return the body as a run would send it: for a tenant that an earlier order makes, as one of an existing tenant."""
    body: dict[str, Any] = json.loads(order.body)
    is_made = order.domain and any(
        other.domain.casefold() == order.domain.casefold()
        and other.state is State.ACCEPTED
        and other.platform_status not in BROKEN
        for other in ledger.orders_of_customer(order.account, order.customer_id)
        if other.key != order.key
    )
    return shaped(for_existing_tenant(body) if is_made else body, AccountFacts(order.account, ledger).shape)


def _customer(marketplace: Marketplace, customer_id: str) -> Question:
    def look_up() -> dict[str, str]:
        found = marketplace.get_customer(customer_id)
        return {} if found is None else {name: text_of(found.get(name)) for name in ("name", "status")}

    return Question(
        name=f"customer {customer_id}",
        ask=look_up,
        is_kept=lambda found: found.get("status") in {"", "active"},
    )


def _product(marketplace: Marketplace, *, mpn: str = "", name: str = "") -> Question:
    return Question(
        name=f"product {mpn} {name}",
        ask=lambda: [dict(entry) for entry in marketplace.list_products(mpn=mpn, name=name)],
        is_kept=bool,
    )


def _validated(marketplace: Marketplace, subject: _Subject, kept: KeptAnswers) -> list[dict[str, Any]]:
    """Return what is wrong with the parameters. A draft that the platform does not know any more is made anew."""
    draft_ids = kept.drafts(subject.drafts_name)
    try:
        said = marketplace.validate_parameters(with_drafts(subject.request, draft_ids))
    except ReadFailed as failure:
        if not (draft_ids and failure.is_refusal):
            raise
        kept.keep_drafts(subject.drafts_name, ())
        said = marketplace.validate_parameters(subject.request)
    kept.keep_drafts(subject.drafts_name, said.draft_ids)
    return [asdict(finding) for finding in said.findings if finding.is_error]


def _price_questions(services: Services, subjects: Iterable[_Subject]) -> dict[str, Question]:
    return {
        subject.price: Question(name=subject.price, ask=partial(_estimated, services, subject))
        for subject in subjects
        if is_priced(subject.order)
    }


def _subscription(
    marketplace: Marketplace, order: OrderRecord, today: date, pulled: AsPulled | None
) -> Question:
    def read() -> dict[str, str]:
        found = marketplace.get_subscription(target_of(order.body))
        day = found.renewal_date if found and type_of(order.body) is AUTO_RENEW_OFF else None
        is_done = found is not None and needs_nothing(order, found)
        return {
            "changed": "" if is_done else changed_since(order, found, pulled),
            "why": why_not(order, found, today),
            "ends": "{day:%d-%b-%Y}".format(day=day) if day else "",
        }

    return Question(name=f"subscription {order.key}", ask=read, is_kept=lambda _found: False)


def _estimated(services: Services, subject: _Subject) -> list[str]:
    marketplace, order = services.marketplace, subject.order
    there = marketplace.get_subscription(target_of(order.body)) if subject.acts else None
    found = (
        change_estimate(order, there, services.ledger, marketplace)
        if there
        else marketplace.estimate(subject.body)
    )
    return [found.amount, found.currency]


def _prices_in(subjects: Iterable[_Subject], answers: Mapping[str, Answer]) -> dict[str, Price]:
    found: dict[str, Price] = {}
    for subject in subjects:
        answer = answers.get(subject.price, _NOTHING)
        amount, currency = answer.value or ("", "")
        number = number_of(amount)
        if number is not None:
            found[subject.order.key] = Price(amount=number, currency=currency)
    return found


def _offers(answer: Answer) -> list[Offer]:
    return [offer_of(entry) for entry in answer.value or ()]


_NOTHING = Answer()
