"""What the command line takes for a command."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from typer.core import TyperGroup

from bulk_orders.core.plain_text import with_unseen_shown


class WorkbookFirst(TyperGroup):
    """`bulk-orders FILE.xlsx` means `check FILE.xlsx`: the harmless thing."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """See the base class."""
        if (
            args
            and args[0] not in self.commands
            and re.search(r"\.(xlsx|xlsm|xls|csv)$", args[0], re.IGNORECASE)
        ):
            args = ["check", *args]
        return super().resolve_command(ctx, args)

    def make_context(self, *args: Any, **extra: Any) -> Any:
        """See the base class."""
        with _quoting_safely():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: Any) -> Any:
        """See the base class."""
        with _quoting_safely():
            return super().invoke(ctx)


@contextmanager
def _quoting_safely() -> Iterator[None]:
    """Errors of the command line quote what was typed, or what a shell made of `*.xlsx`: any file's name."""
    try:
        yield
    except Exception as error:
        # Typer prints these itself; where their class lives depends on its version.
        if hasattr(error, "format_message"):
            error.message = with_unseen_shown(str(error.message))  # type: ignore[attr-defined]
        raise
