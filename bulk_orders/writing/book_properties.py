"""Properties in the file of a workbook by which we know it again."""

from typing import Final

SCHEMA: Final = 1
"""Raised when a reader must treat our workbooks differently."""
RESULTS_KIND: Final = "results workbook"
CHECKED_KIND: Final = "checked workbook"
KIND_PROPERTY: Final = "bulk_orders_kind"
RUN_PROPERTY: Final = "bulk_orders_run_id"
SCHEMA_PROPERTY: Final = "bulk_orders_schema"
SAVED_PROPERTY: Final = "bulk_orders_saved"
"""In a copy of somebody's workbook: when that was last saved, by its own word."""
