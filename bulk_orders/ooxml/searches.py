"""What is looked for in a sheet's bytes by those who read it and those who change it, and how far a search goes back."""

import re
from typing import Final

from bulk_orders.ooxml.xml_bytes import PREFIX

ROWS_BEGIN: Final = re.compile(rb"<(" + PREFIX + rb")sheetData\s*(/?)>")
TEXT: Final = re.compile(b"<" + PREFIX + rb"t(?:\s[^<>]*)?>([^<]*)</")
OVERLAP: Final = 1_000
"""Bytes of what was looked through before that are looked through again: what is looked for may begin there."""
