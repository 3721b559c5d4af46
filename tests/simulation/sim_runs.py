"""How a simulated run is prepared, as `runs.run` does it without files."""

import json
from collections import Counter
from datetime import datetime

import sim_orders
from sim_kernel import Process
from sim_orders import ACCOUNT
from sim_plot import Line

from bulk_orders.ledger.interface import RunRecord
from bulk_orders.sending.engine import Engine
from bulk_orders.sending.planning import Plan, Wanted
from bulk_orders.sending.services import Services


def proposed(
    services: Services, engine: Engine, lines: tuple[Line, ...], counted: Counter[str]
) -> tuple[Wanted, Plan]:
    """Return what the workbook asks for, and what is to be sent of it."""
    longest_po = engine.facts.longest_po
    wanted = _wanted(services, engine, lines)
    engine.facts.note_doubted([order.key for order in wanted.in_doubt])
    planned = engine.plan(wanted)
    if engine.facts.longest_po != longest_po:
        counted["planned twice"] += 1
        wanted = _wanted(services, engine, lines)
        planned = engine.plan(wanted)
    return wanted, planned


def _wanted(services: Services, engine: Engine, lines: tuple[Line, ...]) -> Wanted:
    ledger = services.ledger
    doubted = ledger.orders_by_key(sorted(engine.facts.doubted)).values()
    return Wanted(
        orders=sim_orders.orders_of(lines, engine.facts.longest_po),
        in_doubt=(*ledger.unsettled(str(ACCOUNT)), *doubted),
    )


def new_run(process: Process, now: datetime, rows: int) -> RunRecord:
    return RunRecord(
        run_id=f"run-{process.name}",
        account=str(ACCOUNT),
        environment="LIVE",
        profile="sim",
        marketplace="us",
        source_name="sim.xlsx",
        source_path="sim.xlsx",
        source_sha256="0" * 64,
        operator="sim",
        host="sim",
        program_version="0",
        started_at=now,
        rows_in=rows,
        options=json.dumps({}),
    )
