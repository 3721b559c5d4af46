"""Rules for a customer: tenant and domain, attestations, the agreement, and the company's details."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from bulk_orders.checking.frame import BoolArray
from bulk_orders.checking.proposals import TYPE_IF_MEANT, Proposals
from bulk_orders.checking.rows import Rows
from bulk_orders.checking.rule import Explain, Explanation, Rule, Seen, is_sent, no_more, stated, text_rule
from bulk_orders.checking.rules.contradictions import contradiction
from bulk_orders.checking.values.internet import (
    domain_proposal,
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
    state_proposal,
)
from bulk_orders.core.model import SheetRole
from bulk_orders.core.rule_constants import MICROSOFT
from bulk_orders.core.stated_rules import stated_rules

_CONTACTS: Final = ("agreement_first_name", "agreement_last_name")


def customer_rules(*, is_flat: bool) -> list[Rule]:
    """Return the rules of the customers; in the flat form a customer may repeat, and must not contradict itself."""
    return [
        *(
            stated(rule, _EXPLAIN.get(rule.code, no_more))
            for rule in stated_rules(SheetRole.CUSTOMERS)
            if not (is_flat and rule.code == "E-DUP-CUSTOMER")
        ),
        *_tenant_rules(),
        *_agreement_rules(),
        *_detail_rules(),
        *(contradiction(name) for name in ("company_name", "domain") if is_flat),
    ]


def _tenant_rules() -> list[Rule]:
    return [
        Rule(code="E-DOMAIN", field="domain", broken=_wrong_domain, explain=_explain_domain, seen=Seen.PART),
        Rule(code="W-DOMAIN", field="domain", broken=_doubtful_domain, explain=_explain_doubtful),
        Rule(
            code="E-DOMAIN",
            field="tenant_id",
            broken=lambda rows: rows.frame.where(
                "tenant_id", lambda text: not is_tenant_id(text), is_sent(rows, "tenant_id")
            ),
            explain=lambda rows, position: Explanation(
                parts={
                    "why": '"{value}" is not the ID of a Microsoft tenant.'.format(
                        value=rows.frame.value("tenant_id", position)
                    ),
                    "todo": "Copy it from Microsoft Entra: 32 characters in five groups.",
                }
            ),
            seen=Seen.PART,
        ),
    ]


def _wrong_domain(rows: Rows) -> BoolArray:
    """Tell which domains cannot be: of a new tenant no possible name, of an existing one without a dot."""
    frame = rows.frame
    sent = is_sent(rows, "domain")
    new, existing = frame.equals("tenant", "new") & sent, frame.equals("tenant", "existing") & sent
    return frame.where("domain", lambda domain: not is_new_tenant_domain(domain), new) | frame.where(
        "domain", lambda domain: "." not in domain, existing
    )


def _explain_domain(rows: Rows, position: int) -> Explanation:
    """Microsoft creates names before .onmicrosoft.com only."""
    domain = rows.frame.value("domain", position)
    if rows.frame.value("tenant", position) == "new":
        why = "A new tenant needs a name of letters and digits that ends in .onmicrosoft.com."
        proposal = new_tenant_proposal(domain)
    else:
        why = "An existing tenant needs its full domain, with the dot."
        proposal = domain_proposal(domain)
    todo = (
        TYPE_IF_MEANT.format(proposal=proposal)
        if proposal
        else "Type the domain, for example acme.onmicrosoft.com."
    )
    return Explanation(parts={"why": why, "todo": todo}, proposal=proposal)


def _doubtful_domain(rows: Rows) -> BoolArray:
    """Tell which possible domains may be refused: new names with a hyphen, and existing tenants' other domains."""
    frame = rows.frame
    hyphen = frame.where(
        "domain",
        lambda domain: "-" in domain and is_new_tenant_domain(domain),
        frame.equals("tenant", "new"),
    )
    existing = frame.equals("tenant", "existing") & is_sent(rows, "domain")
    return hyphen | frame.where(
        "domain", lambda domain: "." in domain and not is_new_tenant_domain(domain), existing
    )


def _explain_doubtful(rows: Rows, position: int) -> Explanation:
    """Name what is documented: the connector supports .onmicrosoft.com only; the guide asks for the customer's domain, whichever."""
    domain = rows.frame.value("domain", position)
    if rows.frame.value("tenant", position) == "new":
        why = "{value} has a hyphen; some marketplaces create names of letters and digits only."
        todo = "If it is refused, choose a name without it. It cannot be changed later."
    else:
        why = "{value} may be refused: only names such as acme.onmicrosoft.com are documented."
        todo = "Type the tenant's .onmicrosoft.com name, or leave this cell empty and type its Microsoft tenant ID."
    return Explanation(parts={"why": why.format(value=domain), "todo": todo})


