"""Finds out what the columns of somebody's own file are: looks at the file, proposes, takes answers, saves.

Nobody is asked here: what is doubtful is named, and an answer is given back until nothing is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from bulk_orders.checking.header_mapping.cells import FileColumn
from bulk_orders.checking.header_mapping.doubts import DoubtKind
from bulk_orders.checking.header_mapping.place import (
    HeaderPlace,
    header_places,
    is_certain,
    is_own_customers,
    likeliest_encoding,
    place_in_row,
)
from bulk_orders.checking.header_mapping.proposal import (
    Answers,
    MappingProposal,
    answers_of,
    only_there,
    propose,
)
from bulk_orders.core.mapping import ENDING, CsvForm, HeaderMapping, header_key, header_names
from bulk_orders.core.model import Severity, SheetTable
from bulk_orders.core.rule_constants import LEGAL_STATEMENTS
from bulk_orders.errors import InputError, ResultsNotWritten
from bulk_orders.machine.private_files import replace_text
from bulk_orders.reading.isolated import read_bare_safely, read_safely, sketch_safely
from bulk_orders.reading.mapping_file import mapping_path, mapping_text, mappings_beside, read_mapping
from bulk_orders.reading.sketch import Place, Sketch
from bulk_orders.reading.workbook_tables import ONLY_CUSTOMERS
from bulk_orders.settings.folders import templates_folder

_OF_THE_SAME_KIND: Final = 0.5
"""Share of headers in common from which an older mapping's answers are taken over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was said of where the headers are and how the file is written."""

    sheet: str = ""
    header_row: int = 0
    csv: CsvForm = field(default_factory=CsvForm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the file looks like, and what of it is not certain yet."""

    sketch: Sketch
    places: tuple[HeaderPlace, ...]
    """Where the headers may be, the likeliest first."""
    is_place_certain: bool
    is_encoding_certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A file with all of its columns, before it is known what they are."""

    path: Path
    place: Place
    columns: tuple[FileColumn, ...]
    before: Answers
    """From the mapping that is there already, or from one that comes with the program."""
    based_on: str
    """Name of that mapping; empty if there is none."""

    def proposal(self, answers: Answers) -> MappingProposal:
        """Return what the columns are, with what was said now before what was said once."""
        return propose(self.columns, only_there(laid_over(answers, self.before), self.columns))

    def mapping(self, proposal: MappingProposal) -> HeaderMapping:
        """Return the mapping to save."""
        return replace(proposal.mapping(), sheet=self.place.sheet, csv=self.place.csv)


def needs_none(content: bytes, path: Path) -> bool:
    """Tell whether a file is understood by our own names alone: nothing is missing, and none of its columns is its own."""
    if mapping_path(path).is_file():
        return False
    try:
        tables = read_safely(content, path.name)
    except InputError:
        return False
    has_errors = any(found.severity is Severity.ERROR for found in tables.problems)
    return not has_errors and not tables.extra_columns


def look_at(content: bytes, path: Path, wish: Wish) -> Look:
    """Look at the beginnings of a file's sheets. Raises `InputError` if it cannot be read or has no rows at all."""
    sketch = _sketch(content, path, wish.csv)
    places = header_places(sketch.sheets)
    if wish.sheet:
        places = tuple(place for place in places if place.sheet == wish.sheet)
    if wish.header_row:
        sheets = [sheet for sheet in sketch.sheets if wish.sheet in ("", sheet.name)]
        said = [place for sheet in sheets if (place := place_in_row(sheet, wish.header_row))]
        places = tuple(said[:1]) if len(sheets) == 1 else tuple(said)
    if not places:
        raise InputError(
            "{name} has no row that could be one of headers.".format(name=path.name),
            fix="Give the sheet with --sheet and the row of its headers with --header-row.",
        )
    is_said = bool(wish.header_row) and len(places) == 1
    return Look(
        sketch=sketch,
        places=places,
        is_place_certain=is_said or is_certain(places) or (bool(wish.sheet) and is_certain(places[:1])),
        is_encoding_certain=not sketch.encoding or bool(wish.csv.encoding) or _is_said(path, sketch.encoding),
    )


def _sketch(content: bytes, path: Path, csv: CsvForm) -> Sketch:
    """Sketch the file; where nothing says what its letters are written in, as what makes names of its headers that we know."""
    sketch = sketch_safely(content, path.name, csv)
    if csv.encoding or not sketch.encoding:
        return sketch
    encoding = likeliest_encoding(sketch.sheets, sketch.encoding)
    return (
        sketch
        if encoding == sketch.encoding
        else sketch_safely(content, path.name, replace(csv, encoding=encoding))
    )


def _is_said(path: Path, encoding: str) -> bool:
    """Tell whether the mapping that is there already says the same."""
    return any(mapping.csv.encoding == encoding and mapping.is_confirmed for mapping in mappings_beside(path))


def draft(content: bytes, path: Path, look: Look, chosen: HeaderPlace) -> Draft:
    """Read the chosen sheet whole, and take over what is known of its kind. Raises `InputError` if it cannot be read."""
    csv = CsvForm(encoding=look.sketch.encoding, separator=look.sketch.separator)
    place = Place(sheet=chosen.sheet, header_row=chosen.header_row, csv=csv)
    table = read_bare_safely(content, path.name, place).orders
    columns = file_columns(table)
    based_on = _nearest(columns, path)
    before = _taken_over(based_on, columns) if based_on else Answers()
    others = [sheet for sheet in look.sketch.sheets if sheet.name != chosen.sheet]
    if any(map(is_own_customers, others)):
        before = replace(before, elsewhere=ONLY_CUSTOMERS)
    return Draft(
        path=path,
        place=replace(place, sheet="" if look.sketch.is_csv else place.sheet),
        columns=columns,
        before=before,
        based_on=based_on.name if based_on else "",
    )


def file_columns(table: SheetTable) -> tuple[FileColumn, ...]:
    """Return the columns of a table that have a header, with their different texts."""
    names = header_names([column.header for column in table.columns])
    columns: list[FileColumn] = []
    for place, (found, name) in enumerate(zip(table.columns, names, strict=True)):
        if not name:
            continue
        filled = [text for cells in table.cells if (text := cells[place].strip())]
        texts = tuple(dict.fromkeys(filled))
        columns.append(FileColumn(name=name, letter=found.letter, texts=texts, filled=len(filled)))
    return tuple(columns)


def _nearest(columns: Sequence[FileColumn], path: Path) -> HeaderMapping | None:
    """Return the mapping whose answers are taken over: of the same headers, else of most of them, else a ready-made one."""
    keys = {header_key(column.name) for column in columns}
    confirmed = [mapping for mapping in mappings_beside(path) if mapping.is_confirmed]
    near = [(len(keys & mapping.keys) / len(keys | mapping.keys), mapping) for mapping in confirmed]
    share, nearest = max(near, key=lambda found: found[0], default=(0.0, None))
    if nearest and share >= _OF_THE_SAME_KIND:
        return nearest
    return next((mapping for mapping in ready_made() if mapping.keys <= keys), None)


def _taken_over(mapping: HeaderMapping, columns: Sequence[FileColumn]) -> Answers:
    """Return a mapping's answers; of those of another kind of file only what is beyond doubt here, too.

    Legal statements were made for that kind of file alone. And where a column is new that may be one of ours, it is not for
    sure any more which one is meant, nor that one value is right for all rows.
    """
    said = answers_of(mapping)
    if mapping.fits([column.name for column in columns]):
        return said
    new = propose([column for column in columns if header_key(column.name) not in said.columns], Answers())
    open_again = {match.field for match in new.matches if match.field}
    open_again |= {doubt.field for doubt in new.doubts if doubt.kind is DoubtKind.COLUMN}
    dropped = open_again | LEGAL_STATEMENTS
    return replace(
        said,
        columns={header: name for header, name in said.columns.items() if name not in open_again},
        fixed={name: fixed for name, fixed in said.fixed.items() if name not in dropped},
    )


def ready_made() -> tuple[HeaderMapping, ...]:
    """Return the mappings that come with the program: of exports that many people have."""
    folder = templates_folder() / "mappings"
    return tuple(read_mapping(file) for file in sorted(folder.glob(f"*{ENDING}")))


def laid_over(said: Answers, before: Answers) -> Answers:
    """Return both answers as one; what was said now wins, also over a column that another header had before."""
    now = {header_key(header): name for header, name in said.columns.items()}
    settled = {*now.values(), *said.without, *said.fixed} - {""}
    kept = {
        header: name for header, name in before.columns.items() if header not in now and name not in settled
    }
    return Answers(
        columns={**kept, **now},
        without=before.without | said.without,
        elsewhere=before.elsewhere | said.elsewhere,
        values=_by_field(said.values, before.values),
        fixed={**before.fixed, **said.fixed},
        dates={**before.dates, **said.dates},
        parts={**before.parts, **said.parts},
    )


def _by_field(
    said: Mapping[str, Mapping[str, str]], before: Mapping[str, Mapping[str, str]]
) -> dict[str, Mapping[str, str]]:
    return {name: {**before.get(name, {}), **said.get(name, {})} for name in {**before, **said}}


def save(mapping: HeaderMapping, path: Path) -> Path:
    """Write a mapping beside its file and return where. Raises `ResultsNotWritten` if that is not possible."""
    target = mapping_path(path)
    try:
        replace_text(target, mapping_text(mapping, path.name))
    except OSError as error:
        raise ResultsNotWritten(
            "{path} cannot be written: {reason}.".format(path=target, reason=error.strerror or error),
            fix="Copy the file to a folder that you may write to, and map it there.",
        ) from error
    return target
