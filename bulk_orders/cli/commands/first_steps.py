"""`doctor --first-steps`: from nothing to the first practice order, one command after another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bulk_orders.cli.commands.doctor_command import code_of, every_finding, finding_lines
from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.session import Session
from bulk_orders.cli.terminal import shown_path
from bulk_orders.errors import ExitCode
from bulk_orders.machine.places import is_there
from bulk_orders.machine.shell import command
from bulk_orders.settings.profiles import PRACTICE, Profile
from bulk_orders.wiring import open_ledger
from bulk_orders.writing.template import examples
from bulk_orders.writing.template.write import write_template

FIRST_ORDERS: Final = "first-orders.xlsx"
_ORDERS: Final = 2
"""How many of the template's examples are written; both customers are made up."""
_PREPARED_ROWS: Final = 20
_FILLED_BY_EXCEL: Final = frozenset({"customer_name", "product_name"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStep:
    """One thing to do."""

    what: str
    is_done: bool
    command: str = ""
    """What to type; empty where the program has done it."""


def lead(session: Session, profile: Profile, *, as_json: bool) -> ExitCode:
    """Look at everything, make the workbook, say what is done and what to type next.

    Exits with the code of the first finding that is not well; then no workbook is made.
    """
    findings = every_finding(session, profile)
    code = code_of(findings)
    steps = list(_steps(session, Path.cwd() / FIRST_ORDERS)) if code is ExitCode.OK else []
    following = next((step.command for step in steps if step.command and not step.is_done), "")
    if as_json:
        told = [{"what": step.what, "done": step.is_done, "command": step.command or None} for step in steps]
        session.terminal.json(answer(code, steps=told, next=[following] if following else []))
        return code
    if not steps:
        session.terminal.say("This must be put right first:")
        for line in finding_lines([finding for finding in findings if not finding.is_well]):
            session.terminal.result(line)
        return code
    for number, step in enumerate(steps, start=1):
        mark = "✔" if step.is_done else "–"
        session.terminal.result(f"  {mark} {number}  {step.what}")
        if step.command and not step.is_done:
            session.terminal.result(f"         {step.command}")
    session.terminal.say("Next:  {command}".format(command=following))
    return code


def _steps(session: Session, path: Path) -> Iterator[FirstStep]:
    """Yield the steps in order; the workbook is made where it is not there yet."""
    if not path.exists():
        write_template(path, rows=_PREPARED_ROWS, customers=_customers(), orders=_orders())
    results = _results_of(session, path)
    name = shown_path(path)
    yield FirstStep(what="The program works on this computer.", is_done=True)
    yield FirstStep(
        what="{name} has two example orders for made-up customers.".format(name=name), is_done=True
    )
    yield FirstStep(
        what="Check it. Nothing is sent.",
        is_done=results is not None,
        command=command("bulk-orders", "check", name),
    )
    yield FirstStep(
        what="Place the orders on the practice marketplace. Nothing is billed.",
        is_done=results is not None,
        command=command("bulk-orders", "run", name, "--practice"),
    )
    if results:
        # Whether somebody did is not known.
        yield FirstStep(what="Open the results: {path}".format(path=shown_path(Path(results))), is_done=False)
    else:
        yield FirstStep(what="Open the results workbook beside it.", is_done=False)
    yield FirstStep(
        what="Make a workbook of your own, or map an export of another program.",
        is_done=False,
        command=command("bulk-orders", "template", "-o", "orders.xlsx"),
    )
    yield FirstStep(
        what="For real, write your marketplace into the settings, then check them.",
        is_done=False,
        command=command("bulk-orders", "help", "settings"),
    )


def _results_of(session: Session, path: Path) -> str | None:
    """Return where the results of the workbook's newest practice run are; `None` if it was never run."""
    if not is_there(session.folders.ledger(is_practice=True)):
        return None
    with open_ledger(Profile(name=PRACTICE), session.folders) as ledger:
        runs = [run for run in ledger.runs() if run.source_path == str(path)]
    return runs[0].results_path if runs else None


def _customers() -> list[Mapping[str, str]]:
    """Return the customers of the first orders, each once."""
    ordering = {example.cells["customer_id"] for example in examples.ORDERS[:_ORDERS]}
    return [example.cells for example in examples.CUSTOMERS if example.cells["customer_id"] in ordering]


def _orders() -> list[Mapping[str, str]]:
    """Return the first orders, without the cells that Excel fills, under references that are not the examples'."""
    return [
        {name: text for name, text in example.cells.items() if name not in _FILLED_BY_EXCEL}
        | {"reference": f"FIRST-{number}"}
        for number, example in enumerate(examples.ORDERS[:_ORDERS], start=1)
    ]
