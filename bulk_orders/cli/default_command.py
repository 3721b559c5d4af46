"""What the command line takes for a command."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from typer.core import TyperGroup

from bulk_orders.errors import Interrupted, UsageError
from bulk_orders.texts import front as words
from bulk_orders.texts import terminal as terminal_words


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
        with _told_as_all_errors_are():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: Any) -> Any:
        """See the base class."""
        with _told_as_all_errors_are():
            return super().invoke(ctx)


@contextmanager
def _told_as_all_errors_are() -> Iterator[None]:
    """Report what the parser finds wrong, and Ctrl-C, like every other error, in JSON too."""
    try:
        yield
    except (KeyboardInterrupt, EOFError):  # Typer would end the process without a word
        raise Interrupted(terminal_words.STOPPED) from None
    except Exception as error:
        # Where the parser's classes live depends on Typer's version; they all have this method, and ours have not.
        if not hasattr(error, "format_message") or _is_help(error):
            raise
        context = getattr(error, "ctx", None)
        path = context.command_path if context else "bulk-orders"
        message = " ".join(error.format_message().split())
        raise UsageError(message, fix=words.SEE_HELP.format(command=path)) from error


def _is_help(error: Exception) -> bool:
    return type(error).__name__.startswith("NoArgsIsHelp")
