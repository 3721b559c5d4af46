"""What other programs and other languages call the columns of the sheet Orders. Read it through `core.columns.foreign_names`."""

from typing import Final

from bulk_orders.core.columns.shapes import ForeignNames

ORDER_NAMES: Final = (
    ForeignNames(
        field="reference",
        aliases=(
            *(
                "ref",
                "ref no",
                "ref #",
                "reference number",
                "order ref",
                "our reference",
                "row id",
                "request id",
            ),
            *(
                "Referenz",
                "Ihre Referenz",
                "Unsere Referenz",
                "Auftragsreferenz",
                "Referenznummer",
                "Ref.-Nr.",
            ),
            *(
                "référence",
                "référence interne",
                "votre référence",
                "notre référence",
                "référence de commande",
            ),
            *(
                "referencia",
                "su referencia",
                "nuestra referencia",
                "referencia del pedido",
                "número de referencia",
            ),
        ),
    ),
    ForeignNames(
        field="customer_id",
        aliases=(
            *(
                "customer no",
                "customer #",
                "client id",
                "client number",
                "account number",
                "marketplace customer id",
            ),
            *("customer", "client", "Kunde", "cliente", "customer account number"),
            *(
                "Kunden-ID",
                "Kundennummer",
                "Kunden-Nr.",
                "KdNr",
                "Kd.-Nr.",
                "Debitorennummer",
                "Endkundennummer",
            ),
            *(
                "numéro client",
                "n° client",
                "ID client",
                "identifiant client",
                "code client",
                "numéro de client",
            ),
            *(
                "número de cliente",
                "n.º de cliente",
                "ID de cliente",
                "código de cliente",
                "id cliente",
                "n° cliente",
            ),
        ),
    ),
    ForeignNames(
        field="mpn",
        aliases=(
            *(
                "sku",
                "product sku",
                "offer id",
                "product code",
                "item number",
                "article number",
                "ms part number",
            ),
            *("catalog item id", "vendor part number", "sku id", "item", "product"),
            *(
                "Artikelnummer",
                "Artikel-Nr.",
                "Produktnummer",
                "Produktcode",
                "Herstellernummer",
                "Art.-Nr.",
                "Artikel",
            ),
            *(
                "référence produit",
                "code produit",
                "code article",
                "référence article",
                "réf. produit",
                "produit",
            ),
            *(
                "código de producto",
                "referencia de producto",
                "número de producto",
                "código del artículo",
                "producto",
            ),
        ),
    ),
    ForeignNames(
        field="quantity",
        aliases=(
            *(
                "number of licenses",
                "number of licences",
                "number of seats",
                "seat count",
                "license count",
                "units",
            ),
            *("Menge", "Anzahl", "Anzahl Lizenzen", "Lizenzen", "Stückzahl", "Lizenzanzahl", "Plätze"),
            *("quantité", "qté", "nombre de licences", "licences", "nombre de postes", "nb licences"),
            *("cantidad", "número de licencias", "licencias", "cant.", "unidades", "puestos"),
        ),
    ),
    ForeignNames(
        field="commitment",
        aliases=(
            *(
                "term duration",
                "contract term",
                "commitment period",
                "subscription term",
                "commitment length",
            ),
            *("Laufzeit", "Vertragslaufzeit", "Bindung", "Mindestlaufzeit", "Abo-Laufzeit", "Vertragsdauer"),
            *("engagement", "durée", "durée d'engagement", "durée du contrat", "période d'engagement"),
            *(
                "compromiso",
                "plazo",
                "duración",
                "duración del contrato",
                "periodo de compromiso",
                "permanencia",
            ),
        ),
    ),
    ForeignNames(
        field="billing",
        aliases=(
            *("billing cycle", "billing plan", "payment frequency", "invoice frequency", "billing interval"),
            *("Abrechnung", "Zahlweise", "Abrechnungszeitraum", "Abrechnungsintervall", "Zahlungsrhythmus"),
            *("Abrechnungszyklus", "Zahlungsweise"),
            *("facturation", "fréquence de facturation", "période de facturation", "cycle de facturation"),
            *("facturación", "frecuencia de facturación", "ciclo de facturación", "periodo de facturación"),
        ),
    ),
    ForeignNames(
        field="po_number",
        aliases=(
            *("po #", "po no", "purchase order no", "purchase order #", "customer po", "po ref"),
            *("Bestellnummer", "Bestell-Nr.", "PO-Nummer", "Kundenbestellnummer", "Bestellnr"),
            *(
                "numéro de commande",
                "n° de commande",
                "bon de commande",
                "n° bon de commande",
                "numéro de bon de commande",
            ),
            *(
                "número de pedido",
                "n.º de pedido",
                "orden de compra",
                "número de orden de compra",
                "pedido de compra",
            ),
        ),
    ),
    ForeignNames(
        field="offer_attestation",
        aliases=(
            *(
                "windows attestation",
                "hybrid benefit attestation",
                "offer attested",
                "windows pro attestation",
            ),
            *("Angebotsbestätigung", "Windows-Bestätigung", "Angebot bestätigt"),
            *("attestation d'offre", "attestation de l'offre", "attestation windows"),
            *("declaración de la oferta", "certificación de la oferta", "declaración de windows"),
        ),
    ),
    ForeignNames(
        field="submit",
        aliases=(
            "order?",
            "send?",
            "Bestellen?",
            "Senden?",
            "envoyer ?",
            "commander ?",
            "¿enviar?",
            "¿pedir?",
        ),
    ),
    ForeignNames(
        field="order_note",
        aliases=(
            "Bemerkung",
            "Notiz",
            "Kommentar",
            "remarque",
            "commentaire",
            "observaciones",
            "comentario",
            "remarks",
        ),
    ),
)
