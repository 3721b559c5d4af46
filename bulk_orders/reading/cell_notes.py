"""The notes of a sheet's cells, kept column by column.

A migration notes the date of every row: kept by pairs of row and letter, a million of them take 190 MB, so 40.
"""

from collections.abc import Iterator, Mapping

from bulk_orders.core.model import CellNote


class CellNotes(Mapping[tuple[int, str], CellNote]):
    """By (sheet row, column letter), as a `SheetTable` has them; they come in the order of their columns."""

    def __init__(self, notes: Mapping[tuple[int, str], CellNote] | None = None) -> None:
        self._columns: dict[str, dict[int, CellNote]] = {}
        self.add(notes or {})

    def add(self, notes: Mapping[tuple[int, str], CellNote]) -> None:
        """Add notes; the last one of a cell counts."""
        for (sheet_row, letter), note in notes.items():
            self._columns.setdefault(letter, {})[sheet_row] = note

    def of_column(self, letter: str) -> Mapping[int, CellNote]:
        """Return a column's notes by sheet row."""
        return self._columns.get(letter, {})

    def without(self, letter: str) -> "CellNotes":
        """Return the notes of all the other columns."""
        others = CellNotes()
        others._columns = {other: notes for other, notes in self._columns.items() if other != letter}
        return others

    def __getitem__(self, cell: tuple[int, str]) -> CellNote:
        sheet_row, letter = cell
        return self._columns[letter][sheet_row]

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return ((sheet_row, letter) for letter, notes in self._columns.items() for sheet_row in notes)

    def __len__(self) -> int:
        return sum(map(len, self._columns.values()))
