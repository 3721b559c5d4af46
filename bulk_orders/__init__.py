"""Turn a workbook of customers and products into marketplace orders: none placed twice, none lost in silence.

The command line does the same as these functions. They take a workbook's path or DataFrames, and return values that have
`to_frame()`. They print nothing, exit nowhere and read no environment. `bulk-orders help python` has examples.

    import os, bulk_orders

    folders = bulk_orders.folders(os.environ)
    profile = bulk_orders.load_profile("live", config_file=folders.config_file, environment=os.environ)
    proposal = bulk_orders.plan(frame, profile, home=folders.data)
    print(proposal.orders, proposal.to_frame())
    end = bulk_orders.run(frame, profile, confirm=40, home=folders.data)
    print(end.exit_code, end.to_frame())

Verbs:
    check        find what is wrong, send nothing; the ledger and the marketplace can be asked  returns a CheckResult
    schema       the checks of a sheet as a pandera schema
    plan         compare with the ledger and the account, send nothing                         returns a Proposal
    run          send what is confirmed, each order once                                       returns a RunEnd
    resume       go on with a run that stopped                                                 returns a RunEnd
    status       ask what became of accepted orders                                            returns a RunEnd
    report       write the results again from the ledger                                       returns a RunEnd
    pull_subscriptions  read the account's subscriptions, into a workbook to wish in           returns a SubscriptionsPulled
    pull_customers, pull_catalog  read the account's customers, or what it sells               return a ListPulled
    compare_catalogs  say which prices rise from one pull to another, and for which renewals   returns a CatalogComparison

What they take:
    OrdersInput  a path, a DataFrame, or a mapping of `orders`, `customers` and `products` to DataFrames
    Profile      an account and how to treat it: PRACTICE_PROFILE, or what load_profile reads; keyring_secret asks the keyring
    Home         the folder with the ledger; folders(environment) returns the command line's Folders, which do too
    Confirm      the number of orders to send, or a function of the Proposal that returns it
    RunOptions   only_ready, first, include_hidden, is_first_ever, results; max_orders, max_amount, max_per_customer; estimate
    Ask          what check asks the marketplace: online, estimate, max_amount, max_per_customer
    Stage        what on_stage is called with: the CheckResult, the Proposal and the Estimate, as soon as each is there
    Observer     is called with each Event: AttemptBegun, AttemptEnded, OrderSettled, Throttled, LookedUp, WaitingForOthers,
                 Opening, Waiting, Stopping

What they return:
    CheckResult  each Problem (cell, fix, Severity: error, warning, info), how each row stands (RowState), its Source;
                 of a workbook of subscriptions each WantedChange
    Proposal     what a run would send, with the Disposition of each row, and its Estimate where prices were asked for
    Remaining    what a run that goes on has before it
    RunEnd       how a run ended: its ExitCode, its results, and a RunReport with a ResultRow and an Outcome for each row

Errors:
    BulkOrdersError  all of them: `message` says what is wrong, `fix` what to do, `exit_code` what the command would return
    SetupError       the settings or the call: CredentialsRefused, LedgerUnusable, UsageError
    InputError       the workbook or the DataFrame
    RunError         the run stopped before its end: MarketplaceDown, AnotherRunActive, GuardStopped, ResultsNotWritten

Everything is loaded when it is first used: importing the package costs next to nothing.
"""

import importlib
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from bulk_orders.core.version import VERSION

