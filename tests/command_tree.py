"""The commands of the command line, those of groups by both their names: `ledger backup`."""

from typing import Any

import typer.main

from bulk_orders.cli.app import app


def commands() -> dict[str, Any]:
    """Every command that can be typed, by what is typed."""
    found: dict[str, Any] = {}
    for name, command in typer.main.get_group(app).commands.items():
        parts = getattr(command, "commands", {})
        found |= {f"{name} {part}": each for part, each in parts.items()}
        if not parts or getattr(command, "invoke_without_command", False):
            found[name] = command
    return found
