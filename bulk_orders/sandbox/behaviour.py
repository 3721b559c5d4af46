"""Where platforms of this kind differ from one another, as options of the practice marketplace."""

from dataclasses import dataclass, field

from bulk_orders.sandbox.ageing import Ageing
from bulk_orders.sandbox.changes import ChangeMeans, SubscriptionPlace
from bulk_orders.sandbox.gateway import SignInWay
from bulk_orders.sandbox.rules import PeriodPlace, PoSpelling, VendorPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """Where platforms of this kind differ from one another, and what is not known of the real one."""

    po_spelling: PoSpelling = "either"
    """The spelling the platform understands; the other is dropped as an unknown key. Always read back as poNumber."""

    period_place: PeriodPlace = "either"
    """`line`: the platform looks for subscriptionPeriod in the product line only; `line-only`: and refuses it elsewhere."""

    vendor_place: VendorPlace = "optional"
    """`line`: without a vendor in the product line no product is unique."""

    po_kept: int | None = None
    """How many characters of a PO number are kept; the others are cut off without a word."""

    po_limit: int | None = None
    """A PO number with more characters is refused."""

    estimate_shows_po: bool = True
    """Whether an estimate repeats the PO number, as the API description says."""

    sign_in: SignInWay = "basic"
    """`oauth2`: a token comes from the server of another address, for user, password and client."""

    client_id: str = ""
    """What the header X-Client-Id has to say; empty where none is wanted."""

    list_shows_po: bool = True
    """The API description lists poNumber in rows of GET /orders; a live platform was seen to leave it out."""

    earlier_subscriptions: int = 0
    """How many subscriptions the customers have from before the practice began."""

    subscription_place: SubscriptionPlace = "either"
    """Where the platform looks for subscriptionId in an order that acts on a subscription."""

    change_means: ChangeMeans = "total"
    """`delta`: the quantity of a change is added to what is there."""

    ageing: Ageing = field(default_factory=Ageing)
    token_lifetime_s: int = 1500
    limit_per_s: int | None = None
    """Requests let in during any second, over all paths; None for no limit."""
