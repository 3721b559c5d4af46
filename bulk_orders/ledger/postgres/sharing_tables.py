"""Tables that only a database has which several machines share: chunks of runs, and who is there to send them."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Final

from bulk_orders.core.subscription_rows import AsPulled

CREATE_SHARED_RUNS: Final = """CREATE TABLE shared_runs (
    run_id TEXT PRIMARY KEY, account TEXT NOT NULL, token TEXT NOT NULL, ledger TEXT NOT NULL,
    stopped_because TEXT NOT NULL DEFAULT '', exit_code BIGINT
)"""
"""`token` is the lease's under which the run was planned, `ledger` names the database in which it was."""
CREATE_CHUNKS: Final = """CREATE TABLE chunks (
    run_id TEXT NOT NULL REFERENCES shared_runs ON DELETE CASCADE, number BIGINT NOT NULL, keys TEXT NOT NULL,
    pulled TEXT NOT NULL, is_done BOOLEAN NOT NULL DEFAULT false,
    token TEXT NOT NULL DEFAULT '', host TEXT NOT NULL DEFAULT '', pid BIGINT NOT NULL DEFAULT 0, expires_at TIMESTAMPTZ,
    PRIMARY KEY (run_id, number)
) WITH (fillfactor = 60)"""
CREATE_WORKERS: Final = """CREATE TABLE workers (
    worker_id TEXT PRIMARY KEY, host TEXT NOT NULL, pid BIGINT NOT NULL, accounts TEXT NOT NULL, since TEXT NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL
) WITH (fillfactor = 60)"""


def pulled_as_text(pulled: Mapping[str, AsPulled]) -> str:
    """Return what was pulled of subscriptions, by order key, as it is kept."""
    return json.dumps(
        {key: [told.had, told.renewal_date and told.renewal_date.isoformat()] for key, told in pulled.items()}
    )


def pulled_of(text: str) -> dict[str, AsPulled]:
    """Return what was kept by `pulled_as_text`."""
    return {
        key: AsPulled(had=had, renewal_date=date.fromisoformat(renewal) if renewal else None)
        for key, (had, renewal) in json.loads(text).items()
    }
