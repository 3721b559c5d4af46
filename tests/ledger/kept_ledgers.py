"""Ledgers as released versions of the program wrote them, each with the practice marketplace that its orders are on.

`kept/schema-N.tar.gz` holds what is in the folder `practice` of a home: `ledger.sqlite`, `marketplace.jsonl`, `ledger-age.json`.
To keep another one, let the released program work in a new home, as a person named finance at a computer named finance-desk,
in a folder that says nothing of the one who does it, until orders are in as many states as can be; then pack the three
files without owners. In `schema-1` are, from six workbooks and a seventh whose run was killed: six orders accepted, one
rejected, three held (one for the second time, which lost its reason, one after it was dropped, one with its reason), two
dropped, two in doubt (the marketplace has one of them), one said to be absent, one in flight, three to be sent; an audit is
due. `schema-2` is that one after its update and one more run with lost answers, and after some of it was erased: two of
its runs and an order name nobody, three orders are in doubt, and four of the account are not ours. `schema-3` is that one
after its update, a plan that nobody approved, and one more run: of its orders three ended in error, and two are held. `schema-4`
is that one after its update and one more run, whose three orders are completed.
"""

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

from bulk_orders.ledger.sql import SqlLedger

KEPT = Path(__file__).parent / "kept"
SCHEMAS = sorted(
    int(path.name.removeprefix("schema-").split(".")[0]) for path in KEPT.glob("schema-*.tar.gz")
)


def unpack(number: int, folder: Path) -> Path:
    """The ledger of that schema, in `folder` with all that was beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(KEPT / f"schema-{number}.tar.gz") as packed:
        packed.extractall(folder, filter="data")
    return folder / "ledger.sqlite"


def empty(number: int, path: Path, folder: Path) -> Path:
    """A ledger of that schema in which nothing is yet."""
    with (
        closing(sqlite3.connect(unpack(number, folder))) as kept,
        closing(sqlite3.connect(path, isolation_level=None)) as made,
    ):
        for (statement,) in kept.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"):
            made.execute(statement)
        for name in ("application_id", "user_version"):
            made.execute(f"PRAGMA {name} = {kept.execute(f'PRAGMA {name}').fetchone()[0]}")
    return path


def opened(path: Path) -> None:
    """Open it as any command does, and let go of it."""
    SqlLedger.open(path).close()


def version(path: Path) -> int:
    """The number of its schema."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def content(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table by its columns' names, in the order in which they were written."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        names = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {
            name: [dict(row) for row in connection.execute(f"SELECT * FROM {name} ORDER BY rowid")]
            for name in names
        }


def schema(path: Path) -> dict[str, object]:
    """All that SQLite knows of the tables but the words in which they were made."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:

        def told(question: str) -> list[tuple[Any, ...]]:
            return connection.execute(question).fetchall()

        found: dict[str, object] = {"user_version": told("PRAGMA user_version")}
        for kind, name, statement in told(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
        ):
            found[f"{kind} {name}"] = statement if kind != "table" else told(f"PRAGMA table_xinfo({name})")
            if kind == "table":
                indexes = told(f"PRAGMA index_list({name})")
                found[f"keys of {name}"] = (
                    told(f"PRAGMA foreign_key_list({name})"),
                    sorted(
                        (index[1], index[2:], tuple(told(f"PRAGMA index_xinfo({index[1]})")))
                        for index in indexes
                    ),
                )
        return found
