"""Makes the workbooks of this folder, and the screenshots of them. Run it from the project's folder.

    python sample_data/make_samples.py                 the workbooks, and templates/orders.xlsx
    python sample_data/make_samples.py screenshots     the pictures too (needs soffice and pdftoppm)
    python sample_data/make_samples.py pictured        only the fingerprints of what the pictures show

The same program makes the same files. Companies, people and addresses are made up; customers and products are those of
the practice marketplace, so that everything here can be ordered there.
"""

import csv
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tree before any installed copy

from actions_sample import make_actions
from broken import make_broken
from broken_layouts import make_broken_flat, make_broken_sheets
from example_report import example_report
from foreign_export import make_foreign_export
from pictures import TODAY, Pictured, note_pictured, take_pictures
from renewals import make_catalogs, make_renewals
from xlsxwriter import Workbook

from bulk_orders.core.columns.table import column
from bulk_orders.core.model import SheetRole
from bulk_orders.sandbox.catalogue import CURRENCY, PRODUCTS, Catalogue, Product
from bulk_orders.sandbox.customers import FIRST_CUSTOMER_ID, FIRST_MIGRATION_ID, Customer, practice_customers
from bulk_orders.writing.new_book.book import CREATED
from bulk_orders.writing.template.write import write_template

HERE: Final = Path(__file__).parent

Values = dict[str, str]

_COMMITMENTS: Final = {("month", 1): "1 month", ("year", 1): "1 year", ("year", 3): "3 years"}
_BILLINGS: Final = {("month", 1): "Monthly", ("year", 1): "Yearly, upfront", ("year", 3): "3 years, upfront"}
_REFRESHED_ON: Final = "2026-11-20"
_READABLE: Final = 0o644
"""Workbooks are written for their owner alone; there is nothing private in these."""
_GUIDES_MPN: Final = "CFQ7TTC0LH16:0001"

# MPN, quantity, commitment, billing: an ordinary month of a small reseller.
_ORDINARY: Final = (
    ("CFQ7TTC0LDPB:0001", "12", "1 year", "Monthly"),
    ("CFQ7TTC0LH18:0001", "25", "1 year", "Yearly, upfront"),
    ("CFQ7TTC0LCHC:0002", "8", "1 year", "Monthly"),
    ("CFQ7TTC0LH16:0001", "3", "1 month", "Monthly"),
    ("CFQ7TTC0JN4R:0002", "40", "1 year", "Monthly"),
    ("CFQ7TTC0LFLX:0001", "15", "3 years", "Yearly, upfront"),
    ("CFQ7TTC0LHSF:0001", "4", "1 year", "Monthly"),
    ("CFQ7TTC0HDB0:0001", "2", "1 year", "Yearly, upfront"),
    ("CFQ7TTC0LH04:0001", "30", "1 year", "Monthly"),
    ("CFQ7TTC0LH1P:0001", "6", "1 month", "Monthly"),
    ("CFQ7TTC0HD33:0001", "1", "1 year", "Monthly"),
    ("CFQ7TTC0HX99:0001", "5", "1 month", "Monthly"),
)
_NEW_TENANTS: Final = frozenset({0, 3, 7, 11, 18, 24})
"""Which of the demo's customers get a new tenant, counted from the first."""
_STATED_ANEW: Final = frozenset({5, 14, 23})
"""Which of them have an existing tenant, and an agreement that is stated with the order."""
_DEMO_CUSTOMERS: Final = 28
_DEMO_ORDERS: Final = 40
_MIGRATION_ORDERS: Final = 500
_FLAT_ORDERS: Final = 12
_EXPORTED: Final = 10


