"""What other languages call the entries of our lists: English, German, French, Spanish, Italian, Dutch, Portuguese.

`bulk-orders map` takes them into a mapping, which says what they mean; `check` and `run` do not know them by themselves.
"""

from typing import Final

from bulk_orders.checking.header_mapping.names.shapes import ForeignWords

_YES_NO: Final = (
    ("de", ("ja",), ("nein",)),
    ("fr", ("oui",), ("non",)),
    ("es", ("sí", "si"), ("no",)),
    ("it", ("sì", "si"), ("no",)),
    ("nl", ("ja",), ("nee",)),
    ("pt", ("sim",), ("não", "nao")),
)


def _yes_no(field: str, no: str) -> tuple[ForeignWords, ...]:
    return tuple(
        ForeignWords(field=field, language=language, key=key, aliases=aliases)
        for language, yes_words, no_words in _YES_NO
        for key, aliases in (("yes", yes_words), (no, no_words))
        if key
    )


FOREIGN_WORDS: Final = (
    ForeignWords(
        field="commitment",
        language="en",
        key="year",
        aliases=("annual commitment", "1 year commitment", "yearly commitment", "12 month", "1 yr"),
    ),
    ForeignWords(
        field="commitment",
        language="en",
        key="month",
        aliases=("monthly commitment", "month-to-month", "1 mo"),
    ),
    ForeignWords(field="commitment", language="en", key="year3", aliases=("triennial commitment", "3 yr")),
    ForeignWords(
        field="commitment",
        language="de",
        key="year",
        aliases=("1 Jahr", "ein Jahr", "jährlich", "12 Monate", "Jahr", "1-jährig"),
    ),
    ForeignWords(
        field="commitment", language="de", key="month", aliases=("1 Monat", "ein Monat", "monatlich", "Monat")
    ),
    ForeignWords(
        field="commitment",
        language="de",
        key="year3",
        aliases=("3 Jahre", "drei Jahre", "36 Monate", "3-jährig"),
    ),
    ForeignWords(
        field="commitment",
        language="fr",
        key="year",
        aliases=("1 an", "un an", "annuel", "annuelle", "12 mois", "1 année"),
    ),
    ForeignWords(
        field="commitment",
        language="fr",
        key="month",
        aliases=("1 mois", "un mois", "mensuel", "mensuelle", "mois"),
    ),
    ForeignWords(
        field="commitment", language="fr", key="year3", aliases=("3 ans", "trois ans", "36 mois", "triennal")
    ),
    ForeignWords(
        field="commitment", language="es", key="year", aliases=("1 año", "un año", "anual", "12 meses", "año")
    ),
    ForeignWords(
        field="commitment",
        language="es",
        key="month",
        aliases=("1 mes", "un mes", "mensual", "mes a mes", "mes"),
    ),
    ForeignWords(
        field="commitment", language="es", key="year3", aliases=("3 años", "tres años", "36 meses", "trienal")
    ),
    ForeignWords(
        field="billing",
        language="en",
        key="year",
        aliases=("annual upfront", "yearly upfront", "once a year"),
    ),
    ForeignWords(
        field="billing",
        language="de",
        key="month",
        aliases=("monatlich", "1 Monat", "Monat", "pro Monat", "monatliche Abrechnung"),
    ),
    ForeignWords(
        field="billing",
        language="de",
        key="year",
        aliases=("jährlich", "1 Jahr", "jährlich im Voraus", "jährliche Abrechnung", "Jahr"),
    ),
    ForeignWords(field="billing", language="de", key="year3", aliases=("3 Jahre", "dreijährlich")),
    ForeignWords(
        field="billing",
        language="fr",
        key="month",
        aliases=("mensuel", "mensuelle", "1 mois", "par mois", "mensuellement"),
    ),
    ForeignWords(
        field="billing",
        language="fr",
        key="year",
        aliases=("annuel", "annuelle", "1 an", "par an", "annuellement"),
    ),
    ForeignWords(field="billing", language="fr", key="year3", aliases=("3 ans", "triennal")),
    ForeignWords(
        field="billing", language="es", key="month", aliases=("mensual", "1 mes", "por mes", "mensualmente")
    ),
    ForeignWords(
        field="billing",
        language="es",
        key="year",
        aliases=("anual", "1 año", "por año", "anualmente", "anual por adelantado"),
    ),
    ForeignWords(field="billing", language="es", key="year3", aliases=("3 años", "trienal")),
    ForeignWords(field="tenant", language="de", key="new", aliases=("neu", "neuer Mandant", "neuer Tenant")),
    ForeignWords(
        field="tenant",
        language="de",
        key="existing",
        aliases=(
            "vorhanden",
            "bestehend",
            "bestehender Mandant",
            "vorhandener Mandant",
            "bestehender Tenant",
        ),
    ),
    ForeignWords(
        field="tenant", language="fr", key="new", aliases=("nouveau", "nouveau locataire", "nouveau tenant")
    ),
    ForeignWords(
        field="tenant",
        language="fr",
        key="existing",
        aliases=("existant", "locataire existant", "tenant existant"),
    ),
    ForeignWords(
        field="tenant", language="es", key="new", aliases=("nuevo", "nuevo inquilino", "nuevo tenant")
    ),
    ForeignWords(
        field="tenant",
        language="es",
        key="existing",
        aliases=("existente", "inquilino existente", "tenant existente"),
    ),
    *_yes_no("offer_attestation", "no"),
    *_yes_no("partner_attestation", "no"),
    *_yes_no("mca_accepted", ""),
    *_yes_no("submit", "skip"),
    *_yes_no("send_company_details", "no"),
    ForeignWords(
        field="mca_accepted",
        language="de",
        key="on_file",
        aliases=("liegt vor", "bereits akzeptiert", "liegt bereits vor", "bereits vorhanden"),
    ),
    ForeignWords(
        field="mca_accepted",
        language="fr",
        key="on_file",
        aliases=("déjà accepté", "déjà signé", "au dossier"),
    ),
    ForeignWords(
        field="mca_accepted",
        language="es",
        key="on_file",
        aliases=("ya aceptado", "ya firmado", "en archivo"),
    ),
    ForeignWords(
        field="commitment",
        language="it",
        key="year",
        aliases=("1 anno", "un anno", "annuale", "12 mesi", "anno"),
    ),
    ForeignWords(
        field="commitment", language="it", key="month", aliases=("1 mese", "un mese", "mensile", "mese")
    ),
    ForeignWords(
        field="commitment", language="it", key="year3", aliases=("3 anni", "tre anni", "36 mesi", "triennale")
    ),
    ForeignWords(
        field="commitment",
        language="nl",
        key="year",
        aliases=("1 jaar", "een jaar", "jaarlijks", "12 maanden", "jaar"),
    ),
    ForeignWords(
        field="commitment",
        language="nl",
        key="month",
        aliases=("1 maand", "een maand", "maandelijks", "maand"),
    ),
    ForeignWords(
        field="commitment",
        language="nl",
        key="year3",
        aliases=("3 jaar", "drie jaar", "36 maanden", "driejaarlijks"),
    ),
    ForeignWords(
        field="commitment", language="pt", key="year", aliases=("1 ano", "um ano", "anual", "12 meses", "ano")
    ),
    ForeignWords(
        field="commitment", language="pt", key="month", aliases=("1 mês", "um mês", "mensal", "mês")
    ),
    ForeignWords(
        field="commitment", language="pt", key="year3", aliases=("3 anos", "três anos", "36 meses", "trienal")
    ),
    ForeignWords(
        field="billing", language="it", key="month", aliases=("mensile", "1 mese", "al mese", "mensilmente")
    ),
    ForeignWords(
        field="billing",
        language="it",
        key="year",
        aliases=("annuale", "1 anno", "all'anno", "annualmente", "annuale anticipato"),
    ),
    ForeignWords(field="billing", language="it", key="year3", aliases=("3 anni", "triennale")),
    ForeignWords(
        field="billing",
        language="nl",
        key="month",
        aliases=("maandelijks", "1 maand", "per maand", "maandelijkse facturering"),
    ),
    ForeignWords(
        field="billing",
        language="nl",
        key="year",
        aliases=("jaarlijks", "1 jaar", "per jaar", "jaarlijks vooraf"),
    ),
    ForeignWords(field="billing", language="nl", key="year3", aliases=("3 jaar", "driejaarlijks")),
    ForeignWords(
        field="billing", language="pt", key="month", aliases=("mensal", "1 mês", "por mês", "mensalmente")
    ),
    ForeignWords(
        field="billing", language="pt", key="year", aliases=("anual", "1 ano", "por ano", "anualmente")
    ),
    ForeignWords(field="billing", language="pt", key="year3", aliases=("3 anos", "trienal")),
    ForeignWords(field="tenant", language="it", key="new", aliases=("nuovo", "nuovo tenant")),
    ForeignWords(field="tenant", language="it", key="existing", aliases=("esistente", "tenant esistente")),
    ForeignWords(field="tenant", language="nl", key="new", aliases=("nieuw", "nieuwe tenant")),
    ForeignWords(field="tenant", language="nl", key="existing", aliases=("bestaand", "bestaande tenant")),
    ForeignWords(field="tenant", language="pt", key="new", aliases=("novo", "novo locatário", "novo tenant")),
    ForeignWords(
        field="tenant",
        language="pt",
        key="existing",
        aliases=("existente", "locatário existente", "tenant existente"),
    ),
    ForeignWords(
        field="mca_accepted",
        language="it",
        key="on_file",
        aliases=("già accettato", "già firmato", "agli atti"),
    ),
    ForeignWords(
        field="mca_accepted",
        language="nl",
        key="on_file",
        aliases=("al geaccepteerd", "al ondertekend", "reeds ondertekend", "aanwezig"),
    ),
    ForeignWords(
        field="mca_accepted",
        language="pt",
        key="on_file",
        aliases=("já aceite", "já aceito", "já assinado", "em arquivo"),
    ),
)
