"""The judge of killed runs. It reads what the marketplace holds and what the user was told, and nothing of ours.

A row's order is known by what was ordered (customer, product, quantity), which the workbook has only once, not by the
PO number, which the program chose.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from books.order_books import result_rows

ORDERED = frozenset({"accepted", "ordered", "ordered_before", "duplicate"})
DOUBTFUL = frozenset({"unknown"})


@dataclass(slots=True)
class Verdict:
    """Sentences; all empty when nothing is ordered twice, lost, or told wrongly."""

    duplicates: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    unknown: int = 0
    unfound: int = 0
    """Rows told to be in doubt whose order is there: safe, but a look-up should have found it."""
    settled: int = 0

    @property
    def is_clean(self) -> bool:
        return not (self.duplicates or self.lost or self.wrong or self.unfound)

    def figures(self) -> dict[str, int]:
        return {
            "duplicates": len(self.duplicates),
            "lost": len(self.lost),
            "wrong": len(self.wrong),
            "unknown": self.unknown,
            "unfound": self.unfound,
            "settled": self.settled,
        }


def judge(
    given: Sequence[Mapping[str, str]], orders: Iterable[Mapping[str, Any]], told: Mapping[str, Any]
) -> Verdict:
    """`given` are the workbook's rows, `orders` the judge's page of the marketplace, `told` the last run's `--json`."""
    found = Verdict()
    there: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    for order in orders:
        line = order["sent"]["products"][0]
        there[order["sent"]["customerId"], line["mpn"], int(line["quantity"])].append(order["id"])
    wanted = {_content(row): row["reference"] for row in given}
    assert len(wanted) == len(given), "the judge needs rows that differ"
    for content, ids in there.items():
        if content not in wanted:
            found.wrong.append(f"nobody asked for {content}, ordered as {ids}")
        elif len(ids) > 1:
            found.duplicates.append(f"{wanted[content]} is ordered as {ids}")
    rows = {row["reference"]: row for row in told["rows"]}
    times = Counter(row["reference"] for row in told["rows"])
    for content, reference in wanted.items():
        if times[reference] != 1:
            found.lost.append(f"{reference} is told {times[reference]} times")
            continue
        _hear(found, reference, rows[reference], there.get(content, []))
    return found


def _hear(found: Verdict, reference: str, row: Mapping[str, Any], ids: Sequence[str]) -> None:
    outcome, name = row["outcome"], f"{reference} is told {row['outcome']}"
    if outcome in ORDERED:
        found.settled += 1
        if row["order_id"] not in ids:
            found.wrong.append(f"{name} as {row['order_id']}, and the marketplace has {list(ids)}")
    elif outcome in DOUBTFUL:
        found.unknown += 1
        found.unfound += bool(ids)
    elif ids:
        found.lost.append(f"{name}, and the marketplace has {list(ids)}")
    else:
        found.wrong.append(f"{name}, and nothing was ordered: the run did not go to its end")


def told_and_written_agree(told: Mapping[str, Any]) -> bool:
    """Whether the results workbook says the same as `--json`."""
    written = result_rows(Path(told["files"]["results"]))
    return [(row["outcome_code"], row["Order ID"]) for row in written] == [
        (row["outcome"], row["order_id"]) for row in told["rows"]
    ]


def _content(row: Mapping[str, str]) -> tuple[str, str, int]:
    return row["customerId"], row["mpn"], int(row["quantity"])
