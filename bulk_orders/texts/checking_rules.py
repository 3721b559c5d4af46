"""The pieces that the sentences of the check are filled with: why a cell is wrong, and what to do.

They stand for `{why}`, `{reason}`, `{todo}` and `{rows}` in the texts of the codes.
"""

from collections.abc import Mapping
from typing import Final

# Lists of rows and of entries

AND: Final = "{first} and {last}"
AND_MORE: Final = "{first} and {number} more"
OR: Final = "{first} or {last}"

# What a row is if it is not an order

A_HEADER_ROW: Final = "a row of headers"
A_TOTAL_ROW: Final = "a row of totals"

# Why a text is probably not an MPN

MPN_WITHOUT_OFFER: Final = "Microsoft's have a colon and four more characters after the twelfth"
MPN_WITH_SPACES: Final = "it has spaces, like a product's name"
MPN_WITHOUT_LETTERS: Final = "it has no letters"
MPN_WITHOUT_DIGITS: Final = "it has no digits"

# What to type or to choose

TYPE: Final = "Type {proposal}."
TYPE_IF_MEANT: Final = "Type {proposal} if that is what you mean."
TYPE_EXAMPLE: Final = "Type it, for example {example}."
TYPE_WITHOUT: Final = "Type it again without that character."
TYPE_CLEANED: Final = "Type {proposal}"
TYPE_NUMBER_ONLY: Final = "Type the number only."
TYPE_PLAIN_NUMBER: Final = "Type a whole number in plain digits."
TYPE_ONE_OR_THOUSANDS: Final = "It can mean {small} or {large}; type the one you mean in plain digits."
TYPE_NUMBER_FROM: Final = "Type a whole number from {smallest}."
TYPE_NUMBER_BETWEEN: Final = "Type a whole number from {smallest} to {largest}."
TYPE_E_MAIL: Final = "Type one address, for example john@doe.com."
TYPE_DOMAIN_ONLY: Final = "Type the domain only, for example acme.onmicrosoft.com."
TYPE_DOMAIN: Final = "Type the domain, for example acme.onmicrosoft.com."
TYPE_STATE: Final = "Type the two letters, for example NY."
TYPE_US_POSTAL_CODE: Final = "Type 5 digits, or 5 and 4 with a dash: 14221-1234."
TYPE_CANADA_POSTAL_CODE: Final = "Type it like K1A 0B1."
CHOOSE: Final = "Choose {choices}."
CHOOSE_COUNTRY: Final = "Choose the country from the list, for example US."
CHOOSE_PRODUCT: Final = "Choose another product."
CHOOSE_YES_ACCEPTED: Final = "Choose Yes once the customer has accepted it."
CHOOSE_YES_ACCEPTED_YOURSELF: Final = "Choose Yes once the customer has accepted it; only you can state this."
CHOOSE_YES_IF_SO: Final = 'Choose "Yes" if it is true; only you can state this.'
CHOOSE_YES_OR_NO: Final = 'Choose "Yes" or "No"; only you can state this.'
CHOOSE_ACCEPTED: Final = "Choose Yes in MCA accepted to send the agreement, otherwise Already on file."
ADD_CUSTOMER: Final = "Add the customer to the sheet Customers."
CORRECT_CUSTOMER_TOO: Final = "If {typed} is right, correct {listed} on the sheet Customers, too."
ADD_PRODUCT: Final = "Add the product to the sheet Products, or correct the MPN."
CORRECT_OR_BLANK: Final = "Correct it, or leave it blank if it is not known."
WRITE_LIKE: Final = 'Write them like "{example}".'

# Why a cell must be filled, or is not sent

BECAUSE_ADDRESS: Final = ", but an address is given for a new tenant"
BECAUSE_OTHER: Final = ', but "{header}" is {value}'
MCA_NEEDED: Final = "the order needs the agreement"
MCA_NOT_ON_FILE: Final = "a new tenant has none on file"
MCA_EMPTY: Final = "MCA accepted is empty"

# Cells of another kind

