"""The words, icons and colours people see for an outcome, and what each asks of them.

Changing a label never touches a rule: the rules know `core.summary.Outcome` only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bulk_orders.core.report import ResultRow
from bulk_orders.core.summary import Outcome
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
        word="Ordered",
        colours=GOOD,
        to_do="Nothing: the order is placed and completed.",
    ),
    Outcome.ACCEPTED: OutcomeLabel(
        icon="○",
        plain_icon="[..]",
        word="Accepted, being set up",
        colours=WAITING,
        to_do="Nothing now. See later whether they are completed: bulk-orders status RUN",
    ),
    Outcome.SCHEDULED: OutcomeLabel(
        icon="◷",
        plain_icon="[@]",
        word="Scheduled",
        colours=WAITING,
        to_do="Nothing: the marketplace carries them out on the day under Scheduled for.",
    ),
    Outcome.WAITING_FOR_CUSTOMER: OutcomeLabel(
        icon="⚠",
        plain_icon="[!]",
        word="Waiting for the customer's acceptance",
        colours=DOUBT,
        to_do="Send each customer the link under Acceptance link. Then ask again: bulk-orders status RUN",
    ),
    Outcome.SENDING: OutcomeLabel(
        icon="→",
        plain_icon="[>]",
        word="Being sent",
        colours=WAITING,
        to_do="Nothing: the run is under way. Look again in a minute: bulk-orders status RUN",
    ),
    Outcome.ORDERED_BEFORE: OutcomeLabel(
        icon="↺",
        plain_icon="[=]",
        word="Ordered before",
        colours=GOOD,
        to_do="Nothing: an earlier run placed these orders. They were not sent again.",
    ),
    Outcome.DUPLICATE: OutcomeLabel(
        icon="⚠",
        plain_icon="[!]",
        word="Ordered twice",
        colours=BAD,
        to_do="Cancel all but one of each in the Control Panel before the time named in the message.",
    ),
    Outcome.UNKNOWN: OutcomeLabel(
        icon="⚠",
        plain_icon="[!]",
        word="Check by hand",
        colours=DOUBT,
        to_do="They may exist: do not send them again. Look them up: bulk-orders resolve RUN",
    ),
    Outcome.HELD: OutcomeLabel(
        icon="⚠",
        plain_icon="[!]",
        word="Held",
        colours=DOUBT,
        to_do="They look like orders placed before. Confirm or drop each one: bulk-orders resolve RUN",
    ),
    Outcome.ORDER_IN_ERROR: OutcomeLabel(
        icon="⚠",
        plain_icon="[!]",
        word="Ordered, then failed at the marketplace",
        colours=DOUBT,
        to_do="The order exists. Ask the marketplace's support with the order number before ordering again.",
    ),
    Outcome.ORDER_CANCELLED: OutcomeLabel(
        icon="⚠",
        plain_icon="[!]",
        word="Ordered, then cancelled",
        colours=DOUBT,
        to_do="Nothing, if you wanted it. To order again, give the row a new reference and run the workbook.",
    ),
    Outcome.REJECTED: OutcomeLabel(
        icon="✖",
        plain_icon="[X]",
        word="Failed",
        colours=BAD,
        to_do="These orders were not placed. Correct the red cells in this workbook and run it again.",
    ),
    Outcome.INVALID: OutcomeLabel(
        icon="✖",
        plain_icon="[X]",
        word="To fix",
        colours=BAD,
        to_do="Not sent. Correct the red cells in this workbook and run it again.",
    ),
    Outcome.CONFLICT: OutcomeLabel(
        icon="✖",
        plain_icon="[X]",
        word="Reference already used",
        colours=BAD,
        to_do="Not sent. If it is a new order, give it a reference of its own and run again.",
    ),
    Outcome.GAVE_UP: OutcomeLabel(
        icon="✖",
        plain_icon="[X]",
        word="Gave up (nothing was ordered)",
        colours=BAD,
        to_do="Do what the rows say under How to fix, and run the workbook again.",
    ),
    Outcome.DROPPED: OutcomeLabel(
        icon="–",
        plain_icon="[-]",
        word="Dropped",
        colours=GREY,
        to_do="Nothing: somebody decided not to send them.",
    ),
    Outcome.SKIPPED: OutcomeLabel(
        icon="–",
        plain_icon="[-]",
        word="Skipped",
        colours=GREY,
        to_do="Nothing: the rows say Skip.",
    ),
    Outcome.NOT_SENT: OutcomeLabel(
        icon="–",
        plain_icon="[-]",
        word="Not sent",
        colours=GREY,
        to_do="Not sent in this run. Go on with: bulk-orders resume RUN, or run the workbook again.",
        to_do_unresumed="Left out of this run. Run the workbook again to send them; show hidden rows first.",
    ),
}
"""Every outcome, in the order in which a summary lists them."""

_READ: Final = frozenset({BAD, DOUBT})


def is_read(row: ResultRow) -> bool:
    """Return whether somebody has to read the row's sentences, which are then shown whole."""
    return bool(row.how_to_fix) or LABELS[row.outcome].colours in _READ
