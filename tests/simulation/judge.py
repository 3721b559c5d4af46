"""The judge: from what the platform holds and what the user was told, is anything ordered twice, lost, or told wrongly?

It shares no code with the program and reads nothing but plain values. Rows that nobody could tell apart on the platform
(same customer, product, quantity and PO number) have the same tag and are judged together.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from judge_answers import faults_of, useless_steps
from judge_effects import effect_faults, is_found_first, is_nobody_s

ORDERED = frozenset(
    {
        *("ordered", "accepted", "scheduled", "waiting_for_customer", "order_in_error", "order_cancelled"),
        *("ordered_before", "duplicate"),
    }
)
"""The user was told that it exists, and under which id."""
EXISTS_OTHERWISE = frozenset({"conflict"})
"""The user was told that an order exists which the row no longer describes."""
DOUBTFUL = frozenset({"unknown", "held"})
"""The user was told to look."""
FAILED = frozenset({"rejected", "gave_up"})
NOT_SENT = frozenset({"not_sent", "invalid", "skipped", "dropped"})


@dataclass(slots=True, kw_only=True)
class Judgement:
    """What was found; empty when all is well."""

    duplicates: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    told_duplicates: int = 0
    """Made by the gateway, and named to the user."""
    unfound: int = 0
    """Rows told unknown or held at the end although their order exists: safe, but not finished."""
    unsent: int = 0
    """Rows told at the end that they were not sent."""
    found_first: int = 0
    """Rows told as not sent that somebody else had done, or this ledger before it forgot; who sends them sees it first."""
    settled: int = 0
    """Rows told at the end that they are ordered."""

    @property
    def is_clean(self) -> bool:
        return not (self.duplicates or self.lost or self.wrong)

    def lines(self) -> list[str]:
        return [
            *(f"DUP {text}" for text in self.duplicates),
            *(f"LOST {text}" for text in self.lost),
            *(f"WRONG {text}" for text in self.wrong),
        ]


def judge(
    orders: Sequence[Mapping[str, Any]],
    tellings: Sequence[Mapping[str, Any]],
    alarms: Sequence[frozenset[str]] = (),
    workbooks: Sequence[Mapping[int, str]] = (),
    followed: Sequence[Mapping[str, Any]] = (),
    wishes: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> Judgement:
    """`orders`: order_id, tag, received_s, is_replay, listed_s (of a replay), is_foreign; of what acts on a subscription also wrong_effect (words), shown_s (when
    its subscription showed it, if ever), is_in_vain (it changed nothing), deleted_s (when the next one deleted it, if so), sent_by (the process that sent it) and knows (the processes
    of whose work that one's ledger knew); what was set without an order has no order_id. `tellings`, oldest first: at_s (when what is
    told was written), told_s (when it was read), name, exit_code, is_last, has_read, audit_whole (of the run), expected (sheet_row → tag), rows (sheet_row,
    outcome, order_id, ended_s: when it was given up or refused, is_unread: given up before it was sent, as nothing could be read), users (processes of this ledger) and what `judge_answers` reads. `alarms` are the ids that were named together
    as orders of which one alone should be.
    `workbooks` (sheet_row → tag) are those of runs that ended without telling anything, `followed` the next steps taken.
    `wishes` (tag → since_s, shown, is_edited, is_compared) are what rows want of subscriptions: known since when, seen there from
    when to when, whether the row wanted something else at another time, and whether who reads the subscription before sending can see it.
    """
    found = Judgement()
    ours = [
        order for order in orders if not order["is_foreign"] and not _is_beyond_all(order, tellings, wishes)
    ]
    by_tag: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for order in ours:
        by_tag[order["tag"]].append(order)
    rows_of = _most_rows([*(telling["expected"] for telling in tellings), *workbooks])
    found.wrong.extend(
        f"{order['tag']}: {order['order_id']} {order['wrong_effect']}"
        for order in ours
        if order.get("wrong_effect")
    )
    for tag, made in sorted(by_tag.items()):
        _count_duplicates(found, tag, made, rows_of[tag], alarms, wishes.get(tag))
    for telling in tellings:
        by_id = {order["order_id"]: order for order in orders if order["order_id"]}
        _hear(found, telling, by_id, by_tag, rows_of, wishes)
        found.wrong.extend(effect_faults(telling, by_id, wishes))
    found.wrong.extend(useless_steps(followed))
    return found


def _is_beyond_all(
    order: Mapping[str, Any], tellings: Sequence[Mapping[str, Any]], wishes: Mapping[str, Any]
) -> bool:
    """Whether the gateway repeated an order of a forgotten ledger, and nobody could know whose it is once it could be seen.

    The row was in no workbook by then, or each comparison failed, and that was told; or it changes a subscription, which was so
    already and once more is no other.
    """
    return order["is_replay"] and not any(
        order["sent_by"] in telling["users"]
        or (order["tag"] in telling["expected"].values() and order["tag"] not in wishes)
        for telling in tellings
        if telling["at_s"] >= order["listed_s"] and telling.get("audit_whole") is not False
    )


def _most_rows(workbooks: Sequence[Mapping[int, str]]) -> Counter[str]:
    most: Counter[str] = Counter()
    for workbook in workbooks:
        for tag, number in Counter(workbook.values()).items():
            most[tag] = max(most[tag], number)
    return most


def _count_duplicates(
    found: Judgement,
    tag: str,
    made: Sequence[Mapping[str, Any]],
    rows: int,
    alarms: Sequence[frozenset[str]],
    wish: Mapping[str, Any] | None,
) -> None:
    """Of orders that nobody can tell apart it does not matter which are named, but that as many too many are.

    One that the next one deleted by itself is not one too many, nor is one that changed nothing and was forgotten.
    """
    made = [
        order for order in made if order.get("deleted_s") is None and not _is_forgotten(order, made, wish)
    ]
    surplus = len(made) - rows
    if surplus <= 0:
        return
    replays = sum(bool(order["is_replay"]) for order in made)
    if surplus <= replays and surplus <= _told_surplus({order["order_id"] for order in made}, alarms):
        found.told_duplicates += surplus
        return
    ids = ", ".join(sorted(order["order_id"] for order in made))
    how = " by the gateway, and nobody was told" if surplus <= replays else ""
    found.duplicates.append(f"{tag}: {rows} rows, {len(made)} orders{how} ({ids})")


def _is_forgotten(
    order: Mapping[str, Any], made: Sequence[Mapping[str, Any]], wish: Mapping[str, Any] | None
) -> bool:
    """It changed nothing, and whoever did the same later could not know of it."""
    later = [other for other in made if other["received_s"] > order["received_s"]]
    return bool(later) and all(
        is_nobody_s(order, wish, other["knows"], other["received_s"]) for other in later
    )


def _told_surplus(ids: set[str], alarms: Sequence[frozenset[str]]) -> int:
    """How many of `ids` the alarms call one too many; alarms that share an id speak of the same order."""
    groups: list[set[str]] = []
    for alarm in alarms:
        joined = set(alarm & ids)
        apart = []
        for group in groups:
            if group & joined:
                joined |= group
            else:
                apart.append(group)
        groups = [*apart, joined] if joined else apart
    return sum(len(group) - 1 for group in groups)


def _hear(
    found: Judgement,
    telling: Mapping[str, Any],
    by_id: Mapping[str, Mapping[str, Any]],
    by_tag: Mapping[str, Sequence[Mapping[str, Any]]],
    rows_of: Mapping[str, int],
    wishes: Mapping[str, Any],
) -> None:
    name, expected = telling["name"], telling["expected"]
    told = Counter(row["sheet_row"] for row in telling["rows"])
    for sheet_row, tag in sorted(expected.items()):
        if told[sheet_row] != 1:
            found.lost.append(f"{name}: row {sheet_row} ({tag}) is told {told[sheet_row]} times")
    for sheet_row in sorted(set(told) - set(expected)):
        found.wrong.append(f"{name}: row {sheet_row} is told and was never given")
    _check_ids(found, telling, by_id, wishes)
    if telling["has_read"]:  # what others ordered is known only once the account was read
        _check_silence(found, telling, by_tag, rows_of, wishes)
    if telling.get("json"):
        found.wrong.extend(f"{name}: {fault}" for fault in faults_of(telling))
    outcomes = [row["outcome"] for row in telling["rows"]]
    if telling["exit_code"] == 0 and telling.get("untold"):
        found.wrong.append(f"{name}: exit code 0, and nobody was told of {', '.join(telling['untold'])}")
    if telling["is_last"]:
        found.unsent += sum(outcome in NOT_SENT | FAILED for outcome in outcomes)
        found.settled += sum(outcome in ORDERED for outcome in outcomes)


def _check_ids(
    found: Judgement,
    telling: Mapping[str, Any],
    by_id: Mapping[str, Mapping[str, Any]],
    wishes: Mapping[str, Any],
) -> None:
    seen: set[str] = set()
    for row in telling["rows"]:
        if row["outcome"] not in ORDERED | EXISTS_OTHERWISE:
            continue
        where = f"{telling['name']}: row {row['sheet_row']} told {row['outcome']} as {row['order_id'] or 'nothing'}"
        tag = telling["expected"].get(row["sheet_row"], "")
        order = by_id.get(row["order_id"])
        if not row["order_id"] and tag in wishes:
            continue  # found to be so, or set without an order: `judge_effects` asks the subscription
        if order is None:
            found.wrong.append(f"{where}, which does not exist")
        elif order["tag"] != tag:
            found.wrong.append(f"{where}, which is of {order['tag'] or 'somebody else'} and not of {tag}")
        elif row["order_id"] in seen:
            found.wrong.append(f"{where}, as another row was")
        seen.add(row["order_id"])


def _check_silence(
    found: Judgement,
    telling: Mapping[str, Any],
    by_tag: Mapping[str, Sequence[Mapping[str, Any]]],
    rows_of: Mapping[str, int],
    wishes: Mapping[str, Any],
) -> None:
    """Orders whose request was received before the telling must be told, or at least be among the doubtful."""
    rows_by_tag: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in telling["rows"]:
        rows_by_tag[telling["expected"].get(row["sheet_row"], "")].append(row)
    for tag, rows in sorted(rows_by_tag.items()):
        if len(rows) < rows_of[tag]:
            continue  # others of these rows stood in another workbook, and may own the order
        told_ids = {row["order_id"] for row in rows if row["outcome"] in ORDERED | EXISTS_OTHERWISE}
        there = [
            order
            for order in by_tag.get(tag, ())
            if order["received_s"] <= telling["at_s"]
            and not order["is_replay"]
            and order["order_id"] not in told_ids
            and not is_nobody_s(order, wishes.get(tag), telling["users"], telling["at_s"])
        ]
        doubtful = [row for row in rows if row["outcome"] in DOUBTFUL]
        if telling["is_last"]:
            found.unfound += min(len(there), len(doubtful))
        if len(there) <= len(doubtful):
            continue
        quiet = [
            row
            for row in rows
            if row["outcome"] not in DOUBTFUL | ORDERED | EXISTS_OTHERWISE
            and row["sheet_row"] not in telling["left_out"]  # nobody looked what became of these
        ]
        silent = [row for row in quiet if not is_found_first(row, wishes.get(tag), there, telling)]
        found.found_first += len(quiet) - len(silent)
        if not silent:
            continue  # more orders than rows: that is a duplicate, and told as one
        words = ", ".join(f"row {row['sheet_row']} {row['outcome']}" for row in silent)
        text = (
            f"{telling['name']}: {tag}: {words}, but {', '.join(order['order_id'] for order in there)} exists"
        )
        if any(row["outcome"] in FAILED for row in silent):
            found.wrong.append(text)
        else:
            found.lost.append(text)
