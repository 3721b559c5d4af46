"""What the practice marketplace remembers: its journal, and what a process of it knows after it was killed."""

import copy
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests
from practice_counter import Counter, an_existing_tenant, an_order, sign_in

from bulk_orders.errors import SetupError
from bulk_orders.sandbox import BASE_PATH, JournalFile
from bulk_orders.sandbox.orders import to_record


def test_orders_survive_a_restart_with_their_domains(tmp_path: Path) -> None:
    path = tmp_path / "practice.jsonl"
    first = JournalFile(path)
    before = Counter(faults="po-renamed=every:2,provisioning-scheduled=every:2", journal=first)
    before.ask("POST", "/orders", an_order(attributes={"reference": "A-1"}))
    before.place()
    first.close()

    second = JournalFile(path)
    after = Counter(journal=second, records=second.records)

    assert after.simulator.orders == before.simulator.orders
    assert after.ask("POST", "/orders", an_order())[0] == 400
    assert after.place()["orderNumber"] == "SO000003"
    second.close()


@pytest.mark.parametrize(("fails", "status"), [(True, "error"), (False, "completed")])
def test_a_journal_of_an_older_version_says_only_whether_an_order_fails(fails: bool, status: str) -> None:
    now = Counter()
    now.place()
    record = {**to_record(now.simulator._book.all[0]), "fails": fails}
    del record["fate"]
    after = Counter(records=[record])
    after.later(60)

    assert [order["status"] for order in after.simulator.orders] == [status]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_the_journal_is_for_its_owner_only(tmp_path: Path) -> None:
    journal = JournalFile(tmp_path / "practice.jsonl")
    journal.close()

    assert stat.S_IMODE((tmp_path / "practice.jsonl").stat().st_mode) == 0o600


@pytest.mark.parametrize("torn", [b'{"number": 2', b'{"number": 2}'])
def test_a_torn_last_line_is_cut_off(tmp_path: Path, torn: bytes) -> None:
    path = tmp_path / "practice.jsonl"
    path.write_bytes(b'{"number":1}\n' + torn)

    journal = JournalFile(path)
    journal.append({"number": 3})
    journal.close()

    assert (journal.records, path.read_bytes()) == ([{"number": 1}], b'{"number":1}\n{"number":3}\n')


def test_a_file_that_is_no_journal_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear customer,\nwe\n")

    with pytest.raises(SetupError, match=r"letter\.txt"):
        JournalFile(path)
    assert path.read_text() == "Dear customer,\nwe\n"


class BrokenJournal:
    """A disk that is full."""

    def append(self, record: dict[str, Any]) -> None:
        raise OSError(28, "No space left on device")


def test_an_order_that_cannot_be_noted_is_not_taken() -> None:
    counter = Counter(journal=BrokenJournal())

    for _ in range(2):  # not even its domain is taken
        with pytest.raises(OSError, match="No space left"):
            counter.ask("POST", "/orders", an_order())
    assert counter.simulator.orders == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to be polite with")
def test_as_a_process_it_says_where_it_listens_remembers_and_ends_politely(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "bulk_orders.sandbox",
        "--state",
        str(tmp_path / "orders.jsonl"),
        "--seed",
        "1",
        "--judge-token-file",
        str(tmp_path / "judge.token"),
    ]
    found = []
    for last_signal in (signal.SIGKILL, signal.SIGTERM):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            url = process.stdout.readline().removeprefix("listening on ").strip()
            order_over(url)
            judge = {"Authorization": f"Bearer {(tmp_path / 'judge.token').read_text(encoding='utf-8')}"}
            page = url.replace(BASE_PATH, "/_practice/orders")
            found.append(len(requests.get(page, headers=judge, timeout=5).json()))
            process.send_signal(last_signal)
            rest = process.communicate(timeout=5)

    assert found == [1, 2]
    assert (process.returncode, rest) == (0, ("", ""))


def test_as_a_process_it_says_what_it_does_not_understand() -> None:
    command = [sys.executable, "-m", "bulk_orders.sandbox", "--faults", "nonsense=1"]

    ended = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)

    assert (ended.returncode, ended.stdout, "nonsense" in ended.stderr) == (2, "", True)


def order_over(url: str) -> None:
    with requests.Session() as session:
        sign_in(session, url)
        assert (
            session.post(f"{url}/orders", json=copy.deepcopy(an_existing_tenant()), timeout=5).status_code
            == 201
        )
