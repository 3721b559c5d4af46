"""First contact with an account: what free estimates told, in one line, before its first order."""

from typing import Final

WAIT: Final = "the marketplace to say how this account wants its orders; nothing is ordered"
"""After "Waiting for "."""
LEARNT: Final = "Learnt about this account by free estimates: {facts}."
NOT_ASKED: Final = "What this account wants could not be asked: {reason} The first order will show it."
ALL_REFUSED: Final = (
    'Nothing was learnt about this account: its estimates of the first orders were refused ("{said}").'
)
NO_SHAPE: Final = 'The marketplace cannot tell which product the first orders mean, wherever the commitment stands: "{said}" Nothing was sent.'
NO_SHAPE_FIX: Final = (
    "Name the vendor in the column Vendor, spelt as in the catalogue. "
    "If the account wants another order body, give it in body_templates: `bulk-orders help settings`."
)
NO_NUMBER_OF_OURS: Final = (
    'The marketplace refuses PO numbers as this program makes them: "{said}" Nothing was sent.'
)
NO_NUMBER_OF_OURS_FIX: Final = "Fill in PO numbers of your own, short enough, in the column PO number."

PO_NAME: Final = "PO numbers as {name}"
PO_LENGTH: Final = "of PO numbers {length} characters are kept"
PERIOD_PLACES: Final = {
    "order": "the commitment as in the order body",
    "both": "the commitment in the product line too",
    "line": "the commitment in the product line only",
}
VENDOR: Final = 'each product line names its vendor ("{vendor}")'
NO_VENDOR: Final = "no vendor is needed"
NOTHING: Final = "nothing is known yet; the next run asks, by free estimates"
