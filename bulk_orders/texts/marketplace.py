"""Talking to the marketplace: its settings, the sign-in, failed connections, and unusable answers."""

from typing import Final

# Settings of the account

SETTING_EMPTY: Final = "The setting {setting} is empty."
SETTING_EMPTY_FIX: Final = "The reseller panel shows it (API section)."
USER_WITH_COLON: Final = "The user has a colon in it, which a sign-in cannot carry."
USER_WITH_COLON_FIX: Final = "Check the setting user."
NO_PASSWORD: Final = "The password is empty."  # noqa: S105 - a sentence about one
NO_PASSWORD_FIX: Final = "Set it in the environment or the keyring; see `bulk-orders doctor`."  # noqa: S105 - see NO_PASSWORD
SUBSCRIPTION_KEY: Final = "subscription key"
HEADER_UNUSABLE: Final = "The {name} is empty, or has characters in it that cannot be sent."
HEADER_UNUSABLE_FIX: Final = "Copy it again from the reseller panel, without line breaks."
BASE_URL: Final = "base URL"
"""After "The "."""
BASE_URL_UNUSUAL: Final = "The {name} is empty, or has spaces or unusual characters in it."
BASE_URL_NO_ADDRESS: Final = "The {name} is not a web address."
BASE_URL_NO_HTTPS: Final = "{url} is not a web address that starts with https://."
BASE_URL_FIX: Final = "Copy it from the reseller panel (API section), for example https://api.cloud.im/marketplace/eu, and put it in the settings as base_url."
BASE_URL_WITH_USER: Final = "The {name} has a user name or password in it."
BASE_URL_WITH_USER_FIX: Final = (
    "Take out everything between // and @; user and password have settings of their own."
)
BASE_URL_WITH_QUERY: Final = "The {name} has a ? or # in it."
BASE_URL_WITH_QUERY_FIX: Final = "Cut it off there."
BASE_URL_OPEN: Final = "The {name} {url} is not encrypted, so passwords would travel in the open."
BASE_URL_OPEN_FIX: Final = "Write https:// instead of http://."
OAUTH2_URL: Final = "address of the sign-in (oauth2_url)"
OAUTH2_URL_FIX: Final = "Ask the marketplace's support for the address that gives out tokens, and put it in the settings as oauth2_url."
OAUTH2_CLIENT_FIX: Final = "The marketplace's support gives it out together with oauth2_url."
CLIENT_ID: Final = "client id (client_id)"
PROXY_UNUSABLE: Final = "The proxy is not a usable address."
PROXY_UNUSABLE_FIX: Final = "Write it as http://HOST:PORT; SOCKS is not supported."
CA_FILE: Final = "The file of certificate authorities {path} cannot be used ({kind})."
CA_FILE_FIX: Final = "Set ca_file to a PEM file that can be read, or leave it out."

# Connections

NOT_TRUSTED: Final = "The certificate of {host} is not trusted: {reason}."
NOT_TRUSTED_FIX: Final = (
    "Check base_url and this computer's clock; where the network inspects encrypted traffic, "
    "set ca_file to the network's authority. Certificates are always checked."
)
NOT_VERIFIED: Final = "it could not be verified"
NO_CONNECTION: Final = "No connection to {host}: {reason}."
NO_WAY_THROUGH_PROXY: Final = "No connection to {host} through the proxy: {reason}."
NO_HOST: Final = "there is no such host, or no network"
PROXY_ANSWERED: Final = "the proxy answered {status}"
NOTHING_LISTENS: Final = "it was refused; nothing listens there"
NO_ENCRYPTION: Final = "the two sides could not agree on encryption"
TOO_LONG: Final = "it took too long"
IT_FAILED: Final = "it failed ({kind})"
TIMEOUT: Final = "{host} did not answer within the deadline."
NO_HTTP: Final = "{host} answered something that is not HTTP, or too much of it ({kind})."
CONNECTION_LOST: Final = "The connection to {host} was lost before the answer came."

# The sign-in

SIGN_IN_REFUSED: Final = "{host} refused the sign-in of {user} ({status})."
SIGN_IN_REFUSED_FIX: Final = (
    "Check user, password, subscription_key and marketplace in the settings, then run `bulk-orders doctor`. "
    "After a change of the API user the reseller panel shows a new subscription key."
)
OAUTH2_REFUSED_FIX: Final = "Check user, password, oauth2_client_id and oauth2_client_secret in the settings, then run `bulk-orders doctor`."
OAUTH2_FORM_FIX: Final = "Ask the marketplace's support whether this client may sign in with a user and a password (grant type password)."
OAUTH2_WRONG_PLACE: Final = (
    "The setting oauth2_url seems wrong: {host} gives out no tokens there (it answered {status})."
)
OAUTH2_WRONG_PLACE_FIX: Final = (
    "Copy it again from what the marketplace's support gave you, then run `bulk-orders doctor`."
)
QUOTA_USED_UP: Final = "{host} says that its quota is used up (403, wait {pause_s:.0f} s)."
SIGN_IN_FAILED: Final = "{host} answers {status} to the sign-in."
NO_TOKEN: Final = "{host} signed in but sent no usable token."  # noqa: S105 - a sentence about one
SIGN_IN_LATER_FIX: Final = "Try again in a few minutes; if it keeps failing, ask the marketplace's support."
SILENT_FIX: Final = (
    "Check base_url, the network and the proxy setting. "
    "Try again in a few minutes; if it keeps failing, ask the marketplace's support."
)
WRONG_CODE: Final = "{host} does not accept the sign-in request ({status})."
WRONG_CODE_FIX: Final = (
    "Check that marketplace ({marketplace}) is the code shown in the reseller panel, "
    "then run `bulk-orders doctor`."
)
WRONG_PLACE: Final = "The base URL seems wrong: {host} has no sign-in there (it answered {status})."
WRONG_PLACE_FIX: Final = (
    "Copy base_url again from the reseller panel (API section), then run `bulk-orders doctor`."
)

# Questions and their answers

NO_ANSWER: Final = "{question} got no answer: {detail}"
ODD_ANSWER: Final = "{question} got an answer that is cut off or not JSON."
REFUSED: Final = "{question} got {status}."
REFUSED_SAYING: Final = "{question} got {status} ({message})."
CORRELATION_ID: Final = " Correlation id for support: {correlation_id}."
LATER: Final = "Try again in a few minutes."
NO_ID: Final = "GET {path} needs an id, and got none."
OTHER_ID: Final = "GET {path} was answered for another id."
OTHER_COUNT: Final = "GET {path} gave a different number of rows than the marketplace counts."
UNUSABLE: Final = "The marketplace's answer cannot be used: {error}."
ODD_FIX: Final = "Try again later."
NO_USABLE_JSON: Final = "the answer is not usable JSON"
NO_OBJECT: Final = "the answer is not one JSON object"
NO_ROWS: Final = "the answer has no list of rows"
ORDER_WITHOUT_ID: Final = "an order has no id"
SUBSCRIPTION_WITHOUT_ID: Final = "a subscription has no id"
RESULT_NO_OBJECT: Final = "a validation result is not a JSON object"
