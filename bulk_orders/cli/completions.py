"""What a shell is offered besides commands and options: pages of help, and codes."""


def topics(incomplete: str) -> list[str]:
    """Return the pages of help that begin so."""
    from bulk_orders.cli.commands.help_pages import pages

    return [page.stem for page in pages() if page.stem.startswith(incomplete)]


def codes(incomplete: str) -> list[str]:
    """Return the codes that begin so."""
    from bulk_orders.core.problem_texts import PROBLEM_TEXTS

    return [code for code in PROBLEM_TEXTS if code.startswith(incomplete)]
