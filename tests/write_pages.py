"""Writes the blocks of the pages that are made from the code: between `<!-- NAME -->` and `<!-- /NAME -->`.

    python tests/write_pages.py

A test compares them, so that no page can say what was so once.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tree before any installed copy

from test_architecture import MAY_IMPORT

from bulk_orders.cli.commands.help_pages import pages
from bulk_orders.core.columns.shapes import Column, Kind, Need
from bulk_orders.core.columns.table import column as table_column
from bulk_orders.core.columns.table import columns_of
from bulk_orders.core.lifecycle import TRANSITIONS, State, Step
from bulk_orders.core.model import SheetRole
from bulk_orders.core.order_types import ORDER_TYPES
from bulk_orders.writing.outcome_labels import LABELS

ROOT: Final = Path(__file__).parents[1]


def in_table(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def conditions_of(column: Column) -> str:
    """What other columns have to say for a column to be required: each with its values."""
    values: dict[str, list[str]] = defaultdict(list)
    for name, key in column.required_when:
        other = table_column(column.sheet, name)
        values[other.header].append(
            next((choice.label for choice in other.choices if choice.key == key), key)
        )
    return " or ".join(f"{header} is {' or '.join(labels)}" for header, labels in values.items())


def needed(column: Column) -> str:
    conditions = conditions_of(column)
    return f"when {conditions}" if conditions else {Need.ALWAYS: "yes", Need.OPTIONAL: "no"}[column.need]


def kind(column: Column) -> str:
    choices = " / ".join(choice.label for choice in column.choices)
    length = f", at most {column.max_length} characters" if column.max_length else ""
    return (choices or column.kind.value) + length


def column_reference() -> str:
    """The columns that people fill, sheet by sheet, from the table of columns."""
    blocks = []
    for role in SheetRole:
        rows = [
            in_table(
                f"**{column.header}**<br>`{column.name}`",
                kind(column),
                needed(column),
                column.help,
                f"`{column.api_field}`" if column.api_field else "not sent",
                ", ".join(alias for alias in column.aliases if alias != column.header.lower()),
            )
            for column in columns_of(role)
            if column.kind is not Kind.FORMULA
        ]
        head = in_table("Column", "Cell", "Required", "What it is", "Sent as", "Also read under")
        blocks.append(
            f"**Sheet {role.value.capitalize()}**\n\n{head}|---|---|---|---|---|---|\n{''.join(rows)}"
        )
    return "\n" + "\n".join(blocks) + "\n"


def used_by_table() -> str:
    """Which actions use the columns that not all of them use, from the table of columns."""
    headers: dict[str, list[str]] = defaultdict(list)
    for column in columns_of(SheetRole.ORDERS):
        if column.order_types:
            headers[_actions(column.order_types)].append(column.header)
    rows = [in_table(", ".join(columns), actions) for actions, columns in headers.items()]
    return f"\n{in_table('Column', 'Used by')}|---|---|\n{''.join(rows)}\n"


def _actions(keys: tuple[str, ...]) -> str:
    """Name them, or the one or two that are left out."""
    others = [found.label for found in ORDER_TYPES if found.key not in keys]
    if len(others) <= 2:
        return f"all but {' and '.join(others)}"
    return ", ".join(found.label for found in ORDER_TYPES if found.key in keys)


def outcome_table() -> str:
    """The words of the results workbook, from its labels."""
    rows = [in_table(label.text, label.what_to_do("RUN")) for label in LABELS.values()]
    return f"\n{in_table('Outcome', 'What to do')}|---|---|\n{''.join(rows)}\n"


def topics_list() -> str:
    """The pages of help; `bulk-orders help` prints their titles."""
    links = [f"[{page.stem}](bulk_orders/help/{page.name})" for page in pages()]
    lines = [", ".join(links[first : first + 6]) for first in range(0, len(links), 6)]
    return "\n" + ",\n".join(lines) + ".\n\n"


def import_rules() -> str:
    """Which rooms each room may import, as the test of the architecture has it."""
    rows = [
        in_table(f"`{room}`", ", ".join(f"`{below or 'bulk_orders'}`" for below in sorted(may)))
        for room, may in MAY_IMPORT.items()
        if may
    ]
    nothing = [f"`{room}`" for room, may in MAY_IMPORT.items() if not may and room != "__init__"]
    last = in_table(", ".join(sorted(nothing)), "none")
    return f"\n{in_table('Room', 'May import')}|---|---|\n{''.join(rows)}{last}\n"


def life_cycle() -> str:
    """The states of an order and the steps between them: a drawing, and a table of all steps."""
    everywhere = [step for step in Step if all((state, step) in TRANSITIONS for state in State)]
    arrows: dict[tuple[State, State], list[str]] = defaultdict(list)
    rows = []
    for state in State:
        steps = [
            (step, after)
            for (before, step), after in TRANSITIONS.items()
            if before is state and step not in everywhere
        ]
        for step, after in steps:
            arrows[state, after].append(step.value)
        rows.append(in_table(f"`{state}`", " · ".join(f"{step.value} → `{after}`" for step, after in steps)))
    drawn = [
        f"  {before} --> {after}: {', '.join(steps)}\n"
        for (before, after), steps in arrows.items()
        if before is not after
    ]
    always = [in_table("any", f"{step.value} → `{TRANSITIONS[State.PENDING, step]}`") for step in everywhere]
    head = in_table("State", "Steps from it")
    return (
        f"\n```mermaid\nstateDiagram-v2\n  [*] --> {State.PENDING}\n{''.join(drawn)}```\n"
        f"\n{head}|---|---|\n{''.join(rows)}{''.join(always)}\n"
    )


BLOCKS: Final[Mapping[tuple[str, str], Callable[[], str]]] = {
    ("README.md", "topics"): topics_list,
    ("bulk_orders/help/outcomes.md", "outcomes"): outcome_table,
    ("bulk_orders/help/actions.md", "used by"): used_by_table,
    ("bulk_orders/help/columns.md", "columns"): column_reference,
    ("ARCHITECTURE.md", "imports"): import_rules,
    ("ARCHITECTURE.md", "life cycle"): life_cycle,
}
"""Page and name of each block, and what makes it."""


def block_in(page: str, name: str) -> str:
    """What stands in a page between the marks of a block. Raises `ValueError` where a mark is missing."""
    start, end = _place(page, name)
    return page[start:end]


def _place(page: str, name: str) -> tuple[int, int]:
    mark = f"<!-- {name} -->\n"
    return page.index(mark) + len(mark), page.index(f"<!-- /{name} -->")


def main() -> None:
    for (name, block), make in BLOCKS.items():
        path = ROOT / name
        page = path.read_text(encoding="utf-8")
        start, end = _place(page, block)
        path.write_text(page[:start] + make() + page[end:], encoding="utf-8")


if __name__ == "__main__":
    main()
