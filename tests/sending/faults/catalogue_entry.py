"""What the catalogue says of one fault, and the files of the tests that play faults.

A test is named as `file::function`, below `tests/`.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One fault."""

    fault: str
    tests: tuple[str, ...] = ()
    why_not: str = ""
    """Why no test can play it, or what of it is not played; empty when all of it is."""


def played(fault: str, *tests: str, why_not: str = "") -> Entry:
    return Entry(fault=fault, tests=tests, why_not=why_not)


POSTS: Final = "sending/faults/test_fault_posts.py"
READS: Final = "sending/faults/test_fault_reads.py"
CANARY: Final = "sending/faults/test_fault_canary.py"
AUDIT: Final = "sending/faults/test_fault_audit.py"
SIGN_IN: Final = "sending/faults/test_fault_sign_in.py"
LEDGERS: Final = "sending/faults/test_fault_ledgers.py"
CLOCKS: Final = "sending/faults/test_fault_clocks.py"
REFUSED_STEPS: Final = "sending/faults/test_fault_refused_steps.py"
OUTAGES: Final = "sending/faults/test_fault_outages.py"
PROCESSES: Final = "sending/faults/test_fault_processes.py"
DECISIONS: Final = "sending/faults/test_fault_decisions.py"
HOSTILE: Final = "sending/faults/test_hostile_answers.py"
KILLS: Final = "kills/test_kills.py"
ORDERS: Final = "marketplace/test_client_orders.py"
NETWORK: Final = "marketplace/test_client_network.py"
CLIENT_READS: Final = "marketplace/test_client_reads.py"
CLIENT_SIGN_IN: Final = "marketplace/test_client_sign_in.py"
FILES: Final = "ledger/test_ledger_files.py"
PLACES: Final = "ledger/test_ledger_places.py"
SHARING: Final = "ledger/test_ledger_sharing.py"
OUT: Final = "writing/test_saving.py"
TEXTS: Final = "writing/test_texts_in_cells.py"
REFUSED: Final = "reading/test_refused_files.py"
BOOK: Final = "reading/test_workbook.py"
CELLS: Final = "reading/test_cells.py"
ERRORS: Final = "cli/test_cli_errors.py"
LEDGER: Final = "contract/test_ledger.py"
LEDGER_STEPS: Final = "contract/test_ledger_steps.py"
PLANNING: Final = "sending/test_planning.py"
STOPPED: Final = "stories/test_stopped.py"
SIMULATED: Final = "simulation/test_simulation.py::test_nothing_is_ordered_twice_lost_or_told_wrongly"
