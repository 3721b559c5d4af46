"""What a mutant of a line of the checklist is: one exact change of the tree, and the tests that must notice it."""

from dataclasses import dataclass
from pathlib import Path


class Rotten(Exception):
    """What a mutant wants to replace is not there exactly once."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One line of SECURITY.md, broken in one place."""

    line: str
    """`S7`."""
    file: str
    """From the root of the tree."""
    old: str
    new: str
    tests: tuple[str, ...]
    """Each of them must fail."""

    def changed(self, text: str) -> str:
        """Return the file's text with the change in it. Raises `Rotten`."""
        found = text.count(self.old)
        if found != 1:
            message = f"{self.line}: {self.old!r} stands {found} times in {self.file}"
            raise Rotten(message)
        return text.replace(self.old, self.new)

    def apply(self, tree: Path) -> None:
        """Change the file in this copy of the tree. Raises `Rotten`."""
        path = tree / self.file
        path.write_text(self.changed(path.read_text(encoding="utf-8")), encoding="utf-8")


def mutant(line: str, file: str, old: str, new: str, *tests: str) -> Mutant:
    """Return a mutant; `file` is in the package, or a page, a table or a script beside it."""
    is_beside = file.endswith((".md", ".toml")) or file.startswith((".ci/", "tests/"))
    place = file if is_beside else f"bulk_orders/{file}"
    return Mutant(line=line, file=place, old=old, new=new, tests=tests)
