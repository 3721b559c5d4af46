"""What a results workbook says of its run on the sheet Run info: names and values."""

from bulk_orders.core import sheet_names
from bulk_orders.errors import InputError
from bulk_orders.reading.sheet_texts import read_sheet_texts


def read_run_info(content: bytes, name: str) -> dict[str, str]:
    """Return the sheet's second column by its first. Raises `InputError` if there is no such sheet, or it cannot be read."""
    texts = read_sheet_texts(content, name, only=sheet_names.RUN_INFO)
    told = {row[0]: row[1] for rows in texts.values() for row in rows if all(row[:2]) and row[1:]}
    if not told:
        raise InputError(
            "{name} has no readable sheet Run info, so the ledger cannot be compared with it.".format(
                name=name
            ),
            fix="Name a results workbook that bulk-orders wrote.",
        )
    return told
