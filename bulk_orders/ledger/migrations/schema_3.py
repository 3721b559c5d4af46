"""Schema 3: plans, with who made and who approved each; there were none before."""

from typing import Final

from sqlalchemy import Connection, text

_STATEMENT: Final = """CREATE TABLE plans (
    plan_id TEXT NOT NULL, digest TEXT NOT NULL, account TEXT NOT NULL, environment TEXT NOT NULL,
    profile TEXT NOT NULL, marketplace TEXT NOT NULL, source_name TEXT NOT NULL, source_path TEXT NOT NULL,
    source_sha256 TEXT NOT NULL, workbook_path TEXT NOT NULL, maker TEXT NOT NULL, host TEXT NOT NULL,
    program_version TEXT NOT NULL, orders INTEGER NOT NULL, content TEXT NOT NULL, made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL, approved_by TEXT NOT NULL, approved_at TEXT, PRIMARY KEY (plan_id)
)"""


def change(connection: Connection) -> None:
    """Add the table."""
    connection.execute(text(_STATEMENT))
