"""Exports with columns that look like ours and are not: prices, notes, other dates, a second quantity, an old product."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bulk_orders.checking.header_mapping.cells import FileColumn
from bulk_orders.checking.header_mapping.names.all_names import NAMES_BY_FIELD
from bulk_orders.core.mapping import known_fields

ROWS = 12
CELLS: Mapping[str, Sequence[str]] = {
    "reference": [f"R-{row:03}" for row in range(ROWS)],
    "customer_id": [f"10001055{60 + row}" for row in range(ROWS)],
    "mpn": ["CFQ7TTC0LH16:0001", "CFQ7TTC0HDB0:0001", "CFQ7TTC0LCHC:0002"],
    "quantity": [str(row + 1) for row in range(ROWS)],
    "commitment": ["P1Y", "1 year"],
    "billing": ["Monthly"],
    "po_number": [f"PO-{row:04}" for row in range(ROWS)],
    "offer_attestation": ["No"],
    "company_name": ["27 Rings Jewelers", "Alder Street Bakery", "Amber Bay Clinic", "Müller & Söhne GmbH"],
    "tenant": ["Existing", "Existing tenant"],
    "domain": [f"company{row}.onmicrosoft.com" for row in range(ROWS)],
    "partner_attestation": ["Yes"],
    "mca_accepted": ["Already on file"],
}
"""What stands in the columns that are ours."""
DECOYS: Mapping[str, Sequence[str]] = {
    "Price": ["12.60", "8.25"],
    "Einzelpreis": ["12,60"],
    "List price": ["5", "6", "7"],
    "Total": ["63", "120"],
    "Margin %": ["12 %"],
    "Customer note": ["ask first", "VIP"],
    "Notes for sales": ["call on Monday"],
    "Remark from customer": ["urgent"],
    "Start date": ["2026-01-01", "2026-02-01"],
    "Renewal date": ["01/02/2027"],
    "Invoice date": ["2026-11-01"],
    "Fecha de inicio": ["01.02.2027"],
    "Licenses assigned": ["3", "4", "5"],
    "Old quantity": ["9", "8"],
    "Seats in use": ["1", "2"],
    "Qty before": ["7"],
    "Menge alt": ["3", "2"],
    "Previous SKU": ["CFQ7TTC0LHSF:0001", "CFQ7TTC0LH18:0001"],
    "SKU (legacy)": ["CFQ7TTC0LHSF:0001"],
    "Renewal term": ["P1Y", "P3Y"],
    "Old term": ["P1M"],
    "Last billing": ["Yearly"],
    "Secondary domain": ["contoso.com", "fabrikam.com"],
    "Website domain": ["www.contoso.com"],
    "Sales rep": ["Ana Ruiz", "John Doe"],
    "Sales rep e-mail": ["ana@reseller.com"],
    "Old PO": ["PO-9001", "PO-9002"],
    "Customer segment": ["SMB", "Education"],
    "Customer group ID": ["77001", "77002"],
    "Parent customer number": ["1000199999"],
    "Product family": ["Microsoft 365"],
    "Status": ["Active", "Suspended"],
    "Active?": ["Yes", "No"],
    "Invoice sent": ["Yes"],
    "Subscription ID": ["9beb6319-6889-4d28-a155-68ca9c783842"],
    "Region code": ["US"],
    "Ticket": [f"T{row}" for row in range(ROWS)],
    "Batch": ["B1"],
}
"""What stands beside them, and is none of ours."""
REQUIRED = tuple(
    name for name in CELLS if name not in {"po_number", "company_name", "mca_accepted", "reference"}
)


@dataclass(frozen=True)
class DecoyFile:
    """A file whose columns are known."""

    columns: tuple[FileColumn, ...]
    truth: Mapping[str, str]
    """Our column by header; decoys are not in it."""


def file_column(name: str, texts: Sequence[str], filled: int = ROWS) -> FileColumn:
    different = tuple(dict.fromkeys(texts))
    return FileColumn(name=name, letter="A", texts=different, filled=max(filled, len(different)))


def names_of(field: str) -> list[str]:
    column = known_fields()[field]
    return [column.header, *column.aliases, *NAMES_BY_FIELD.get(field, ())]


def decoy_file(seed: int) -> DecoyFile:
    """One of any number of files: each column of ours under one of its names, or under none that we know; shuffled."""
    chance = random.Random(seed)  # noqa: S311 - the same files for everybody
    truth: dict[str, str] = {}
    columns: dict[str, FileColumn] = {}
    for field, cells in CELLS.items():
        if field not in REQUIRED and chance.random() < 0.3:
            continue
        name = chance.choice(names_of(field))
        kind = chance.random()
        if kind < 0.15:
            name = f"{name} {chance.choice(['new', 'neu', '2026', 'final'])}"
        elif kind < 0.25:
            name = f"Feld {chance.randrange(100)}"
        if any(name.casefold() == other.casefold() for other in columns):
            continue
        truth[name] = field
        columns[name] = file_column(name, cells)
    for name in chance.sample(sorted(DECOYS), 10):
        if name.casefold() not in {other.casefold() for other in columns}:
            columns[name] = file_column(name, DECOYS[name])
    shuffled = list(columns.values())
    chance.shuffle(shuffled)
    return DecoyFile(tuple(shuffled), truth)
