"""Metrics of the last night for Prometheus' textfile collector. The client library lives here."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from bulk_orders.core.summary import Outcome
from bulk_orders.errors import RunError, SetupError
from bulk_orders.nightly.results import NightReport
from bulk_orders.texts import nightly_messages as words

Load = Callable[[str], Any]
_UNDECIDED: Final = {
    Outcome.UNKNOWN: words.METRIC_UNKNOWN,
    Outcome.HELD: words.METRIC_HELD,
    Outcome.DUPLICATE: words.METRIC_DUPLICATE,
}


def write_metrics(path: Path, report: NightReport, *, load: Load = importlib.import_module) -> None:
    """Write the file in one step. Raises `SetupError` without the library, `RunError` if the file cannot be written."""
    try:
        prometheus = load("prometheus_client")
    except ImportError:
        raise SetupError(words.NO_PROMETHEUS, fix=words.EXTRA_FIX) from None
    registry = prometheus.CollectorRegistry()

    def gauge(name: str, what: str, *labels: str) -> Any:
        return prometheus.Gauge(f"bulk_orders_{name}", what, ("profile", *labels), registry=registry)

    of = report.profile
    for name, what, value in _figures(report):
        gauge(name, what).labels(of).set(value)
    rows = gauge("rows", words.METRIC_ROWS, "outcome")
    for outcome, number in report.counts.items():
        rows.labels(of, outcome.value).set(number)
    try:
        prometheus.write_to_textfile(str(path), registry)
    except OSError as error:
        raise RunError(
            words.NO_METRICS.format(reason=error.strerror or error), fix=words.NO_METRICS_FIX
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
        ("last_run_timestamp_seconds", words.METRIC_LAST_RUN, report.ended_at.timestamp()),
        ("last_success_timestamp_seconds", words.METRIC_LAST_SUCCESS, success),
        ("last_exit_code", words.METRIC_LAST_EXIT_CODE, int(report.exit_code)),
        ("duration_seconds", words.METRIC_DURATION, seconds),
        ("inbox_files", words.METRIC_INBOX_FILES, len(report.waiting)),
        ("files", words.METRIC_FILES_OF_NIGHT, len(report.files)),
        ("alerts", words.METRIC_ALERTS, len(report.alerts)),
        *(
            (f"{kind}_rows", what, sum(found.outcome is kind for found in report.undecided))
            for kind, what in _UNDECIDED.items()
        ),
        ("drifted_orders", words.METRIC_DRIFTED, len(report.drifted)),
    ]
