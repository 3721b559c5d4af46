"""What other programs and other languages call our columns: English, German, French, Spanish, Italian, Dutch, Portuguese.

`bulk-orders map` proposes by them, and a person confirms. They are not read in `check` and `run`, as the aliases in the table
of columns are: an export may mean something else by a word that we know.
"""

from collections.abc import Mapping
from typing import Final

from bulk_orders.checking.header_mapping.names.customers import CUSTOMER_NAMES
from bulk_orders.checking.header_mapping.names.orders import ORDER_NAMES

NAMES_BY_FIELD: Final[Mapping[str, tuple[str, ...]]] = {
    names.field: names.aliases for names in (*ORDER_NAMES, *CUSTOMER_NAMES)
}
