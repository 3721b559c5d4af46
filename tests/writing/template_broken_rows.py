"""Changes that break a good order or a good customer of the template, each in one place."""

from template_good_rows import OWN_DOMAIN, Values

BROKEN_ORDERS: tuple[Values, ...] = (
    *(
        {name: ""}
        for name in ("mpn", "quantity", "commitment", "billing", "offer_attestation", "customer_id")
    ),
    {"quantity": "0"},
    {"quantity": "-3"},
    {"quantity": "1.5"},
    {"quantity": "5 seats"},
    {"quantity": "301"},
    {"quantity": "1" * 19},
    {"mpn": "CFQ7TTC0HX99:0001", "offer_attestation": "Yes", "quantity": "1"},
    {"mpn": "CFQ7TTC0LH16:0001", "quantity": "1000000000"},
    {"mpn": "CFQ7TTC0LH*"},
    {"mpn": "ZZZ9XXX0YYYY:0007"},
    {"mpn": "=1+1"},
    {"commitment": "Anual"},
    {"commitment": "1*"},
    {"commitment": "3 years"},
    {"commitment": "1 month", "billing": "Yearly, upfront"},
    {"commitment": "1 year", "billing": "3 years, upfront"},
    {"billing": "weekly"},
    {"mpn": "CFQ7TTC0LFLX:0001", "billing": "Yearly, upfront"},
    {"mpn": "CFQ7TTC0HX99:0001", "offer_attestation": "Yes", "quantity": "3", "commitment": "3 years"},
    {"mpn": "CFQ7TTC0HX99:0001", "offer_attestation": "No", "quantity": "3"},
    {"offer_attestation": "perhaps"},
    {"offer_attestation": "", "vendor": "Microsoft"},
    {"vendor": "Inkwell", "quantity": "0"},
    {"max_price": "-1"},
    {"max_price": "USD 5"},
    {"submit": "maybe"},
    {"order_type": "renew"},
    {"order_type": "Change*", "subscription": ""},
    {"po_number": "PO-" + "1234567890" * 4},
    {"po_number": "PO\n7"},
    {"po_number": "=7"},
    {"reference": "R" * 41},
    {"reference": "=R"},
    {"reference": " example-2"},
    {"customer_id": "4000"},
    {"customer_id": "C-1000105570"},
    {"customer_id": "*"},
)
BROKEN_ACTIONS: tuple[Values, ...] = (
    *({name: ""} for name in ("reference", "mpn", "customer_id", "subscription")),
    {"subscription": "1100033 or 1100034"},
    {"subscription": "1" * 21},
    {"order_type": "Change seats now", "quantity": ""},
    {"order_type": "Change seats at renewal", "quantity": "301"},
    {"order_type": "Change seats now", "quantity": "0"},
    {"order_type": "Upgrade"},
    {"po_number": "PO\n7"},
    {"mpn": "ZZZ9XXX0YYYY:0007"},
)
BROKEN_IMPORTS: tuple[Values, ...] = (
    *(
        {name: ""}
        for name in ("microsoft_subscription", "microsoft_order", "commitment", "offer_attestation")
    ),
    {"microsoft_subscription": "x" * 101},
    {"microsoft_order": "a\tb"},
    {"microsoft_order": "=a1b2"},
    {"billing": "weekly"},
)
BROKEN_CUSTOMERS: tuple[Values, ...] = (
    *({name: ""} for name in ("company_name", "tenant", "domain", "partner_attestation")),
    *(
        {"company_name": name}
        for name in ("Inc.", "P.T.Y. Ltd", "Sdn. Bhd", "x", "aaa", "A  a", "- & -", "A B C", "N/A", "tbd")
    ),
    {"company_name": "Amber\nBay"},
    {"company_name": "x y" * 100},
    {"tenant": "Tenant"},
    {"partner_attestation": "No"},
    {"mca_accepted": "No"},
    {"mca_accepted": "yes please"},
    {"tenant": "New tenant", "mca_accepted": "Already on file"},
    {"tenant": "New tenant", "mca_accepted": ""},
    {"special_qualifications": "some"},
    {"send_company_details": "some"},
    *(
        {"tenant": "Existing tenant", "domain": domain}
        for domain in (
            "acme",
            "acme..com",
            ".acme.com",
            "acme.com.",
            "-acme.com",
            "acme-.com",
            "acme.-x.com",
            "acme.c",
            "acme.1c",
            "a b.com",
            "http://acme.com",
            "j@acme.com",
            "ac_me.com",
            "äcme.com",
            "x" * 250 + ".com",
        )
    ),
    {"domain": "xxxxxxx.onmicrosoft.com"},
    *(
        {"tenant": "Existing tenant", "tenant_id": tenant_id}
        for tenant_id in (
            "a94c2acd",
            "a94c2acdf6e7-4ff5-bd6c-7d03fa8aa02c-",
            "a94c2acd-f6e7-4ff5-bd6c-7d03fa8aa02g",
            "a94c2acd-f6e7-4ff5-bd6c-7d03fa8aa02c0",
            "a94c2acd-f6e7-4ff5-bd6c--d03fa8aa02c",
        )
    ),
    {"tenant": "New tenant", "domain": "", "tenant_id": "a94c2acd-f6e7-4ff5-bd6c-7d03fa8aa02c"},
)
BROKEN_NEW: tuple[Values, ...] = tuple(
    {"domain": domain}
    for domain in (
        "acme",
        "acme.com",
        "-acme.onmicrosoft.com",
        "acme-.onmicrosoft.com",
        "-.onmicrosoft.com",
        "a.b.onmicrosoft.com",
        ".onmicrosoft.com",
        "XXXXXXX.onmicrosoft.com",
        "acme.onmicrosoft.com.org",
        "äb.onmicrosoft.com",
    )
)
BROKEN_STATEMENTS: tuple[Values, ...] = (
    *({name: ""} for name in ("agreement_date", "agreement_first_name", "agreement_last_name")),
    *(
        {"agreement_date": date}
        for date in (
            "2099-12-01",
            "1999-12-31",
            "soon",
            "04/09/2022",
            "19-04-2022",
            "2022-02-30",
            "2023-02-29",
            "9-4-22 or so",
            "12-40-2022",
            "2022-04-09 10:30",
            "Text 9-22",
        )
    ),
    *({"agreement_first_name": name} for name in ("J", "123", "-", "x" * 41, "Jo\nhn")),
    {"agreement_last_name": "?!"},
    *(
        {"agreement_email": address}
        for address in (
            "john",
            "@b.com",
            "j@",
            "j@@b.com",
            "j@b",
            "j.@b.com",
            ".j@b.com",
            "j..k@b.com",
            "j@-b.com",
            "j@b-.com",
            "j@b.com.",
            "j@b_c.com",
            "j k@b.com",
            "j@b.c1",
            "j@b.example",
            "j@b.TEST",
            "jö@b.com",
            "John <j@b.com>",
            "a@b.com; c@d.com",
            "x@" + "b." * 130 + "com",
        )
    ),
)
BROKEN_DETAILS: tuple[Values, ...] = (
    *(
        {name: ""}
        for name in (
            "agreement_email",
            "address",
            "city",
            "state",
            "postal_code",
            "country",
            "phone",
            "customer_email",
        )
    ),
    {"state": "Ohio"},
    {"state": "QC"},
    {"country": "CA", "postal_code": "K1A 0B1"},
    {"country": "USA"},
    {"country": "XQ"},
    {"country": "United States"},
    {"country": "US–United States"},
    *({"postal_code": code} for code in ("430045", "43-004", "430O4", "43004-12", "43004-12345", "x" * 21)),
    *(
        {"country": "CA", "state": "ON", "postal_code": code}
        for code in ("K1A-0B1", "K1A 0B", "11A 0B1", "K1 A0B1", "K1A 0 B1")
    ),
    {"phone": "555-010"},
    {"phone": "5550100 " * 4},
    {"city": "x" * 101},
    {"address": "1\tWay"},
    *(
        {"customer_email": address}
        for address in (
            "a@microsoft.com",
            "a@eu.Microsoft.com",
            f"a@{OWN_DOMAIN}",
            f"a@mail.{OWN_DOMAIN}",
            "a@b@c.com",
        )
    ),
)
