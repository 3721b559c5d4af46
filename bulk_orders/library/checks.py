"""`check`: what is wrong with a workbook or with DataFrames, by itself, by the ledger and by the marketplace. Nothing is sent.

What compares and asks is loaded where it is used: most checks need neither.
"""

import threading
from collections.abc import Callable
from datetime import date
from typing import Final

from bulk_orders.checking.check import CheckContext
from bulk_orders.checking.result import CheckResult
from bulk_orders.errors import UsageError
from bulk_orders.library.opening import Home, folders_of, services_of
from bulk_orders.library.sources import NOTHING, Ask, OrdersInput, checked_input
from bulk_orders.machine.clock import SystemClock
from bulk_orders.sending.events import Observer
from bulk_orders.settings.profiles import Profile
from bulk_orders.wiring import has_ledger

_ASK_WHOM: Final = "The marketplace cannot be asked without a profile and a home."


def check(
    source: OrdersInput,
    profile: Profile | None = None,
    *,
    home: Home | None = None,
    ask: Ask = NOTHING,
    own_domain: str = "",
    include_hidden: bool = False,
    today: date | None = None,
    on_stage: Callable[[CheckResult], None] | None = None,
    on_answer: Callable[[int, int], None] | None = None,
    on_event: Observer | None = None,
    stop: threading.Event | None = None,
    operator: str = "",
) -> CheckResult:
    """Find everything that is wrong with orders, and the rows that are ready to be sent.

    `source` is the path of a workbook or CSV file, a DataFrame, or a mapping of `orders`, `customers` and `products` to
    DataFrames. Rows have the numbers of the workbook: a DataFrame's first row is row 2. `own_domain` is your own e-mail
    domain, where a customer must not have an address (else `profile.partner_domain`); an agreement after `today`, or after
    the current day, is in the future. `include_hidden` treats a workbook's hidden rows like the others.

    With `profile` and `home`, rows that the ledger knows are found too, and what `ask` says is asked of the marketplace.
    `on_stage` is then called with the result of the check alone, `on_answer` with how many questions of all are answered.

    Raises `InputError` when nothing can be checked: not a workbook, or no known headers. `UsageError` for another source,
    `LedgerUnusable` or `AnotherRunActive` when the ledger cannot be looked into, and `MarketplaceDown` or
    `CredentialsRefused` when the marketplace does not answer.

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
        today=today or SystemClock().now().date(),
        own_domain=own_domain or (profile.partner_domain if profile else ""),
        include_hidden=include_hidden,
    )
    if ask.is_asked and (profile is None or home is None):
        raise UsageError(_ASK_WHOM, fix="Pass profile and home as for run, or leave out ask.")
    checked = checked_input(source, context)
    if on_stage is not None:
        on_stage(checked)
    if profile is None or home is None or checked.has_file_errors:
        return checked
    folders = folders_of(home)
    if not ask.is_asked and not has_ledger(profile, folders):
        return checked
    from bulk_orders.library import known

    if ask.is_asked:
        with services_of(profile, home, on_event=on_event, stop=stop, operator=operator) as services:
            return known.with_answers(services, folders, checked, ask, on_answer)
    return known.with_ledger(profile, folders, checked)
