"""What is wrong with a template of order bodies, and with JSON in a cell."""

from typing import Final

EMPTY: Final = "The order-body template is empty once blanks are dropped."
UNKNOWN_FORM: Final = 'The order-body template says "{text}"; known forms are {forms}.'
UNKNOWN_NAME: Final = 'The order-body template says "{text}"; no column has the name {name}.'

# JSON in a cell

JSON_WRONG: Final = "it is not JSON from character {place} on"
JSON_TOO_DEEP: Final = "it is nested too deeply"
JSON_TWICE: Final = 'the key "{key}" is in it twice'
JSON_NO_NUMBER: Final = "{name} is not a number in JSON"

# A template of somebody's own

NO_JSON: Final = "it is not JSON from character {column} on ({reason})."
KEY_TWICE: Final = 'the key "{key}" is in one object twice.'
NO_OBJECT: Final = "it must be an object, in curly brackets."
NOT_WHOLE: Final = 'the placeholder {placeholder} must be a text by itself, but it is part of "{text}".'
NO_SUCH_NAME: Final = "the placeholder {placeholder} is unknown: no column is called {name}.{meant}"
MEANT: Final = " Is {name} meant?"
NO_SUCH_FORM: Final = "the placeholder {placeholder} has an unknown form; known forms are {forms}."
OF_THE_ORDER: Final = "the order"
OF_THE_LINE: Final = "the product line"
MUST_SAY: Final = '{where} must say "{key}": "{value}".'
NO_PO_NUMBER: Final = 'the order must say "ponumber" (or "poNumber"): "{placeholder}", once: an order whose answer is lost is found by it.'
NO_LINE: Final = "products must have exactly one product line."
