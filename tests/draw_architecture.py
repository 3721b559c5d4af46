"""Draws which rooms of the package import which, from the code.

    python tests/draw_architecture.py             a Mermaid graph of the rooms, floor by floor
    python tests/draw_architecture.py --table     the same as a table, with the number of modules in each

A room is a folder of the package, or a module beside them; `__init__` and `__main__`, the ways in, are none. A room stands one
floor above the highest room that it imports. Circles, and imports that the table MAY_IMPORT in test_architecture.py does not
allow, those of the ways in too, are named on stderr; then the exit code is 1.
"""

import ast
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tree before any installed copy

from package_sources import MODULES, OURS, Module
from test_architecture import ALL_STAND_ON, GROUND, MAY_IMPORT, WAYS_IN

Graph = dict[str, set[str]]
"""Who imports whom, by name."""
PACKAGE: Final = "__init__"
"""The package itself, for its verbs. What it offers is named in it for type checkers, and loaded when it is used."""


def module_graph(modules: Sequence[Module]) -> Graph:
    """Which modules each module imports; `from bulk_orders.core import model` imports `core.model`."""
    known = {module.name for module in modules}
    return {
        module.name: set() if module.name == PACKAGE else set(_imported(module, known)) - {module.name}
        for module in modules
    }


def _imported(module: Module, known: set[str]) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            named = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in named:
            if name.split(".")[0] == OURS:
                inside = name.removeprefix(OURS).removeprefix(".")
                yield next((one for one in (inside, inside.rpartition(".")[0]) if one in known), PACKAGE)


def room_graph(modules: Sequence[Module]) -> Graph:
    """Which rooms each room imports."""
    rooms: Graph = {module.part: set() for module in modules}
    for name, imported in module_graph(modules).items():
        rooms[_room(name)] |= {_room(other) for other in imported} - {_room(name)}
    return rooms


def without_ways_in(rooms: Graph) -> Graph:
    """What is drawn."""
    return {room: below - WAYS_IN for room, below in rooms.items() if room not in WAYS_IN}


def floors(rooms: Graph) -> dict[str, int]:
    """The floor of each room, 0 for one that imports nothing. Raises `CycleError`."""
    found: dict[str, int] = {}
    for room in TopologicalSorter(rooms).static_order():
        found[room] = max((found[below] + 1 for below in rooms[room]), default=0)
    return found


def faults(modules: Sequence[Module]) -> list[str]:
    """Circles of rooms or modules, and imports of a room that the table does not allow."""
    found = [
        f"{name} imports {_room(other)}, which MAY_IMPORT does not allow"
        for name, imported in module_graph(modules).items()
        for other in sorted(imported)
        if _room(other) not in _allowed(_room(name))
    ]
    for what, graph in (("modules", module_graph(modules)), ("rooms", room_graph(modules))):
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            found.append(f"a circle of {what}: {' ← '.join(error.args[1])}")
    return found


def _allowed(room: str) -> set[str]:
    known = MAY_IMPORT.get(room, set()) | GROUND.get(room, ALL_STAND_ON) | {room}
    return {name or PACKAGE for name in known}


def _room(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


def mermaid(rooms: Graph) -> Iterator[str]:
    """Lines of a Mermaid graph; what all stand on gets no arrows, for it would get them from everywhere."""
    floor = floors(rooms)
    yield "graph TD"
    for number in sorted(set(floor.values()), reverse=True):
        yield f"  subgraph floor_{number}[floor {number}]"
        yield from (f"    {room}[{room}]" for room in sorted(rooms) if floor[room] == number)
        yield "  end"
    for room in sorted(rooms):
        yield from (f"  {room} --> {below}" for below in sorted(rooms[room] - ALL_STAND_ON))


def table(rooms: Graph, sizes: Mapping[str, int]) -> Iterator[str]:
    """Lines of a table of the rooms, the highest first, and how many there are."""
    floor = floors(rooms)
    yield f"{'floor':>5}  {'modules':>7}  {'room':12}  imports"
    for room in sorted(rooms, key=lambda name: (-floor[name], name)):
        yield f"{floor[room]:>5}  {sizes[room]:>7}  {room:12}  {', '.join(sorted(rooms[room]))}"
    yield f"{len(rooms)} rooms on {len(set(floor.values()))} floors, {sum(map(len, rooms.values()))} arrows"


def main(arguments: Sequence[str]) -> int:
    """Print the drawing, and what is wrong with it."""
    rooms, wrong = without_ways_in(room_graph(MODULES)), faults(MODULES)
    for line in wrong:
        print(line, file=sys.stderr)
    if not any(line.startswith("a circle of rooms") for line in wrong):
        is_table = "--table" in arguments
        lines = table(rooms, Counter(module.part for module in MODULES)) if is_table else mermaid(rooms)
        print("\n".join(lines))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
