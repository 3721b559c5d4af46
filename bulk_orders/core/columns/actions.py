"""The columns of the sheet Orders that say what a row asks for, and on what; they stand at its end, before the note: who only buys leaves them blank."""

from typing import Final

from bulk_orders.core.columns.shapes import Choice, Column, Kind, Need
from bulk_orders.core.model import SheetRole
from bulk_orders.core.order_types import IMPORT, ON_SUBSCRIPTIONS, ORDER_TYPES, USUAL

WHEN_ON_SUBSCRIPTION: Final = tuple(("order_type", key) for key in ON_SUBSCRIPTIONS)
"""What makes a column required that only what acts on a subscription needs."""
_IMPORTS: Final = (("order_type", IMPORT.key),)

ACTION_COLUMNS: tuple[Column, ...] = (
    Column(
        name="order_type",
        names_nobody=True,
        sheet=SheetRole.ORDERS,
        header="Action",
        kind=Kind.CHOICE,
        need=Need.OPTIONAL,
        help="What the row asks for. Blank means New: a purchase.",
        aliases=("type", "order type"),
        choices=tuple(
            Choice(
                key=known.key,
                label=known.label,
                api=(known.api, known.scheduled_on, known.auto_renew),
                aliases=known.aliases,
            )
            for known in ORDER_TYPES
        ),
        blank_means=USUAL.key,
        placeholders=("order_type", "scheduled_on", "auto_renew"),
        api_field="type",
        example=USUAL.label,
        width=23,
    ),
    Column(
        name="subscription",
        names_nobody=True,
        sheet=SheetRole.ORDERS,
        header="Subscription",
        kind=Kind.DIGITS,
        need=Need.SOMETIMES,
        required_when=WHEN_ON_SUBSCRIPTION,
        order_types=ON_SUBSCRIPTIONS,
        help="The number of the subscription that the row changes, as the marketplace shows it. Leave it blank where Action is New.",
        aliases=("subscription number",),
        max_length=20,
        placeholders=("subscription_id",),
        api_field="subscriptionId",
        example="1000054",
        width=16,
    ),
    Column(
        name="microsoft_subscription",
        names_nobody=True,
        sheet=SheetRole.ORDERS,
        header="Microsoft subscription",
        kind=Kind.TEXT,
        need=Need.SOMETIMES,
        required_when=_IMPORTS,
        order_types=(IMPORT.key,),
        help="For Import existing: Microsoft's own ID of the subscription. For perpetual software it is the order's ID.",
        aliases=("microsoft subscription id",),
        max_length=100,
        is_id=True,
        placeholders=("microsoft_subscription",),
        api_field="migration_info_object.subscription_id",
        example="3f2b8a1c-0000-4a6d-9a57-5d1c2e7f9b10",
        width=38,
    ),
    Column(
        name="microsoft_order",
        names_nobody=True,
        sheet=SheetRole.ORDERS,
        header="Microsoft order",
        kind=Kind.TEXT,
        need=Need.SOMETIMES,
        required_when=_IMPORTS,
        order_types=(IMPORT.key,),
        help="For Import existing: Microsoft's own ID of the order that the subscription was bought with.",
        aliases=("microsoft order id", "csp_order_id", "csp order id"),
        max_length=100,
        is_id=True,
        placeholders=("microsoft_order",),
        api_field="migration_info_object.csp_order_id",
        example="a1b2c3d4e5f6",
        width=20,
    ),
)
