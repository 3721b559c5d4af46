"""Mappings: what is wrong with one, what `bulk-orders map` asks and says, and how its file begins."""

from typing import Final

# A mapping's file

BROKEN: Final = "In {name} the entry {entry} is not as it should be."
BROKEN_FIX: Final = "Expected {expected}. Correct it, or delete the file and run `bulk-orders map` again."
NO_TOML: Final = "{name} is not a TOML file: {reason}."
NO_TOML_FIX: Final = "Correct that line, or delete the file and run `bulk-orders map` again."
EXPECTED_ANY: Final = "one of {values}"
EXPECTED_COLUMN: Final = "the name of a column, as `bulk-orders help columns` lists them"
EXPECTED_CSV: Final = "a table with encoding and separator"
EXPECTED_ENTRY: Final = "only these: {entries}"
EXPECTED_FIXED: Final = "a value, of a column that may be the same in every row"
EXPECTED_HEADER: Final = "one of the headers, and each of them once"
EXPECTED_HEADERS: Final = "a list of the file's headers"
EXPECTED_LIST_COLUMN: Final = "a table of typed texts with what they mean, of a column with a list"
EXPECTED_ONE: Final = "a column of the file or a fixed value, not both"
EXPECTED_OWN_NAMES: Final = "different headers; the second of a name is called Name #2"
EXPECTED_PARTS: Final = "mpn with a number from 1 to 5"
EXPECTED_SEPARATOR: Final = "a comma, a semicolon, a tab or a bar"
EXPECTED_STATEMENT: Final = "value, stated_by (a name) and stated_on (a date such as 2026-11-29)"
EXPECTED_TABLE: Final = "a table"
EXPECTED_TEXT: Final = "a text in quotes"
FILE_HEAD: Final = (
    "What the columns of {name} are, made by `bulk-orders map`. "
    "Files with the same headers in this folder are read in the same way."
)

# When a file is read

NOT_CONFIRMED: Final = "The mapping {mapping} is not confirmed."
NOT_CONFIRMED_FIX: Final = "Look through it with `{command}`, which also confirms it."
OTHER_HEADERS: Final = "The headers of {name} are not those of {mapping}{difference}."
NEW_HEADER: Final = ": {header} is new"
GONE_HEADER: Final = ": {header} is missing"
OTHER_HEADERS_FIX: Final = "Run `{command}` to bring the mapping up to date."
TWO_MAPPINGS: Final = "The mappings {first} and {second} are for the same headers and differ."
TWO_MAPPINGS_FIX: Final = "Delete or move the one that is wrong."
TWO_SHEETS: Final = "The sheets {one} and {other} both have the headers of {mapping}."
TWO_SHEETS_FIX: Final = "Hide or delete the one that is not to be sent."
READ_WITH: Final = "The columns are read as {mapping} says."
FIXED_FOR_ALL: Final = "  {header} is {value} in every row."
STATED_FOR_ALL: Final = "  {header} is {value} in every row, stated by {stated_by} on {stated_on}."
NEXT_MAP: Final = "If the headers are your own:  {command}"

# `bulk-orders map`

NO_HEADERS: Final = "{name} has no row that could be one of headers."
NO_HEADERS_FIX: Final = "Give the sheet with --sheet and the row of its headers with --header-row."
NOT_SAVED: Final = "{path} cannot be written: {reason}."
NOT_SAVED_FIX: Final = "Copy the file to a folder that you may write to, and map it there."
NOT_NEEDED: Final = "{name} is understood as it is. It needs no mapping."
BASED_ON: Final = "Starting from {mapping}."
COLUMN: Final = "Your column"
MEANS: Final = "Is"
SURE: Final = "Sure"
SAMPLES: Final = "Cells"
SAID_BY_YOU: Final = "said"
OWN: Final = "– (not sent)"
OPEN: Final = "?"
PERCENT: Final = "{share:.0%}"
VALUES: Final = "  In {header}: {values}"
VALUE: Final = "{typed} = {label}"
DATES_AS: Final = "  In {header}: {order}"
PARTS_AS: Final = "  In {header}: the first {number} parts"
SAVED: Final = "Saved: {path}"
NEXT_CHECK: Final = "Next:  {command}"
NOT_ALL_CERTAIN: Final = "Not everything is certain, so nothing is saved. Answer with these options:"
ANSWER: Final = "  {question}"
OPTION: Final = "      {option}"

# What is asked

STOP_HINT: Final = "Type a number, or press Enter to stop."
STOP_VALUE_HINT: Final = "Type it, or press Enter to stop."
ASK_SHEET: Final = "Which sheet has the orders?"
ASK_ROW: Final = "In which row of {sheet} are the headers? It may be row {row}: {headers}"
ASK_ENCODING: Final = 'The file is not UTF-8. Read as {encoding}, it says "{sample}". Is that right?'
ASK_COLUMN: Final = 'Which column is "{header}"? {help}'
ASK_MISSING: Final = 'No column is "{header}". {help} What is it in every row?'
ADD_COLUMN: Final = 'No column is "{header}". Add it to the file.'
ASK_STATEMENT: Final = (
    'No column is "{header}". {help} You state it for every row of this file and of those like it. Yes or No?'
)
ASK_WHO: Final = "Who states this? Type a name."
ASK_VALUE: Final = 'What does "{typed}" mean in {header}?'
ASK_DATES: Final = 'Is "{typed}" in {header} day or month first?'
CHOICE: Final = "  {number}  {text}"
NONE_OF_THESE: Final = "none of these"
COLUMN_CHOICE: Final = "{name}   ({samples})"
WHICH_ENCODING: Final = "In which encoding is it written?"
ENCODING_OPTION: Final = "If it is, add --encoding {encoding}. If not, give the right one."
ANSWER_WITH: Final = "Answer with {options}."
YES_RIGHT: Final = "yes"
NOT_RIGHT: Final = "no, another encoding"
OR: Final = " or "

# Options that cannot be used

NO_ASSIGNMENT: Final = '{option} "{text}" has no equals sign.'
NO_ASSIGNMENT_FIX: Final = 'Write it as in {option} "{example}".'
NO_SUCH_HEADER: Final = 'The file has no header "{header}".'
NO_SUCH_HEADER_FIX: Final = "Its headers are: {headers}."
NO_SUCH_COLUMN: Final = 'There is no column "{name}" that a file could have.'
NO_SUCH_COLUMN_FIX: Final = "`bulk-orders help columns` lists them."
NO_SUCH_VALUE: Final = '"{value}" is not in the list of {header}.'
NO_SUCH_VALUE_FIX: Final = "It has: {labels}."
NOT_FIXED: Final = "{header} cannot be the same in every row."
NOT_FIXED_FIX: Final = "Add a column for it to the file."
NEEDS_WHO: Final = "{header} is a legal statement, and nobody is named who makes it."
NEEDS_WHO_FIX: Final = 'Add --stated-by "NAME" if you state it.'
NO_SUCH_CHOICE: Final = "{option} takes {values}."
COLUMN_TWICE: Final = "Two columns are said to be {header}."
COLUMN_TWICE_FIX: Final = (
    "Name the right one only; the others are your own with nothing after the equals sign."
)
STOPPED: Final = "Nothing was saved."
STOPPED_FIX: Final = "Run `bulk-orders map` again when you know."
