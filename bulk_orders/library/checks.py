"""`check`: what is wrong with a workbook or with DataFrames. Nothing is sent, nothing is kept."""

from datetime import date

from bulk_orders.checking.check import CheckContext
from bulk_orders.checking.result import CheckResult
from bulk_orders.library.sources import OrdersInput, checked_input
from bulk_orders.machine.clock import SystemClock


def check(
    source: OrdersInput, *, own_domain: str = "", include_hidden: bool = False, today: date | None = None
) -> CheckResult:
    """Find everything that is wrong with orders, and the rows that are ready to be sent.

    `source` is the path of a workbook or CSV file, a DataFrame, or a mapping of `orders`, `customers` and `products` to
    DataFrames. Rows have the numbers of the workbook: a DataFrame's first row is row 2. `own_domain` is your own e-mail
    domain (`Profile.partner_domain`), where a customer must not have an address; an agreement after `today`, or after
    the current day, is in the future. `include_hidden` treats a workbook's hidden rows like the others.

    Raises `InputError` when nothing can be checked: not a workbook, or no known headers. `UsageError` for another source.

    >>> import pandas as pd
    >>> import bulk_orders
    >>> orders = pd.DataFrame({"Customer ID": ["1000105563"], "Product (MPN)": ["CFQ7TTC0LH16:0001"], "Quantity": [0]})
    >>> found = bulk_orders.check(orders)
    >>> found.ready_count, found.has_file_errors
    (0, True)
    >>> problems = found.to_frame()
    >>> problems[["code", "cell", "message"]].iloc[-1].to_list()
    ['E-RANGE', 'C2', '0 is less than 1.']
    """
    context = CheckContext(
        today=today or SystemClock().now().date(), own_domain=own_domain, include_hidden=include_hidden
    )
    return checked_input(source, context)
