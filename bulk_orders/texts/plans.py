"""Plans: why one is not approved or not sent, what moved since, and what the commands say."""

from typing import Final

# Approving

NO_APPROVERS: Final = "The profile {profile} names nobody who may approve plans."
NO_APPROVERS_FIX: Final = 'Write approvers = ["NAME", …] under [profiles.{profile}] in settings.toml.'
NOT_AN_APPROVER: Final = "{who} may not approve plans of the profile {profile}."
NOT_AN_APPROVER_FIX: Final = "Ask {approvers}."
OWN_PLAN: Final = "{who} made the plan {plan_id} and cannot approve it."
ERASED: Final = "The orders of the plan {plan_id} were erased."
PLAN_AGAIN_FIX: Final = "Plan the workbook again: bulk-orders plan FILE, and have the new plan approved."
EXPIRED: Final = "The plan {plan_id} expired on {at:%d-%b-%Y at %H:%M} UTC."
CHANGED_IN_LEDGER: Final = "The plan {plan_id} is not as it was recorded."
CHANGED_IN_LEDGER_FIX: Final = "Run `bulk-orders verify`, and plan the workbook again."
NOT_APPROVED: Final = "Nobody has approved the plan {plan_id}."
NOT_APPROVED_FIX: Final = (
    "Ask {approvers} to run `bulk-orders approve {plan_id}`, or to save the plan workbook with Yes."
)
NOT_APPROVED_PRACTICE_FIX: Final = (
    "On practice you may do it yourself: run `bulk-orders approve {plan_id}`, then apply it."
)
SAID_NO: Final = "The plan workbook says No to the plan {plan_id}."
OTHER_PROFILE: Final = "The plan {plan_id} was made for the profile {planned}, not for {profile}."
OTHER_ACCOUNT: Final = "The plan {plan_id} was made for the account {planned}, and the profile {profile} is the account {account} now."
NEEDS_A_PLAN: Final = "The profile {profile} sends only approved plans."
NEEDS_A_PLAN_FIX: Final = "Make one with `bulk-orders plan FILE --profile {profile}`; when it is approved, send it with `bulk-orders apply PLAN`."
RUN_WITHOUT_PLAN: Final = (
    "Run {run_id} began without an approved plan, and the profile {profile} asks for one now."
)

# The plan workbook as it was saved

NO_PLAN_WORKBOOK: Final = "{name} is not a plan workbook."
NO_PLAN_WORKBOOK_FIX: Final = "Name the workbook that `bulk-orders plan` wrote, or the plan's id."
WORKBOOK_CHANGED: Final = "The plan workbook {name} was changed: {where}."
WORKBOOK_CHANGED_FIX: Final = (
    "Only Approved? may be filled in. Save it again from the original, or plan again."
)
ANSWER_UNCLEAR: Final = "The plan workbook {name} says “{answer}” beside Approved?; it must be Yes or No."
ANSWER_UNCLEAR_FIX: Final = "Choose Yes or No from the list, and save it."
NO_OWNER: Final = "This system does not say who saved {name}."
OTHERS_CAN_WRITE: Final = "Others than {owner} can change {name}, so it does not prove who approved it."
BY_COMMAND_FIX: Final = "The approver can run `bulk-orders approve {plan_id}` instead."
OTHERS_CAN_WRITE_FIX: Final = (
    "{owner} runs `chmod go-w {path}` and saves it again, or runs `bulk-orders approve {plan_id}`."
)
REPLACED: Final = "{name} was replaced while it was read."
TRY_AGAIN_FIX: Final = "Try again."

# What moved

NOT_SENT: Final = "The plan {plan_id} is not sent: {first}."
NOT_SENT_AND_MORE: Final = "The plan {plan_id} is not sent: {first}; and {more} more."
MOVED_LINE: Final = "  ✖ {what}"
SOURCE_CHANGED: Final = "the workbook {name} was changed since it was planned"
SOURCE_UNREADABLE: Final = "the workbook that was planned cannot be read ({reason})"
ROW_GONE: Final = "row {row} no longer gives an order"
ROW_OF_ANOTHER_KEY: Final = "row {row} gives another order now (its order key differs)"
BODY_DIFFERS: Final = "row {row} would be sent with another {field}: {then}, now {now}"
PRICE_MOVED: Final = "row {row} was planned at {then} and costs {now} now"
PRICE: Final = "{currency} {amount}"
NO_PRICE: Final = "no price"
NOTHING: Final = "nothing"

# Rows that are not part of a plan

NOT_PLANNED: Final = "Not part of the plan {plan_id}."
NOT_PLANNED_FIX: Final = "Plan the workbook again to send it."

# The commands

NO_PLAN: Final = "There is no plan {plan}."
NO_PLAN_FIX: Final = "Use the id that `bulk-orders plan` printed, or its workbook."
NOTHING_TO_PLAN: Final = "  Nothing to plan: no row gives a new order."
PLANNED: Final = "Plan {plan_id}   {environment}   expires {at:%d-%b-%Y %H:%M} UTC"
SUMMED: Final = "  {headline}"
WORKBOOK_LINE: Final = "Plan workbook: {path}"
NEXT_APPROVE: Final = "Next:    {approvers} saves the plan workbook with Approved? = Yes, or runs `bulk-orders approve {plan_id}`"
NEXT_APPROVE_PRACTICE: Final = (
    "Next:    bulk-orders approve {plan_id}     (somebody else's part; on practice you may play both)"
)
NEXT_APPLY: Final = "Next:    bulk-orders apply {plan}     (sends exactly these orders)"
NOBODY_APPROVES: Final = (
    "⚠ The profile {profile} names nobody else who may approve it: add approvers in settings.toml."
)
APPROVED: Final = "  ✔ Plan {plan_id}: approved by {by} on {at:%d-%b-%Y at %H:%M} UTC"
BY_WHOM: Final = "  Plan {plan_id}, made by {maker}, approved by {by} on {at}"
EXIST_ALREADY_ONE: Final = (
    "  {number} planned order is not sent: it exists, is held or is in doubt; the results say which."
)
EXIST_ALREADY_MANY: Final = (
    "  {number:,} planned orders are not sent: they exist, are held or are in doubt; the results say which."
)
