"""`help`: the help pages in the package."""

from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.page_layout import page_lines
from bulk_orders.cli.session import Session
from bulk_orders.cli.terminal import table_lines
from bulk_orders.cli.wrapping import width_of
from bulk_orders.errors import ExitCode, UsageError

_FOLDER: Final = Path(__file__).parents[2] / "help"


def pages() -> list[Path]:
    """Return the pages, by name; a page's topic is its name without the ending."""
    return sorted(_FOLDER.glob("*.md"))


def title_of(page: Path) -> str:
    """Return what a page is about, from its first line: `# Topic: title`, or `# Title`."""
    heading = page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
    title = heading.partition(": ")[2] or heading
    return title[0].lower() + title[1:]


def list_pages(session: Session, *, as_json: bool = False) -> ExitCode:
    """Print every topic with its title."""
    if as_json:
        listed = [{"topic": page.stem, "title": title_of(page)} for page in pages()]
        session.terminal.json(answer(ExitCode.OK, pages=listed))
    for line in table_lines(("Topic", "Title"), [(page.stem, title_of(page)) for page in pages()]):
        session.terminal.result(line)
    return ExitCode.OK


def print_page(session: Session, topic: str, commands: Collection[str], *, as_json: bool = False) -> ExitCode:
    """Print one page. Raises `UsageError` where there is none, with the topic that is meant, or the help of that command."""
    wanted = topic.strip().lower()
    found = {page.stem: page for page in pages()}
    if wanted not in found:
        raise UsageError(
            "There is no help page {topic}.".format(topic=topic), fix=_instead(wanted, found, commands)
        )
    text = found[wanted].read_text(encoding="utf-8")
    if as_json:
        page = {"topic": wanted, "title": title_of(found[wanted]), "text": text}
        session.terminal.json(answer(ExitCode.OK, pages=[page]))
    width = width_of(session.terminal.out)
    for line in text.splitlines() if width is None else page_lines(text, width):
        session.terminal.verbatim(line)
    return ExitCode.OK


def _instead(wanted: str, topics: Collection[str], commands: Collection[str]) -> str:
    if wanted in commands:
        return "A command lists its options itself: `bulk-orders {command} --help`.".format(command=wanted)
    near = get_close_matches(wanted, topics, cutoff=0.5)
    return (
        "Did you mean `bulk-orders help {topic}`? `bulk-orders help` lists them all.".format(topic=near[0])
        if near
        else "`bulk-orders help` lists them all."
    )
