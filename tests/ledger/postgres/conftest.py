"""The address of an empty schema, and ledgers that are opened in it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest
from postgres_server import Server, opened_in

from bulk_orders.ledger.sql import SqlLedger


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.new_schema()


@pytest.fixture
def open_ledger(url: str) -> Iterator[Callable[..., SqlLedger]]:
    """Opens the ledger once more, as another process would; all are closed at the end."""
    with ExitStack() as opened:

        def another(**options: Any) -> SqlLedger:
            return opened.enter_context(closing(opened_in(options.pop("url", url), **options)))

        yield another
