"""Words and limits that the check and the template's own Check column both go by, so that they cannot differ."""

from typing import Final

LEGAL_STATEMENTS: Final = frozenset({"offer_attestation", "partner_attestation", "mca_accepted"})
"""Columns that state something to Microsoft: only the user can, so a near miss is never turned into one, and a blank never filled in."""

LEGAL_FORMS: Final = frozenset(
    {
        "cpa",
        "llp",
        "llc",
        "inc",
        "incorporated",
        "corp",
        "corporation",
        "ltd",
        "limited",
        "pvt",
        "pvtltd",
        "privatelimited",
        "pty",
        "ptyltd",
        "pteltd",
        "plc",
        "gmbh",
        "kft",
        "zrt",
        "lda",
        "sarl",
        "sdnbhd",
        "wll",
        "ooo",
    }
)
"""Legal forms that are no name by themselves (Microsoft's list), without their dots, commas and spaces."""

NO_NAMES: Final = frozenset({"n/a", "#n/a", "na", "null", "nan", "none", "unknown", "-", "tbd"})
"""What programs and people write where they have no company name."""

RESERVED_ENDINGS: Final = ("test", "local", "localhost", "invalid", "onion", "arpa", "example")
"""Endings that no mail can reach (RFC 2606, RFC 6761); Microsoft wants a real one."""

MICROSOFT: Final = "microsoft.com"
"""Microsoft refuses customers' e-mail addresses of its own."""

NEW_TENANT_ENDING: Final = ".onmicrosoft.com"
GUIDES_DOMAIN: Final = "xxxxxxx.onmicrosoft.com"
"""The guide's example stands for a name to be chosen."""

EXAMPLE_REFERENCES: Final = frozenset({"EXAMPLE-1", "EXAMPLE-2", "EXAMPLE-3", "EXAMPLE-4", "EXAMPLE-5"})
"""Of the orders on the template's sheet Examples, in capitals."""

TOO_LONG_BILLING: Final = (("month", "year"), ("month", "year3"), ("year", "year3"))
"""(commitment, billing) pairs no product can have; other pairs follow the catalogue."""

LARGEST_QUANTITY: Final = 999_999_999
"""More is a slip whatever the product."""

EARLIEST_AGREEMENT_YEAR: Final = 2000

PHONE_DIGITS: Final = 7
"""A phone number has at least so many."""