def make_workbooks(folder: Path) -> None:
    """Make every workbook of this folder, in `folder`."""
    make_demo(folder / "orders-demo.xlsx")
    make_broken(folder / "orders-broken.xlsx", catalogue_rows())
    make_broken_sheets(folder / "orders-broken-sheets.xlsx")
    make_broken_flat(folder / "orders-broken-flat.csv")
    make_migration(folder / "migration-500.xlsx")
    make_flat_csv(folder / "orders-flat.csv")
    make_actions(folder / "actions-demo.xlsx", catalogue_rows(), TODAY).chmod(_READABLE)
    existing = [found for found in demo_customers() if found["mca_accepted"] == "Already on file"]
    make_foreign_export(folder / "export-german.csv", existing[:_EXPORTED], _ORDINARY)
    make_renewals(folder / "renewals-demo.xlsx")
    make_catalogs(folder / "catalog-november.xlsx", folder / "catalog-december.xlsx")


def make_demo(path: Path) -> None:
    """Forty good orders on the template; the first is the one of the vendor's guide."""
    path.unlink(missing_ok=True)
    write_template(
        path,
        rows=200,
        catalogue=catalogue_rows(),
        customers=demo_customers(),
        orders=demo_orders(),
        today=TODAY,
    ).chmod(_READABLE)


def pictured() -> Pictured:
    """What the README's pictures show; the results are those of a made-up run."""
    return Pictured(
        filling=lambda path: write_template(
            path,
            catalogue=catalogue_rows(),
            customers=_half_filled(demo_customers()),
            orders=_half_filled(demo_orders()),
            today=TODAY,
        ),
        states=_check_states,
        demo=HERE / "orders-demo.xlsx",
        broken=HERE / "orders-broken.xlsx",
        report=example_report,
    )


def _half_filled(rows: list[Values]) -> list[Values]:
    """Rows as they look while somebody types: some cells are missing, one row is to wait."""
    for at, name in ((3, "quantity"), (3, "agreement_date"), (8, "billing"), (6, "partner_attestation")):
        rows[at].pop(name, None)
    if "reference" in rows[0]:
        rows[5]["submit"] = "Skip"
        rows[8]["commitment"] = ""
        rows[11]["reference"] = ""
    return rows


def _check_states(path: Path) -> Path:
    """One row for each thing that the Check column says while a workbook is filled."""
    customers, orders = demo_customers(), demo_orders()[:14]
    customers[4]["partner_attestation"] = "No"
    customers[6]["domain"] = "cobblestone legal"
    del customers[7]["tenant"], customers[7]["mca_accepted"]
    for at, changes in {
        1: {"quantity": "", "billing": ""},
        2: {"quantity": "400"},
        3: {"submit": "Skip"},
        5: {"commitment": "1 month", "billing": "Yearly, upfront"},
        8: {"customer_id": "1000105999"},
        9: {"reference": "NOV-0001"},
        10: {"mpn": "CFQ7TTC0HD99:0001"},
        11: {"reference": ""},
        12: {"mpn": "", "quantity": "", "commitment": "", "billing": "", "offer_attestation": ""},
    }.items():
        orders[at] |= changes
    return write_template(path, catalogue=catalogue_rows(), customers=customers, orders=orders, today=TODAY)


def catalogue_rows() -> list[Values]:
    """The sheet Products, filled from the practice marketplace's catalogue."""
    known = Catalogue()
    return [_catalogue_row(known, product) for product in PRODUCTS if product.vendor == "Microsoft"]


def demo_customers() -> list[Values]:
    """The sheet Customers: the guide's customer, then some with new and many with existing tenants."""
    customers = practice_customers()
    rows = []
    for number in range(_DEMO_CUSTOMERS):
        customer = customers[str(FIRST_CUSTOMER_ID + number)]
        rows.append(
            _new_tenant(customer, number) if number in _NEW_TENANTS else _existing_tenant(customer, number)
        )
    rows[0].update(
        {
            "agreement_date": "2022-04-09",
            "agreement_first_name": "John",
            "agreement_last_name": "Doe",
            "agreement_email": "john@doe.example.com",
            "domain": "27rings.onmicrosoft.com",
            "special_qualifications": "None",
            "phone": "(716) 633-3600",
            "customer_email": "john@doe.example.com",
        }
    )
    return rows


