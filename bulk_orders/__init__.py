"""Turn a workbook of customers and products into marketplace orders: none placed twice, none lost in silence.

The command line does the same as these functions. They take a workbook's path or DataFrames, and return values that have
`to_frame()`. They print nothing, exit nowhere and read no environment.

    import bulk_orders

    found = bulk_orders.check(frame)
    print(found.ready_count, found.to_frame())

Verbs:
    check        find what is wrong, send nothing
    schema       the checks of a sheet as a pandera schema

What they take:
    OrdersInput  a path, a DataFrame, or a mapping of `orders`, `customers` and `products` to DataFrames

What they return:
    CheckResult  problems, and how each row stands; RowState: ready, error, skipped, hidden
    Problem      what is wrong with a cell, and how to fix it; Severity: error, warning, info

Errors:
    BulkOrdersError  all of them: `message` says what is wrong, `fix` what to do, `exit_code` what the command would return
    SetupError       the settings: CredentialsRefused, LedgerUnusable, UsageError
    InputError       the workbook or the DataFrame
    RunError         the run stopped before its end: MarketplaceDown, AnotherRunActive, GuardStopped, ResultsNotWritten
    ExitCode         what the command tells the shell

Everything is loaded when it is first used: importing the package costs next to nothing.
"""

import importlib
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from bulk_orders.checking.result import CheckResult, RowState
    from bulk_orders.checking.schema import schema
    from bulk_orders.core.model import Problem, Severity
    from bulk_orders.errors import (
        AnotherRunActive,
        BulkOrdersError,
        CredentialsRefused,
        ExitCode,
        GuardStopped,
        InputError,
        LedgerUnusable,
        MarketplaceDown,
        ResultsNotWritten,
        RunError,
        SetupError,
        UsageError,
    )
    from bulk_orders.library.checks import check
    from bulk_orders.library.sources import OrdersInput

__all__ = [
    "AnotherRunActive",
    "BulkOrdersError",
    "CheckResult",
    "CredentialsRefused",
    "ExitCode",
    "GuardStopped",
    "InputError",
    "LedgerUnusable",
    "MarketplaceDown",
    "OrdersInput",
    "Problem",
    "ResultsNotWritten",
    "RowState",
    "RunError",
    "SetupError",
    "Severity",
    "UsageError",
    "__version__",
    "check",
    "schema",
]

__version__ = "0.1.0"

_HOMES: Final[Mapping[str, tuple[str, ...]]] = {
    "checking.result": ("CheckResult", "RowState"),
    "checking.schema": ("schema",),
    "core.model": ("Problem", "Severity"),
    "errors": (
        "AnotherRunActive",
        "BulkOrdersError",
        "CredentialsRefused",
        "ExitCode",
        "GuardStopped",
        "InputError",
        "LedgerUnusable",
        "MarketplaceDown",
        "ResultsNotWritten",
        "RunError",
        "SetupError",
        "UsageError",
    ),
    "library.checks": ("check",),
    "library.sources": ("OrdersInput",),
}
"""Which module each public name is loaded from; type checkers read the imports above, and a test compares the two."""

# A library says nothing by itself, and a user of the program never sees a traceback: `logs` adds the log file.
logging.getLogger(__name__).addHandler(logging.NullHandler())


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for (PEP 562)."""
    for module, names in _HOMES.items():
        if name in names:
            found = getattr(importlib.import_module(f"{__name__}.{module}"), name)
            globals()[name] = found
            return found
    raise AttributeError(name, name=name, obj=None)


def __dir__() -> list[str]:
    """Return the public names, loaded or not, and what every module has."""
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
