"""What `undo` and `history --cancellable` say."""

from typing import Final

FILE_NAME: Final = "undo-{run_id}.xlsx"
TITLE: Final = "Orders to cancel, of run {run_id}"
LEGEND: Final = "Nothing was cancelled yet, and this version does not send cancellations. Cancel each order in the Control Panel, before the time under Cancel before (UTC)."
CUSTOMERS_LEGEND: Final = "The customers of these orders."

NO_SUCH_ROW: Final = "Run {run_id} ordered nothing for row {row}."
NO_SUCH_ROW_FIX: Final = "See the rows in the results workbook: bulk-orders report RUN."
NOTHING: Final = "No order of run {run_id} can be cancelled. {why}"
NOTHING_FIX: Final = "See what can be cancelled: bulk-orders history --cancellable."
WHY_ROW: Final = "Row {row} {why}."
IS_BROKEN: Final = 'is "{status}" on the marketplace'
IS_OVER: Final = "could be cancelled until {moment:%d-%b-%Y %H:%M} UTC"
NO_TIME_KNOWN: Final = "has no known time of order"
IN_DOUBT: Final = "is in doubt; see bulk-orders resolve"
NOT_ORDERED: Final = "was not ordered"

MADE_ONE: Final = "  {number} order to cancel, before {moment:%d-%b-%Y %H:%M} UTC."
MADE_MANY: Final = "  {number} orders to cancel, the first before {moment:%d-%b-%Y %H:%M} UTC."
LEFT_OUT: Final = "  – Left out: row {row} {why}."
LEFT_OUT_MORE: Final = "  – Left out: {number} more."
NOT_SENT: Final = "  ⚠ Nothing is cancelled yet. This version does not send cancellations: cancel each order in the Control Panel."
CHECK_IT: Final = "Next:    {command}     (says so of each row, with its cell)"

# history --cancellable

UNTIL: Final = "Cancel before (UTC)"
LEFT: Final = "Time left"
ROW: Final = "Row"
CUSTOMER: Final = "Customer"
PRODUCT: Final = "Product"
ORDER: Final = "Order"
STATUS: Final = "Status"
QUANTITY: Final = "{mpn} × {quantity}"
DAYS_HOURS: Final = "{days} d {hours} h"
NONE_CANCELLABLE: Final = "No order can be cancelled any more: Microsoft's window is 7 days."
MAKE_ONE: Final = "Next:    bulk-orders undo RUN     (lists a run's orders to cancel in a workbook)"
