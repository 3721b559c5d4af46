"""Hidden columns of the template: steps of the Check column's formulas, kept apart so that each formula stays short.

Excel fills them and nobody reads them, so they are `Kind.FORMULA` like the Check column. Read them through `core.columns`.
"""

from bulk_orders.core.columns.shapes import Column, Kind, Need
from bulk_orders.core.model import SheetRole


def _work(role: SheetRole, name: str, header: str, help_text: str) -> Column:
    return Column(
        name=name,
        sheet=role,
        header=header,
        kind=Kind.FORMULA,
        need=Need.FILLED,
        help=help_text,
        is_hidden=True,
        width=12,
    )


WORK_COLUMNS: tuple[Column, ...] = (
    _work(
        SheetRole.ORDERS,
        "work_action",
        "Work: action",
        "What the row asks for, as the other formulas know it.",
    ),
    _work(SheetRole.ORDERS, "work_reference", "Work: reference", "The reference that must not repeat."),
    _work(
        SheetRole.ORDERS,
        "work_subscription",
        "Work: subscription",
        "The subscription that only one row may change.",
    ),
    _work(
        SheetRole.ORDERS, "work_import", "Work: import", "The subscription that only one row may bring in."
    ),
    _work(SheetRole.ORDERS, "work_customer", "Work: customer", "Which line of the sheet Customers is meant."),
    _work(
        SheetRole.ORDERS,
        "work_microsoft",
        "Work: Microsoft",
        "The same line, if the row buys a product of Microsoft's and is not skipped.",
    ),
    _work(SheetRole.ORDERS, "work_product", "Work: product", "Which line of the sheet Products is meant."),
    _work(SheetRole.ORDERS, "work_to_fix", "Work: to fix", "The cells to fix, by their headers."),
    _work(
        SheetRole.CUSTOMERS, "work_id", "Work: customer number", "The customer's number, if it can be one."
    ),
    _work(SheetRole.CUSTOMERS, "work_domain", "Work: new domain", "The domain to create."),
    _work(
        SheetRole.CUSTOMERS,
        "work_tenant",
        "Work: tenant",
        "What an import needs of the tenant, if it is not there.",
    ),
    _work(
        SheetRole.CUSTOMERS, "work_day", "Work: agreement day", "The agreement's day as Excel counts days."
    ),
    _work(
        SheetRole.CUSTOMERS, "work_facts_to_fix", "Work: facts to fix", "The cells to fix up to the details."
    ),
    _work(SheetRole.CUSTOMERS, "work_details_to_fix", "Work: details to fix", "The company details to fix."),
    _work(SheetRole.PRODUCTS, "work_mpn", "Work: part number", "The part number without spaces around it."),
    _work(SheetRole.PRODUCTS, "work_commitments", "Work: commitments", "The commitments offered, as digits."),
    _work(SheetRole.PRODUCTS, "work_billings", "Work: billing", "The ways of billing offered, as digits."),
)
"""In template order, after the columns that people see."""
