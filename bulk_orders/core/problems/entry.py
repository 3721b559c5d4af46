"""What the catalogue says about a problem's code."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemWords:
    """One entry of the catalogue."""

    code: str
    title: str
    """A few words, for lists and headings."""
    sentence: str
    """What is wrong, with `{parts}` that the finder fills in."""
    fix: str
    """What to do, with the same parts; empty where there is nothing to do."""
    why: str
    """The cause and the source of the rule, for `bulk-orders explain`."""
    before: str = ""
    """An example of what is typed, empty where none helps."""
    after: str = ""
    """The example put right."""


def text(
    code: str, title: str, sentence: str, fix: str, why: str, before: str = "", after: str = ""
) -> ProblemWords:
    """Make an entry."""
    return ProblemWords(
        code=code, title=title, sentence=sentence, fix=fix, why=why, before=before, after=after
    )