def demo_orders() -> list[Values]:
    """The sheet Orders, the guide's order first."""
    rows: list[Values] = [
        {
            "reference": "NOV-0001",
            "customer_id": str(FIRST_CUSTOMER_ID),
            "mpn": _GUIDES_MPN,
            "quantity": "1",
            "commitment": "1 year",
            "billing": "Monthly",
            "po_number": "00-0000",
            "offer_attestation": "No",
        }
    ]
    for number in range(1, _DEMO_ORDERS):
        # A new tenant is ordered for once: a second order would ask for the same tenant again.
        existing = [at for at in range(_DEMO_CUSTOMERS) if at not in _NEW_TENANTS]
        at = number if number < _DEMO_CUSTOMERS else existing[number * 5 % len(existing)]
        mpn, quantity, commitment, billing = _ORDINARY[number * 7 % len(_ORDINARY)]
        rows.append(
            {
                "submit": "Yes" if number % 6 == 0 else "",
                "reference": f"NOV-{number + 1:04}",
                "customer_id": str(FIRST_CUSTOMER_ID + at),
                "mpn": mpn,
                "quantity": quantity,
                "commitment": commitment,
                "billing": billing,
                "po_number": f"PO-26-{3100 + number}" if number % 3 else "",
                "offer_attestation": "Yes" if mpn == "CFQ7TTC0HX99:0001" else "No",
                "order_note": "agreed by phone on Friday" if number % 13 == 0 else "",
            }
        )
    return rows


def _catalogue_row(known: Catalogue, product: Product) -> Values:
    offers = known.by_mpn[product.mpn]
    monthly = min(offers, key=lambda offer: (offer.billing != ("month", 1), offer.unit_cents))
    return {
        "mpn": product.mpn,
        "product_name": product.name,
        "commitments_offered": "; ".join(dict.fromkeys(_COMMITMENTS[offer.term] for offer in offers)),
        "billing_offered": "; ".join(dict.fromkeys(_BILLINGS[offer.billing] for offer in offers)),
        "quantity_min": "1",
        "quantity_max": str(product.maximum),
        "unit_price": f"{monthly.unit_cents / 100:.2f}".rstrip("0").rstrip("."),
        "currency": CURRENCY,
        "offer_attestation_required": "Yes" if product.needs_offer_attestation else "",
        "refreshed_on": _REFRESHED_ON,
    }


def _domain(customer: Customer) -> str:
    letters = "".join(letter for letter in customer.name.lower() if letter.isascii() and letter.isalnum())
    return f"{letters}.onmicrosoft.com"


def _existing_tenant(customer: Customer, number: int) -> Values:
    row = {
        "customer_id": customer.id,
        "company_name": customer.name,
        "tenant": "Existing tenant",
        "domain": _domain(customer),
        "partner_attestation": "Yes",
        "mca_accepted": "Already on file",
    }
    return row | _agreement(customer, number) if number in _STATED_ANEW else row


def _new_tenant(customer: Customer, number: int) -> Values:
    return {
        "customer_id": customer.id,
        "company_name": customer.name,
        "tenant": "New tenant",
        "domain": _domain(customer),
        "partner_attestation": "Yes",
        **_agreement(customer, number),
        "send_company_details": "Yes",
        "address": customer.street,
        "city": customer.city,
        "state": customer.state,
        "postal_code": customer.postal_code,
        "country": customer.country,
        "phone": f"(716) 555-{1000 + number}",
        "customer_email": customer.email,
    }


def _agreement(customer: Customer, number: int) -> Values:
    return {
        "mca_accepted": "Yes",
        "agreement_date": (date(2026, 9, 1) + timedelta(days=3 * number)).isoformat(),
        "agreement_first_name": customer.first_name,
        "agreement_last_name": customer.last_name,
        "agreement_email": customer.email,
    }


def make_migration(path: Path) -> None:
    """Five hundred subscriptions of existing tenants, side by side on one sheet, as an export from another system has them."""
    path.unlink(missing_ok=True)
    write_flat(path, [_migration_row(number) for number in range(_MIGRATION_ORDERS)])


