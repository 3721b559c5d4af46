"""The marketplace's port straight over the simulator, without a network: the second implementation of the contract."""

import base64
import json
import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from bulk_orders.core.subscriptions import ProductLine
from bulk_orders.errors import CredentialsRefused, MarketplaceDown
from bulk_orders.marketplace.interface import (
    Estimate,
    FailureKind,
    Marketplace,
    NoReply,
    OrderList,
    ParameterFinding,
    ParameterValidation,
    PlatformOrder,
    PlatformSubscription,
    ReadFailed,
    Reply,
)
from bulk_orders.sandbox import Answer, Request, Simulator

TRIES = 4
PAGE = 100
LOST = {"hang": FailureKind.TIMEOUT, "reset": FailureKind.CONNECTION_LOST}


class _Mine(threading.local):
    token = ""


class InProcessMarketplace(Marketplace):
    """One account at one simulator. Safe to share between threads."""

    def __init__(self, simulator: Simulator, *, password: str) -> None:
        self._simulator = simulator
        self._basic = "Basic " + base64.b64encode(f"practice:{password}".encode()).decode()
        self._lock = threading.Lock()
        self._token = ""
        self._mine = _Mine()

    def close(self) -> None:
        pass

    def sign_in(self) -> None:
        with self._lock:
            self._token = self._token or self._fetched()
            self._mine.token = self._token

    def renew_token(self) -> None:
        with self._lock:
            if self._token == self._mine.token:
                self._token = self._fetched()
            self._mine.token = self._token

    def place(self, body: Mapping[str, Any]) -> Reply | NoReply:
        return self._send_once("POST", "/orders", json.dumps(body).encode())

    def set_auto_renewal(self, subscription_id: str, *, is_on: bool) -> Reply | NoReply:
        content = json.dumps({"renewalStatus": is_on}).encode()
        return self._send_once("PATCH", f"/subscriptions/{subscription_id}", content)

    def _send_once(self, method: str, path: str, content: bytes) -> Reply | NoReply:
        try:
            self.sign_in()
        except (CredentialsRefused, MarketplaceDown) as error:
            return _silence(FailureKind.NO_SIGN_IN, str(error), 0)
        answer = self._ask(method, path, body=content)
        kind = answer.fault.kind if answer.fault else ""
        if kind in LOST:
            return _silence(LOST[kind], kind, len(content))
        return Reply(
            status=answer.status,
            headers={name.lower(): value for name, value in answer.headers},
            body=answer.body[: len(answer.body) // 2] if kind == "truncate" else answer.body,
            is_complete=kind != "truncate",
            sent_at=datetime.now(UTC),
        )

    def get_order(self, order_id: str) -> PlatformOrder | None:
        answer = self._read("GET", f"/orders/{order_id}", may_be_absent=True)
        return None if answer.status == 404 else _order(answer.json())

    def list_orders(
        self,
        *,
        customer_id: str = "",
        created_from: datetime | None = None,
        created_to: datetime | None = None,
        status: str = "",
    ) -> OrderList:
        rows, total, server_time = self._pages(
            "/orders",
            {
                "customerId": customer_id,
                "creationTimeFrom": created_from.isoformat() if created_from else "",
                "creationTimeTo": created_to.isoformat() if created_to else "",
                "status": status,
            },
        )
        return OrderList(
            orders=tuple(map(_order, rows)), is_complete=len(rows) == total, server_time=server_time
        )

    def list_subscriptions(
        self, *, customer_id: str, created_from: datetime | None = None
    ) -> tuple[PlatformSubscription, ...]:
        return tuple(map(_subscription, self._pages("/subscriptions", {"customerId": customer_id})[0]))

    def get_subscription(self, subscription_id: str) -> PlatformSubscription | None:
        answer = self._read("GET", f"/subscriptions/{subscription_id}", may_be_absent=True)
        return None if answer.status == 404 else _subscription(answer.json())

    def list_products(self, *, mpn: str = "", name: str = "") -> tuple[Mapping[str, Any], ...]:
        return tuple(self._pages("/products", {"mpn": mpn, "name": name})[0])

    def list_customers(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(self._pages("/customers", {})[0])

    def get_customer(self, customer_id: str) -> Mapping[str, Any] | None:
        answer = self._read("GET", f"/customers/{customer_id}", may_be_absent=True)
        return None if answer.status == 404 else dict(answer.json())

    def validate_parameters(self, request: Mapping[str, Any]) -> ParameterValidation:
        rows = self._read("POST", "/validation/parameters", body=json.dumps(request).encode()).json()["data"]
        return ParameterValidation(
            findings=tuple(
                ParameterFinding(
                    mpn=row["mpn"],
                    name=found["name"],
                    is_error=found["result"] == "error",
                    message=found.get("message", ""),
                )
                for row in rows
                for found in row["parameters"]
            ),
            draft_ids=tuple(row["draftRequestId"] for row in rows),
        )

    def estimate(self, body: Mapping[str, Any]) -> Estimate:
        told = self._read("POST", "/orders/estimate", body=json.dumps(body).encode()).json()
        return Estimate(**told["total"], po_number=told.get("poNumber"))

    def _fetched(self) -> str:
        answer = self._ask("POST", "/token", body=b'{"marketplace":"us"}', authorization=self._basic)
        if answer.status in {401, 403}:
            raise CredentialsRefused("refused", fix="Check user and password.")
        if answer.status != 200:
            raise MarketplaceDown("no token", fix="Try again later.")
        return str(answer.json()["token"])

    def _ask(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        query: Mapping[str, str] | None = None,
        authorization: str = "",
    ) -> Answer:
        headers = {
            "authorization": authorization or f"Bearer {self._mine.token}",
            "content-type": "application/json",
            "x-subscription-key": "practice",
        }
        return self._simulator.handle(
            Request(method=method, path=path, query=query or {}, headers=headers, body=body)
        )

    def _read(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        query: Mapping[str, str] | None = None,
        may_be_absent: bool = False,
    ) -> Answer:
        self.sign_in()
        for _ in range(TRIES):
            answer = self._ask(method, path, body=body, query=query)
            if answer.status == 401:
                self.renew_token()
            elif answer.status == 200 or (answer.status == 404 and may_be_absent):
                return answer
            elif answer.status < 500 and answer.status != 429:
                break
        raise ReadFailed(
            f"{method} {path} got {answer.status}.",
            status=answer.status,
            said=str(answer.json().get("message", "")),
        )

    def _pages(self, path: str, filters: Mapping[str, str]) -> tuple[list[Any], int, datetime]:
        rows: list[Any] = []
        given = {name: value for name, value in filters.items() if value}
        while True:
            query = {**given, "offset": str(len(rows)), "limit": str(PAGE)}
            answer = self._read("GET", path, query=query)
            found = answer.json()
            rows += found["data"]
            total = found["pagination"]["total"]
            if len(rows) >= total or not found["data"]:
                return rows, total, parsedate_to_datetime(answer.header("Date") or "")


def _silence(kind: FailureKind, detail: str, bytes_sent: int) -> NoReply:
    return NoReply(kind=kind, detail=detail, bytes_sent=bytes_sent, sent_at=datetime.now(UTC))


def _subscription(row: Mapping[str, Any]) -> PlatformSubscription:
    return PlatformSubscription(
        subscription_id=row["id"],
        customer_id=row["customerId"],
        name=row["name"],
        status=row["status"],
        created_at=datetime.fromisoformat(row["creationDate"]).replace(tzinfo=UTC),
        order_ids=tuple(order["id"] for order in row.get("orders", ())),
        term=_period(row["subscriptionPeriod"]),
        billing=_period(row["billingPeriod"]),
        renewal_date=date.fromisoformat(row["renewalDate"]),
        expires_on=date.fromisoformat(row["expirationDate"]),
        modified_on=date.fromisoformat(row["lastModifiedDate"]),
        auto_renew=row["renewalStatus"],
        lines=tuple(map(_line, row["products"])) if "products" in row else None,
    )


def _line(row: Mapping[str, Any]) -> ProductLine:
    return ProductLine(
        mpn=row["mpn"],
        name=row["name"],
        vendor=row["vendor"],
        seats=row["quantity"],
        unit_price=row["unitPrice"]["amount"],
        currency=row["unitPrice"]["currency"],
    )


def _period(period: Mapping[str, Any]) -> tuple[str, str]:
    return period["type"], str(period["duration"])


def _order(row: Mapping[str, Any]) -> PlatformOrder:
    total = row.get("total") or {}
    return PlatformOrder(
        order_id=row["id"],
        order_number=row["orderNumber"],
        customer_id=row["customerId"],
        order_type=row["type"],
        status=row["status"],
        status_code=row["statusCode"],
        created_at=datetime.fromisoformat(row["creationDate"]),
        po_number=row.get("poNumber"),
        subscription_id=row.get("subscriptionId", ""),
        amount=total.get("amount", ""),
        currency=total.get("currency", ""),
        products=tuple(row["products"]) if "products" in row else None,
    )
