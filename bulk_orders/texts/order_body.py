"""What is wrong with a template of order bodies."""

from typing import Final

EMPTY: Final = "The order-body template is empty once blanks are dropped."
UNKNOWN_FORM: Final = 'The order-body template says "{text}"; known forms are {forms}.'
UNKNOWN_NAME: Final = 'The order-body template says "{text}"; no column has the name {name}.'
