"""Why a file is not read, and the way out: workbooks and CSV files alike."""

from typing import Final

SAVE_AGAIN_FIX: Final = "Open it in Excel, save it as .xlsx and try again."
SAVE_AS_XLSX_FIX: Final = "Open it in Excel and save it as Excel Workbook (.xlsx)."
SAVE_OR_FETCH_FIX: Final = "Save it again in Excel, or download it again."
SPLIT_WORKBOOK_FIX: Final = "Split it into several workbooks."
GIVE_A_TABLE_FIX: Final = "Use an .xlsx or .csv file."

NAMELESS_FILE: Final = "The file"
"""Takes the place of a file's name at the start of a sentence."""

# The file itself

OPEN_MARK: Final = "{name} is only Excel's lock file for an open workbook."
OPEN_MARK_FIX: Final = "Use {name} instead."
NO_DATA: Final = "{name} is not a file with data in it."
NO_FILE: Final = "There is no file {path}."
NO_FILE_FIX: Final = "Check the name and the folder."
FOLDER: Final = "{path} is a folder."
FOLDER_FIX: Final = "Name the workbook in it."
NOT_ALLOWED: Final = "You are not allowed to read {name}."
NOT_ALLOWED_FIX: Final = "Close it where it is open, or ask for the right to read it."
UNREADABLE: Final = "{path} cannot be read."
UNREADABLE_FIX: Final = "Copy the file to this computer and try again."
NO_BYTES: Final = "{name} is empty (0 bytes)."
TOO_LARGE: Final = "{name} is larger than 200 MB."

# What it is instead of a workbook

EMPTY: Final = "{name} is empty."
MISNAMED_ZIP: Final = "{name} is a zip or a workbook, although its name ends in {suffix}."
MISNAMED_ZIP_FIX: Final = "Unpack it, or rename it to .xlsx if it is a workbook."
FOREIGN: Final = "{name} is {what}, not a workbook."
FOREIGN_TEXT: Final = "{name} is {what}."
LOCKED: Final = "{name} is protected with a password."
LOCKED_FIX: Final = "Remove the password in Excel (File, Info, Protect Workbook), save it and try again."
OLD_WORKBOOK: Final = "{name} is an old Excel workbook (.xls)."
NO_WORKBOOK: Final = "{name} is not a workbook, or it is damaged."
NO_WORKBOOK_FIX: Final = "Download or save it again."
MISNAMED_TEXT: Final = "{name} is a text file, although its name ends in {suffix}."
MISNAMED_TEXT_FIX: Final = "Rename it to .csv, or open it in Excel and save it as .xlsx."

PDF: Final = "a PDF"
PICTURE: Final = "a picture"
GZIP: Final = "compressed with gzip"
SEVEN_ZIP: Final = "a 7-Zip archive"
RAR: Final = "a RAR archive"
WEB_PAGE: Final = "a web page or XML, not a workbook"
JSON: Final = "JSON, not a table"
E_MAIL: Final = "an e-mail, not a table"

OTHER_WORKBOOK: Final = "The file is {what}."
XLSB: Final = "a binary workbook (.xlsb)"
ODS: Final = "an OpenDocument workbook (.ods)"
NUMBERS: Final = "an Apple Numbers workbook"
WORD: Final = "a Word document"
POWERPOINT: Final = "a PowerPoint presentation"
ZIP: Final = "a zip without a workbook"

# The zip and its parts

CUT_OFF: Final = "The workbook is damaged: its zip cannot be opened, perhaps it was cut off."
CUT_OFF_FIX: Final = "Download it again, or save it again in Excel."
TOO_MANY_PARTS: Final = "The workbook has {number:,} parts; at most 1,000 are read."
TOO_MANY_PARTS_FIX: Final = "Copy its sheets of orders and customers into a new workbook, and use that one."
UNPACKS_TOO_LARGE: Final = "The workbook would unpack to more than 3 GB."
PART_TWICE: Final = "The workbook has its part {part} twice."
PARTS_OVERLAP: Final = "The parts of the workbook's zip overlap."
PART_OUTSIDE: Final = "The workbook's zip has a part whose name leaves the workbook."
ENCRYPTED: Final = "The workbook's zip is encrypted."
ENCRYPTED_FIX: Final = "Save it without a password and try again."
ODD_PACKING: Final = "The workbook's zip is packed in a way Excel does not use."
PART_BLOWN_UP: Final = "The workbook's part {part} unpacks to more than {times} times its size."
ZIP_DAMAGED: Final = "The workbook is damaged: its zip does not fit together."
PART_OF_TWO_NAMES: Final = "The workbook's zip names the same part in two ways."
PART_MISSING: Final = "The workbook lacks its part {part}."
PART_UNTRUE: Final = "The workbook's part {part} is not what the zip says it is."
PART_TOO_LARGE: Final = "The workbook's part {part} is far too large."
PART_DAMAGED: Final = "The workbook is damaged in its part {part}."
PART_WITH_ODD_DTD: Final = "The workbook's part {part} contains a DTD, which Excel never writes."
PART_WITH_DTD: Final = "The workbook's part {part} contains a DTD."
PART_NOT_UTF8: Final = "The workbook's part {part} is not UTF-8."
MACROS: Final = "The workbook has macros."
MACROS_FIX: Final = "Save it as Excel Workbook (.xlsx), without macros."

