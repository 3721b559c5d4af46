"""Lines of the log about what a run waits for and looks for; what becomes of its orders is logged by the ledger."""

from bulk_orders.machine.log_lines import log
from bulk_orders.sending.events import (
    AccountLearnt,
    Event,
    LookedUp,
    Opening,
    Stopping,
    Throttled,
    Waiting,
    WaitingForOthers,
)


def log_event(event: Event) -> None:
    """Write a line about an event that is worth one. Why a run stops may quote the marketplace, and is left out."""
    match event:
        case Throttled():
            log("throttled", row=event.sheet_row, attempt=event.attempt_number, wait_s=event.wait_s)
        case LookedUp():
            log("looked-up", row=event.sheet_row, is_found=event.is_found, note=event.note)
        case WaitingForOthers():
            log("waiting-for-others", reason=event.why, wait_s=event.wait_s)
        case AccountLearnt():
            log("account-learnt")
        case Opening():
            log("opening", opened=event.opened, total=event.total)
        case Waiting():
            until = event.until.isoformat() if event.until else None
            log(
                "waiting",
                reason=event.what,
                since=event.since.isoformat(),
                until=until,
                waited_s=event.waited_s,
            )
        case Stopping():
            log("stopping")
        case _:
            pass
