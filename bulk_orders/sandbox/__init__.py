"""The practice marketplace: a simulator of the platform (no network) and its HTTP face on the loopback interface.

In a test, `Simulator` is driven in process or behind a `PracticeServer`, told to misbehave with `fail_next` or a
`FaultPlan`, and then read: `simulator.orders` is the truth about what was placed. It knows nothing of the rest of the
program except its exceptions.
"""

from bulk_orders.sandbox.ageing import Ageing
from bulk_orders.sandbox.behaviour import Behaviour
from bulk_orders.sandbox.catalogue import PRODUCTS, Catalogue
from bulk_orders.sandbox.customers import (
    ADMIN_HOLD_CUSTOMER,
    CREDIT_HOLD_CUSTOMER,
    Customer,
    practice_customers,
)
from bulk_orders.sandbox.faults import FaultPlan
from bulk_orders.sandbox.gateway import PRACTICE_KEY, PRACTICE_PASSWORD, PRACTICE_USER, Credentials
from bulk_orders.sandbox.journal import Journal, JournalFile
from bulk_orders.sandbox.messages import Answer, Fault, Request
from bulk_orders.sandbox.parameters import TAKEN_DOMAINS
from bulk_orders.sandbox.practice import practice_marketplace
from bulk_orders.sandbox.server import BASE_PATH, PracticeServer, create_app, serve
from bulk_orders.sandbox.simulator import Simulator

__all__ = [
    "ADMIN_HOLD_CUSTOMER",
    "BASE_PATH",
    "CREDIT_HOLD_CUSTOMER",
    "PRACTICE_KEY",
    "PRACTICE_PASSWORD",
    "PRACTICE_USER",
    "PRODUCTS",
    "TAKEN_DOMAINS",
    "Ageing",
    "Answer",
    "Behaviour",
    "Catalogue",
    "Credentials",
    "Customer",
    "Fault",
    "FaultPlan",
    "Journal",
    "JournalFile",
    "PracticeServer",
    "Request",
    "Simulator",
    "create_app",
    "practice_customers",
    "practice_marketplace",
    "serve",
]
