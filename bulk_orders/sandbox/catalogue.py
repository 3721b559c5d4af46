"""What the practice marketplace sells: an offer for each product, commitment term and billing period.

MPNs and names of the Microsoft products follow public price lists; prices are made up but keep Microsoft's
proportions: a monthly term costs 20 % more, an annual term billed monthly 5 % more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

MICROSOFT: Final = "Microsoft"
CURRENCY: Final = "USD"

Period = tuple[str, int]
"""Type and duration, as in `{"type": "month", "duration": 1}`."""

MONTH: Final[Period] = ("month", 1)
YEAR: Final[Period] = ("year", 1)
THREE_YEARS: Final[Period] = ("year", 3)

_Pairs = tuple[tuple[Period, Period], ...]
_MONTHLY_TERM: Final[_Pairs] = ((MONTH, MONTH),)
_ANNUAL_TERM: Final[_Pairs] = ((YEAR, MONTH), (YEAR, YEAR))
_THREE_YEAR_TERM: Final[_Pairs] = ((THREE_YEARS, MONTH), (THREE_YEARS, YEAR), (THREE_YEARS, THREE_YEARS))

# Per cent of the monthly list price times the months billed at once.
_PERCENT: Final[dict[tuple[Period, Period], int]] = {
    (MONTH, MONTH): 120,
    (YEAR, MONTH): 105,
    (YEAR, YEAR): 1200,
    (THREE_YEARS, MONTH): 105,
    (THREE_YEARS, YEAR): 1200,
    (THREE_YEARS, THREE_YEARS): 3600,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product as the vendor names it; `pairs` are the (term, billing) pairs it is sold in."""

    mpn: str
    name: str
    list_cents: int
    """Price of one unit for one month on an annual term, in cents."""

    pairs: _Pairs = _MONTHLY_TERM + _ANNUAL_TERM
    maximum: int = 300
    vendor: str = MICROSOFT
    service_name: str = "Microsoft_SaaS"
    needs_offer_attestation: bool = False
    texts_wanted: tuple[str, ...] = ()
    """Activation parameters of another vendor's product that must be texts."""
    objects_wanted: tuple[str, ...] = ()
    """And those that must be objects, as `structured_value`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One line of the catalogue: MPN, term and billing together are unique."""

    id: str
    product: Product
    term: Period
    billing: Period
    unit_cents: int
    """Price of one unit for one billing period, in cents."""

    plan_id: int


PRODUCTS: Final = (
    Product(mpn="CFQ7TTC0LH16:0001", name="Exchange Online (Plan 1)", list_cents=400, maximum=10_000),
    Product(mpn="CFQ7TTC0LH18:0001", name="Microsoft 365 Business Basic", list_cents=600),
    Product(mpn="CFQ7TTC0LDPB:0001", name="Microsoft 365 Business Standard", list_cents=1250),
    Product(mpn="CFQ7TTC0LCHC:0002", name="Microsoft 365 Business Premium", list_cents=2200),
    Product(
        mpn="CFQ7TTC0LFLX:0001",
        name="Microsoft 365 E3",
        list_cents=3600,
        maximum=10_000,
        pairs=_MONTHLY_TERM + _ANNUAL_TERM + _THREE_YEAR_TERM,
    ),
    Product(
        mpn="CFQ7TTC0LFLZ:0001",
        name="Microsoft 365 E5",
        list_cents=5700,
        maximum=10_000,
        pairs=_ANNUAL_TERM + _THREE_YEAR_TERM,
    ),
    Product(mpn="CFQ7TTC0LH1P:0001", name="Exchange Online (Plan 2)", list_cents=800, maximum=10_000),
    Product(mpn="CFQ7TTC0HD33:0001", name="Visio Plan 2", list_cents=1500, maximum=1000),
    Product(mpn="CFQ7TTC0HDB0:0001", name="Project Plan 3", list_cents=3000, maximum=1000),
    Product(
        mpn="CFQ7TTC0LH04:0001",
        name="Microsoft Defender for Office 365 (Plan 1)",
        list_cents=200,
        maximum=10_000,
    ),
    Product(mpn="CFQ7TTC0JN4R:0002", name="Microsoft Teams Essentials", list_cents=400),
    Product(
        mpn="CFQ7TTC0LHSF:0001",
        name="Power BI Pro",
        list_cents=1400,
        maximum=1000,
        pairs=_MONTHLY_TERM + _ANNUAL_TERM,
    ),
    Product(
        mpn="CFQ7TTC0HX99:0001",
        name="Windows 365 Business 2 vCPU, 4 GB, 64 GB (with Windows Hybrid Benefit)",
        list_cents=2800,
        pairs=_MONTHLY_TERM,
        needs_offer_attestation=True,
    ),
    Product(
        mpn="HARBOR-BACKUP-500",
        name="Harbor Cloud Backup 500 GB",
        list_cents=950,
        vendor="Harborline",
        service_name="Harbor_Backup",
        pairs=((MONTH, MONTH), (YEAR, YEAR)),
        maximum=500,
    ),
    Product(
        mpn="INKWELL-SIGN-TEAM",
        name="Inkwell e-Signature Team",
        list_cents=1200,
        vendor="Inkwell",
        service_name="Inkwell_Sign",
        pairs=((MONTH, MONTH),),
        maximum=100,
    ),
    *(
        Product(
            mpn="WORKSPACE-DESK-PRO",
            name=f"{vendor} Workspace Desk Pro",
            list_cents=cents,
            vendor=vendor,
            service_name="Workspace_Desk",
            pairs=((YEAR, MONTH), (YEAR, YEAR)),
            maximum=250,
            texts_wanted=("administrator_email",),
            objects_wanted=("workspace",),
        )
        for vendor, cents in (("Lumenfield", 900), ("Northbeam", 850))
    ),
)
"""The last MPN is sold by two vendors: without one, an order for it is ambiguous."""


