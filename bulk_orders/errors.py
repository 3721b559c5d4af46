"""Every exception of the program, grouped by what the user does about it.

BulkOrdersError
 ├─ SetupError              fix the settings                          exit 6
 │   ├─ CredentialsRefused    the marketplace refused the sign-in
 │   ├─ LedgerUnusable        the ledger cannot be opened or trusted
 │   └─ UsageError            the command line asks for something impossible   exit 2
 ├─ InputError              fix the workbook                          exit 3
 │   └─ UnsafeToPatch          a copy of the workbook cannot be added to
 └─ RunError                the run stopped; go on later              exit 7
     ├─ MarketplaceDown       no useful answer from the marketplace
     ├─ AnotherRunActive      somebody else holds the lock            exit 8
     ├─ Interrupted           somebody stopped it                     exit 130
     ├─ GuardStopped          a limit or a missing confirmation       exit 9
     └─ ResultsNotWritten     the orders are safe, the workbook is not written

A row that is wrong is a `Problem` value and an order refused is an `Outcome`: neither is an exception.
Each message names the thing, what was expected, and what to do next.
"""

import enum
from collections.abc import Mapping
from typing import Any, ClassVar


class ExitCode(enum.IntEnum):
    """What the process tells the shell and the scheduler; `help exit-codes` has the same table."""

    OK = 0
    BUG = 1
    USAGE = 2
    WORKBOOK_HAS_ERRORS = 3
    SOME_FAILED = 4
    OUTCOME_UNKNOWN = 5
    SETUP_WRONG = 6
    TRY_AGAIN_LATER = 7
    ANOTHER_RUN = 8
    GUARD = 9
    INTERRUPTED = 130


class BulkOrdersError(Exception):
    """Something went wrong that the user can do something about."""

    exit_code: ClassVar[ExitCode] = ExitCode.BUG

    def __init__(self, message: str, *, fix: str = "") -> None:
        """Take `message`, what is wrong, and `fix`, what to do next; both are whole sentences."""
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.told: Mapping[str, Any] = {}
        """What else is known when it stops, for whoever reads JSON: the plan that was not carried out."""

    def __str__(self) -> str:
        return f"{self.message} {self.fix}".strip()


class SetupError(BulkOrdersError):
    """The settings do not allow the program to work."""

    exit_code = ExitCode.SETUP_WRONG


class CredentialsRefused(SetupError):
    """The marketplace refused the sign-in."""


class LedgerUnusable(SetupError):
    """The ledger cannot be opened, or cannot be trusted."""


class UsageError(SetupError):
    """The command line asks for something impossible."""

    exit_code = ExitCode.USAGE


class InputError(BulkOrdersError):
    """The workbook cannot be read, or has no orders in it."""

    exit_code = ExitCode.WORKBOOK_HAS_ERRORS


class UnsafeToPatch(InputError):
    """A copy of the user's own workbook cannot be added to without putting something in it at risk."""

    def __init__(self, reason: str, *, fix: str = "") -> None:
        """Take `reason`, which continues "the workbook …": `it is signed digitally`."""
        super().__init__("The workbook cannot be added to: {reason}.".format(reason=reason), fix=fix)
        self.reason = reason


class RunError(BulkOrdersError):
    """The run stopped before its end; what was done is recorded, and it can go on later."""

    exit_code = ExitCode.TRY_AGAIN_LATER


class MarketplaceDown(RunError):
    """The marketplace gives no useful answer."""


class AnotherRunActive(RunError):
    """Another run uses the same ledger."""

    exit_code = ExitCode.ANOTHER_RUN


class Interrupted(RunError):
    """Ctrl-C or its like ended the command, or the end of the input where an answer was expected."""

    exit_code = ExitCode.INTERRUPTED


class GuardStopped(RunError):
    """A limit, or a confirmation that was not given, stopped the run before anything was sent."""

    exit_code = ExitCode.GUARD


class ResultsNotWritten(RunError):
    """The results workbook could not be written; the ledger has everything."""
