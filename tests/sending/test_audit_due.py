"""An audit that a run did not make whole is made by the next one, until one was whole after everything had arrived."""

from datetime import UTC, datetime, timedelta

import pytest

from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.sending.audit_due import AuditDue

NOW = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
WINDOW_S = 900.0
WINDOW = timedelta(seconds=WINDOW_S)


@pytest.fixture
def due() -> AuditDue:
    return AuditDue(MemoryLedger(), "live")


def test_nothing_is_due_before_anything_was_sent(due: AuditDue) -> None:
    due.have_audited(NOW, WINDOW_S)
    assert due.since() is None


def test_it_is_due_since_the_first_sending_that_was_not_audited(due: AuditDue) -> None:
    due.mark_sent_since(NOW)
    due.mark_sent_since(NOW + timedelta(hours=1))
    assert due.since() == NOW
    due.mark_sent_since(NOW - timedelta(hours=1))
    assert due.since() == NOW - timedelta(hours=1)


def test_it_stays_due_for_what_was_sent_within_the_window_before_the_audit(due: AuditDue) -> None:
    due.mark_sent_since(NOW - timedelta(hours=1))
    due.have_audited(NOW, WINDOW_S)
    assert due.since() == NOW - WINDOW


@pytest.mark.parametrize(("later", "is_due"), [(WINDOW, False), (WINDOW - timedelta(seconds=1), True)])
def test_a_second_audit_a_window_later_ends_it(due: AuditDue, later: timedelta, is_due: bool) -> None:
    due.mark_sent_since(NOW - timedelta(hours=1))
    due.have_audited(NOW, WINDOW_S)
    due.have_audited(NOW + later, WINDOW_S)
    assert (due.since() is not None) == is_due


def test_a_sending_between_two_audits_begins_it_anew(due: AuditDue) -> None:
    due.mark_sent_since(NOW - timedelta(hours=1))
    due.have_audited(NOW, WINDOW_S)
    due.mark_sent_since(NOW + timedelta(hours=2))
    assert due.since() == NOW - WINDOW
    due.have_audited(NOW + timedelta(hours=3), WINDOW_S)
    assert due.since() == NOW + timedelta(hours=3) - WINDOW


def test_each_account_has_its_own(due: AuditDue) -> None:
    ledger = MemoryLedger()
    AuditDue(ledger, "live").mark_sent_since(NOW)
    assert AuditDue(ledger, "other").since() is None
