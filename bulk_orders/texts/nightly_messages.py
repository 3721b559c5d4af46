"""What a night tells people who are not there: subjects, bodies, and what `notify` says."""

from typing import Final

OUTCOMES: Final = {
    0: "✔ All is well",
    1: "✖ Something inside the program went wrong",
    2: "✖ Wrong command line",
    3: "✖ To fix, nothing sent",
    4: "✖ Some orders failed",
    5: "⚠ Look before sending again",
    6: "✖ Sign-in or settings",
    7: "○ Not finished, the next night goes on",
    8: "○ Another run was at work",
    9: "✖ A person must decide",
    130: "○ Stopped",
}
"""By exit code."""
SUBJECT: Final = "{outcome} – {about} – {environment}"
FILES: Final = "{number} files"
NIGHT: Final = "the night"
WHERE: Final = "{environment}, profile {profile}, in {folder}"
WHEN: Final = "From {started_at:%Y-%m-%d %H:%M} to {ended_at:%H:%M %Z}"
TEST_SUBJECT: Final = "✔ Test message – bulk-orders – {environment}"
TEST_BODY: Final = "This is how nights of the profile {profile} reach {recipient}. Nothing was ordered."

# notify

NO_APPRISE: Final = "Messages need the library apprise, which is not installed."
NO_PROMETHEUS: Final = "Metrics need the library prometheus-client, which is not installed."
EXTRA_FIX: Final = (
    'Install the extra: pip install "bulk-orders[nightly]" (from a clone: pip install ".[nightly]").'
)
WRONG_URL: Final = "One of the addresses of {name} is not an Apprise URL."
WRONG_URL_FIX: Final = (
    "Compare with the list of services that Apprise supports, such as mailtos://user:password@example.com."
)
NOT_SENT: Final = "The message to {name} was not sent."
NOT_SENT_FIX: Final = "Check its addresses and the network; the service may refuse the sign-in."
NO_PING: Final = "The health address does not answer: {reason}."
NO_PING_FIX: Final = "Check health_url and the network."
NO_METRICS: Final = "The metrics cannot be written: {reason}."
NO_METRICS_FIX: Final = "Check metrics_file: a name that ends in .prom, in a folder that exists."
NOBODY: Final = "Nobody is notified of the nights of the profile {name}."
NOBODY_FIX: Final = "Add [profiles.{name}.nightly.recipients.NAME] to settings.toml; `bulk-orders help nightly` has an example."
TELLS: Final = "  {name} is notified of exit codes {codes}."
PINGS: Final = "  {url} is asked for at the start and the end."
WRITES: Final = "  Metrics are written to {path}."
DONE: Final = "  ✔ {what}"
FAILED: Final = "  ✖ {what}"
FAILED_FIX: Final = "    {fix}"
MESSAGE_SENT: Final = "The test message to {name} was sent."
PINGED: Final = "The health address answers."
METRICS_WRITTEN: Final = "The metrics can be written."
TRY_IT: Final = "Try it: bulk-orders notify --test --profile {name}"

# What each metric is

METRIC_ROWS: Final = "Rows of the last night's files, by outcome."
METRIC_LAST_RUN: Final = "When the last night ended."
METRIC_LAST_SUCCESS: Final = "When a night last ended with exit code 0; 0 for never."
METRIC_LAST_EXIT_CODE: Final = "The exit code of the last night."
METRIC_DURATION: Final = "How long the last night took."
METRIC_INBOX_FILES: Final = "Files that stay in the inbox."
METRIC_FILES_OF_NIGHT: Final = "Files of the last night."
METRIC_ALERTS: Final = "Alerts of the last night."
METRIC_UNKNOWN: Final = "Rows, of any run, of which nobody knows whether they were ordered."
METRIC_HELD: Final = "Rows, of any run, that are held until a person decides."
METRIC_DUPLICATE: Final = "Rows, of any run, that were ordered twice."
METRIC_DRIFTED: Final = "Orders that the last night found otherwise on the marketplace than in the ledger."
