"""What the answer to an order means, and why there was none."""

from typing import Final

# Why there is no answer

NO_ANSWER: Final = "Sent, but no answer came: {kind}."
NO_CONNECTION: Final = "no connection"
NO_SIGN_IN: Final = "no sign-in"
CERTIFICATE: Final = "certificate refused"
TIMEOUT: Final = "no answer in time"
CONNECTION_LOST: Final = "connection lost"
UNREADABLE: Final = "unreadable answer"

# Answers that say no, or not now

SIGN_IN_EXPIRED: Final = "The sign-in had expired."
THROTTLED: Final = "The marketplace asked us to slow down."
THROTTLED_BEHIND_GATEWAY: Final = "The answer was HTTP 429, from behind the gateway."
QUOTA_USED_UP: Final = "The quota of the subscription key is used up."
FORBIDDEN: Final = "The marketplace answered HTTP 403, forbidden."
REDIRECTS: Final = "The address redirects (HTTP {status})."
STATUS: Final = "The answer was HTTP {status}."

# Answers that say yes and prove nothing

NO_READABLE_ORDER: Final = "The answer was HTTP {status}, but not a readable order."
NO_ORDER: Final = "The answer was HTTP {status}, but names no order."
ORDER_AND_ERRORS: Final = "The answer has an order and errors at once."
OTHER_ORDER: Final = "The answer is about another order."
NOT_MARKED: Final = "The answer is not marked as JSON and does not repeat the order."
