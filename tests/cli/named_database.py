"""A desk whose settings name a database for the practice ledger."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from postgres_server import server
from processes import Desk

from bulk_orders.ledger.holding import held


def ledger_of(desk: Desk) -> Path:
    return desk.home / "practice" / "ledger.sqlite"


@contextmanager
def named_database(desk: Desk, *, is_held: bool = False) -> Iterator[None]:
    """An empty one, named by a file of its own; perhaps a run uses the ledger's file."""
    url, settings = desk.home / "ledger-url.txt", desk.home / "settings.toml"
    with server() as postgres:
        url.write_text(postgres.new_database(), encoding="ascii")
        url.chmod(0o600)
        told = settings.read_text(encoding="utf-8")
        line = f"[profiles.practice]\nledger_url_file = '{url}'"
        settings.write_text(told.replace("[profiles.practice]", line), encoding="utf-8")
        with held(ledger_of(desk)) if is_held else nullcontext():
            yield
