"""The practice marketplace as a program: its options, its one line, and what it cannot do."""

from typing import Final

# Its command line

LISTENING: Final = "listening on {url}"
DESCRIPTION: Final = "A marketplace to practise on; nothing is ordered or billed."
HOST: Final = "loopback address to listen on (%(default)s)"
PORT: Final = "port to listen on; 0 takes a free one (%(default)s)"
LATENCY: Final = "delay of each answer (%(default)s)"
LIMIT: Final = "maximum requests in any second (no limit)"
FAULTS: Final = "for example 429=0.1,500-after-commit=every:50,list-lag=3,seed=7"
STATE: Final = "file that remembers the orders from one start to the next"
SEED: Final = "makes tokens, correlation ids and faults repeatable"
LIST_WITHOUT_PO: Final = "leave poNumber out of the rows of GET /orders"
PROCESSING_AFTER: Final = "age at which an order is processing (%(default)s)"
COMPLETED_AFTER: Final = "age at which an order is completed (%(default)s)"
SLOW_AFTER: Final = "age at which a slow order is completed (%(default)s)"
ACCEPTED_AFTER: Final = "age at which the customer accepts the agreement (%(default)s)"
SCHEDULED_DAYS: Final = "days until a scheduled order is carried out (%(default)s)"
LIFETIME: Final = "(%(default)s)"

JUDGE_TOKEN: Final = "file to write the judges' token to; without it the pages /_practice/… do not exist"  # noqa: S105 - a help text
OTHER_HOST: Final = "This practice marketplace serves one machine; use its own address."
NO_JUDGE: Final = "This page needs the token of the judges."

# Faults that are asked for

NO_FAULT: Final = "There is no fault called '{name}'."
NO_FAULT_FIX: Final = "Known faults: {names}."
BAD_FAULT: Final = "The fault '{fault}' is not understood: {reason}."
EVERY_TOO_SMALL: Final = "the number in every:N is at least 1"
RATE_OUT_OF_RANGE: Final = "a rate is between 0 and 1"
NEGATIVE_SECONDS: Final = "seconds cannot be negative"

# Kinds of account that are asked for

ACCOUNT: Final = "kind of account, for example po=poNumber,period=line,vendor=line,sign-in=oauth2"
NO_KIND: Final = "Accounts do not differ in '{name}'."
NO_KIND_FIX: Final = "Known names: {names}."
BAD_KIND: Final = "'{entry}' is not understood: {reason}."
BAD_KIND_FIX: Final = "Correct it, or leave it out."
ONE_OF: Final = "it takes one of {choices}"
NO_LENGTH: Final = "it takes a number of characters"

# What it remembers its orders in

JOURNAL_CLOSED: Final = "The practice marketplace cannot keep its orders in {path}: {reason}."
JOURNAL_CLOSED_FIX: Final = "Name a file in a folder that exists and that you may write to."
NO_JOURNAL: Final = "{path} is not a journal of the practice marketplace: {error}."
NO_JOURNAL_FIX: Final = "Name another file, or delete this one to start with no orders."

# Where it listens

NO_LOOPBACK: Final = "The practice marketplace does not listen on {host}."
NO_LOOPBACK_FIX: Final = "Use one of {hosts}."
PORT_UNUSABLE: Final = "Port {port} of {host} cannot be used: {reason}."
PORT_UNUSABLE_FIX: Final = "Try --port 0."