A_DATE: Final = "a date"
A_TIME: Final = "a time"
A_YES_NO: Final = "a yes/no value"
A_PERCENTAGE: Final = "a percentage"
SHOWS_TEXT: Final = '"{text}"'
SHOWS_NOTHING: Final = "nothing"
SHOWS_ANOTHER: Final = "another value"
A_TEXT: Final = "text"
A_NUMBER: Final = "a number"

# Characters

LEADING_EQUALS: Final = "a leading ="
LINE_BREAK: Final = "a line break or tab ({code})"
DIRECTION_SIGN: Final = "a character that reverses the text direction ({code})"
LOST_LETTER: Final = "a letter lost by a wrong encoding ({code})"
CONTROL_CHARACTER: Final = "a control character ({code})"

# Dates

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""As they are shown, and as they are read where somebody typed a month in words."""
DAY_OF_MONTH: Final = "{day} {month}"
DATE_WITH_TIME: Final = "a date with a time"
NO_DATE_BUT: Final = "{what}, not a date"
NUMBER_NO_DATE: Final = "a number, not a date"
NO_CALENDAR_DAY: Final = "a day in the calendar"
NO_MONTH_FIRST: Final = "MM-DD-YYYY"
NO_READABLE_DATE: Final = "not a date we can read"
TOO_LONG_AGO: Final = "too long ago for this agreement"
TWO_DAYS: Final = ": {one} or {other}?"
"""Goes on a sentence that a date was typed as text."""
NO_TWO_DAYS: Final = "."
"""Ends that sentence where there is nothing to add."""
TYPE_ONE_OF_TWO: Final = "Type it again as {one} or {other}."
TYPE_DATE: Final = "Type it as year-month-day, for example 2022-04-09."
TYPE_DAY: Final = "Type the day as year-month-day, for example 2022-04-09."
TYPE_AS_TEXT: Final = "Format the cell as Text and type it again."
TYPE_AS_NUMBER: Final = "Format the cell as Number and type it again."
TYPE_DAY_WITHOUT_TIME: Final = "Type the day without a time, for example 2022-04-09."

# Names

SINGLE_CHARACTER: Final = "a single character"
SIGNS_ONLY: Final = "made up of symbols only"
ONE_CHARACTER_REPEATED: Final = "one character repeated"
LEGAL_FORM_ALONE: Final = "only a legal form, not a company name that Microsoft accepts"
SINGLE_LETTERS: Final = "made up of single letters"
NO_COMPANY_NAME: Final = "not a company name"
WITHOUT_LETTER: Final = "not a name, because it has no letters"
SINGLE_LETTER: Final = "a single letter"

# Tenants, domains and places

NO_DOMAIN: Final = '"{value}" is not a domain.'
NEW_TENANT_DOMAIN: Final = "A new tenant needs a name of letters and digits that ends in .onmicrosoft.com."
NO_TENANT_ID: Final = '"{value}" is not the ID of a Microsoft tenant.'
TYPE_TENANT_ID: Final = "Copy it from Microsoft Entra: 32 characters in five groups."
EXISTING_TENANT_DOMAIN: Final = "An existing tenant needs its full domain, with the dot."
UNITED_STATES: Final = "the United States"
CANADA: Final = "Canada"

# Orders

NEAREST: Final = " Nearest: {near}."
"""Follows the sentence that a customer or product is not listed."""
BILLED: Final[Mapping[str, str]] = {"year": "yearly", "year3": "for 3 years"}
"""By the key of the billing: how it is billed, in a sentence."""
LESS_THAN_ONE: Final = "less than 1"
LESS_THAN_ALLOWED: Final = "less than the {smallest} this product allows"
MORE_THAN_POSSIBLE: Final = "more than the {largest}"
MORE_THAN_ALLOWED: Final = "more than the {largest} this product allows"
MORE_THAN: Final = "more than {number}"
OVER_TEN_TIMES: Final = "over ten times the sheet's median, {middle:g}"

# The schemas, for whoever validates frames with them

NOT_TEXTS: Final = "The column {column} contains values other than texts. Read the file with dtype=str."
UNCHECKED: Final = "The schema has no check for the column {column}. Name it in schema(…, parameters=[…])."
COLUMN: Final = "column"
CODE: Final = "code"
SEVERITY: Final = "severity"
FINDS: Final = "finds"
SEEN: Final = "seen by the template's Check column"