if TYPE_CHECKING:
    from bulk_orders.checking.result import CheckResult, RowState
    from bulk_orders.checking.schema import schema
    from bulk_orders.core.model import Problem, Severity
    from bulk_orders.core.money import Estimate
    from bulk_orders.core.report import ResultRow, RunReport
    from bulk_orders.core.subscription_rows import WantedChange
    from bulk_orders.core.summary import Disposition, Outcome
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
    from bulk_orders.library.afterwards import report, status
    from bulk_orders.library.catalog import (
        CatalogComparison,
        ListPulled,
        compare_catalogs,
        pull_catalog,
        pull_customers,
    )
    from bulk_orders.library.checks import check
    from bulk_orders.library.opening import Home
    from bulk_orders.library.pulling import SubscriptionsPulled, pull_subscriptions
    from bulk_orders.library.running import Confirm, Stage, plan, resume, run
    from bulk_orders.library.sources import Ask, OrdersInput
    from bulk_orders.reading.source import Source
    from bulk_orders.runs.new_run import RunOptions
    from bulk_orders.runs.proposal import Proposal, Remaining
    from bulk_orders.runs.run import RunEnd
    from bulk_orders.sending.events import (
        AttemptBegun,
        AttemptEnded,
        Event,
        LookedUp,
        Observer,
        Opening,
        OrderSettled,
        Stopping,
        Throttled,
        Waiting,
        WaitingForOthers,
    )
    from bulk_orders.settings.folders import Folders, folders
    from bulk_orders.settings.profiles import PRACTICE_PROFILE, Profile, load_profile
    from bulk_orders.settings.secrets import keyring_secret

__all__ = [
    "PRACTICE_PROFILE",
    "AnotherRunActive",
    "Ask",
    "AttemptBegun",
    "AttemptEnded",
    "BulkOrdersError",
    "CatalogComparison",
    "CheckResult",
    "Confirm",
    "CredentialsRefused",
    "Disposition",
    "Estimate",
    "Event",
    "ExitCode",
    "Folders",
    "GuardStopped",
    "Home",
    "InputError",
    "LedgerUnusable",
    "ListPulled",
    "LookedUp",
    "MarketplaceDown",
    "Observer",
    "Opening",
    "OrderSettled",
    "OrdersInput",
    "Outcome",
    "Problem",
    "Profile",
    "Proposal",
    "Remaining",
    "ResultRow",
    "ResultsNotWritten",
    "RowState",
    "RunEnd",
    "RunError",
    "RunOptions",
    "RunReport",
    "SetupError",
    "Severity",
    "Source",
    "Stage",
    "Stopping",
    "SubscriptionsPulled",
    "Throttled",
    "UsageError",
    "Waiting",
    "WaitingForOthers",
    "WantedChange",
    "__version__",
    "check",
    "compare_catalogs",
    "folders",
    "keyring_secret",
    "load_profile",
    "plan",
    "pull_catalog",
    "pull_customers",
    "pull_subscriptions",
    "report",
    "resume",
    "run",
    "schema",
    "status",
]

__version__ = VERSION

_HOMES: Final[Mapping[str, tuple[str, ...]]] = {
    "checking.result": ("CheckResult", "RowState"),
    "checking.schema": ("schema",),
    "core.model": ("Problem", "Severity"),
    "core.money": ("Estimate",),
    "core.report": ("ResultRow", "RunReport"),
    "core.subscription_rows": ("WantedChange",),
    "core.summary": ("Disposition", "Outcome"),
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
    "library.afterwards": ("report", "status"),
    "library.catalog": (
        "CatalogComparison",
        "ListPulled",
        "compare_catalogs",
        "pull_catalog",
        "pull_customers",
    ),
    "library.checks": ("check",),
    "library.opening": ("Home",),
    "library.pulling": ("SubscriptionsPulled", "pull_subscriptions"),
    "library.running": ("Confirm", "Stage", "plan", "resume", "run"),
    "library.sources": ("Ask", "OrdersInput"),
    "reading.source": ("Source",),
    "runs.new_run": ("RunOptions",),
    "runs.proposal": ("Proposal", "Remaining"),
    "runs.run": ("RunEnd",),
    "sending.events": (
        "AttemptBegun",
        "AttemptEnded",
        "Event",
        "LookedUp",
        "Observer",
        "Opening",
        "OrderSettled",
        "Stopping",
        "Throttled",
        "Waiting",
        "WaitingForOthers",
    ),
    "settings.folders": ("Folders", "folders"),
    "settings.profiles": ("PRACTICE_PROFILE", "Profile", "load_profile"),
    "settings.secrets": ("keyring_secret",),
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