def _agreement_rules() -> list[Rule]:
    return [
        Rule(
            code="W-NOT-SENT",
            field="agreement_date",
            broken=_agreement_not_stated,
            explain=lambda _rows, _position: Explanation(
                parts={
                    "reason": "MCA accepted is empty",
                    "todo": "Choose Yes in MCA accepted to send the agreement, otherwise Already on file.",
                }
            ),
        ),
        Rule(code="E-DATE-FUTURE", field="agreement_date", broken=_is_to_come, seen=Seen.PART),
        *(text_rule("E-NAME", name, contact_fault) for name in _CONTACTS),
        *(
            Rule(code="W-PLACEHOLDER", field=name, broken=partial(_is_placeholder, name=name))
            for name in _CONTACTS
        ),
    ]


def _agreement_not_stated(rows: Rows) -> BoolArray:
    """Tell where a filled date would get lost; a new tenant without the statement is an error anyway."""
    frame = rows.frame
    if "mca_accepted" not in frame:
        return frame.everywhere(broken=False)
    return frame.blank("mca_accepted") & frame.equals("tenant", "existing") & frame.filled("agreement_date")


def _is_to_come(rows: Rows) -> BoolArray:
    today = rows.beside.today.isoformat()
    return rows.frame.where("agreement_date", lambda day: day > today, is_sent(rows, "agreement_date"))


def _is_placeholder(rows: Rows, *, name: str) -> BoolArray:
    return rows.frame.where(
        name, lambda text: is_placeholder(text) and not contact_fault(text), is_sent(rows, name)
    )


def _detail_rules() -> list[Rule]:
    return [
        text_rule("E-COMPANY", "company_name", company_fault),
        Rule(
            code="W-EXISTING-DETAILS",
            field="send_company_details",
            broken=lambda rows: (
                rows.frame.equals("send_company_details", "yes") & rows.frame.equals("tenant", "existing")
            ),
        ),
        Rule(
            code="W-ZERO",
            field="postal_code",
            broken=_lost_zero,
            explain=lambda rows, position: Explanation(
                proposal=f"0{rows.frame.value('postal_code', position)}"
            ),
        ),
        Rule(code="E-POSTAL", field="postal_code", broken=_wrong_postal_code, explain=_explain_postal_code),
    ]


def _lost_zero(rows: Rows) -> BoolArray:
    short = rows.frame.where("postal_code", lambda code: LOST_ZERO.fullmatch(code) is not None)
    return short & rows.frame.equals("country", "US") & is_sent(rows, "postal_code")


def _wrong_postal_code(rows: Rows) -> BoolArray:
    frame = rows.frame
    wrong = frame.everywhere(broken=False)
    for country in POSTAL_CODES:
        is_code = frame.where("postal_code", partial(is_postal_code, country))
        wrong |= frame.equals("country", country) & ~is_code
    return wrong & frame.filled("postal_code") & is_sent(rows, "postal_code") & ~_lost_zero(rows)


def _explain_postal_code(rows: Rows, position: int) -> Explanation:
    country = rows.frame.value("country", position)
    todo = {"US": "Type 5 digits, or 5 and 4 with a dash: 14221-1234.", "CA": "Type it like K1A 0B1."}[
        country
    ]
    return Explanation(parts={"why": STATES_CHECKED[country], "todo": todo})


def _explain_state(rows: Rows, position: int) -> Explanation:
    country = rows.frame.value("country", position)
    proposals = rows.once(f"states of {country}", lambda: Proposals(partial(state_proposal, country)))
    proposal = proposals.of(rows.frame.value("state", position))
    todo = (
        "Type {proposal}.".format(proposal=proposal) if proposal else "Type the two letters, for example NY."
    )
    return Explanation(parts={"why": STATES_CHECKED[country], "todo": todo}, proposal=proposal)


_EXPLAIN: Final[Mapping[str, Explain]] = {
    "E-MCA": lambda _rows, _position: Explanation(
        parts={
            "reason": "a new tenant has none on file",
            "todo": "Choose Yes once the customer has accepted it; only you can state this.",
        }
    ),
    "E-STATE": _explain_state,
    "E-EMAIL-MICROSOFT": lambda _rows, _position: Explanation(parts={"value": MICROSOFT}),
    "E-EMAIL-OWN": lambda rows, _position: Explanation(parts={"value": rows.beside.own_domain}),
}
