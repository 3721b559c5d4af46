"""Tables that only a database has which several machines share: chunks of runs, and who is there to send them."""

from typing import Final

CREATE_SHARED_RUNS: Final = """CREATE TABLE shared_runs (
    run_id TEXT PRIMARY KEY, account TEXT NOT NULL, token TEXT NOT NULL, ledger TEXT NOT NULL,
    stopped_because TEXT NOT NULL DEFAULT '', exit_code BIGINT
)"""
"""`token` is the lease's under which the run was planned, `ledger` names the database in which it was."""
CREATE_CHUNKS: Final = """CREATE TABLE chunks (
    run_id TEXT NOT NULL REFERENCES shared_runs ON DELETE CASCADE, number BIGINT NOT NULL, keys TEXT NOT NULL,
    is_done BOOLEAN NOT NULL DEFAULT false,
    token TEXT NOT NULL DEFAULT '', host TEXT NOT NULL DEFAULT '', pid BIGINT NOT NULL DEFAULT 0, expires_at TIMESTAMPTZ,
    PRIMARY KEY (run_id, number)
) WITH (fillfactor = 60)"""
CREATE_WORKERS: Final = """CREATE TABLE workers (
    worker_id TEXT PRIMARY KEY, host TEXT NOT NULL, pid BIGINT NOT NULL, accounts TEXT NOT NULL, since TEXT NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL
) WITH (fillfactor = 60)"""
