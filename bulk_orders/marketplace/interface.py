"""The port to the marketplace: what may be asked, what comes back, what may be raised.

An order is placed with `place`, which reports what was seen and judges nothing: `core.verdict` does.
Reads either return complete, well-formed values or raise `ReadFailed`; a failed read is never evidence of absence.
"""

import abc
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from bulk_orders.core.refusals import is_busy, is_final
from bulk_orders.core.reply import FailureKind, NoReply, Reply
from bulk_orders.core.subscriptions import PlatformSubscription
from bulk_orders.errors import BulkOrdersError, ExitCode

__all__ = [
    "Estimate",
    "FailureKind",
    "Marketplace",
    "NoReply",
    "OrderList",
    "ParameterFinding",
    "ParameterValidation",
    "PlatformOrder",
    "PlatformSubscription",
    "ReadFailed",
    "Reply",
]

_REFUSALS: Final = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformOrder:
    """An order as the platform shows it. Rows of a list may lack `po_number` and `products`."""

    order_id: str
    order_number: str = ""
    customer_id: str = ""
    order_type: str = ""
    status: str = ""
    status_code: str = ""
    created_at: datetime | None = None
    po_number: str | None = None
    """None when the platform did not say; either spelling is read."""
    subscription_id: str = ""
    scheduled_for: str = ""
    """The ISO day on which a scheduled order is carried out, where an order alone says so."""
    acceptance_link: str | None = None
    """Where the customer accepts Microsoft's agreement, as long as the order waits for that; None in a list, which does
    not say."""
    microsoft_ids: str = ""
    """Microsoft's own ids of what was ordered, as `core.lifecycle.OrderRecord` keeps them."""
    amount: str = ""
    currency: str = ""
    products: tuple[Mapping[str, Any], ...] | None = None
    """None when the platform did not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderList:
    """One complete reading of GET /orders."""

    orders: tuple[PlatformOrder, ...]
    """Each once, however often the platform's pages held it."""
    is_complete: bool
    """True only if the unique ids are as many as the platform's own total, on the first page and on the last."""
    server_time: datetime | None
    """From the Date header, aware UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What the platform says that an order would cost."""

    amount: str = ""
    """Empty where it gave no total."""
    currency: str = ""
    po_number: str | None = None
    """The PO number as it understood it; None when it did not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterFinding:
    """What POST /validation/parameters says about one activation parameter."""

    mpn: str
    name: str
    is_error: bool
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterValidation:
    """What the platform says about a request of `core.validation`."""

    findings: tuple[ParameterFinding, ...] = ()
    draft_ids: tuple[str, ...] = ()
    """Of the drafts that were made or used again, one for each product line; to be sent again with the same line."""


class ReadFailed(BulkOrdersError):
    """A question to the marketplace got no usable answer."""

    exit_code = ExitCode.TRY_AGAIN_LATER

    def __init__(
        self,
        message: str,
        *,
        fix: str = "",
        status: int | None = None,
        retry_after_s: float | None = None,
        needs_setup: bool = False,
        said: str = "",
    ) -> None:
        """Take `status`, the HTTP status if there was one, and `retry_after_s`, what the server asked for.

        `said` is the platform's own reason, where the platform itself answered and not what stands before it.

        `needs_setup` says that asking again changes nothing before a person does: the certificate is not trusted, the
        credentials or the rights are refused, or the address is wrong.
        """
        super().__init__(message, fix=fix)
        self.needs_setup = needs_setup
        self.status = status
        self.retry_after_s = retry_after_s
        self.said = said

    @property
    def is_refusal(self) -> bool:
        """Whether the platform read the question and says no to it.

        A 404 is one only in the platform's own words: before it, something may not know the address. What cannot be done to a
        subscription it was seen to refuse with 500.
        """
        is_in_words = is_final(self.said) or (self.status == HTTPStatus.NOT_FOUND and bool(self.said))
        return self.status in _REFUSALS or is_in_words

    @property
    def is_busy(self) -> bool:
        """Whether the platform read the question and says that an order is in the way: that passes, but not by asking again at once."""
        return is_busy(self.said)


class Marketplace(abc.ABC):
    """Everything the program asks of the platform. Implementations are safe to share between threads."""

    @abc.abstractmethod
    def sign_in(self) -> None:
        """Get a token if there is none that is fresh.

        Raises `CredentialsRefused` on 401 or 403, `MarketplaceDown` when no token can be had for another reason,
        `SetupError` when the address or certificate is wrong.
        """

    @abc.abstractmethod
    def place(self, body: Mapping[str, Any]) -> Reply | NoReply:
        """Post one order, once: no retry, no redirect. Never raises for what the network or the server does.

        A 401 comes back as a reply; `renew_token` is the caller's next step. Without a fresh token the result
        is a `NoReply` with `bytes_sent` 0 and kind NO_SIGN_IN.
        """

    @abc.abstractmethod
    def set_auto_renewal(self, subscription_id: str, *, is_on: bool) -> Reply | NoReply:
        """Set whether a subscription is renewed, once, as `place` posts an order. What came of it is read back by the caller."""

    @abc.abstractmethod
    def renew_token(self) -> None:
        """Throw the token away and sign in again; callers that ask at the same time share one sign-in. Raises as `sign_in`."""

    @abc.abstractmethod
    def get_order(self, order_id: str) -> PlatformOrder | None:
        """Return one order whole, or None on a well-formed 404. Raises `ReadFailed`."""

    @abc.abstractmethod
    def list_orders(
        self,
        *,
        customer_id: str = "",
        created_from: datetime | None = None,
        created_to: datetime | None = None,
        status: str = "",
    ) -> OrderList:
        """Return all orders that the filters let through, all pages; `status` is one of the platform's words. Raises `ReadFailed`."""

    @abc.abstractmethod
    def list_subscriptions(
        self, *, customer_id: str, created_from: datetime | None = None
    ) -> tuple[PlatformSubscription, ...]:
        """List all pages of one customer's subscriptions (of everybody's, if it is empty), without products. Raises `ReadFailed`."""

    @abc.abstractmethod
    def get_subscription(self, subscription_id: str) -> PlatformSubscription | None:
        """Return one subscription with its products, or None on a well-formed 404. Raises `ReadFailed`."""

    @abc.abstractmethod
    def list_products(self, *, mpn: str = "", name: str = "") -> tuple[Mapping[str, Any], ...]:
        """Return the catalogue as the platform gives it, all pages: whole, or of one MPN or name. Raises `ReadFailed`."""

    @abc.abstractmethod
    def list_customers(self) -> tuple[Mapping[str, Any], ...]:
        """Return the reseller's customers as the platform gives them, all pages. Raises `ReadFailed`."""

    @abc.abstractmethod
    def get_customer(self, customer_id: str) -> Mapping[str, Any] | None:
        """Return one customer as the platform gives it, or None on a well-formed 404. Raises `ReadFailed`."""

    @abc.abstractmethod
    def validate_parameters(self, request: Mapping[str, Any]) -> ParameterValidation:
        """Return what the platform says about the parameters of a request of `core.validation`. Raises `ReadFailed`."""

    @abc.abstractmethod
    def estimate(self, body: Mapping[str, Any]) -> Estimate:
        """Return what an order body would cost, without placing it. Raises `ReadFailed`."""
