"""The judge of one answer: do its exit code, its JSON and its next steps agree with each other, the ledger and the row's truth?

Like `judge` it shares no code with the program and reads nothing but plain values: the object that `--json` prints.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

DONE: Final = frozenset(
    {"ordered", "accepted", "scheduled", "waiting_for_customer", "ordered_before", "dropped", "skipped"}
)
"""Nothing is left to be done about these rows, but to see the accepted ones completed."""
TO_DECIDE: Final = frozenset({"unknown", "held"})
TO_CORRECT: Final = frozenset({"rejected", "gave_up", "conflict", "invalid"})
SAYS: Final[Mapping[str, frozenset[str]]] = {
    "accepted": frozenset(
        {
            *(
                "ordered",
                "accepted",
                "scheduled",
                "waiting_for_customer",
                "order_in_error",
                "order_cancelled",
            ),
            *("ordered_before", "duplicate", "conflict"),
        }
    ),
    "unknown": frozenset({"unknown"}),
    "in_flight": frozenset({"unknown", "sending"}),
    "held": frozenset({"held"}),
    "pending": frozenset({"not_sent"}),
    "rejected": frozenset({"rejected"}),
    "gave_up": frozenset({"gave_up"}),
    "dropped": frozenset({"dropped"}),
}
"""By the state that the ledger keeps, what an answer may call the row."""
_STEP = re.compile(r"bulk-orders (\w+) (\S+)")


def faults_of(telling: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with an answer; see `judge.judge` for the telling. `json` is the answer, `ledger` what the ledger keeps of
    each row (sheet_row → state), `runs` the ids that it knows, `left_out` the rows that a person left out.
    """
    answer = telling["json"]
    yield from _exit_code_faults(telling["exit_code"], answer)
    if "counts" not in answer:  # an audit has no rows
        return
    yield from _count_faults(answer, telling["ledger"], telling["left_out"])
    yield from _riskiest_faults(telling["exit_code"], answer, telling["left_out"])
    yield from _step_faults(answer, telling["ledger"], telling["runs"])


def _exit_code_faults(exit_code: int | None, answer: Mapping[str, Any]) -> Iterator[str]:
    if exit_code is None:
        return
    if answer["exit_code"] != exit_code:
        yield f"exit code {exit_code}, and {answer['exit_code']} in its JSON"
    compared = answer.get("audit", answer if "counts" not in answer else {})
    if (compared.get("alarms") or compared.get("duplicates")) and exit_code != 5:
        yield f"exit code {exit_code} with orders that are there twice"
    if exit_code == 0 and compared.get("missing"):
        yield "exit code 0 with accepted orders that are not there"
    if exit_code == 0 and answer["audit_whole"] is False:
        yield "exit code 0 without a whole comparison"


def _count_faults(
    answer: Mapping[str, Any], ledger: Mapping[int, str], left_out: Sequence[int]
) -> Iterator[str]:
    rows = answer["rows"]
    said = {kind: number for kind, number in answer["counts"].items() if number}
    if said != dict(Counter(row["outcome"] for row in rows)):
        yield f"the counts say {said}, the rows something else"
    for row in rows:
        state = ledger.get(row["row"], "")
        is_quiet = row["row"] in left_out and row["outcome"] == "not_sent"
        if state and not is_quiet and row["outcome"] not in SAYS[state]:
            yield f"row {row['row']} is called {row['outcome']}, the ledger keeps {state}"


def _riskiest_faults(
    exit_code: int | None, answer: Mapping[str, Any], left_out: Sequence[int]
) -> Iterator[str]:
    """The riskiest decides, as the README's table has it."""
    if exit_code is None:
        return
    outcomes = {row["outcome"] for row in answer["rows"] if row["row"] not in left_out}
    if outcomes & {"unknown", "duplicate"} and exit_code != 5:
        yield f"exit code {exit_code} with rows in doubt or there twice"
    elif outcomes & {
        "rejected",
        "order_in_error",
        "order_cancelled",
        "gave_up",
        "conflict",
    } and exit_code not in {4, 5, 130}:
        yield f"exit code {exit_code} with rows that failed"
    elif exit_code == 0 and (bad := sorted(outcomes - DONE)):
        yield f"exit code 0 with rows called {', '.join(bad)}"


def _step_faults(answer: Mapping[str, Any], ledger: Mapping[int, str], runs: Sequence[str]) -> Iterator[str]:
    steps = [found.groups() for text in answer["next"] if (found := _STEP.match(text))]
    verbs = {verb for verb, _ in steps}
    outcomes = {row["outcome"] for row in answer["rows"]}
    waiting = [
        row["row"]
        for row in answer["rows"]
        if ledger.get(row["row"]) == "pending" and row["row_key"] and row["outcome"] == "not_sent"
    ]
    # What waits to be sent may wait for a row in doubt of another run.
    elsewhere = any(verb == "resolve" and name != answer["run_id"] for verb, name in steps) and bool(waiting)
    for verb, name in steps:
        if verb != "run" and name not in runs:
            yield f"the next step is {verb} {name}, and there is no such run"
        its_own = {"audit", "status", "report"} if elsewhere else {"resolve", "audit", "status", "report"}
        if verb in its_own and name != answer["run_id"]:
            yield f"the next step is {verb} {name}, which is another run"
    reasons = {
        "resolve": bool(outcomes & TO_DECIDE) or elsewhere,
        "resume": bool(waiting),
        "audit": answer["audit_whole"] is False or "duplicate" in outcomes,
        "status": bool(outcomes & {"accepted", "waiting_for_customer"}),
    }
    for verb, is_due in reasons.items():
        if is_due and verb not in verbs:
            yield f"no next step is {verb}, with {_told(answer)}"
        if verb in verbs and not is_due:
            yield f"the next step is {verb}, which has nothing to do with {_told(answer)}"
    if outcomes & TO_CORRECT and not verbs & {"run", "report"}:
        yield f"no next step is to correct and run, with {_told(answer)}"


def _told(answer: Mapping[str, Any]) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in answer["counts"].items() if number)


def useless_steps(followed: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Steps that were followed while nothing went wrong, and did not help. Each has `step`, `ended_by` (the error that refused
    it, or nothing), `before` and `after` (the rows as the ledger keeps them) and `is_named_again`.
    """
    for taken in followed:
        if taken["ended_by"]:
            yield f"the next step {taken['step']} was refused: {taken['ended_by']}"
        elif taken["is_named_again"] and taken["before"] == taken["after"]:
            yield f"the next step {taken['step']} changed nothing, and is named again"
