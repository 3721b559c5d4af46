"""`report` and `template`: what is written without the marketplace, or with its catalogue alone."""

from dataclasses import dataclass
from pathlib import Path

import bulk_orders
from bulk_orders.cli.commands.check import run_command
from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.progress import wait_lines
from bulk_orders.cli.report_told import report_json, report_lines
from bulk_orders.cli.session import Session, find_run
from bulk_orders.cli.terminal import say_results
from bulk_orders.core.wording import counted
from bulk_orders.errors import ExitCode
from bulk_orders.machine.places import check_new
from bulk_orders.machine.shell import command
from bulk_orders.runs.catalogue_rows import Row, customer_rows, product_rows
from bulk_orders.settings.profiles import Profile
from bulk_orders.writing.template.write import write_template


def template(
    session: Session,
    target: Path,
    *,
    rows: int,
    profile: Profile | None = None,
    with_catalog: bool = False,
    as_json: bool = False,
) -> ExitCode:
    """Make a workbook to fill in, empty or with the marketplace's products and customers.

    Raises `UsageError` if there is such a file already, or no such folder.
    """
    check_new(target, "orders.xlsx")
    catalogue: list[Row] = []
    customers: list[Row] = []
    if with_catalog and profile is not None:
        catalogue, customers = _listed(session, profile, as_json=as_json)
    write_template(
        target,
        rows=rows,
        catalogue=catalogue,
        customers=customers,
        own_domain=profile.partner_domain if profile else "",
    )
    check_it = run_command(target, profile, "check") if profile else command("bulk-orders", "check", target)
    if as_json:
        counts = {"rows": rows, "products": len(catalogue), "customers": len(customers)}
        steps = [check_it]
        session.terminal.json(answer(ExitCode.OK, counts=counts, next=steps, files={"template": str(target)}))
    session.terminal.result(str(target))
    if with_catalog:
        products = counted(len(catalogue), "{number} Microsoft product", "{number} Microsoft products")
        ours = counted(len(customers), "{number} customer", "{number} customers")
        session.terminal.say(
            "It contains {products} and {customers}.".format(products=products, customers=ours)
        )
    session.terminal.say("Fill it in, then:  {command}".format(command=check_it))
    return ExitCode.OK


def _listed(session: Session, profile: Profile, *, as_json: bool) -> tuple[list[Row], list[Row]]:
    """Return the marketplace's products and customers as rows of the template."""
    session.terminal.say("Asking the marketplace for its products and customers …")
    with session.open_services(profile, wait_lines(session, as_json=as_json)) as services:
        services.marketplace.sign_in()
        products = product_rows(services.marketplace.list_products(), services.clock.now().date())
        return products, customer_rows(services.marketplace.list_customers())


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOptions:
    """What the command line says."""

    target: Path | None = None
    """A file or a folder; None is beside the input."""
    as_json: bool = False
    names_nobody: bool = False
    """Without what names people."""


def report(session: Session, run_id: str, options: ReportOptions, *, profile_name: str | None) -> ExitCode:
    """Write the results workbook again from the ledger."""
    run_record, profile = find_run(session, run_id, profile_name)
    end = bulk_orders.report(
        run_record.run_id,
        profile,
        home=session.folders,
        results=options.target,
        names_nobody=options.names_nobody,
    )
    if options.as_json:
        path = str(end.results_path) if end.results_path else None
        session.terminal.json(report_json(end.report, end.exit_code, path))
    else:
        for line in report_lines(end.report):
            session.terminal.result(line)
        say_results(session.terminal, end.results_path, end.results_problem, end.report.made_new_because)
    return end.exit_code
