"""What the practice marketplace answers, in the manner of the platform and of its gateway."""

from typing import Final

# Not there

NO_ORDER: Final = "Order '{order_id}' is not found."
NO_SUBSCRIPTION: Final = "Subscription '{subscription_id}' is not found."
NO_CUSTOMER: Final = "Customer '{customer_id}' is not found."
NO_PLAN: Final = "Plan '{plan_id}' is not found."

# The gateway

KEY_MISSING: Final = "Access denied due to missing subscription key."
KEY_INVALID: Final = "Access denied due to invalid subscription key."
BAD_CREDENTIALS: Final = "Bad credentials."
EXPIRED: Final = "The token is not valid or has expired."
NO_CLIENT_ID: Final = "Access denied due to missing or unknown X-Client-Id."
NO_FORM: Final = "invalid_request"
NO_GRANT: Final = "unsupported_grant_type"
NO_CLIENT: Final = "invalid_client"
NO_USER: Final = "invalid_grant"
TOO_MANY: Final = "Rate limit is exceeded. Try again in {retry_after_s} seconds."

# Any request

NOT_FOUND: Final = "Not Found"
NO_SUCH_METHOD: Final = "Request method is not supported."
BODY_TOO_LARGE: Final = "The request body is too large."
NO_MARKETPLACE: Final = "marketplace is required."
SERVER_ERROR: Final = "Internal Server Error"
UNAVAILABLE: Final = "Service Unavailable"
CONTENT_TYPE: Final = "Content type '{content_type}' is not supported."

# Query strings

OFFSET: Final = "offset must be greater than or equal to 0."
LIMIT: Final = "limit must be greater than or equal to 1."
DATE_TIME: Final = "{name} must be a date-time such as 2019-12-11T17:32:28Z."
DATE: Final = "{name} must be a date such as 2019-12-30."
ONE_OF: Final = "{name} must be one of {allowed}."
INTEGER: Final = "{name} must be an integer."

# The body of an order

ORDER_TYPE: Final = "Orders of type '{order_type}' are not available in the practice marketplace."
CUSTOMER_ID: Final = "customerId is required and must be a string."
CUSTOMER_ON_HOLD: Final = "Customer '{customer_id}' is not able to order: its status is '{status}'."
NO_PRODUCT: Final = "Product with MPN '{mpn}' is not found."
MPN_NOT_UNIQUE: Final = "MPN '{mpn}' is not unique: {number} products match. Specify vendor, subscriptionPeriod and billingPeriod of the product."
NOT_OFFERED: Final = "Product with MPN '{mpn}' is not offered with this subscriptionPeriod and billingPeriod."
PRODUCT_NO_OBJECT: Final = "Each of products must be an object."
QUANTITY: Final = "quantity must be a whole number, not {quantity}."
QUANTITY_OUT_OF_RANGE: Final = (
    "Quantity {quantity} of product '{mpn}' is out of range: minimum 1.0, maximum {maximum}.0."
)
PARAMETERS_NO_ARRAY: Final = "parameters must be an array."
PARAMETERS_WRONG: Final = "Activation parameters are not valid. {parameters}."
PARAMETER_WRONG: Final = "{name}: {what}"
PO_NUMBER: Final = "poNumber must be a string."
PO_NUMBER_TOO_LONG: Final = "poNumber is too long: at most {longest} characters."
PERIOD_AT_ORDER: Final = "subscriptionPeriod is not allowed here; specify it for each of products."
MALFORMED: Final = "Malformed JSON: {error}"
MALFORMED_NO_OBJECT: Final = "Malformed JSON: the body must be an object."
NO_NUMBER: Final = "{name} is not a JSON number"
NO_PRODUCTS: Final = "products is required and must be a non-empty array."
PERIOD: Final = "{name} is not valid: {value}."
ATTRIBUTES: Final = "attributes must be an object of strings."

# The validation of parameters

UNKNOWN_KEYS: Final = "Not in the description of this request: {keys}."
NO_DRAFT: Final = "Draft request '{draft_id}' is not found."
NOT_NOW: Final = "Validation can't be performed at this moment on time."
ACCEPTED: Final = "The value is accepted."
PARAMETER: Final = "The parameter {problem}."

# What is wrong with a parameter; its name goes before

TENANT: Final = "must be 'new' or 'existing'"
REQUIRED: Final = "is required"
OBJECT_REQUIRED: Final = "must be an object"
DOMAIN: Final = "must be a prefix followed by '{suffix}'"
DOMAIN_TAKEN: Final = "names a domain that is already used by another tenant: '{domain}'"
MCA: Final = "must be 'yes' for a new tenant"
AGREEMENT_DATE: Final = "must be a date in the format MM-DD-YYYY"
TENANT_ID: Final = "must be a GUID"
PARTNER_ATTESTATION: Final = "is not attested: attestation_accepted must be true for a sales order"
OFFER_ATTESTATION: Final = "is not attested: attestation_accepted must be true or false"
OFFER_ATTESTATION_NEEDED: Final = "is not attested: attestation_accepted must be true for '{product}'"
E_MAIL: Final = "must be an e-mail address"
E_MAIL_OF_MICROSOFT: Final = "must not have the domain microsoft.com"
COMPANY_NAME: Final = "is not a valid company name"
COUNTRY: Final = "must be a two-letter country code"
QUALIFICATIONS: Final = "must be 'None' or 'soe'"

# Orders and plans

RECURRING: Final = "{product} Recurring"
PLAN: Final = "{product}, billed every {period}"
PLAN_DESCRIPTION: Final = "{product} by {vendor}"

# What becomes of an order

ATTESTATION_LINK: Final = "https://admin.example/mca/accept?request={request}"
FROM_DAY: Final = ", from {day} through {last}"
