"""Rules for a customer: tenant and domain, attestations, the agreement, and the company's details."""

import re
from collections.abc import Callable
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from bulk_orders.checking.frame import BoolArray, SheetFrame
from bulk_orders.checking.rule import Explanation, Proposals, Repeats, Rule, any_of, keys_of, sent, text_rule
from bulk_orders.checking.rules.contradictions import contradiction
from bulk_orders.checking.values.internet import (
    domain_proposal,
    email_domain,
    is_hostname,
    is_new_tenant_domain,
    is_tenant_id,
    new_tenant_proposal,
)
from bulk_orders.checking.values.names import company_fault, contact_fault, is_placeholder
from bulk_orders.checking.values.places import (
    LOST_ZERO,
    POSTAL_CODES,
    STATES_CHECKED,
    is_postal_code,
    is_state,
    state_proposal,
)
from bulk_orders.core.rule_constants import GUIDES_DOMAIN, MICROSOFT, PHONE_DIGITS
from bulk_orders.texts import checking_rules as words

_ENOUGH_DIGITS = re.compile(rf"(?:\D*\d){{{PHONE_DIGITS}}}")


def customer_rules(frame: SheetFrame, today: date, own_domain: str, *, is_flat: bool) -> list[Rule]:
    """Return the rules for the customers' columns that the sheet has; in the flat form a customer may repeat."""
    rules = [
        *_tenant_rules(frame, is_flat=is_flat),
        *_agreement_rules(today),
        *_company_rules(),
        *_place_rules(),
        *_mail_rules(own_domain.strip().lower().lstrip("@")),
    ]
    if is_flat and "customer_id" in frame:
        rules += [contradiction(frame, name) for name in ("company_name", "domain") if name in frame]
    return [rule for rule in rules if rule.field in frame]


def _tenant_rules(frame: SheetFrame, *, is_flat: bool) -> list[Rule]:
    rules = [
        Rule(code="F-EXAMPLE", field="domain", broken=lambda frame: frame.equals("domain", GUIDES_DOMAIN)),
        Rule(code="E-DOMAIN", field="domain", broken=_wrong_domain, explain=_explain_domain),
        Rule(
            code="W-DOMAIN",
            field="domain",
            broken=lambda frame: (
                frame.equals("tenant", "new")
                & frame.where("domain", lambda domain: is_new_tenant_domain(domain) and "-" in domain)
            ),
        ),
        Rule(
            code="E-DOMAIN",
            field="tenant_id",
            broken=lambda frame: (
                frame.where("tenant_id", lambda text: not is_tenant_id(text)) & sent(frame, "tenant_id")
            ),
            explain=lambda frame, position: Explanation(
                parts={
                    "why": words.NO_TENANT_ID.format(value=frame.value("tenant_id", position)),
                    "todo": words.TYPE_TENANT_ID,
                }
            ),
        ),
        Rule(
            code="E-ATTEST-POR",
            field="partner_attestation",
            broken=lambda frame: frame.equals("partner_attestation", "no"),
        ),
    ]
    if "domain" in frame and "customer_id" in frame:
        rules.append(_shared_domain(frame))
    if not is_flat and "customer_id" in frame:
        repeats = Repeats(frame.sheet_rows, keys_of(frame, ["customer_id"]), frame.filled("customer_id"))
        rules.append(
            Rule(
                code="E-DUP-CUSTOMER",
                field="customer_id",
                broken=lambda _frame: repeats.mask,
                explain=repeats.explain,
                mistake_of=repeats.group,
            )
        )
    return rules


def _wrong_domain(frame: SheetFrame) -> BoolArray:
    creatable = frame.where("domain", is_new_tenant_domain)
    existing = frame.where("domain", is_hostname)
    wrong = (frame.equals("tenant", "new") & ~creatable) | (frame.equals("tenant", "existing") & ~existing)
    return wrong & frame.filled("domain")


def _explain_domain(frame: SheetFrame, position: int) -> Explanation:
    """Microsoft creates names before .onmicrosoft.com only."""
    domain = frame.value("domain", position)
    if frame.value("tenant", position) == "new":
        why = words.NEW_TENANT_DOMAIN
        proposal = new_tenant_proposal(domain)
    else:
        why = words.EXISTING_TENANT_DOMAIN
        proposal = domain_proposal(domain)
    todo = words.TYPE_IF_MEANT.format(proposal=proposal) if proposal else words.TYPE_DOMAIN
    return Explanation(parts={"why": why, "todo": todo}, proposal=proposal)


def _shared_domain(frame: SheetFrame) -> Rule:
    """Two customers cannot create the same tenant."""
    is_new = frame.equals("tenant", "new") & frame.filled("domain") & frame.filled("customer_id")
    is_new &= ~frame.equals("domain", GUIDES_DOMAIN)
    domains, customers = keys_of(frame, ["domain"]), keys_of(frame, ["customer_id"])
    repeats = Repeats(frame.sheet_rows, domains, is_new)
    pairs = pd.DataFrame({"domain": domains, "customer": customers})[is_new].drop_duplicates()
    shared = pairs["domain"].value_counts()
    is_shared = is_new & np.isin(domains, shared[shared > 1].index.to_numpy())
    return Rule(
        code="E-DOMAIN-DUP",
        field="domain",
        broken=lambda _frame: is_shared,
        explain=repeats.explain,
        mistake_of=repeats.group,
    )


