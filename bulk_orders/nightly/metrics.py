"""Metrics of the last night for Prometheus' textfile collector. The client library lives here."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from bulk_orders.core.summary import Outcome
from bulk_orders.errors import RunError, SetupError
from bulk_orders.nightly.notify import EXTRA_FIX
from bulk_orders.nightly.results import NightReport

Load = Callable[[str], Any]
_UNDECIDED: Final = {
    Outcome.UNKNOWN: "Rows of any run that may or may not have been ordered.",
    Outcome.HELD: "Rows of any run that are held until a person decides.",
    Outcome.DUPLICATE: "Rows of any run that were ordered twice.",
}


def write_metrics(path: Path, report: NightReport, *, load: Load = importlib.import_module) -> None:
    """Write the file in one step. Raises `SetupError` without the library, `RunError` if the file cannot be written."""
    try:
        prometheus = load("prometheus_client")
    except ImportError:
        raise SetupError(
            "Metrics need the library prometheus-client, which is not installed.", fix=EXTRA_FIX
        ) from None
    registry = prometheus.CollectorRegistry()

    def gauge(name: str, what: str, *labels: str) -> Any:
        return prometheus.Gauge(f"bulk_orders_{name}", what, ("profile", *labels), registry=registry)

    of = report.profile
    for name, what, value in _figures(report):
        gauge(name, what).labels(of).set(value)
    rows = gauge("rows", "Rows of the last night's files, by outcome.", "outcome")
    for outcome, number in report.counts.items():
        rows.labels(of, outcome.value).set(number)
    try:
        prometheus.write_to_textfile(str(path), registry)
    except OSError as error:
        raise RunError(
            "The metrics cannot be written: {reason}.".format(reason=error.strerror or error),
            fix="Check metrics_file: a name that ends in .prom, in a folder that exists.",
        ) from None


def try_metrics(path: Path, report: NightReport) -> None:
    """Write another file beside it and delete it: figures of a test must not look like those of a night. Raises as above."""
    trial = path.with_name(f".test-{path.name}")
    write_metrics(trial, report)
    trial.unlink(missing_ok=True)


def _figures(report: NightReport) -> list[tuple[str, str, float]]:
    success = report.last_success.timestamp() if report.last_success else 0.0
    seconds = (report.ended_at - report.started_at).total_seconds()
    return [
        ("last_run_timestamp_seconds", "When the last night ended.", report.ended_at.timestamp()),
        ("last_success_timestamp_seconds", "When a night last ended with exit code 0; 0 for never.", success),
        ("last_exit_code", "The exit code of the last night.", int(report.exit_code)),
        ("duration_seconds", "How long the last night took.", seconds),
        ("inbox_files", "Files that stay in the inbox.", len(report.waiting)),
        ("files", "Files of the last night.", len(report.files)),
        ("alerts", "Alerts of the last night.", len(report.alerts)),
        *(
            (f"{kind}_rows", what, sum(found.outcome is kind for found in report.undecided))
            for kind, what in _UNDECIDED.items()
        ),
        (
            "drifted_orders",
            "Orders that differed between the marketplace and the ledger in the last night.",
            len(report.drifted),
        ),
    ]
