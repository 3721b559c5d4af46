"""Texts that a spreadsheet program left in place of what was typed: error values, numbers in exponents, quoted formulas."""

import re
from typing import Final

_ERROR: Final = re.compile(
    r"#[¡¿]?[^\W\d_][\w/ ]*[!?]"  # #REF! #NAME? #DIV/0! #SPILL! #WERT! #VALEUR! #¡REF! #¿NOMBRE? #ЗНАЧ! #ERROR!
    r"|#N/A(?: N/A)?|#[^\W\d_]/[^\W\d_]|#NV|#GETTING_DATA|#N/?DISP|#SAKN\.?|#PUUTTUU|#BRAK|#НД"
    r"|#YOK|#HIÁNYZIK|#NENÍ_K_DISPOZICI"
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
_EXPONENT: Final = re.compile(
    r"[+-]?[0-9]+[.,][0-9]*E[+-]?[0-9]{1,3}"  # 1.23457E15 1.E+15 1,2E-04
    r"|[+-]?[0-9]+E[+-][0-9]{2,3}",  # 1E+15
    re.IGNORECASE,
)
_QUOTED_FORMULA: Final = re.compile(r'=\s*"((?:[^"]|"")*)"')
_SUSPECT: Final = re.compile(
    r"^(?:[#=]|[+-]?[0-9]+[.,]?[0-9]*E[+-]?[0-9]|[^\W\d_]+(?: [^\W\d_]+)? ?(?:\.\.|…)|[^\W\d_]+\.?[ \xa0\u202f]?:5[0-9][0-9]$)",
    re.IGNORECASE | re.MULTILINE,
)


def may_be_damaged(lines: str) -> bool:
    """Tell whether any line begins like a text of this module: a quick look, right where it says no."""
    return _SUSPECT.search(lines) is not None


def is_error_value(text: str) -> bool:
    """Tell whether a text is what Excel, LibreOffice or Google Sheets shows in place of a value: `#N/A`, `Err:502`, `########`.

    In the languages whose names for them are known; what is in capitals and ends in `!` or `?` is one in any language.
    """
    if _ERROR_IN_ANY_CASE.fullmatch(text):
        return True
    return _ERROR.fullmatch(text) is not None and text == text.upper()


def is_in_exponents(text: str) -> bool:
    """Tell whether a text is a number as a spreadsheet shortens it: its digits are lost. `1E5`, as people type it, is none."""
    return _EXPONENT.fullmatch(text) is not None


def quoted_in_formula(text: str) -> str | None:
    """Return what `="00123"` says, by which exports keep Excel from changing a text; None for other texts."""
    found = _QUOTED_FORMULA.fullmatch(text)
    return found[1].replace('""', '"') if found else None
