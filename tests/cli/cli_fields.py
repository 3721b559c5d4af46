"""What is in the JSON object of each command."""

OF_A_RUN = {
    "run_id",
    "environment",
    "stopped_by",
    "audit_whole",
    "counts",
    "rows",
    "approval",
    "next",
    "files",
}
OF_A_CHECK = {
    *(
        "counts",
        "changes",
        "problems",
        "control_totals",
        "not_sent_columns",
        "estimate",
        "money",
        "next",
        "files",
    ),
}
FIELDS: dict[str, set[str]] = {
    "template": {"counts", "next", "files"},
    "map": {
        *("sheet", "header_row", "encoding", "separator", "based_on", "columns", "values", "dates", "parts"),
        *("fixed", "doubts", "files"),
    },
    "check": OF_A_CHECK,
    "fix": OF_A_CHECK | {"applied", "not_applied"},
    "run": OF_A_RUN,
    "resume": OF_A_RUN,
    "resolve": OF_A_RUN,
    "audit": {
        *("run_id", "audit_whole", "matched", "duplicates", "alarms", "found", "missing", "others", "note"),
    },
    "verify": {"ledgers"},
    "status": OF_A_RUN,
    "report": OF_A_RUN,
    "history": {"runs"},
    "undo": {"run_id", "cancellable", "left_out", "is_sent", "next", "files"},
    "purge": {"customer", "before", "ledgers"},
    "doctor": {"findings", "bundle"},
    "explain": {"codes"},
    "help": {"pages"},
    "sandbox": {"url"},
    "subscriptions pull": {"environment", "counts", "rows", "unread", "lost", "next", "files"},
    "customers pull": {"environment", "counts", "rows", "next", "files"},
    "catalog pull": {"environment", "counts", "rows", "next", "files"},
    "catalog compare": {"counts", "changes", "renewals", "files"},
    "ledger backup": {"file", "runs", "last_run", "events"},
    "ledger restore": {"file", "runs", "last_run", "events", "kept"},
    "ledger copy": {"file", "runs", "last_run", "events", "database"},
    "plan": {"plan"},
    "approve": {"plan"},
    "apply": OF_A_RUN,
    "nightly": {
        *("profile", "environment", "folder", "started_at", "ended_at", "stopped_by", "files", "waiting"),
        *("alerts", "deleted", "undecided", "drift", "alarms", "not_compared"),
    },
    "notify": {"recipients", "health_url", "metrics_file", "tests"},
    "status --all-open": {"runs", "not_asked"},
}
"""What is in the object of a command that came to its end, beside `schema` and `exit_code`."""
