"""`doctor --first-day`: what is free is asked, and an order is placed only after it was typed; never more than two."""

import io
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from runs.online_parts import book, order

from bulk_orders.cli.commands.first_day import lead
from bulk_orders.cli.session import Session
from bulk_orders.cli.terminal import Terminal
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.errors import ExitCode, GuardStopped, InputError, Interrupted, SetupError
from bulk_orders.runs.first_day import shown_by
from bulk_orders.sandbox import Behaviour, FaultPlan, PracticeServer, Simulator
from bulk_orders.sandbox.account_kinds import account_kind
from bulk_orders.settings.folders import folders
from bulk_orders.wiring import open_ledger

SETTINGS = """[profiles.live]
base_url = "{url}"
user = "practice"
rate_per_s = 0
window_s = {window_s}
settle_s = 0.5
order_deadline_s = 2.0
read_deadline_s = 2.0
"""
SECRETS = {"BULK_ORDERS_PASSWORD": "practice", "BULK_ORDERS_SUBSCRIPTION_KEY": "practice"}
CTRL_C, ENTER = "^C", ""
THREE = (order(1), order(2), order(3))


@dataclass
class Person:
    """Somebody with a live account and a workbook, who types these answers; None: nobody is there."""

    folder: Path
    server: PracticeServer
    answers: list[str] | None = None
    more: str = ""
    """Further settings of the profile."""
    window_s: float = 0.5
    said: io.StringIO = field(default_factory=io.StringIO)
    stop: threading.Event = field(default_factory=threading.Event)

    def spends_the_day(
        self,
        rows: list[list[str]] | None = None,
        *,
        as_json: bool = False,
        is_first_ever: bool = True,
    ) -> ExitCode:
        path = self.folder / "orders.xlsx"
        path.write_bytes(book(rows or THREE))
        session = self._session(as_json)
        return lead(session, path, session.profile("live"), is_first_ever=is_first_ever, as_json=as_json)

    @property
    def words(self) -> str:
        return self.said.getvalue()

    @property
    def orders(self) -> int:
        return self.server.simulator.order_count

    @property
    def states(self) -> list[State]:
        session = self._session(as_json=False)
        with open_ledger(session.profile("live"), session.folders) as ledger:
            runs = ledger.runs()
            return [found.state for run in runs for found in ledger.orders_of_run(run.run_id).values()]

    def _session(self, as_json: bool) -> Session:
        config = self.folder / "settings.toml"
        config.write_text(
            SETTINGS.format(url=self.server.base_url, window_s=self.window_s) + self.more, encoding="utf-8"
        )
        config.chmod(0o600)
        return Session(
            terminal=Terminal(out=self.said, err=self.said, is_json=as_json),
            folders=folders({"BULK_ORDERS_HOME": str(self.folder / "home")}, config=config),
            environment=SECRETS,
            stop=self.stop,
            ask=None if self.answers is None else self._ask,
        )

    def _ask(self, *lines: str) -> str:
        assert self.answers is not None
        self.said.writelines(f"{line}\n" for line in lines)
        typed = self.answers.pop(0)
        if typed == CTRL_C:
            raise KeyboardInterrupt
        return typed


Meet = Callable[..., Person]


@pytest.fixture
def meet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Meet]:
    tmp_path.chmod(0o700)
    monkeypatch.chdir(tmp_path)
    with ExitStack() as closing:

        def person(
            *answers: str, is_there: bool = True, kind: str = "", faults: str = "", more: str = ""
        ) -> Person:
            simulator = Simulator(
                now=lambda: datetime.now(UTC),
                rng=random.Random(1),  # noqa: S311 - dice, no secret
                behaviour=Behaviour(**account_kind(kind)),
                faults=FaultPlan.parse(faults),
            )
            server = closing.enter_context(PracticeServer(simulator))
            return Person(tmp_path, server, list(answers) if is_there else None, more)

        yield person


