"""What all tests share: a clock moved by hand, a clean environment, an eye on the workbooks that are written."""

import gc
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from fake_clock import FakeClock
from ooxml.repairs.published import Watch, faults_in_folder
from postgres_server import Server, server
from processes import Desk, Starter

# A computer that stands still for a moment is no counterexample to anything. For whoever changes what a law is about:
# `--hypothesis-profile=thorough`.
hypothesis.settings.register_profile("patient", hypothesis.settings(), deadline=None, max_examples=40)
hypothesis.settings.register_profile("thorough", hypothesis.settings(), deadline=None, max_examples=1_000)
hypothesis.settings.load_profile("patient")

# Until everything is collected: of the many objects that are made meanwhile hardly any is garbage.
gc.disable()

LONGEST_FIRST = (
    "simulation",
    "kills",
    "stories",
    "faults",
    "cli",
    "writing",
    "sandbox",
    "contract",
    "reading",
)
"""Folders of tests: what takes long begins early, so that at the end no core waits for another."""
SERVERS = {"postgres", "own_server", "primary"}
"""Fixtures that start a PostgreSQL."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """One more than there are cores: stories wait for clocks and for processes of their own."""
    if config.option.numprocesses != "auto" or "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not SERVERS.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.long)  # a server is more than the default suite waits for
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.path.parent.name, len(places)))


def pytest_collection_finish() -> None:
    gc.enable()
    gc.freeze()  # what was collected stays, and need not be looked through with each test


class _Kept(logging.Handler):
    """Keeps records as they come."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def log_records() -> Iterator[list[logging.LogRecord]]:
    """What the program logs from now on, without details, whatever another test made of its log."""
    kept, program = _Kept(), logging.getLogger("bulk_orders")
    level = program.level
    program.addHandler(kept)
    program.setLevel(logging.INFO)
    yield kept.records
    program.removeHandler(kept)
    program.setLevel(level)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL of the tests' own; each test makes a schema or a database of its own in it."""
    with server() as running:
        yield running


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(autouse=True, scope="session")
def _clean_environment() -> None:
    """No test may depend on, or write to, what the person running it has set or kept; every process that a test
    starts runs this tree, not an installed copy."""
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])
    for name in list(os.environ):
        if name.startswith("BULK_ORDERS_") or name.lower() in {"http_proxy", "https_proxy", "all_proxy"}:
            del os.environ[name]


@pytest.fixture(scope="session")
def watch() -> Watch:
    return Watch()


@pytest.fixture(autouse=True)
def _nothing_for_excel_to_repair(watch: Watch) -> Iterator[None]:
    """Every workbook that any test makes us write simply opens."""
    yield
    assert watch.take() == []


@pytest.fixture(scope="session")
def starter() -> Iterator[Starter]:
    made = Starter()
    yield made
    made.close()


@pytest.fixture
def desk(starter: Starter, tmp_path: Path) -> Iterator[Desk]:
    """A user's machine of its own for each test."""
    with Desk(starter, tmp_path) as made:
        yield made
    assert list(faults_in_folder(tmp_path)) == []