# Its sheets

TWO_WORKBOOKS: Final = "The file contains more than one workbook."
TWO_PARTS: Final = "The workbook has two parts for the same thing: {parts}."
LINKS_TWICE: Final = "The workbook gives the same relationship id twice."
SHEET_NAME_TWICE: Final = "The workbook has two sheets of the same name."
SHEET_OUTSIDE: Final = "A sheet of the workbook is outside the workbook."
SHEET_ODD_XML: Final = "Sheet {sheet} contains XML that Excel never writes."
CELL_ODD_XML: Final = "Sheet {sheet} has XML in cell {cell} that Excel never writes."
CELL_TWICE: Final = "Sheet {sheet} gives cell {cell} two values."
CELL_ASTRAY: Final = "Sheet {sheet} has cell {cell} among the cells of another row."
ROW_TWICE: Final = "Sheet {sheet} has row {row} twice."
TEXTS_ODD_XML: Final = "The workbook's texts contain XML that Excel never writes."
ROW_TOO_LONG: Final = "A sheet of the workbook has a row that is far too long."
CELL_BEYOND: Final = "Sheet {sheet} has a cell beyond XFD1048576, Excel's last one."
CELL_FAR_AWAY: Final = "Sheet {sheet} has a cell far outside the table: {rows:,} rows by {columns:,} columns."
CELL_FAR_AWAY_FIX: Final = (
    "Delete what is below and to the right of the table (Ctrl+End finds it), save and try again."
)
CELL_WITHOUT_ADDRESS: Final = "A sheet of the workbook has a cell without a usable address."
TOO_MANY_COLUMNS: Final = "Sheet {sheet} has more than 1,000 columns."
TOO_MANY_COLUMNS_FIX: Final = "Delete the columns to the right of the table."
SHEET_UNREADABLE: Final = "Sheet {sheet} of the workbook cannot be read."
SHEET_OUT_OF_ORDER: Final = "Sheet {sheet} is damaged: its rows are not stored from top to bottom."

# CSV

SAVE_AS_UTF8_FIX: Final = "Save it in Excel as CSV UTF-8 (Comma delimited)."
CSV_TOO_WIDE: Final = "Line {line} has more columns than Excel can show."
CSV_TOO_WIDE_FIX: Final = "Remove the surplus columns."
CSV_DAMAGED_UTF16: Final = (
    "The CSV file says that it is UTF-16 text but is not: it is damaged or was cut off."
)
CSV_BARE_UTF16: Final = "The CSV file looks like UTF-16 text without the mark that says so."
CSV_NOT_UTF8: Final = "Line {line} of the CSV file is not UTF-8 text."
CSV_NOT_IN: Final = "The CSV file is not in the encoding {encoding}."
CSV_NOT_IN_FIX: Final = "Give the right one with --encoding, or save it as CSV UTF-8."
CSV_NUL: Final = "Line {line} of the CSV file has a NUL character."
CSV_QUOTES: Final = "The quotes in line {line} of the CSV file do not match up, or a cell is too long."
CSV_QUOTES_FIX: Final = 'Write a quote inside a quoted cell twice (""), and close each quoted cell.'
CSV_TOO_LONG: Final = "The CSV file has more rows than Excel can show."
CSV_TOO_LONG_FIX: Final = "Split it into several files."
CSV_UNEVEN: Final = "Line {line} of the CSV file has {cells} cells, the header has {width}."
CSV_UNEVEN_FIX: Final = (
    'Put cells that contain the separator in quotes ("), and give each line as many cells.'
)

# The process that reads

NOT_STARTED: Final = "{name} was not read: the process that reads workbooks could not be started."
NOT_STARTED_FIX: Final = "Free some memory on this computer, or restart it, and try again."
TOO_SLOW: Final = "{name} takes too long to read for its size."
NO_TURN: Final = "{name} could not be read in time: this computer is too busy."
NO_TURN_FIX: Final = "Close other programs, or wait until they are done, and try again."
TOO_MUCH_MEMORY: Final = "{name} needs far more memory than a workbook of its size."
MAKE_SMALLER_FIX: Final = "Save it again in Excel without anything outside the tables, or split it."
TOTAL_CELL: Final = "{sheet}!C{row}"
TOTAL_LINE: Final = "line {number} of {name}"
CTL_UNREADABLE: Final = "{name}, which states control totals, cannot be read."
CTL_FIX: Final = "Save it as text in UTF-8, one total a line, such as orders = 120; or delete it."
NO_RUN_INFO: Final = "{name} has no readable sheet Run info, so the ledger cannot be compared with it."
NO_RUN_INFO_FIX: Final = "Name a results workbook that bulk-orders wrote."
GAVE_UP: Final = "{name} cannot be read: the reader gave up on it."
