"""Turn a workbook of customers and products into marketplace orders: none placed twice, none lost in silence."""

import logging

__version__ = "0.1.0"

# A library says nothing by itself, and a user of the program never sees a traceback: `logs` adds the log file.
logging.getLogger(__name__).addHandler(logging.NullHandler())
