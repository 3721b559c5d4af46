"""The fault catalogue: for each of the 98 faults the tests that play it, or why none can.

The ids and their order are those of the project's fault catalogue: I input, T credentials, P the order itself, Q reading
back, M time, process and machine, L runs, ledger and results.
"""

from typing import Final

from catalogue_entry import Entry
from catalogue_marketplace import CREDENTIALS, ORDER, READING
from catalogue_own_side import INPUT, MACHINE, RUNS

CATALOGUE: Final[dict[str, Entry]] = {**INPUT, **CREDENTIALS, **ORDER, **READING, **MACHINE, **RUNS}
