"""What the verbs take: the path of a workbook, or DataFrames; and what the marketplace is asked. Sources become checked tables."""

import os
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeAlias

from bulk_orders.checking.check import CheckContext
from bulk_orders.checking.check import check as check_tables
from bulk_orders.checking.data_frames import DataFrames, tables_of
from bulk_orders.checking.result import CheckResult
from bulk_orders.library.opening import Home, folders_of
from bulk_orders.reading.source import Source
from bulk_orders.runs.mapped_source import read_source
from bulk_orders.settings.folders import private_folder
from bulk_orders.settings.profiles import Profile

OrdersInput: TypeAlias = str | os.PathLike[str] | DataFrames
"""The path of a workbook or CSV file; a DataFrame of orders, in the flat form with the customers' columns; or a mapping of
`orders`, `customers` and `products` to DataFrames."""

_NAME: Final = "orders.xlsx"
"""What the workbook of DataFrames is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What `check` asks the marketplace. Nothing is placed."""

    online: bool = False
    """Whether it would take each order."""
    estimate: bool = False
    """What each would cost."""
    max_amount: Decimal | float | None = None
    max_per_customer: Decimal | float | None = None
    """The most that all first bills, and those of one customer, may come to in any currency; they take an estimate."""

    @property
    def is_asked(self) -> bool:
        """Whether the marketplace is asked at all."""
        return self.online or self.is_priced

    @property
    def is_priced(self) -> bool:
        """Whether prices are asked for."""
        return self.estimate or self.max_amount is not None or self.max_per_customer is not None


NOTHING: Final = Ask()


def checked_input(source: OrdersInput, context: CheckContext) -> CheckResult:
    """Check a workbook, in a process of its own, or DataFrames, directly. Raises `InputError` and `UsageError`."""
    if not isinstance(source, str | os.PathLike):
        return check_tables(tables_of(source), context)
    read, checked = read_source(Path(source), context)
    return replace(checked, source=read)


def as_kept(checked: CheckResult, profile: Profile, home: Home) -> Source:
    """Return what a run keeps of its input: of DataFrames the workbook of their texts, as if it were where their results go."""
    from bulk_orders.writing.new_book.plain import plain_workbook

    if checked.source is not None:
        return checked.source
    tables = checked.tables
    sheets = [table for table in (tables.orders, tables.customers, tables.products) if table is not None]
    folders = folders_of(home)
    results = private_folder((folders.practice if profile.is_practice else folders.data) / "results")
    return Source(path=results / _NAME, content=plain_workbook(sheets))
