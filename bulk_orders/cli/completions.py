"""What a shell is offered besides commands and options: pages of help, codes and outcomes."""


def topics(incomplete: str) -> list[str]:
    """Return the pages of help that begin so."""
    from bulk_orders.cli.commands.help_pages import pages

    return [page.stem for page in pages() if page.stem.startswith(incomplete)]


def codes(incomplete: str) -> list[str]:
    """Return the codes that begin so."""
    from bulk_orders.core.problem_texts import PROBLEM_TEXTS

    return [code for code in PROBLEM_TEXTS if code.startswith(incomplete)]


def outcomes(incomplete: str) -> list[str]:
    """Return the outcomes that begin so."""
    from bulk_orders.core.summary import Outcome

    return [outcome for outcome in Outcome if outcome.startswith(incomplete)]