def _migration_row(number: int) -> Values:
    customer = practice_customers()[str(FIRST_MIGRATION_ID + number)]
    mpn, quantity, commitment, billing = _ORDINARY[number % 11]
    return {
        "reference": f"MIG-{number + 1:05}",
        "customer_id": customer.id,
        "company_name": customer.name,
        "tenant": "Existing tenant",
        "domain": _domain(customer),
        "partner_attestation": "Yes",
        "mca_accepted": "Already on file",
        "mpn": mpn,
        "quantity": quantity,
        "commitment": commitment,
        "billing": billing,
        "po_number": f"MIG-2026-{number + 1:05}",
        "offer_attestation": "No",
    }


def write_flat(path: Path, rows: list[Values]) -> None:
    """Write a workbook of one sheet whose headers are the columns'."""
    book = Workbook(str(path), {"strings_to_numbers": False})
    book.set_properties({"created": CREATED})
    sheet = book.add_worksheet("Export")
    text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "bottom": 1})
    for index, name in enumerate(rows[0]):
        sheet.set_column(index, index, 18, text)
        sheet.write_string(0, index, _header(name), bold)
    for number, row in enumerate(rows, start=1):
        for index, (name, value) in enumerate(row.items()):
            if name == "quantity":
                sheet.write_number(number, index, int(value))
            elif value:
                sheet.write_string(number, index, value, text)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, len(rows), len(rows[0]) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:M{len(rows) + 1}"})
    book.close()


def make_flat_csv(path: Path) -> None:
    """Twelve orders as an ERP writes them: semicolons, the mark at the start that Excel wants for UTF-8, control totals beside it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        rows = [_flat_row(number) for number in range(_FLAT_ORDERS)]
        writer.writerow(rows[0])
        writer.writerows(row.values() for row in rows)
    licences = sum(int(row["quantity"]) for row in rows)
    path.with_suffix(".ctl").write_text(f"orders = {len(rows)}\nlicences = {licences}\n", encoding="utf-8")


def _flat_row(number: int) -> Values:
    """Headers are the API's names, as exports often have them."""
    customer = demo_customers()[number + 12]
    mpn, quantity, commitment, billing = _ORDINARY[number]
    return {
        "reference": f"ERP-{number + 1:03}",
        "customerId": customer["customer_id"],
        "customer_company_name": customer["company_name"],
        "tenant_preference": customer["tenant"].split()[0].lower(),
        "microsoft_domain": _domain_of_its_own(customer),
        "partner_on_record_attestation_accepted": "true",
        "mca_acceptance": customer["mca_accepted"],
        "agreement_date": customer.get("agreement_date", ""),
        "first_name_agreement": customer.get("agreement_first_name", ""),
        "last_name_agreement": customer.get("agreement_last_name", ""),
        "mpn": mpn,
        "quantity": quantity,
        "subscriptionPeriod": commitment,
        "billingPeriod": billing,
        "ponumber": f"ERP-PO-{number + 1:03}",
        "offer_attestation": "true" if mpn == "CFQ7TTC0HX99:0001" else "false",
    }


def _domain_of_its_own(customer: Values) -> str:
    """A tenant is created once, and the demo asks for the same customer's: here it has another name."""
    if customer["tenant"] == "New tenant":
        return customer["domain"].replace(".onmicrosoft.com", "erp.onmicrosoft.com")
    return customer["domain"]


def _header(name: str) -> str:
    for role in (SheetRole.ORDERS, SheetRole.CUSTOMERS):
        try:
            return column(role, name).header
        except KeyError:
            continue
    raise KeyError(name)


def main(arguments: list[str]) -> None:
    """`make_samples.py [FOLDER] [screenshots | pictured]`."""
    words = {"screenshots": take_pictures, "pictured": note_pictured}
    folder = Path(next((word for word in arguments if word not in words), HERE))
    if "pictured" not in arguments:
        make_workbooks(folder)
        if folder == HERE:
            write_template(HERE.parent / "templates" / "orders.xlsx").chmod(_READABLE)
    for word in words.keys() & set(arguments):
        (folder / "screenshots").mkdir(parents=True, exist_ok=True)
        words[word](folder / "screenshots", pictured())


if __name__ == "__main__":
    main(sys.argv[1:])
