"""Texts that a spreadsheet program left in place of what was typed: error values, numbers in exponents, quoted formulas."""

import re
import unicodedata
from typing import Final

_ERROR: Final = re.compile(
    r"#[¡¿]?[^\W\d_][^!?#]{0,30}[!?]"  # #REF! #NAME? #DIV/0! #SPILL! #WERT! #VALEUR! #¡REF! #¿NOMBRE? #ЗНАЧ! #ERROR!
    r"|#(?:NULL|DIV/0|VALUE|REF|NUM|NAME|SPILL|CALC|ERROR)"  # by programs that drop punctuation
    r"|#N/A(?: .{1,40})?"  # #N/A N/A, #N/A Requesting Data...
    r"|#[^\W\d_]/[^\W\d_]|#NV|#N/?DISP|#SAKN\.?|#PUUTTUU|#BRAK|#НД|#YOK|#HIÁNYZIK|#NENÍ_K_DISPOZICI"
    r"|#GETTING_DATA|#DATEN_ABRUFEN|#OBTENTION_DONNEES|#OBTENIENDO_DATOS|#OBTENDO_DADOS|#RECUPERO_DATI"
    r"|#GEGEVENS_OPHALEN|#POBIERANIE_DANYCH|#ZÍSKÁVÁNÍ_DAT|#ПОЛУЧЕНИЕ_ДАННЫХ|#VERİ_ALINIYOR"
    r"|#{2,}"  # the column was too narrow when the file was saved
)
_ERROR_IN_ANY_CASE: Final = re.compile(
    r"#(?:N/A|(?:NULL|DIV/0|VALUE|REF|NUM|SPILL|CALC|ERROR)!|NAME\?)"
    # Google Sheets, while it calculates
    r"|#?(?:Loading|Wird geladen|Chargement|Cargando|Caricamento|Carregando|Laden|Ładowanie|Загрузка) ?(?:\.{2,3}|…)"
    # LibreOffice
    r"|(?:Err|Error|Erreur|Erro|Fehler|Fout|Fel|Feil|Fejl|Virhe|Błąd|Chyba|Hiba|Ошибка|Ош\.?)[ \xa0\u202f]?:5[0-9]{2}",
    re.IGNORECASE,
)
_SIGN: Final = "[-+−–＋]"
_EXPONENT: Final = re.compile(
    rf"{_SIGN}?[0-9]+[.,٫][0-9]*[ \xa0]?E ?{_SIGN}?[0-9]{{1,3}}"  # 1.23457E15 1.E+15 1,2E-04 1.23457E 15
    rf"|{_SIGN}?[0-9]+[.,٫][0-9]*D{_SIGN}[0-9]{{1,3}}"  # Fortran's 1.23457D+15
    rf"|{_SIGN}?[0-9]+E{_SIGN}[0-9]{{2,3}}"  # 1E+15
    # 1.23457×10^15 1.23457×10¹⁵
    rf"|{_SIGN}?[0-9]+[.,٫][0-9]* ?[×x*·⋅] ?10(?: ?\^ ?{_SIGN}?[0-9]{{1,3}}|[⁺⁻]?[⁰¹²³⁴-⁹]{{1,3}})",
    re.IGNORECASE,
)
_QUOTED_FORMULA: Final = re.compile(r'=\s*"((?:[^"]|"")*)"')
_CALCULATED: Final = re.compile(r'=\s*[-+]?\s*(?:"|(?:[^\W\d][\w.]*)?\(.*\)).*', re.DOTALL)
"""`="603"&" 555"`, `=T("603 555")`, `=("603 555")`."""
_SUSPECT: Final = re.compile(
    r"\n(?:[#＃=]"
    r"|[-+−–＋]?[0-9]++(?:[.,٫][0-9]*+)?(?:[ \xa0]?[EeDd] ?[-+−–＋0-9]| ?[×Xx*·⋅] ?10)"
    r"|[^\W\d_]++(?:(?: [^\W\d_]++)? ?(?:\.\.|…)|\.?[ \xa0\u202f]?:5[0-9][0-9]\n))"
)
"""Possessive and with the case written out: of a hundred thousand lines each is given up at once."""


def may_be_damaged(lines: str) -> bool:
    """Tell whether any of the lines, each between two line breaks, begins like a text of this module: right where it says no."""
    return _SUSPECT.search(lines) is not None


def is_error_value(text: str) -> bool:
    """Tell whether a text is what Excel, LibreOffice or Google Sheets shows in place of a value: `#N/A`, `Err:502`, `########`.

    In the languages whose names for them are known; what is in capitals and ends in `!` or `?` is one in any language.
    """
    plain = unicodedata.normalize("NFKC", text).replace("...", "…") if not text.isascii() else text
    if _ERROR_IN_ANY_CASE.fullmatch(plain):
        return True
    if plain.startswith("#N/A "):
        return _ERROR.fullmatch(plain) is not None
    return _ERROR.fullmatch(plain) is not None and plain == plain.upper()


def is_in_exponents(text: str) -> bool:
    """Tell whether a text is a number as a spreadsheet shortens it: its digits are lost. `1E5`, as people type it, is none."""
    return _EXPONENT.fullmatch(text) is not None


def quoted_in_formula(text: str) -> str | None:
    """Return what `="00123"` says, by which exports keep Excel from changing a text; None for other texts.

    Of a text that is another formula, which Excel would calculate, it is nothing that can be known: an empty text.
    """
    found = _QUOTED_FORMULA.fullmatch(text)
    if found:
        return found[1].replace('""', '"')
    return "" if _CALCULATED.fullmatch(text) else None
