"""Which workbooks are read at all: those with macros or with a document type in one of their parts are not."""

from typing import Final

from bulk_orders.errors import InputError
from bulk_orders.ooxml.workbook import main_part, runs_macros
from bulk_orders.ooxml.xml_check import check_xml_start
from bulk_orders.ooxml.zip_package import Package
from bulk_orders.reading.file_kind import SAVE_AS_XLSX_FIX

_NUMBERS: Final = "an Apple Numbers workbook"
_OTHER_WORKBOOKS: Final = {
    "xl/workbook.bin": "a binary workbook (.xlsb)",
    "content.xml": "an OpenDocument workbook (.ods)",
    "index/document.iwa": _NUMBERS,
    "index.zip": _NUMBERS,
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a PowerPoint presentation",
}


def check_parts(package: Package) -> str:
    """Refuse what is not an .xlsx, has macros, or has a document type (DTD) in any of its XML parts.

    Returns the name of the workbook's own part. Raises `InputError`.
    """
    for name in package.parts:
        if name.endswith((".xml", ".rels", ".vml")):
            check_xml_start(next(package.chunks(name), b""), name)
    main = main_part(package)
    if not main or main.endswith(".bin"):
        what = next(
            (text for name, text in _OTHER_WORKBOOKS.items() if package.has(name)), "a zip without a workbook"
        )
        raise InputError("The file is {what}.".format(what=what), fix=SAVE_AS_XLSX_FIX)
    if runs_macros(package, main):
        raise InputError("The workbook has macros.", fix="Save it as Excel Workbook (.xlsx), without macros.")
    return main
