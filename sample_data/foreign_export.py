"""An export as a German ERP writes it, for `bulk-orders map`: other headers, other words, columns that are nobody's business."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

_COMMITMENTS: Final = {"1 year": "Jährlich", "1 month": "Monatlich", "3 years": "3 Jahre"}
_BILLINGS: Final = {"Monthly": "monatlich", "Yearly, upfront": "jährlich", "3 years, upfront": "3 Jahre"}


def make_foreign_export(
    path: Path, customers: Sequence[Mapping[str, str]], ordinary: Sequence[tuple[str, str, str, str]]
) -> None:
    """Write one order for each of the customers, who have a tenant; `ordinary` is (MPN, quantity, commitment, billing)."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        rows = [
            _row(number, customer, *ordinary[number % len(ordinary)])
            for number, customer in enumerate(customers)
        ]
        writer.writerow(rows[0])
        writer.writerows(row.values() for row in rows)


def _row(
    number: int, customer: Mapping[str, str], mpn: str, quantity: str, commitment: str, billing: str
) -> dict[str, str]:
    return {
        "Auftrags-Ref": f"AUF-{number + 1:03}",
        "Kundennummer": customer["customer_id"],
        "Kunde": customer["company_name"],
        "Artikelnummer": mpn,
        "Anzahl Lizenzen": quantity,
        "Einzelpreis": f"{number + 8},60",
        "Laufzeit": _COMMITMENTS[commitment],
        "Abrechnung": _BILLINGS[billing],
        "Bestellnummer": f"BE-{number + 1:04}",
        "Mandant": "vorhanden",
        "Domäne": customer["domain"],
        "Partnerbestätigung": "Ja",
        "MCA akzeptiert": "liegt vor",
        "Angebotsbestätigung": "Ja" if mpn == "CFQ7TTC0HX99:0001" else "Nein",
        "Vertriebler": ("A. Muster", "B. Beispiel")[number % 2],
    }
