"""The command line is the library's first user."""

import ast

from test_architecture import MODULES

VERBS_OF_THE_LIBRARY = {
    "runs.mapped_source.read_source",
    "runs.run.prepare_run",
    "runs.run.prepare_resume",
    "runs.run.resume_run",
    "runs.follow.follow_run",
    "runs.results_again.write_again",
    "runs.known_rows.known_rows",
    "runs.ask_marketplace.ask",
}
"""What `check`, `plan`, `run`, `resume`, `status` and `report` are made of: commands call those, as any program does."""

_ASKS_BETWEEN = {"cli.commands.first_day: runs.run.prepare_run"}
"""A dialogue that asks the marketplace between planning and sending, with what is open then."""


def test_commands_call_the_library_for_what_it_offers() -> None:
    taken = {
        f"{module.name}: {name}"
        for module in MODULES
        if module.name.startswith("cli.")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if (name := f"{(node.module or '').removeprefix('bulk_orders.')}.{alias.name}")
        in VERBS_OF_THE_LIBRARY
    }
    assert taken == _ASKS_BETWEEN
