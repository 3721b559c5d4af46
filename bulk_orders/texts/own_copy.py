"""Why somebody's workbook is not added to and a new one is made: each goes on a sentence that ends in "because"."""

from typing import Final

CSV: Final = "it is a CSV file, which has no room for results and colours"
SIGNED: Final = "it is signed digitally"
SHARED: Final = "it is shared in Excel's old way, which keeps a log of changes"
MACROS: Final = "it has macros"
PROGRAM_LINKS: Final = "it is linked to other programs (DDE)"
OLE_OBJECTS: Final = "it contains objects of other programs (OLE)"
ACTIVE_X: Final = "it contains ActiveX controls"
CUSTOM_UI: Final = "it changes Excel's ribbon or toolbars"
ADD_IN: Final = "it contains an Office add-in"
WEB_QUERY: Final = "it contains a query of a web page"
REFRESHED: Final = "it fetches data from elsewhere as soon as it is opened"
FETCHED: Final = "parts of it are fetched from elsewhere when it is opened"
NO_ORDINARY_WORKBOOK: Final = "it is a template or has macros: not an ordinary .xlsx workbook"
STRICT: Final = "it is saved as Strict Open XML"
PROTECTED: Final = "its structure is protected with a password"
PROTECTED_SHEET: Final = "a sheet that needs marks is protected"
PROPERTIES_ELSEWHERE: Final = "its properties are kept in an unusual place"
TOO_MANY_STYLES: Final = "it has more cell styles than Excel allows"
TOO_SLOW: Final = "adding to it takes longer than a workbook of its size should need"
TOO_MUCH_MEMORY: Final = "adding to it takes more memory than a workbook of its size should need"
NO_TURN: Final = "the computer was too busy to add to it"
NOT_STARTED: Final = "the process that adds to it could not be started"
GAVE_UP: Final = "it is written in a way that cannot be added to"

# Its zip

NO_WHOLE_FILE: Final = "it is not a whole .xlsx file"
PART_MISSING: Final = "it lacks its part {part}"
PART_DAMAGED: Final = "its part {part} is damaged"
PART_TOO_LARGE: Final = "its part {part} is very large"
TOO_LARGE: Final = "it would grow beyond 4 GB"

# Its XML

NOT_ONE_WORKBOOK: Final = "it does not contain exactly one workbook"
TOO_MANY_TAGS: Final = "one of its parts has millions of tags"
NO_XML: Final = "one of its parts is not well-formed XML"
NOT_UTF8: Final = "one of its parts is not in UTF-8"
NOTHING_TO_ADD_TO: Final = "its part {part} is written in a way that cannot be added to"
ODD_SHEET_LIST: Final = "its list of sheets is written in an unusual way"
SHEET_MISSING: Final = "its sheet {sheet} is missing"
SHEET_NOT_FOUND: Final = "its sheet {sheet} was not found"
ODD_NOTES: Final = "its notes are written in an unusual way"
ODD_NOTE_BOXES: Final = "the boxes of its notes are drawn in an unusual way"
NO_NOTE_BOXES: Final = "the boxes of its notes are missing"
ODD_STYLES: Final = "its cell styles are written in an unusual way"
STYLE_MISSING: Final = "a cell has a style that is not there"

# Its rows

ROW_TOO_LONG: Final = "one of its sheets has a row that is far too long"
SHEET_CUT_OFF: Final = "one of its sheets is cut off"
SHEET_ODD_XML: Final = "one of its sheets contains XML that Excel never writes"
ROWS_IN_ROWS: Final = "one of its sheets has rows inside rows"
CELL_WITHOUT_END: Final = "one of its sheets has a cell that does not end"
CELL_NOT_FOUND: Final = "a cell that needs correction was not found"
