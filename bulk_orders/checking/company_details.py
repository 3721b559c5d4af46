"""Whether a company's details are sent: the one place that decides it.

With the column "Send company details?", what it says counts, and blank means No. Without it, as in exports that have the
API's own names, the details of a new tenant are sent when an address is given, and no others.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from bulk_orders.checking.frame import BoolArray, FrameColumn, SheetFrame
from bulk_orders.core.model import Problem, SheetColumn, SheetRole
from bulk_orders.core.problem_texts import problem

SWITCH: Final = "send_company_details"
_DETAILS: Final = ("address", "city", "state", "postal_code", "country", "phone", "customer_email")


def with_switch(frame: SheetFrame) -> SheetFrame:
    """Return the frame with the switch filled in where the sheet has no such column."""
    if SWITCH in frame or SheetRole.CUSTOMERS not in frame.roles:
        return frame
    is_sent = frame.equals("tenant", "new") & frame.filled("address")
    answers = np.array(["no", "yes"], dtype=object)
    switch = FrameColumn(
        found=SheetColumn(letter="", header="", field=SWITCH),
        codes=is_sent.astype(np.int32),
        typed=["", ""],
        canonical=answers,
        readings={},
    )
    return replace(frame, columns={**frame.columns, SWITCH: switch})


def not_sent(frame: SheetFrame) -> Iterator[Problem]:
    """Tell once of details that are filled and would be left out in silence."""
    if SWITCH not in frame:
        return
    has_column = bool(frame.columns[SWITCH].found.letter)
    left_out = ~frame.equals(SWITCH, "yes")
    if has_column:
        left_out &= _is_unsaid(frame) & frame.equals("tenant", "new")
    filled = [name for name in _DETAILS if name in frame and (frame.filled(name) & left_out).any()]
    if not filled:
        return
    first = frame.columns[filled[0]].found.header.rstrip(" *")
    row = int(frame.sheet_rows[left_out][0])
    yield problem(
        "W-NOT-SENT",
        parts={
            "column": first
            if len(filled) == 1
            else "{first} and {number} more columns".format(first=first, number=len(filled) - 1),
            "reason": '"Send company details?" is empty in row {row}'.format(row=row)
            if has_column
            else 'there is no column "Send company details?"',
            "todo": "Choose Yes to send them, or No to leave them out."
            if has_column
            else 'Add the column "Send company details?" with Yes if they should be sent.',
        },
        sheet=frame.name,
    )


def _is_unsaid(frame: SheetFrame) -> BoolArray:
    """Blank means No, but whoever fills an address for a new tenant may have overlooked the column."""
    entry = frame.columns[SWITCH]
    unsaid = np.array([not text.strip() for text in entry.typed], dtype=np.bool_)
    return unsaid[entry.codes] & ~frame.damaged(SWITCH)
