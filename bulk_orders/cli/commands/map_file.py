"""`map`: find out what the columns of somebody's own file are, ask what is doubtful, save it. Nothing is sent."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from bulk_orders.checking.header_mapping.doubts import MappingDoubt
from bulk_orders.checking.header_mapping.place import HeaderPlace
from bulk_orders.checking.header_mapping.proposal import Answers, MappingProposal, Match
from bulk_orders.cli.commands.map_answers import MapOptions, answers_from, options_of, question_of
from bulk_orders.cli.commands.map_questions import Asker, Stopped, may_be_answered, samples, stopped
from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.mapping_lines import fixed_lines
from bulk_orders.cli.session import Session
from bulk_orders.cli.terminal import Terminal, say_reading, shown_path, table_lines
from bulk_orders.core.mapping import ENCODINGS, SEPARATORS, CsvForm, known_fields, value_key
from bulk_orders.errors import ExitCode, UsageError
from bulk_orders.machine.clock import SystemClock
from bulk_orders.machine.shell import command, quoted
from bulk_orders.reading.input_file import read_file
from bulk_orders.runs.map_file import Draft, Look, Wish, draft, laid_over, look_at, needs_none, save

_NAMED_SEPARATORS: Final = {"tab": "\t", "comma": ",", "semicolon": ";", "bar": "|"}
_HEADERS_SHOWN: Final = 5
_NEXT_CHECK: Final = "Next:  {command}"


def map_file(session: Session, path: Path, options: MapOptions) -> ExitCode:
    """Propose, ask where it is doubtful and somebody is there, save; exits with 3 if something stays doubtful."""
    content = read_file(path)
    say_reading(session.terminal, path)
    today = SystemClock().now().date()
    ask = None if options.as_json else session.ask
    asker = Asker(ask=ask, today=today) if ask else None
    if not options.are_given and needs_none(content, path):
        session.terminal.result("{name} is understood as it is. It needs no mapping.".format(name=path.name))
        session.terminal.say(_NEXT_CHECK.format(command=command("bulk-orders", "check", path)))
        return ExitCode.OK
    try:
        look = _looked(content, path, options, asker)
        found = draft(content, path, look, look.places[0])
        said = answers_from(options, [column.name for column in found.columns], today)
        proposal = first = found.proposal(said)
        if asker and _may_ask(first):
            _say_columns(session.terminal, found, first, first.matches)
            proposal = _asked(found, said, asker)
    except Stopped:
        raise stopped() from None
    saved = None if proposal.doubts else save(found.mapping(proposal), path)
    code = ExitCode.WORKBOOK_HAS_ERRORS if proposal.doubts else ExitCode.OK
    if options.as_json:
        session.terminal.json(map_json(found, proposal, code, saved))
    else:
        shown = first.matches if asker and _may_ask(first) else ()
        _say(session.terminal, found, proposal, saved, shown)
    return code


def _looked(content: bytes, path: Path, options: MapOptions, asker: Asker | None) -> Look:
    """Look at the file until it is certain where its headers are. Raises `UsageError` where nobody can be asked."""
    wish = _wish(options)
    look = look_at(content, path, wish)
    if not look.is_encoding_certain:
        wish = replace(wish, csv=replace(wish.csv, encoding=_encoding(look, asker)))
        look = look_at(content, path, wish)
    if look.is_place_certain:
        return look
    if asker is None:
        raise UsageError(_place_question(look.places[0]), fix=_place_options(look))
    if len(look.places) > 1:
        chosen = asker.choose("Which sheet has the orders?", [place.sheet for place in look.places])
        return replace(look, places=(look.places[chosen],))
    typed = asker.text(_place_question(look.places[0]))
    row = int(typed) if typed.isascii() and typed.isdigit() else 0
    return look_at(content, path, replace(wish, sheet=look.places[0].sheet, header_row=row))


_NO_SUCH_CHOICE: Final = "{option} takes {values}."


def _wish(options: MapOptions) -> Wish:
    separator = _NAMED_SEPARATORS.get(options.separator, options.separator)
    if options.encoding not in ("", *ENCODINGS):
        values = ", ".join(ENCODINGS)
        raise UsageError(_NO_SUCH_CHOICE.format(option="--encoding", values=values))
    if separator not in ("", *SEPARATORS):
        values = ", ".join(_NAMED_SEPARATORS)
        raise UsageError(_NO_SUCH_CHOICE.format(option="--separator", values=values))
    csv = CsvForm(encoding=options.encoding, separator=separator)
    return Wish(sheet=options.sheet, header_row=options.header_row, csv=csv)


def _encoding(look: Look, asker: Asker | None) -> str:
    """Return what the letters of the file are written in; only a person can tell whether they read well."""
    texts = [text for sheet in look.sketch.sheets for row in sheet.rows for text in row]
    sample = next((text for text in texts if not text.isascii()), "")
    question = 'The file is not UTF-8. Read as {encoding}, it says "{sample}". Is that right?'.format(
        encoding=look.sketch.encoding, sample=sample
    )
    if asker is None:
        raise UsageError(
            question,
            fix="If it is, add --encoding {encoding}. If not, give the right one.".format(
                encoding=look.sketch.encoding
            ),
        )
    if asker.choose(question, ["yes", "no, another encoding"]) == 0:
        return look.sketch.encoding
    return ENCODINGS[asker.choose("In which encoding is it written?", ENCODINGS)]


def _place_question(place: HeaderPlace) -> str:
    headers = ", ".join([text for text in place.headers if text.strip()][:_HEADERS_SHOWN])
    return "In which row of {sheet} are the headers? It may be row {row}: {headers}".format(
        sheet=place.sheet, row=place.header_row, headers=headers
    )


_ANSWER_WITH: Final = "Answer with {options}."


def _place_options(look: Look) -> str:
    if len(look.places) > 1:
        sheets = [f"--sheet {quoted(place.sheet)}" for place in look.places]
        return _ANSWER_WITH.format(options=" or ".join(sheets))
    return _ANSWER_WITH.format(options=f"--header-row {look.places[0].header_row}")


def _may_ask(proposal: MappingProposal) -> MappingDoubt | None:
    """Return the first doubt that somebody at the terminal can answer."""
    return next(filter(may_be_answered, proposal.doubts), None)


def _asked(found: Draft, said: Answers, asker: Asker) -> MappingProposal:
    """Ask about one doubt after another."""
    proposal = found.proposal(said)
    while doubt := _may_ask(proposal):
        said = laid_over(asker.answer(doubt), said)
        proposal = found.proposal(said)
    return proposal


_HEADER: Final = ("Your column", "Is", "Sure", "Cells")


def _say_columns(
    terminal: Terminal, found: Draft, proposal: MappingProposal, matches: Sequence[Match]
) -> None:
    if found.based_on:
        terminal.say("Starting from {mapping}.".format(mapping=found.based_on))
    open_columns = {column.name for doubt in proposal.doubts for column in doubt.candidates}
    rows = [_row(match, is_asked=match.column.name in open_columns) for match in matches]
    lines = table_lines(_HEADER, rows)
    if not terminal.fits(lines):
        lines = table_lines(_HEADER[:3], [row[:3] for row in rows])
    for line in lines:
        terminal.result(line)


def _say(
    terminal: Terminal, found: Draft, proposal: MappingProposal, saved: Path | None, shown: Sequence[Match]
) -> None:
    """Say what the file's columns are, of those that were `shown` only what is new, and what is next."""
    if new := [match for match in proposal.matches if match not in shown]:
        _say_columns(terminal, found, proposal, new)
    for line in _detail_lines(proposal):
        terminal.result(line)
    if saved is not None:
        terminal.result("Saved: {path}".format(path=shown_path(saved)))
        terminal.say(_NEXT_CHECK.format(command=command("bulk-orders", "check", found.path)))
        return
    terminal.say("Not everything is certain, so nothing is saved. Answer with these options:")
    for doubt in proposal.doubts:
        terminal.result(f"  {question_of(doubt)}")
        for option in options_of(doubt):
            terminal.result(f"      {option}")


