"""What the command line takes for a command."""

import difflib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from typer.core import TyperGroup

from bulk_orders.errors import Interrupted, UsageError


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
    except KeyboardInterrupt:  # Typer would end the process without a word
        raise Interrupted("Stopped.") from None
    except Exception as error:
        # Where the parser's classes live depends on Typer's version; they all have this method, and ours have not.
        if not hasattr(error, "format_message") or _is_help(error):
            raise
        context = getattr(error, "ctx", None)
        path = context.command_path if context else "bulk-orders"
        message, fix = (
            " ".join(error.format_message().split()),
            "`{command} --help` lists what it takes.".format(command=path),
        )
        if option := getattr(error, "option_name", ""):
            message, fix = _unknown_option(option, getattr(error, "possibilities", None) or (), context, fix)
        raise UsageError(message, fix=fix) from error


def _unknown_option(option: str, near: Iterable[str], context: Any, fix: str) -> tuple[str, str]:
    """Return what is said of an option that a command does not have: which one was meant, or where it belongs."""
    message = "There is no option {option} here.".format(option=option)
    root = context.find_root() if context else None
    everywhere = {name for parameter in root.command.params for name in parameter.opts} if root else set()
    if context is not root and option in everywhere:
        return message, "It goes before the command: `bulk-orders {option} {command} …`.".format(
            option=option, command=context.command_path.split()[-1]
        )
    meant = difflib.get_close_matches(option, [*near], n=1, cutoff=0.0)
    return message, "Did you mean {option}? {more}".format(option=meant[0], more=fix) if meant else fix


def _is_help(error: Exception) -> bool:
    return type(error).__name__.startswith("NoArgsIsHelp")