def _agreement_rules(today: date) -> list[Rule]:
    return [
        Rule(
            code="E-MCA",
            field="mca_accepted",
            broken=lambda frame: frame.equals("tenant", "new") & frame.equals("mca_accepted", "on_file"),
            explain=lambda _frame, _position: Explanation(
                parts={"reason": words.MCA_NOT_ON_FILE, "todo": words.CHOOSE_YES_ACCEPTED_YOURSELF}
            ),
        ),
        Rule(
            code="W-NOT-SENT",
            field="agreement_date",
            broken=_agreement_not_stated,
            explain=_explain_not_stated,
        ),
        Rule(
            code="E-DATE-FUTURE",
            field="agreement_date",
            broken=lambda frame: (
                frame.where("agreement_date", lambda day: day > today.isoformat())
                & sent(frame, "agreement_date")
            ),
        ),
        *(
            text_rule("E-NAME", name, contact_fault)
            for name in ("agreement_first_name", "agreement_last_name")
        ),
        *(_placeholder(name) for name in ("agreement_first_name", "agreement_last_name")),
    ]


def _agreement_not_stated(frame: SheetFrame) -> BoolArray:
    """A new tenant without the statement is an error anyway; here the filled date would get lost."""
    if "mca_accepted" not in frame:
        return frame.everywhere(broken=False)
    return frame.blank("mca_accepted") & frame.equals("tenant", "existing") & frame.filled("agreement_date")


def _explain_not_stated(_frame: SheetFrame, _position: int) -> Explanation:
    return Explanation(parts={"reason": words.MCA_EMPTY, "todo": words.CHOOSE_ACCEPTED})


def _placeholder(name: str) -> Rule:
    return Rule(
        code="W-PLACEHOLDER",
        field=name,
        broken=lambda frame: (
            frame.where(name, lambda text: is_placeholder(text) and not contact_fault(text))
            & sent(frame, name)
        ),
    )


def _company_rules() -> list[Rule]:
    return [
        text_rule("E-COMPANY", "company_name", company_fault),
        Rule(
            code="W-EXISTING-DETAILS",
            field="send_company_details",
            broken=lambda frame: (
                frame.equals("send_company_details", "yes") & frame.equals("tenant", "existing")
            ),
        ),
        Rule(
            code="E-PHONE",
            field="phone",
            broken=lambda frame: (
                frame.where("phone", lambda text: _ENOUGH_DIGITS.match(text) is None) & sent(frame, "phone")
            ),
        ),
    ]


def _place_rules() -> list[Rule]:
    return [
        Rule(code="E-STATE", field="state", broken=_wrong_state, explain=_state_teller()),
        Rule(code="W-ZERO", field="postal_code", broken=_lost_zero, explain=_explain_zero),
        Rule(code="E-POSTAL", field="postal_code", broken=_wrong_postal_code, explain=_explain_postal_code),
    ]


def _wrong_state(frame: SheetFrame) -> BoolArray:
    wrong = [
        frame.equals("country", country) & ~frame.where("state", partial(is_state, country))
        for country in STATES_CHECKED
    ]
    return any_of(wrong) & frame.filled("state") & sent(frame, "state")


def _state_teller() -> Callable[[SheetFrame, int], Explanation]:
    proposals = {country: Proposals(partial(state_proposal, country)) for country in STATES_CHECKED}

    def explain(frame: SheetFrame, position: int) -> Explanation:
        country = frame.value("country", position)
        proposal = proposals[country].of(frame.value("state", position))
        todo = words.TYPE.format(proposal=proposal) if proposal else words.TYPE_STATE
        return Explanation(parts={"why": STATES_CHECKED[country], "todo": todo}, proposal=proposal)

    return explain


def _lost_zero(frame: SheetFrame) -> BoolArray:
    short = frame.where("postal_code", lambda code: LOST_ZERO.fullmatch(code) is not None)
    return short & frame.equals("country", "US") & sent(frame, "postal_code")


def _explain_zero(frame: SheetFrame, position: int) -> Explanation:
    return Explanation(proposal=f"0{frame.value('postal_code', position)}")


def _wrong_postal_code(frame: SheetFrame) -> BoolArray:
    wrong = [
        frame.equals("country", country) & ~frame.where("postal_code", partial(is_postal_code, country))
        for country in POSTAL_CODES
    ]
    return any_of(wrong) & frame.filled("postal_code") & sent(frame, "postal_code") & ~_lost_zero(frame)


def _explain_postal_code(frame: SheetFrame, position: int) -> Explanation:
    country = frame.value("country", position)
    todo = {"US": words.TYPE_US_POSTAL_CODE, "CA": words.TYPE_CANADA_POSTAL_CODE}[country]
    return Explanation(parts={"why": STATES_CHECKED[country], "todo": todo})


def _mail_rules(own_domain: str) -> list[Rule]:
    rules = [
        Rule(
            code="E-EMAIL-MICROSOFT",
            field="customer_email",
            broken=lambda frame: (
                frame.where("customer_email", lambda address: _is_at(address, MICROSOFT))
                & sent(frame, "customer_email")
            ),
            explain=lambda _frame, _position: Explanation(parts={"value": MICROSOFT}),
        )
    ]
    if own_domain and own_domain != MICROSOFT:
        rules.append(
            Rule(
                code="E-EMAIL-OWN",
                field="customer_email",
                broken=lambda frame: (
                    frame.where("customer_email", lambda address: _is_at(address, own_domain))
                    & sent(frame, "customer_email")
                ),
                explain=lambda _frame, _position: Explanation(parts={"value": own_domain}),
            )
        )
    return rules


def _is_at(address: str, domain: str) -> bool:
    if not address.lower().endswith(domain):
        return False
    found = email_domain(address)
    return found == domain or found.endswith(f".{domain}")