def _row(match: Match, *, is_asked: bool) -> tuple[str, str, str, str]:
    header = known_fields()[match.field].header if match.field else "– (not sent)"
    share = "said" if match.is_stated else ""
    if match.field and not match.is_stated:
        share = f"{match.confidence:.0%}"
    if is_asked and not match.field:
        header = "?"
    return match.column.name, header, share, samples(match.column)


def _detail_lines(proposal: MappingProposal) -> Iterator[str]:
    """Say what more than the columns was found out: words, dates and what stands in every row."""
    fields = known_fields()
    columns = {match.field: match.column for match in proposal.matches}
    for name, meant in proposal.values.items():
        typed = [text for text in columns[name].texts if value_key(text) in meant]
        pairs = [f"{text} = {meant[value_key(text)]}" for text in typed]
        if pairs:
            yield "  In {header}: {values}".format(header=fields[name].header, values=", ".join(pairs))
    for name, order in proposal.dates.items():
        yield "  In {header}: {order}".format(header=fields[name].header, order=order)
    for name, number in proposal.parts.items():
        yield "  In {header}: the first {number} parts".format(header=fields[name].header, number=number)
    yield from fixed_lines(proposal.fixed)


def map_json(found: Draft, proposal: MappingProposal, code: ExitCode, saved: Path | None) -> dict[str, Any]:
    """Return what `map --json` prints: what each column is, and what is doubtful with the options that answer it."""
    told = {
        "sheet": found.place.sheet or None,
        "header_row": found.place.header_row,
        "encoding": found.place.csv.encoding or None,
        "separator": found.place.csv.separator or None,
        "based_on": found.based_on or None,
        "columns": [_column_json(match) for match in proposal.matches],
        "values": {name: dict(meant) for name, meant in proposal.values.items()},
        "dates": dict(proposal.dates),
        "parts": dict(proposal.parts),
        "fixed": {
            name: {
                "value": fixed.value,
                "stated_by": fixed.stated_by or None,
                "stated_on": fixed.stated_on or None,
            }
            for name, fixed in proposal.fixed.items()
        },
        "doubts": [_doubt_json(doubt) for doubt in proposal.doubts],
        "files": {"mapping": str(saved) if saved else None},
    }
    return answer(code, **told)


def _column_json(match: Match) -> dict[str, Any]:
    return {
        "header": match.column.name,
        "letter": match.column.letter,
        "column": match.field or None,
        "confidence": match.confidence,
        "stated": match.is_stated,
        "samples": list(match.column.samples),
    }


def _doubt_json(doubt: MappingDoubt) -> dict[str, Any]:
    return {
        "kind": doubt.kind.value,
        "column": doubt.field,
        "candidates": [column.name for column in doubt.candidates],
        "typed": doubt.typed or None,
        "question": question_of(doubt),
        "options": options_of(doubt),
    }