def test_whoever_types_nothing_has_learnt_what_is_free_and_ordered_nothing(
    meet: Meet, capsys: pytest.CaptureFixture[str]
) -> None:
    person = meet(ENTER, kind="period=line,vendor=line,po=poNumber")
    assert person.spends_the_day() is ExitCode.OK
    assert (person.orders, person.server.simulator.requests["POST /orders"]) == (0, 0)
    assert "Learnt about this account" in capsys.readouterr().err
    for said in ("time filter", "an estimate refuses it", "USD 12.60 for row 2"):
        assert said in person.words
    assert "Nothing was ordered. What was learnt is kept" in person.words
    assert person.states == []


def test_ctrl_c_at_the_question_stops_and_nothing_is_ordered(meet: Meet) -> None:
    person = meet(CTRL_C)
    with pytest.raises(Interrupted, match="Nothing was ordered"):
        person.spends_the_day()
    assert (person.orders, person.states) == (0, [])


@pytest.mark.parametrize("is_first_ever", [True, False])
def test_the_wait_of_a_new_ledger_is_said_before_the_question_with_what_ends_it(
    meet: Meet, is_first_ever: bool
) -> None:
    person = meet(ENTER)
    person.window_s = 900.0
    person.spends_the_day(is_first_ever=is_first_ever)
    before = person.words.partition("Type 1 to place it")[0]
    for said in ("nothing is sent for the first 15 minutes", "stop and add --new-ledger"):
        assert (said in before) is not is_first_ever


@pytest.mark.parametrize("as_json", [False, True])
def test_where_nobody_can_be_asked_the_free_part_is_told_and_nothing_is_ordered(
    meet: Meet, as_json: bool
) -> None:
    person = meet("1", "1", is_there=as_json)  # with --json nobody is asked, whoever is there
    with pytest.raises(GuardStopped, match="nobody is there to ask") as stopped:
        person.spends_the_day(as_json=as_json)
    told = {fact["name"] for fact in stopped.value.told["facts"]}
    assert {"order list", "clock", "unknown product", "first bill"} <= told
    assert person.orders == 0


def test_a_set_up_that_is_not_well_comes_first(meet: Meet) -> None:
    person = meet("1", more='own_domain = "partner.example"\nbody_templates = "/no/such/folder"\n')
    assert person.spends_the_day() is ExitCode.SETUP_WRONG
    assert "2. Free questions" not in person.words
    assert person.orders == 0


def test_a_workbook_with_errors_is_refused_as_by_run(meet: Meet) -> None:
    person = meet("1")
    with pytest.raises(InputError):
        person.spends_the_day([order(1, Quantity="none")])
    assert person.orders == 0


def test_a_profile_that_needs_approval_places_no_order_here(meet: Meet) -> None:
    person = meet("1", more='policy = "approval"\napprovers = ["eve"]\n')
    with pytest.raises((SetupError, GuardStopped)):
        person.spends_the_day()
    assert person.orders == 0


@pytest.mark.long
def test_two_orders_at_most_are_placed_each_after_its_own_1_and_tell_what_they_showed(meet: Meet) -> None:
    person = meet("yes", "2", "1", "11", "1", kind="po=poNumber,po-kept=12")
    assert person.spends_the_day() is ExitCode.OK
    assert (person.orders, person.answers) == (2, [])
    assert person.words.count("Type 1 and Enter, or Enter alone.") == 3
    assert person.words.count("sent as poNumber") == 2
    assert "The account is ready. Next: bulk-orders run orders.xlsx --profile live" in person.words
    assert person.words.count("Next:") == 1
    assert person.words.index("is LIVE") < person.words.index("SO000001") < person.words.index("LIVE, too")


@pytest.mark.long
@pytest.mark.parametrize("end", [ENTER, CTRL_C])
def test_the_second_order_can_be_left_out_and_the_first_stays(meet: Meet, end: str) -> None:
    person = meet("1", end)
    if end == CTRL_C:
        with pytest.raises(Interrupted, match="The first one stays"):
            person.spends_the_day()
    else:
        assert person.spends_the_day() is ExitCode.OK
        assert "No second order was placed. The first one stays." in person.words
    assert (person.orders, person.states) == (1, [State.ACCEPTED])


