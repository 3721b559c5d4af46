"""What `--json` prints, command by command: kept by hand beside `help json`, and held to what the commands print by a test."""

from typing import Any, Final

from pulled_schema import WISHED, pulled_definitions
from schema_shapes import (
    ENVIRONMENT,
    MOMENT,
    MOMENT_OR_NULL,
    NUMBER,
    NUMBER_OR_NULL,
    TEXT,
    TEXT_OR_NULL,
    TEXTS,
    YES_NO,
    a_list,
    an_object,
    ended,
)

from bulk_orders.checking.header_mapping.doubts import DoubtKind
from bulk_orders.core.model import Severity
from bulk_orders.core.summary import Outcome
from bulk_orders.runs.compare_again import Difference

COMMANDS: Final = {
    "template": "template",
    "check": "check",
    "fix": "fix",
    "run": "run",
    "plan": "plan",
    "approve": "plan",
    "apply": "run",
    "nightly": "nightly",
    "notify": "notify",
    "resume": "run",
    "status": "run",
    "report": "run",
    "resolve": "run",
    "map": "map",
    "audit": "audit",
    "history": "history",
    "undo": "undo",
    "verify": "verify",
    "subscriptions pull": "subscriptions",
    "customers pull": "customers",
    "catalog pull": "catalog",
    "catalog compare": "price_changes",
    "ledger backup": "backup",
    "ledger restore": "restore",
    "ledger copy": "copy",
    "worker": "worker",
    "worker status": "workers",
    "purge": "purge",
    "explain": "explain",
    "help": "help",
    "sandbox": "sandbox",
    "doctor": "doctor",
    "doctor --first-steps": "first_steps",
}
"""Which definition is for which command; `run` may also print `dry_run` or `check`, of several files `workbooks`, `plan` `check`, `nightly --dry-run`
`night_preview`, `status --all-open` `runs`, and each of them `error`."""
AMOUNTS: Final = {"type": "object", "additionalProperties": TEXT}
ACTIONS: Final = {"type": "object", "additionalProperties": NUMBER}
"""How many there are of each action, by its key."""
"""By currency."""


