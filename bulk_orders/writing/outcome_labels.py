"""The words, icons and colours people see for an outcome, and what each asks of them.

Changing a label never touches a rule: the rules know `core.summary.Outcome` only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bulk_orders.core.report import ResultRow
from bulk_orders.core.summary import Outcome
from bulk_orders.texts import outcomes as words
from bulk_orders.writing.palette import BAD, DOUBT, GOOD, GREY, WAITING, Colours


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeLabel:
    """How an outcome is shown."""

    icon: str
    """One character that the usual fonts have."""
    plain_icon: str
    """The same for terminals without Unicode."""
    word: str
    colours: Colours
    to_do: str
    """One sentence; RUN stands for the run's id."""
    to_do_unresumed: str = ""
    """The same where no run has rows left to be resumed for; empty where that makes no difference."""

    @property
    def text(self) -> str:
        """Icon and word."""
        return f"{self.icon} {self.word}"

    @property
    def plain(self) -> str:
        """Icon and word in ASCII."""
        return f"{self.plain_icon} {self.word}"

    def what_to_do(self, run_id: str, *, is_resumed: bool = True) -> str:
        """Return the sentence for this run; `is_resumed` where `resume` would send rows of it."""
        to_do = self.to_do if is_resumed else self.to_do_unresumed or self.to_do
        return to_do.replace("RUN", run_id)


LABELS: Final[Mapping[Outcome, OutcomeLabel]] = {
    Outcome.ORDERED: OutcomeLabel(
        icon="✔",
        plain_icon="[OK]",
        word=words.ORDERED,
        colours=GOOD,
        to_do=words.ORDERED_TO_DO,
    ),
    Outcome.ACCEPTED: OutcomeLabel(
        icon="○",
        plain_icon="[..]",
        word=words.ACCEPTED,
        colours=WAITING,
        to_do=words.ACCEPTED_TO_DO,
    ),
    Outcome.SCHEDULED: OutcomeLabel(
        icon="◷",
        plain_icon="[@]",
        word=words.SCHEDULED,
        colours=WAITING,
        to_do=words.SCHEDULED_TO_DO,
    ),
    Outcome.WAITING_FOR_CUSTOMER: OutcomeLabel(
        icon="⚠",
        plain_icon="[!]",
        word=words.WAITING_FOR_CUSTOMER,
        colours=DOUBT,
        to_do=words.WAITING_FOR_CUSTOMER_TO_DO,
    ),
    Outcome.SENDING: OutcomeLabel(
        icon="→",
        plain_icon="[>]",
        word=words.SENDING,
        colours=WAITING,
        to_do=words.SENDING_TO_DO,
    ),
    Outcome.ORDERED_BEFORE: OutcomeLabel(
        icon="↺",
        plain_icon="[=]",
        word=words.ORDERED_BEFORE,
        colours=GOOD,
        to_do=words.ORDERED_BEFORE_TO_DO,
    ),
    Outcome.DUPLICATE: OutcomeLabel(
        icon="⚠",
        plain_icon="[!]",
        word=words.DUPLICATE,
        colours=BAD,
        to_do=words.DUPLICATE_TO_DO,
    ),
    Outcome.UNKNOWN: OutcomeLabel(
        icon="⚠",
        plain_icon="[!]",
        word=words.UNKNOWN,
        colours=DOUBT,
        to_do=words.UNKNOWN_TO_DO,
    ),
    Outcome.HELD: OutcomeLabel(
        icon="⚠",
        plain_icon="[!]",
        word=words.HELD,
        colours=DOUBT,
        to_do=words.HELD_TO_DO,
    ),
    Outcome.ORDER_IN_ERROR: OutcomeLabel(
        icon="⚠",
        plain_icon="[!]",
        word=words.ORDER_IN_ERROR,
        colours=DOUBT,
        to_do=words.ORDER_IN_ERROR_TO_DO,
    ),
    Outcome.ORDER_CANCELLED: OutcomeLabel(
        icon="⚠",
        plain_icon="[!]",
        word=words.ORDER_CANCELLED,
        colours=DOUBT,
        to_do=words.ORDER_CANCELLED_TO_DO,
    ),
    Outcome.REJECTED: OutcomeLabel(
        icon="✖",
        plain_icon="[X]",
        word=words.REJECTED,
        colours=BAD,
        to_do=words.REJECTED_TO_DO,
    ),
    Outcome.INVALID: OutcomeLabel(
        icon="✖",
        plain_icon="[X]",
        word=words.INVALID,
        colours=BAD,
        to_do=words.INVALID_TO_DO,
    ),
    Outcome.CONFLICT: OutcomeLabel(
        icon="✖",
        plain_icon="[X]",
        word=words.CONFLICT,
        colours=BAD,
        to_do=words.CONFLICT_TO_DO,
    ),
    Outcome.GAVE_UP: OutcomeLabel(
        icon="✖",
        plain_icon="[X]",
        word=words.GAVE_UP,
        colours=BAD,
        to_do=words.GAVE_UP_TO_DO,
    ),
    Outcome.DROPPED: OutcomeLabel(
        icon="–",
        plain_icon="[-]",
        word=words.DROPPED,
        colours=GREY,
        to_do=words.DROPPED_TO_DO,
    ),
    Outcome.SKIPPED: OutcomeLabel(
        icon="–",
        plain_icon="[-]",
        word=words.SKIPPED,
        colours=GREY,
        to_do=words.SKIPPED_TO_DO,
    ),
    Outcome.NOT_SENT: OutcomeLabel(
        icon="–",
        plain_icon="[-]",
        word=words.NOT_SENT,
        colours=GREY,
        to_do=words.NOT_SENT_TO_DO,
        to_do_unresumed=words.NOT_SENT_HERE_TO_DO,
    ),
}
"""Every outcome, in the order in which a summary lists them."""

_READ: Final = frozenset({BAD, DOUBT})


def is_read(row: ResultRow) -> bool:
    """Return whether somebody has to read the row's sentences, which are then shown whole."""
    return bool(row.how_to_fix) or LABELS[row.outcome].colours in _READ