@pytest.mark.long
def test_where_only_one_row_is_left_the_day_ends_after_it(meet: Meet) -> None:
    person = meet("1")
    assert person.spends_the_day([order(1)]) is ExitCode.OK
    assert person.orders == 1
    assert (
        "The workbook has no second order.\nThe account is ready.\nNext:    bulk-orders status "
        in person.words
    )
    assert (person.words.count("Next:"), "bulk-orders run" in person.words) == (1, False)
    assert person.spends_the_day([order(1)]) is ExitCode.OK
    assert "No row of the workbook is left to order, and nothing was ordered now." in person.words
    assert person.orders == 1


@pytest.mark.long
def test_while_an_order_is_in_doubt_no_other_one_is_proposed(meet: Meet) -> None:
    person = meet("1", "1")
    person.server.simulator.fail_next("reset-before-commit")
    assert person.spends_the_day() is ExitCode.OUTCOME_UNKNOWN
    with pytest.raises(GuardStopped, match="Row 2 has been in doubt since run"):
        person.spends_the_day()
    assert (person.orders, person.states) == (0, [State.UNKNOWN])


@pytest.mark.long
def test_a_lost_answer_is_looked_up_and_found_and_the_order_is_never_sent_again(meet: Meet) -> None:
    person = meet("1", ENTER, faults="500-after-commit=every:1")
    assert person.spends_the_day() is ExitCode.OK
    assert (person.orders, person.states) == (1, [State.ACCEPTED])
    assert "order SO000001 was taken" in person.words


@pytest.mark.long
def test_while_the_first_order_is_in_doubt_no_second_is_proposed(meet: Meet) -> None:
    person = meet("1", "1", faults="500-after-commit=every:1,list-lag=600")
    assert person.spends_the_day() is not ExitCode.OK
    assert (person.orders, person.answers, person.states) == (1, ["1"], [State.UNKNOWN])
    assert "No second order is proposed until this one is settled." in person.words


def test_an_order_that_was_refused_has_shown_a_refusal_in_the_marketplaces_words() -> None:
    services: Any = None  # nothing more is asked about it
    texts = dict.fromkeys(("key", "account", "run_id", "reference", "customer_id", "mpn", "domain"), "x")
    refused = OrderRecord(
        **{**texts, "state": State.REJECTED, "message": "Credit limit exceeded."},
        sheet_row=4,
        quantity="1",
        marker="PO-1",
        body="{}",
        fingerprint="f",
    )
    assert [(fact.text, fact.is_usual) for fact in shown_by(services, refused)] == [
        ("a refusal: Credit limit exceeded.", False)
    ]


def test_a_row_that_the_marketplace_would_not_take_is_not_proposed(meet: Meet) -> None:
    person = meet(ENTER)
    assert person.spends_the_day([order(1, Quantity="999999"), order(2)]) is ExitCode.OK
    assert "Row 2 is not proposed:\n  ✖ Orders!D2" in person.words
    assert "USD 12.60 for row 3" in person.words
    assert (person.orders, person.answers) == (0, [])


@pytest.mark.long
def test_after_a_row_that_would_not_be_taken_the_check_comes_next(meet: Meet) -> None:
    person = meet("1")
    assert person.spends_the_day([order(1, Quantity="999999"), order(2)]) is ExitCode.OK
    assert "The account is ready. Next: bulk-orders check orders.xlsx --profile live --online" in person.words


def test_a_workbook_whose_rows_the_marketplace_would_not_take_is_to_be_corrected(meet: Meet) -> None:
    person = meet("1")
    with pytest.raises(InputError) as refused:
        person.spends_the_day([order(1, Quantity="999999")])
    assert refused.value.fix == "Correct them: bulk-orders check orders.xlsx --profile live --online"
    assert (person.orders, person.answers) == (0, ["1"])
