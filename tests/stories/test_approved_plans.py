"""Plan, approve, apply: what one person planned and another approved is sent once, exactly so, or not at all."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from books.order_books import E3, order_row, order_rows, result_rows, write_book
from gateway import gateway_before
from placed_once import assert_each_placed_once
from processes import Desk, Ended
from two_people import TwoPeople, needs_two_people

pytestmark = needs_two_people

ROWS = 3


@pytest.fixture
def office(desk: Desk) -> TwoPeople:
    people = TwoPeople(desk, desk.practice())
    people.settings()
    desk.settings.update(BULK_ORDERS_PASSWORD="practice", BULK_ORDERS_SUBSCRIPTION_KEY="practice")
    write_book(desk.folder / "orders.xlsx", order_rows(ROWS))
    return people


def assert_refused(office: TwoPeople, ended: Ended, why: str, sent: int = 0) -> None:
    """Exit code 9, nothing sent, one JSON object that says why in one sentence, and no run on record."""
    assert (ended.code, ended.json["exit_code"], office.practice.posts()) == (9, 9, sent), ended.words
    told = ended.json["error"]["message"]
    assert why in told
    assert told.endswith(".")
    assert len(office.run("history", "--json").json["runs"]) == (1 if sent else 0)


def test_an_approved_plan_is_sent_once_and_exactly(office: TwoPeople) -> None:
    plan = office.plan()
    approved = office.as_other("approve", plan["id"], "--json")

    sent = office.run("apply", plan["id"], "--new-ledger", "--json")
    again = office.run("apply", plan["id"], "--json")

    assert (plan["orders"], plan["made_by"], plan["rows"]) == (ROWS, office.maker, [2, 3, 4])
    assert (approved.code, approved.json["plan"]["approved_by"]) == (0, office.approver)
    assert (sent.code, again.code, office.practice.posts()) == (0, 0, ROWS)
    assert [row["outcome"] for row in again.json["rows"]] == ["ordered_before"] * ROWS
    assert_each_placed_once(office.practice, sent.json, ROWS)
    told = sent.json["approval"]
    assert (told["plan_id"], told["made_by"], told["approved_by"]) == (
        plan["id"],
        office.maker,
        office.approver,
    )


@pytest.mark.long
def test_whoever_approves_by_the_command_is_told_what_is_done(office: TwoPeople) -> None:
    plan = office.plan()
    approved = office.as_other("approve", plan["id"])

    assert (approved.code, plan["actions"], plan["credited"]) == (0, {"sales": ROWS}, {})
    assert f"{ROWS} new orders." in approved.out


@pytest.mark.long
def test_ones_own_approval_is_refused_by_the_command_and_by_the_workbook(office: TwoPeople) -> None:
    plan = office.plan()

    by_command = office.run("approve", plan["id"], "--json")
    by_workbook = office.run("apply", office.say(plan, "Yes"), "--json")

    for ended in (by_command, by_workbook):
        assert_refused(office, ended, f"{office.maker} made the plan {plan['id']} and cannot approve it.")
    assert_refused(office, office.run("apply", plan["id"], "--json"), "Nobody has approved")


@pytest.mark.long
def test_the_plan_workbook_saved_with_yes_is_its_owners_approval(office: TwoPeople) -> None:
    plan = office.plan()

    sent = office.as_other("apply", office.say(plan, "yes"), "--new-ledger", "--json")

    assert (sent.code, office.practice.posts()) == (0, ROWS)
    assert sent.json["approval"]["approved_by"] == office.approver
    results = result_rows(office.desk.folder / sent.json["files"]["results"])
    assert [row["Outcome"] for row in results] == ["○ Accepted, being set up"] * ROWS
    listed = office.run("history", "--json").json["runs"][0]
    assert listed["approval"]["approved_by"] == office.approver
    assert office.approver in office.run("history").out
    assert (
        office.run("report", "last", "--profile", "live", "--json").json["approval"]["plan_id"] == plan["id"]
    )
    assert office.run("verify").code == 0


@pytest.mark.long
@pytest.mark.parametrize(
    ("answer", "cells", "why"),
    [
        ("Yes", {"Planned_orders_G3": 7}, "Planned orders!G3"),
        ("Yes", {"By_customer_E2": 1.5}, "By customer!E2"),
        ("Yes", {"Plan_B7": "31-Dec-2029 00:00 UTC"}, "Plan!B7"),
        ("Yes", {"Plan_G30": "looks good"}, "Plan!G30"),
        ("No", {}, "says No"),
        ("Yes, but", {}, "must be Yes or No"),
        ("", {}, "Nobody has approved"),
    ],
)
def test_a_plan_workbook_in_which_anything_else_was_changed_is_no_approval(
    office: TwoPeople, answer: str, cells: dict[str, object], why: str
) -> None:
    path = office.say(office.plan(), answer, **cells)

    assert_refused(office, office.as_other("apply", path, "--json"), why)


@pytest.mark.long
def test_a_workbook_that_others_can_write_proves_nothing(office: TwoPeople) -> None:
    path = office.say(office.plan(), "Yes")
    path.chmod(0o664)

    assert_refused(office, office.as_other("apply", path, "--json"), "does not prove who approved it")


def changed_orders(office: TwoPeople) -> None:
    write_book(office.desk.folder / "orders.xlsx", order_rows(ROWS, mpn=E3))


def no_orders(office: TwoPeople) -> None:
    (office.desk.folder / "orders.xlsx").unlink()


def another_account(office: TwoPeople) -> None:
    office.settings(user="somebody-else")


def another_approver(office: TwoPeople) -> None:
    office.settings(approvers=["somebody-else"])


def no_approver(office: TwoPeople) -> None:
    office.settings(approvers=[])


@pytest.mark.long
@pytest.mark.parametrize(
    ("move", "options", "why"),
    [
        (changed_orders, (), "the workbook orders.xlsx was changed since it was planned."),
        (no_orders, (), "the workbook that was planned cannot be read"),
        (another_account, (), "somebody-else"),
        (another_approver, (), "may not approve plans of the profile live."),
        (no_approver, (), "names nobody who may approve plans."),
        (lambda _: None, ("--profile", "usual"), "was made for the profile live, not for usual."),
    ],
)
def test_what_is_not_as_it_was_approved_is_refused_with_what_moved(
    office: TwoPeople, move: Callable[[TwoPeople], None], options: tuple[str, ...], why: str
) -> None:
    plan = office.plan()
    assert office.as_other("approve", plan["id"]).code == 0

    move(office)

    refused = office.run("apply", plan["id"], *options, "--json")
    assert_refused(office, refused, why)
    moved = refused.json.get("moved", [])
    assert all(what in refused.words for what in moved)


@pytest.mark.long
def test_a_plan_that_expired_is_refused(office: TwoPeople) -> None:
    plan = office.plan("--expires", "20s")
    assert office.as_other("approve", plan["id"]).code == 0
    expires_at = datetime.fromisoformat(str(plan["expires_at"]))
    time.sleep(max(0.0, (expires_at - datetime.now(UTC)).total_seconds()))

    assert_refused(office, office.run("apply", plan["id"], "--json"), "expired on")
    assert_refused(office, office.as_other("approve", plan["id"], "--json"), "expired on")


@pytest.mark.long
@pytest.mark.parametrize("surcharge", [1, -1])
def test_a_price_that_moved_by_a_cent_is_refused(office: TwoPeople, surcharge: int) -> None:
    with gateway_before(office.practice) as gateway:
        office.settings(gateway.base_url)
        plan = office.plan()
        assert office.as_other("approve", plan["id"]).code == 0
        gateway.surcharge = surcharge

        refused = office.run("apply", plan["id"], "--json")
        assert_refused(office, refused, "row 2 was planned at USD ")
        assert "; and 2 more." in refused.json["error"]["message"]
        assert "row 4 was planned at" in refused.err

        gateway.surcharge = 0
        assert office.run("apply", plan["id"], "--new-ledger").code == 0
    assert office.practice.posts() == ROWS


@pytest.mark.long
def test_rows_ordered_since_are_named_and_not_sent_again(office: TwoPeople) -> None:
    plan = office.plan()
    office.as_other("approve", plan["id"])
    other = office.desk.folder / "one.xlsx"
    write_book(other, [order_row(2)])
    assert office.run("run", other, "--profile", "usual", "--confirm", 1, "--new-ledger").code == 0

    sent = office.run("apply", plan["id"], "--json")

    assert (sent.code, office.practice.posts()) == (0, ROWS)
    assert [row["outcome"] for row in sent.json["rows"]] == ["accepted", "ordered_before", "accepted"]
    assert "1 planned order is not sent" in sent.err


@pytest.mark.long
def test_a_profile_that_asks_for_approval_sends_nothing_without_one(office: TwoPeople) -> None:
    refused = office.run("run", "orders.xlsx", "--profile", "live", "--confirm", ROWS, "--json")
    assert_refused(office, refused, "The profile live sends only approved plans.")
    assert "bulk-orders plan FILE --profile live" in refused.json["error"]["fix"]

    dry = office.run("run", "orders.xlsx", "--profile", "live", "--dry-run", "--json")
    assert (dry.code, dry.json["proposal"]["orders"]) == (0, ROWS)

    office.settings(policy="totals")
    run = office.run("run", "orders.xlsx", "--profile", "live", "--confirm", ROWS, "--new-ledger", "--json")
    office.settings()
    resumed = office.run("resume", run.json["run_id"], "--json")
    assert_refused(office, resumed, "began without an approved plan", sent=ROWS)


@pytest.mark.long
def test_rows_that_are_not_in_the_plan_are_never_sent_by_its_run(office: TwoPeople) -> None:
    book = office.desk.folder / "orders.xlsx"
    first = order_row(1, reference="")
    write_book(book, [first])
    assert office.run("run", book, "--profile", "usual", "--confirm", 1, "--new-ledger").code == 0
    # The same again without a reference is held, and so not planned; a plan has what would be sent.
    write_book(book, [{**first, "PO number": "PO-2"}, {**order_row(2), "PO number": ""}])
    plan = office.plan()
    office.as_other("approve", plan["id"])

    sent = office.run("apply", plan["id"], "--json")
    run = sent.json["run_id"]

    assert plan["rows"] == [3]
    assert (sent.code, office.practice.posts()) == (0, 2)
    assert [row["outcome"] for row in sent.json["rows"]] == ["not_sent", "accepted"]
    assert f"Not part of the plan {plan['id']}." in sent.json["rows"][0]["message"]
    confirmed = office.run("resolve", run, "--row", 2, "--confirm", "--reason", "wanted", "--json")
    resumed = office.run("resume", run, "--json")
    assert confirmed.code != 0
    assert (resumed.code, office.practice.posts()) == (0, 2)


@pytest.mark.long
def test_a_plan_of_which_an_answer_was_lost_is_finished_and_nothing_is_sent_twice(office: TwoPeople) -> None:
    with gateway_before(office.practice, lost=2) as gateway:
        office.settings(gateway.base_url)
        plan = office.plan()
        office.as_other("approve", plan["id"])
        office.run("apply", plan["id"], "--new-ledger")
        again = office.run("apply", plan["id"], "--json")
    assert (again.code, office.practice.count()) == (0, ROWS)
    assert_each_placed_once(office.practice, again.json, ROWS)


@pytest.mark.long
def test_an_erased_plan_is_refused_and_its_approval_stays_on_record(office: TwoPeople) -> None:
    plan = office.plan()
    office.as_other("approve", plan["id"])
    customer = order_row(1)["customerId"]
    purged = office.run("purge", "--customer", customer, "--yes", "--json")

    assert [ledger["plans"] for ledger in purged.json["ledgers"]] == [[plan["id"]]]
    assert str(plan["plan_workbook"]) in purged.json["ledgers"][0]["yours"]["files"]
    assert_refused(office, office.run("apply", plan["id"], "--json"), "were erased.")
    assert office.run("verify").code == 0
