"""What the command line says before any command, and what it takes for one."""

import re
from typing import Any

from typer.core import TyperGroup

WELCOME = """\
bulk-orders turns a workbook of customers and products into marketplace orders: never twice, never silently lost.

  1. bulk-orders template -o orders.xlsx      make an empty workbook and fill it in
  2. bulk-orders check orders.xlsx            find problems; nothing is sent
  3. bulk-orders run orders.xlsx --practice   send the orders to the practice marketplace; nothing is billed

Then for real: bulk-orders run orders.xlsx --profile live.   All commands: bulk-orders --help"""

EXIT_CODES = """\
Exit codes: 0 done · 1 bug · 2 command line · 3 workbook has errors · 4 some orders failed · 5 outcome unknown, look
before sending again · 6 sign-in or settings · 7 try again later · 8 another run · 9 a guard stopped it · 130 Ctrl-C"""


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
