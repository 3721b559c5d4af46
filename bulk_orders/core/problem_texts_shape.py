"""What the catalogue of problems says about a code."""

from dataclasses import dataclass

from bulk_orders.core.model import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemText:
    """One entry of the catalogue."""

    code: str
    severity: Severity
    title: str
    """A few words, for lists and headings."""
    sentence: str
    """What is wrong, with `{parts}` that the finder fills in."""
    fix: str
    """What to do, with the same parts; empty where nothing is to be done."""
    why: str
    """The cause and the source of the rule, for `bulk-orders explain`."""
    before: str = ""
    """An example of what is typed, empty where none helps."""
    after: str = ""
    """The example put right."""


_BY_LETTER = {"E": Severity.ERROR, "F": Severity.ERROR, "W": Severity.WARNING, "I": Severity.INFO}


def text(
    code: str,
    title: str,
    sentence: str,
    fix: str,
    why: str,
    before: str = "",
    after: str = "",
    severity: Severity | None = None,
) -> ProblemText:
    """Make an entry; without a severity, the code's first letter decides (S and O are errors)."""
    return ProblemText(
        code=code,
        severity=severity or _BY_LETTER.get(code[0], Severity.ERROR),
        title=title,
        sentence=sentence,
        fix=fix,
        why=why,
        before=before,
        after=after,
    )
