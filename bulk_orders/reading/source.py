"""A workbook or CSV file as it was read, once: everything that follows works on these bytes."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bulk_orders.core.mapping import HeaderMapping
from bulk_orders.core.mapping_data import as_data


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A workbook or CSV file as it was read, once."""

    path: Path
    content: bytes = field(repr=False)
    mapping: HeaderMapping | None = None
    """What its columns are, where its headers are not ours."""

    @property
    def read_as(self) -> dict[str, Any]:
        """What reading it again needs beside its bytes, for the ledger."""
        if self.mapping is None:
            return {}
        return {"mapping": {"name": self.mapping.name, **as_data(self.mapping)}}

    @property
    def sha256(self) -> str:
        """Of the bytes that were read."""
        return hashlib.sha256(self.content).hexdigest()
