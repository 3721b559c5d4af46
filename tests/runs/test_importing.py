"""A subscription that the customer has at Microsoft is brought in: a purchase by its protocol, known by what it brings in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from runs.practice_office import office, ordered
from runs.test_changes import Office, followed

from bulk_orders.core.lifecycle import State
from bulk_orders.core.order_types import IMPORT, type_of
from bulk_orders.core.summary import Outcome
from bulk_orders.errors import ExitCode

ROW = {
    "Your reference": "IMP-1",
    "Customer ID": "1000105563",
    "MPN": "CFQ7TTC0LH16:0001",
    "Quantity": "5",
    "Commitment": "1 year",
    "Billing": "Monthly",
    "Offer attestation": "No",
    "Action": "Import existing",
    "Microsoft subscription": "3f2b8a1c",
    "Microsoft order": "a1b2",
    "Company name": "27 Rings Jewelers",
    "Tenant": "Existing tenant",
    "Microsoft domain": "rings.onmicrosoft.com",
    "Tenant ID": "a94c2acd-f6e7-4ff5-cd6c-7d03fa8aa02c",
    "Partner of record attested": "Yes",
    "MCA accepted": "Already on file",
    "Agreement date": "",
    "First name": "",
    "Last name": "",
    "E-mail": "",
}


@pytest.fixture
def practice() -> Iterator[Office]:
    with office("") as parts:
        yield parts


def imported(practice: Office, folder: Path) -> ExitCode:
    path = folder / "imports.csv"
    path.write_text("\n".join((";".join(ROW), ";".join(ROW.values()))), "utf-8")
    return ordered(practice[0], folder, None, path).code


def test_an_import_names_what_it_brings_in_and_is_sent_once(practice: Office, tmp_path: Path) -> None:
    assert imported(practice, tmp_path) is ExitCode.OK
    (placed,) = practice[1].orders
    parameters = {entry["name"]: entry for entry in placed["sent"]["products"][0]["parameters"]}
    assert parameters["migration_info_object"]["structured_value"] == {
        "ms_customer_id": ROW["Tenant ID"],
        "subscription_id": "3f2b8a1c",
        "csp_order_id": "a1b2",
    }
    (made,) = practice[0].ledger.orders()
    assert (made.state, type_of(made.body)) == (State.ACCEPTED, IMPORT)
    assert followed(practice, 60.0) == [Outcome.ORDERED]

    assert imported(practice, tmp_path) is ExitCode.OK
    assert practice[1].order_count == 1


@pytest.mark.long
def test_an_import_whose_answer_is_lost_is_found(practice: Office, tmp_path: Path) -> None:
    practice[1].fail_next("reset-after-commit")
    assert imported(practice, tmp_path) is ExitCode.OK
    assert practice[1].order_count == 1
