"""Exports of other programs: with their own headers, words and habits, in English, German, French, Spanish, Italian and Dutch."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl

DE = (
    *(
        "Auftrags-Ref",
        "Kundennummer",
        "Kunde",
        "Artikelnummer",
        "Bezeichnung",
        "Anzahl Lizenzen",
        "Einzelpreis",
    ),
    *("Laufzeit", "Abrechnung", "Bestellnummer", "Mandant", "Domäne", "Partnerbestätigung", "MCA akzeptiert"),
    *("Angebotsbestätigung", "Bemerkung"),
)
FR = (
    *("Référence", "N° client", "Raison sociale", "Code produit", "Désignation", "Quantité", "Prix unitaire"),
    *("Engagement", "Facturation", "N° de commande", "Type de tenant", "Domaine", "Attestation partenaire"),
    *("MCA accepté", "Attestation d'offre", "Date de fin"),
)
ES = (
    *("Referencia", "Código de cliente", "Razón social", "Código de producto", "Descripción", "Cantidad"),
    *("Precio", "Plazo", "Facturación", "Número de pedido", "Tipo de inquilino", "Dominio"),
    *("Declaración del socio", "MCA aceptado", "Declaración de la oferta", "Comercial"),
)
IT = (
    *("Rif. ordine", "Codice cliente", "Ragione sociale", "Codice articolo", "Descrizione", "Quantità"),
    *("Prezzo unitario", "Durata", "Fatturazione", "N. ordine", "Tipo di tenant", "Dominio"),
    *("Attestazione del partner", "MCA accettato", "Attestazione dell'offerta", "Venditore"),
)
NL = (
    *("Referentie", "Klantnummer", "Klant", "Artikelnummer", "Omschrijving", "Aantal", "Prijs", "Looptijd"),
    *("Facturering", "Inkoopordernummer", "Tenant", "Domein", "Partnerverklaring", "MCA geaccepteerd"),
    *("Aanbiedingsverklaring",),
)
ERP = (
    *("Sold-To Party", "Sold-To Name", "Material", "Order Qty", "Contract Duration", "Invoice Cycle"),
    *("Customer Reference", "Primary Domain", "Tenant Type", "Partner Attestation", "MCA Status"),
    *("Offer Attestation", "Line Item ID", "Net Price", "Created On"),
)
MIGRATION = (
    *("PartnerTenantId", "IndirectResellerMpnId", "CustomerName", "CustomerTenantId", "LegacySubscriptionId"),
    *("LegacySubscriptionName", "LegacyProductName", "ExpirationDate", "MigrationEligible", "NcePsa"),
    *("CurrentTerm", "CurrentBillingPlan", "CurrentSeatCount", "StartNewTermInNce", "Term", "BillingPlan"),
    *("SeatCount", "AddOn", "BaseSubscriptionId", "MigrationIneligibilityReason"),
    *("Customer ID", "Partner of record attested", "MCA accepted", "Offer attestation"),
)
EN = (
    *(
        "Customer Number",
        "Customer",
        "SKU",
        "Qty",
        "Term",
        "Billing Frequency",
        "Domain Name",
        "PO #",
        "Tenant",
    ),
    *("MPA", "MCA", "Windows attestation", "Line"),
)
PRODUCTS = ("CFQ7TTC0LH16:0001", "CFQ7TTC0HDB0:0001", "CFQ7TTC0LCHC:0002")
CUSTOMERS = (
    ("1000105563", "27 Rings Jewelers", "27ringsjewelers.onmicrosoft.com"),
    ("1000105564", "Alder Street Bakery", "alderstreetbakery.onmicrosoft.com"),
    ("1000106001", "Amber Bay Clinic", "amberbayclinic.onmicrosoft.com"),
)


@dataclass(frozen=True)
class Wanted:
    """What an order of a file must be, whatever its language."""

    reference: str
    customer_id: str
    mpn: str
    quantity: str


def wanted(prefix: str, rows: int) -> list[Wanted]:
    """The orders of a file of so many rows, as the practice marketplace should get them."""
    return [
        Wanted(f"{prefix}-{row:03}", CUSTOMERS[row % 3][0], PRODUCTS[row % 3], str(row + 1))
        for row in range(rows)
    ]


def german_rows(prefix: str, rows: int) -> list[Sequence[str]]:
    return [
        DE,
        *(
            (
                *(order.reference, order.customer_id, CUSTOMERS[row % 3][1], order.mpn, "Microsoft 365"),
                *(
                    order.quantity,
                    "12,60",
                    ("1 Jahr", "Jährlich")[row % 2],
                    "monatlich",
                    f"B-{prefix}{row:04}",
                ),
                *("vorhanden", CUSTOMERS[row % 3][2], "Ja", "liegt vor", "Nein", "für Müller"),
            )
            for row, order in enumerate(wanted(prefix, rows))
        ),
    ]


def french_rows(prefix: str, rows: int) -> list[Sequence[str]]:
    return [
        FR,
        *(
            (
                *(order.reference, order.customer_id, CUSTOMERS[row % 3][1], order.mpn, "Microsoft 365"),
                *(order.quantity, "12,60", "1 an", "mensuel", f"BC-{prefix}{row:04}", "existant"),
                *(CUSTOMERS[row % 3][2], "Oui", "déjà signé", "Non", "31/12/2026"),
            )
            for row, order in enumerate(wanted(prefix, rows))
        ),
    ]


def spanish_rows(prefix: str, rows: int) -> list[Sequence[str]]:
    return [
        ES,
        *(
            (
                *(order.reference, order.customer_id, CUSTOMERS[row % 3][1], order.mpn, "Microsoft 365"),
                *(order.quantity, "12,60 €", "anual", "mensual", f"P-{prefix}{row:04}", "existente"),
                *(CUSTOMERS[row % 3][2], "Sí", "ya firmado", "No", "Ana Ruiz"),
            )
            for row, order in enumerate(wanted(prefix, rows))
        ),
    ]


def italian_rows(prefix: str, rows: int) -> list[Sequence[str]]:
    return [
        IT,
        *(
            (
                *(order.reference, order.customer_id, CUSTOMERS[row % 3][1], order.mpn, "Microsoft 365"),
                *(order.quantity, "12,60", "1 anno", "mensile", f"O-{prefix}{row:04}", "esistente"),
                *(CUSTOMERS[row % 3][2], "Sì", "già firmato", "No", "così com'è"),
            )
            for row, order in enumerate(wanted(prefix, rows))
        ),
    ]


def dutch_rows(prefix: str, rows: int) -> list[Sequence[str]]:
    return [
        NL,
        *(
            (
                *(order.reference, order.customer_id, CUSTOMERS[row % 3][1], order.mpn, "Microsoft 365"),
                *(order.quantity, "12,60", "1 jaar", "maandelijks", f"I-{prefix}{row:04}", "bestaand"),
                *(CUSTOMERS[row % 3][2], "Ja", "al ondertekend", "Nee"),
            )
            for row, order in enumerate(wanted(prefix, rows))
        ),
    ]


def erp_rows(prefix: str, rows: int) -> list[Sequence[str]]:
    """As a system for the whole company names things; other things than orders, too."""
    return [
        ERP,
        *(
            (
                *(order.customer_id, CUSTOMERS[row % 3][1], order.mpn, order.quantity, "1 Year", "Monthly"),
                *(f"PO-{prefix}{row:04}", CUSTOMERS[row % 3][2], "Existing", "Yes", "Already on file", "No"),
                *(order.reference, "12.60", "11/28/2026"),
            )
            for row, order in enumerate(wanted(prefix, rows))
        ),
    ]


def migration_rows(prefix: str, rows: int) -> list[Sequence[str]]:
    """Microsoft's batch migration export, with what it does not have added on the right."""
    return [
        MIGRATION,
        *(
            (
                *("9f6f2d4a-0000-4000-8000-000000000001", "", CUSTOMERS[row % 3][1]),
                *(f"9f6f2d4a-0000-4000-8000-{row % 3 + 2:012}", order.reference, "Microsoft 365"),
                *("Microsoft 365", "2026-12-31T00:00:00Z", "True", f"{order.mpn}:CFQ7TTC0K5D5", "P1Y"),
                *("Monthly", "99", "False", "P1Y", "Monthly", order.quantity, "False", "", ""),
                *(order.customer_id, "Yes", "Already on file", "No"),
            )
            for row, order in enumerate(wanted(prefix, rows))
        ),
    ]


def english_rows(prefix: str, rows: int) -> list[Sequence[str]]:
    return [
        EN,
        *(
            (
                *(order.customer_id, CUSTOMERS[row % 3][1], order.mpn, order.quantity, "P1Y", "Monthly"),
                *(CUSTOMERS[row % 3][2], f"MIG-{prefix}{row:04}", "Existing", "Yes", "Already on file", "No"),
                order.reference,
            )
            for row, order in enumerate(wanted(prefix, rows))
        ),
    ]


def csv_bytes(rows: Sequence[Sequence[str]], *, separator: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


def workbook(path: Path, rows: Sequence[Sequence[str]], *, above: Sequence[str] = ()) -> Path:
    """An .xlsx with a title above the headers, and a second sheet with something else."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Export"
    for line in above:
        sheet.append([line])
    for row in rows:
        sheet.append(list(row))
    other = book.create_sheet("Parameter")
    other.append(["Erstellt am", "2026-11-29"])
    other.append(["Filter", "offen"])
    book.save(path)
    return path