PROBLEM: Final = an_object(
    code=TEXT,
    severity={"enum": [str(severity) for severity in Severity]},
    sheet=TEXT_OR_NULL,
    cell=TEXT_OR_NULL,
    cells=TEXTS,
    row=NUMBER_OR_NULL,
    column=TEXT_OR_NULL,
    value=TEXT_OR_NULL,
    message=TEXT,
    fix=TEXT_OR_NULL,
    proposal=TEXT_OR_NULL,
    order_rows=a_list(NUMBER),
)
CHECKED: Final = {
    "counts": an_object(
        rows=NUMBER, ready=NUMBER, to_fix=NUMBER, skipped=NUMBER, hidden=NUMBER, ordered_before=NUMBER
    ),
    "changes": a_list(WISHED),
    "problems": a_list({"$ref": "#/definitions/problem"}),
    "control_totals": {
        "anyOf": [
            {"type": "null"},
            an_object(orders=NUMBER_OR_NULL, licences=NUMBER_OR_NULL, amounts=AMOUNTS),
        ]
    },
    "not_sent_columns": TEXTS,
    "estimate": {"type": ["object", "null"], "additionalProperties": TEXT},
    "money": {"type": ["object", "null"]},
    "next": TEXTS,
}
CANCELLABLE: Final = an_object(
    cancel_before=MOMENT_OR_NULL,
    environment=ENVIRONMENT,
    run_id=TEXT,
    row=NUMBER,
    reference=TEXT_OR_NULL,
    customer_id=TEXT,
    mpn=TEXT,
    quantity=TEXT,
    order_id=TEXT,
    order_number=TEXT_OR_NULL,
    subscription_id=TEXT_OR_NULL,
    marketplace_status=TEXT_OR_NULL,
)
ROW: Final = an_object(
    row=NUMBER,
    reference=TEXT_OR_NULL,
    outcome={"enum": [str(outcome) for outcome in Outcome]},
    code=TEXT_OR_NULL,
    message=TEXT_OR_NULL,
    fix=TEXT_OR_NULL,
    order_id=TEXT_OR_NULL,
    order_number=TEXT_OR_NULL,
    subscription_id=TEXT_OR_NULL,
    marketplace_status=TEXT_OR_NULL,
    scheduled_for=TEXT_OR_NULL,
    acceptance_link=TEXT_OR_NULL,
    microsoft_ids=TEXT_OR_NULL,
    po_sent=TEXT_OR_NULL,
    cancel_before=MOMENT_OR_NULL,
    attempts=NUMBER,
    support_reference=TEXT_OR_NULL,
    row_key=TEXT_OR_NULL,
)
AUDIT: Final = {
    "audit_whole": YES_NO,
    "matched": NUMBER,
    "duplicates": a_list(
        an_object(
            row_key=TEXT,
            row=NUMBER_OR_NULL,
            run_id=TEXT_OR_NULL,
            order_ids=TEXTS,
            order_numbers=TEXTS,
            cancel_before=MOMENT_OR_NULL,
        )
    ),
    "alarms": TEXTS,
    "found": TEXTS,
    "missing": TEXTS,
    "others": NUMBER,
    "note": TEXT_OR_NULL,
}
MAPPED: Final = {
    "sheet": TEXT_OR_NULL,
    "header_row": NUMBER,
    "encoding": TEXT_OR_NULL,
    "separator": TEXT_OR_NULL,
    "based_on": TEXT_OR_NULL,
    "columns": a_list(
        an_object(
            header=TEXT,
            letter=TEXT,
            column=TEXT_OR_NULL,
            confidence={"type": "number", "minimum": 0, "maximum": 1},
            stated=YES_NO,
            samples=TEXTS,
        )
    ),
    "values": {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": TEXT}},
    "dates": {"type": "object", "additionalProperties": TEXT},
    "parts": {"type": "object", "additionalProperties": NUMBER},
    "fixed": {
        "type": "object",
        "additionalProperties": an_object(value=TEXT, stated_by=TEXT_OR_NULL, stated_on=TEXT_OR_NULL),
    },
    "doubts": a_list(
        an_object(
            kind={"enum": [kind.value for kind in DoubtKind]},
            column=TEXT,
            candidates=TEXTS,
            typed=TEXT_OR_NULL,
            question=TEXT,
            options=TEXTS,
        )
    ),
    "files": an_object(mapping=TEXT_OR_NULL),
}
APPROVAL: Final = {
    "anyOf": [{"type": "null"}, an_object(plan_id=TEXT, made_by=TEXT, approved_by=TEXT, approved_at=TEXT)]
}
"""By which plan and whose approval orders were sent."""
PLAN: Final = an_object(
    id=TEXT,
    digest=TEXT,
    environment=ENVIRONMENT,
    profile=TEXT,
    orders=NUMBER,
    rows=a_list(NUMBER),
    actions=ACTIONS,
    first_bill=AMOUNTS,
    credited=AMOUNTS,
    committed=AMOUNTS,
    without_price=NUMBER,
    workbook=TEXT,
    workbook_sha256=TEXT,
    plan_workbook=TEXT_OR_NULL,
    made_by=TEXT,
    made_at=MOMENT,
    expires_at=MOMENT,
    approved_by=TEXT_OR_NULL,
    approved_at=MOMENT_OR_NULL,
)
UNDECIDED: Final = an_object(
    name=TEXT,
    run_id=TEXT,
    row=NUMBER,
    outcome={"enum": [str(Outcome.UNKNOWN), str(Outcome.HELD), str(Outcome.DUPLICATE)]},
    cancel_before=MOMENT_OR_NULL,
    hours_left=NUMBER_OR_NULL,
    what=TEXT,
    fix=TEXT,
)
DRIFTED: Final = an_object(
    name=TEXT,
    run_id=TEXT,
    row=NUMBER,
    order_id=TEXT,
    difference={"enum": [str(kind) for kind in Difference]},
    what=TEXT,
)
FILE_OF_A_NIGHT: Final = an_object(
    name=TEXT,
    exit_code=NUMBER,
    what=TEXT,
    fix=TEXT_OR_NULL,
    run_id=TEXT_OR_NULL,
    counts={"type": "object", "additionalProperties": NUMBER},
    is_open=YES_NO,
    moved_to=TEXT_OR_NULL,
    results=TEXT_OR_NULL,
)
RUN: Final = an_object(
    run_id=TEXT,
    environment=ENVIRONMENT,
    profile=TEXT,
    workbook=TEXT_OR_NULL,
    workbook_sha256=TEXT,
    operator=TEXT,
    started_at=MOMENT,
    ended_at=MOMENT_OR_NULL,
    rows=NUMBER,
    exit_code=NUMBER_OR_NULL,
    stopped_by=TEXT_OR_NULL,
    results=TEXT_OR_NULL,
    approval=APPROVAL,
)
PURGED: Final = an_object(
    environment=ENVIRONMENT,
    file=TEXT,
    orders=NUMBER,
    runs=TEXTS,
    plans=TEXTS,
    copies=TEXTS,
    waiting=a_list(an_object(run_id=TEXT, row=NUMBER, why=TEXT, todo=TEXT)),
    yours=an_object(files=TEXTS, ledgers=TEXTS),
)
WORKER: Final = an_object(host=TEXT, pid=NUMBER, accounts=TEXTS, since=MOMENT, seen_s={"type": "number"})
CLAIMED: Final = a_list(an_object(chunk=NUMBER, host=TEXT, pid=NUMBER))
SHARED_RUN: Final = an_object(
    run_id=TEXT, account=TEXT, chunks=NUMBER, done=NUMBER, claimed=CLAIMED, stopped_by=TEXT_OR_NULL
)
COPIED: Final = {"file": TEXT, "runs": NUMBER, "last_run": TEXT_OR_NULL, "events": NUMBER}


def definitions() -> dict[str, Any]:
    """The objects by name."""
    return {
        "check": ended(**CHECKED, files=an_object(checked=TEXT_OR_NULL)),
        "fix": ended(
            **CHECKED,
            files=an_object(fixed=TEXT_OR_NULL),
            applied=a_list(an_object(where=TEXT, code=TEXT, **{"from": TEXT, "to": TEXT})),
            not_applied=a_list(an_object(where=TEXT, code=TEXT, reason=TEXT)),
        ),
        "run": ended(
            ("audit",),
            run_id=TEXT,
            environment=ENVIRONMENT,
            stopped_by=TEXT_OR_NULL,
            audit_whole={"type": ["boolean", "null"]},
            approval=APPROVAL,
            counts={
                "type": "object",
                "properties": {str(outcome): NUMBER for outcome in Outcome},
                "additionalProperties": False,
            },
            rows=a_list({"$ref": "#/definitions/row"}),
            next=TEXTS,
            files=an_object(results=TEXT_OR_NULL, made_new_because=TEXT_OR_NULL),
            audit=an_object(**AUDIT),
        ),
        "dry_run": ended(
            dry_run={"const": True},
            environment=ENVIRONMENT,
            proposal=an_object(
                orders=NUMBER, actions=ACTIONS, rows=a_list(NUMBER), doubtful=NUMBER, seconds=NUMBER
            ),
        ),
        "runs": ended(
            runs=a_list({"$ref": "#/definitions/run"}),
            not_asked=a_list(an_object(run_id=TEXT, exit_code=NUMBER, message=TEXT, fix=TEXT_OR_NULL)),
        ),
        "workbooks": ended(workbooks=a_list(an_object(file=TEXT, ended={"type": "object"}))),
        "template": ended(
            counts=an_object(rows=NUMBER, products=NUMBER, customers=NUMBER),
            next=TEXTS,
            files=an_object(template=TEXT),
        ),
        "plan": ended(plan={"anyOf": [{"type": "null"}, PLAN]}),
        "nightly": ended(
            profile=TEXT,
            environment=ENVIRONMENT,
            folder=TEXT,
            started_at=MOMENT,
            ended_at=MOMENT,
            stopped_by=TEXT_OR_NULL,
            files=a_list(FILE_OF_A_NIGHT),
            waiting=a_list(an_object(name=TEXT, why=TEXT)),
            undecided=a_list(UNDECIDED),
            drift=a_list(DRIFTED),
            alarms=TEXTS,
            not_compared=TEXT_OR_NULL,
            alerts=TEXTS,
            deleted=TEXTS,
        ),
        "night_preview": ended(
            dry_run={"const": True},
            files=TEXTS,
            waiting=a_list(an_object(name=TEXT, why=TEXT)),
            open_runs=TEXTS,
            to_compare=NUMBER,
            to_delete=TEXTS,
        ),
        "notify": ended(
            recipients=a_list({"type": "object"}),
            health_url=TEXT_OR_NULL,
            metrics_file=TEXT_OR_NULL,
            tests={"type": ["array", "null"], "items": {"type": "object"}},
        ),
        "explain": ended(codes=a_list({"type": "object"})),
        "help": ended(pages=a_list({"type": "object"})),
        "sandbox": ended(url=TEXT),
        **pulled_definitions(),
        "map": ended(**MAPPED),
        "audit": ended(run_id=TEXT, in_doubt=TEXTS, **AUDIT),
        "history": ended(("cancellable",), runs=a_list(RUN), cancellable=a_list(CANCELLABLE)),
        "undo": ended(
            run_id=TEXT,
            cancellable=a_list(CANCELLABLE),
            left_out=a_list(an_object(row=NUMBER, why=TEXT)),
            is_sent={"const": False},
            next=TEXTS,
            files={"type": "object"},
        ),
        "verify": ended(
            ledgers=a_list(
                an_object(environment=ENVIRONMENT, events=NUMBER, head=TEXT_OR_NULL, findings=TEXTS)
            )
        ),
        "backup": ended(**COPIED),
        "restore": ended(**COPIED, kept=TEXT_OR_NULL),
        "copy": ended(**COPIED, database=TEXT),
        "worker": ended(chunks=NUMBER, orders=NUMBER),
        "workers": ended(workers=a_list(WORKER), runs=a_list(SHARED_RUN)),
        "purge": ended(customer=TEXT_OR_NULL, before=MOMENT_OR_NULL, ledgers=a_list(PURGED)),
        "doctor": ended(
            findings=a_list(an_object(name=TEXT, is_well=YES_NO, text=TEXT, fix=TEXT_OR_NULL)),
            bundle={"anyOf": [{"type": "null"}, an_object(file=TEXT, holds=TEXTS)]},
        ),
        "first_steps": ended(
            steps=a_list(an_object(what=TEXT, done=YES_NO, command=TEXT_OR_NULL)), next=TEXTS
        ),
        "error": ended(error=an_object(message=TEXT, fix=TEXT_OR_NULL)),
    }


def output_schema() -> dict[str, Any]:
    """The schema of whatever a command prints."""
    found = definitions()
    return {
        "title": "What bulk-orders prints with --json",
        "definitions": {**found, "problem": PROBLEM, "row": ROW},
        "anyOf": [{"$ref": f"#/definitions/{name}"} for name in found],
    }
