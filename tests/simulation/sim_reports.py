"""What the program answers in a simulated world: the same values and the same JSON as on the command line, without files."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from sim_kernel import Kernel, SimClock
from sim_plot import Line

from bulk_orders.checking.frame import SheetFrame
from bulk_orders.checking.result import CheckResult, OrderJoin, RowState
from bulk_orders.cli.report_told import report_json
from bulk_orders.core.model import SheetRole, SheetTable
from bulk_orders.errors import ExitCode
from bulk_orders.ledger.interface import Ledger, RunRecord
from bulk_orders.reading.workbook_tables import Form, WorkbookTables
from bulk_orders.runs.report import build_report
from bulk_orders.settings.profiles import Profile

RESULTS: Final = Path("sim-results.xlsx")


@lru_cache(maxsize=64)
def checked(lines: tuple[Line, ...]) -> CheckResult:
    """A workbook of these rows, all of them good."""
    rows = range(2, len(lines) + 2)
    frame = SheetFrame(name="Orders", roles=(SheetRole.ORDERS,), sheet_rows=np.array(rows), columns={})
    orders = SheetTable(
        name="Orders", header_row=1, columns=(), sheet_rows=tuple(rows), cells=[[] for _ in rows]
    )
    return CheckResult(
        problems=(),
        row_states=dict.fromkeys(rows, RowState.READY),
        has_file_errors=False,
        tables=WorkbookTables(
            form=Form.FLAT,
            orders=orders,
        ),
        join=OrderJoin(frame, None),
    )


class SimResults:
    """Stands in for `runs.live_results.LiveResults`: a results workbook that is written, or not."""

    made_new_because = ""

    def __init__(self, kernel: Kernel, fate: Any) -> None:
        self._kernel = kernel
        self._fate = fate
        self.published_s = 0.0
        """When it was last written: what is told is from then on."""

    def publish(self, run: RunRecord) -> tuple[Path | None, str]:
        self.published_s = self._kernel.now_s
        if self._fate.writes_results():
            return RESULTS, ""
        return None, "The results workbook is open in another program."

    @contextmanager
    def refreshing(self) -> Iterator[None]:
        yield


def report_now(
    ledger: Ledger, run: RunRecord, lines: tuple[Line, ...], profile: Profile, clock: SimClock
) -> Any:
    """What `report --json` prints."""
    made = build_report(ledger, run, checked(lines), now=clock.now(), profile=profile)
    return printed(report_json(made, ExitCode.OK, str(RESULTS)))


def printed(answer: Any) -> Any:
    """The one object as a reader of the JSON has it."""
    return json.loads(json.dumps(answer))