class Catalogue:
    """The offers by MPN and by id, and the service plans they belong to."""

    def __init__(self, products: Iterable[Product] = PRODUCTS) -> None:
        self.offers: list[Offer] = []
        self.by_mpn: dict[str, list[Offer]] = {}
        self.by_id: dict[str, Offer] = {}
        plan_ids: dict[tuple[str, str, Period], int] = {}
        for product in products:
            for term, billing in product.pairs:
                plan_id = plan_ids.setdefault((product.mpn, product.vendor, billing), 10_001 + len(plan_ids))
                self._add(product, term, billing, plan_id)

    def _add(self, product: Product, term: Period, billing: Period, plan_id: int) -> None:
        offer = Offer(
            id=f"PRD{326_501 + len(self.offers)}",
            product=product,
            term=term,
            billing=billing,
            unit_cents=product.list_cents * _PERCENT[term, billing] // 100,
            plan_id=plan_id,
        )
        self.offers.append(offer)
        self.by_mpn.setdefault(product.mpn, []).append(offer)
        self.by_id[offer.id] = offer

    def plans(self) -> dict[str, list[Offer]]:
        """Plan id to the offers of that plan, which share product and billing period and differ in the term."""
        found: dict[str, list[Offer]] = {}
        for offer in self.offers:
            found.setdefault(str(offer.plan_id), []).append(offer)
        return found


def money(cents: int) -> dict[str, str]:
    """Return an amount as the platform writes it: a string, so that no reader rounds it."""
    return {"currency": CURRENCY, "amount": f"{cents // 100}.{cents % 100:02d}"}


def period(value: Period) -> dict[str, Any]:
    """Return a period as the platform writes it."""
    return {"type": value[0], "duration": value[1]}


def product_entry(offer: Offer) -> dict[str, Any]:
    """Return the offer as an entry of GET /products; quantities and amounts are strings there."""
    product = offer.product
    return {
        "mpn": product.mpn,
        "vendor": product.vendor,
        "id": offer.id,
        "serviceName": product.service_name,
        "name": product.name,
        "minimumQuantity": "1.0",
        "maximumQuantity": f"{product.maximum}.0",
        "prices": [{**money(offer.unit_cents), "type": "recurring", "model": "FLAT"}],
        "costs": [{**money(offer.unit_cents * 80 // 100), "type": "recurring", "model": "FLAT"}],
        "billingPeriod": period(offer.billing),
        "subscriptionPeriod": period(offer.term),
        "billingModel": "chargeBeforeBillingPeriod",
        "dependsOn": [],
    }


def plan_entry(plan_id: str, offers: list[Offer]) -> dict[str, Any]:
    """Return the plan as an entry of GET /plans."""
    first = offers[0]
    count, unit = first.billing[1], first.billing[0]
    return {
        "id": plan_id,
        "name": "{product}, billed every {period}".format(
            product=first.product.name, period=unit if count == 1 else f"{count} {unit}s"
        ),
        "shortDescription": first.product.name,
        "longDescription": "{product} by {vendor}".format(
            product=first.product.name, vendor=first.product.vendor
        ),
        "published": True,
        "subscriptionPeriods": [{**period(offer.term), "trial": False, "active": True} for offer in offers],
        "billingPeriod": period(first.billing),
        "billingModel": "chargeBeforeBillingPeriod",
    }


def plan_detail(plan_id: str, plans: dict[str, list[Offer]]) -> dict[str, Any]:
    """Return the plan as GET /plans/{id} shows it, with the plans of the same product one may switch to."""
    offers = plans[plan_id]
    mpn = offers[0].product.mpn
    switches = [
        {
            "planId": int(other_id),
            "subscriptionPeriod": period(target.term),
            "billingPolicy": "no_refund",
            "whenEffective": "next_subscription_period",
            "sourceSubscriptionPeriod": period(offers[0].term),
        }
        for other_id, others in plans.items()
        for target in others
        if other_id != plan_id and target.product.mpn == mpn
    ]
    return {**plan_entry(plan_id, offers), "planSwitches": switches}
