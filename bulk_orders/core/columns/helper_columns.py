"""Hidden columns of the template: steps of the Check column's formulas, kept apart so that each formula stays short.

Excel fills them and nobody reads them, so they are `Kind.FORMULA` like the Check column. Read them through `core.columns`.
"""

from bulk_orders.core.columns.shapes import Column, Kind, Need
from bulk_orders.core.model import SheetRole
from bulk_orders.texts import columns_work as words


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
    _work(SheetRole.ORDERS, "work_reference", words.REFERENCE, words.REFERENCE_HELP),
    _work(SheetRole.ORDERS, "work_customer", words.CUSTOMER, words.CUSTOMER_HELP),
    _work(SheetRole.ORDERS, "work_microsoft", words.MICROSOFT, words.MICROSOFT_HELP),
    _work(SheetRole.ORDERS, "work_product", words.PRODUCT, words.PRODUCT_HELP),
    _work(SheetRole.ORDERS, "work_to_fix", words.TO_FIX, words.TO_FIX_HELP),
    _work(SheetRole.CUSTOMERS, "work_id", words.ID, words.ID_HELP),
    _work(SheetRole.CUSTOMERS, "work_domain", words.DOMAIN, words.DOMAIN_HELP),
    _work(SheetRole.CUSTOMERS, "work_day", words.DAY, words.DAY_HELP),
    _work(SheetRole.CUSTOMERS, "work_facts_to_fix", words.FACTS_TO_FIX, words.FACTS_TO_FIX_HELP),
    _work(SheetRole.CUSTOMERS, "work_details_to_fix", words.DETAILS_TO_FIX, words.DETAILS_TO_FIX_HELP),
    _work(SheetRole.PRODUCTS, "work_mpn", words.MPN, words.MPN_HELP),
    _work(SheetRole.PRODUCTS, "work_commitments", words.COMMITMENTS, words.COMMITMENTS_HELP),
    _work(SheetRole.PRODUCTS, "work_billings", words.BILLINGS, words.BILLINGS_HELP),
)
"""In template order, after the columns that people see."""
