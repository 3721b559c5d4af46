"""The line of progress: whatever it left out on the way, the last thing it shows is the last count."""

import contextlib
import io

from bulk_orders.cli.progress import AskingLine, ProgressLine
from bulk_orders.cli.terminal import Terminal
from bulk_orders.core.lifecycle import State
from bulk_orders.machine.clock import SystemClock
from bulk_orders.sending.events import OrderSettled


class Screen(io.StringIO):
    """A terminal that keeps what is written to it."""

    def isatty(self) -> bool:
        return True


def test_the_last_line_of_a_run_has_all_its_orders() -> None:
    with (
        contextlib.redirect_stderr(Screen()) as screen,
        ProgressLine(4, is_quiet=False, is_plain=True) as line,
    ):
        for row in range(4):
            line(OrderSettled(sheet_row=row, state=State.ACCEPTED))

    shown = [part for part in screen.getvalue().split("\r") if "Sending" in part]
    assert "0/4" in shown[0]
    assert "4/4" in shown[-1]
    assert "ok4" in shown[-1]


def test_where_there_is_no_terminal_the_last_count_of_questions_is_told_once() -> None:
    err = io.StringIO()
    terminal = Terminal(out=io.StringIO(), err=err)
    with AskingLine(terminal, SystemClock(), is_silent=False) as line, contextlib.redirect_stderr(err):
        for done in range(5):
            line.show(done, 4)

    assert [told.split("marketplace: ")[1] for told in err.getvalue().splitlines()] == [
        "0 of 4 questions answered.",
        "4 of 4 questions answered.",
    ]
