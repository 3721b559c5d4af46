"""The sheet Customers: headers, the help on each, and the words of its lists."""

from typing import Final

CUSTOMER_CHECK: Final = "Check"
CUSTOMER_CHECK_HELP: Final = (
    "Says whether the customer is complete, or which cells to fix. Excel fills it while you type."
)
CUSTOMER_ID: Final = "Customer ID"
CUSTOMER_ID_HELP: Final = "The end customer's number in the Cloud Marketplace (Control Panel, Customers). Each customer appears here once."
COMPANY_NAME: Final = "Company name"
COMPANY_NAME_HELP: Final = "The customer's legal name. Microsoft refuses names of one repeated character and a bare LLC, Inc. or Corp."
TENANT: Final = "Tenant"
TENANT_HELP: Final = (
    "New tenant creates a Microsoft tenant for the customer; Existing tenant uses the one the customer has."
)
TENANT_NEW: Final = "New tenant"
TENANT_EXISTING: Final = "Existing tenant"
DOMAIN: Final = "Microsoft domain"
DOMAIN_HELP: Final = "Existing tenant: the customer's domain. New tenant: the domain to create, an unused name that ends in .onmicrosoft.com."
TENANT_ID: Final = "Microsoft tenant ID"
TENANT_ID_HELP: Final = "For an existing tenant, in place of its domain: the ID under Overview in Microsoft Entra. Not sent for a new tenant."
PARTNER_ATTESTATION: Final = "Partner of record attested"
PARTNER_ATTESTATION_HELP: Final = "Yes states that you are the customer's partner of record. A sales order needs Yes, and only you can state it."
YES: Final = "Yes"
NO: Final = "No"
MCA_ACCEPTED: Final = "MCA accepted"
MCA_ACCEPTED_HELP: Final = "Yes states that the customer accepted the Microsoft Customer Agreement; a new tenant needs Yes. Existing tenant: Yes or Already on file."
MCA_ACCEPTED_ON_FILE: Final = "Already on file"
AGREEMENT_DATE: Final = "Agreement date"
AGREEMENT_DATE_HELP: Final = (
    "The day the agreement was accepted, as a date or as year-month-day. Needed when MCA accepted is Yes."
)
AGREEMENT_FIRST_NAME: Final = "Signatory first name"
AGREEMENT_FIRST_NAME_HELP: Final = (
    "First name of the person at the customer who accepted the agreement. Needed when MCA accepted is Yes."
)
AGREEMENT_LAST_NAME: Final = "Signatory last name"
AGREEMENT_LAST_NAME_HELP: Final = (
    "Last name of the person at the customer who accepted the agreement. Needed when MCA accepted is Yes."
)
AGREEMENT_EMAIL: Final = "Signatory e-mail"
AGREEMENT_EMAIL_HELP: Final = "E-mail of the person who accepted the agreement. Recommended when MCA accepted is Yes; needed with company details."
SPECIAL_QUALIFICATIONS: Final = "Special qualifications"
SPECIAL_QUALIFICATIONS_HELP: Final = (
    "State-owned entity only if the customer meets Microsoft's criteria for it. Blank sends nothing."
)
SPECIAL_QUALIFICATIONS_NONE: Final = "None"
SPECIAL_QUALIFICATIONS_SOE: Final = "State-owned entity (soe)"
SEND_COMPANY_DETAILS: Final = "Send company details?"
SEND_COMPANY_DETAILS_HELP: Final = "Yes only if Microsoft did not accept the company data: name, address, phone and e-mail are then sent. Blank means No."
ADDRESS: Final = "Address"
ADDRESS_HELP: Final = "The customer's business address: street and number. Needed with company details."
CITY: Final = "City"
CITY_HELP: Final = "The city of the business address. Needed with company details."
STATE: Final = "State / province"
STATE_HELP: Final = "State, province or region; two letters in the United States and Canada, where it is needed with company details."
POSTAL_CODE: Final = "Postal code"
POSTAL_CODE_HELP: Final = "Zip or postal code, with its leading zeros. Needed with company details."
COUNTRY: Final = "Country"
COUNTRY_HELP: Final = (
    "The two-letter code of the customer's country; choose it from the list. Needed with company details."
)
PHONE: Final = "Phone"
PHONE_HELP: Final = "The customer's phone number, with at least 7 digits. Needed with company details."
CUSTOMER_EMAIL: Final = "Customer e-mail"
CUSTOMER_EMAIL_HELP: Final = (
    "The customer's e-mail; not at microsoft.com and not at your own domain. Needed with company details."
)
CUSTOMER_NOTE: Final = "Customer note (never sent)"
CUSTOMER_NOTE_HELP: Final = "For yourself and your colleagues. It is kept and never sent."
