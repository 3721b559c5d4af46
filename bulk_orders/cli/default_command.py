"""What the command line takes for a command."""

import re
from typing import Any

from typer.core import TyperGroup


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
