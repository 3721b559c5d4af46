"""How a row ended, and what each end asks of people; RUN stands for the run's id."""

from typing import Final

ORDERED: Final = "Ordered"
ORDERED_TO_DO: Final = "Nothing: the order is placed and completed."
ACCEPTED: Final = "Accepted, being set up"
ACCEPTED_TO_DO: Final = "Nothing now. See later whether they are completed: bulk-orders status RUN"
SCHEDULED: Final = "Scheduled"
SCHEDULED_TO_DO: Final = "Nothing: the marketplace carries them out on the day under Scheduled for."
WAITING_FOR_CUSTOMER: Final = "Waiting for the customer's acceptance"
WAITING_FOR_CUSTOMER_TO_DO: Final = (
    "Send each customer the link under Acceptance link. Then ask again: bulk-orders status RUN"
)
SENDING: Final = "Being sent"
SENDING_TO_DO: Final = "Nothing: the run is under way. Look again in a minute: bulk-orders status RUN"
ORDERED_BEFORE: Final = "Ordered before"
ORDERED_BEFORE_TO_DO: Final = "Nothing: an earlier run placed these orders. They were not sent again."
DUPLICATE: Final = "Ordered twice"
DUPLICATE_TO_DO: Final = (
    "Cancel all but one of each in the Control Panel before the time named in the message."
)
UNKNOWN: Final = "Check by hand"
UNKNOWN_TO_DO: Final = "They may exist: do not send them again. Look them up: bulk-orders resolve RUN"
HELD: Final = "Held"
HELD_TO_DO: Final = "They look like orders placed before. Confirm or drop each one: bulk-orders resolve RUN"
ORDER_IN_ERROR: Final = "Ordered, then failed at the marketplace"
ORDER_IN_ERROR_TO_DO: Final = (
    "The order exists. Ask the marketplace's support with the order number before ordering again."
)
ORDER_CANCELLED: Final = "Ordered, then cancelled"
ORDER_CANCELLED_TO_DO: Final = (
    "Nothing, if you wanted it. To order again, give the row a new reference and run the workbook."
)
REJECTED: Final = "Failed"
REJECTED_TO_DO: Final = "Nothing was ordered. Correct the red cells in this workbook and run it again."
INVALID: Final = "To fix"
INVALID_TO_DO: Final = "Not sent. Correct the red cells in this workbook and run it again."
CONFLICT: Final = "Reference already used"
CONFLICT_TO_DO: Final = "Not sent. If it is a new order, give it a reference of its own and run again."
GAVE_UP: Final = "Gave up (nothing was ordered)"
GAVE_UP_TO_DO: Final = "The marketplace took none of these. Run the workbook again later."
DROPPED: Final = "Dropped"
DROPPED_TO_DO: Final = "Nothing: somebody decided not to send them."
SKIPPED: Final = "Skipped"
SKIPPED_TO_DO: Final = "Nothing: the rows say Skip."
NOT_SENT: Final = "Not sent"
NOT_SENT_HERE_TO_DO: Final = (
    "Left out of this run. Run the workbook again to send them; show hidden rows first."
)
NOT_SENT_TO_DO: Final = "Not sent in this run. Go on with: bulk-orders resume RUN, or run the workbook again."
