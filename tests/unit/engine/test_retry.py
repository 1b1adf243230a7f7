"""What follows from each kind of trouble."""

from datetime import UTC, datetime, timedelta

import pytest

from b1bridge.engine.retry import Next, Patience, decide, quick_pause
from b1bridge.errors import (
    ConnectionBroken,
    ContractBroken,
    OutcomeUnknown,
    Rejected,
    Transient,
    Unmapped,
    Untrusted,
)

T0 = datetime(2026, 11, 2, 9, tzinfo=UTC)
PATIENCE = Patience(budget=5)


def decided(error, failures=1):
    return decide(error, failures=failures, now=T0, patience=PATIENCE)


@pytest.mark.parametrize(
    ("error", "next_", "reason"),
    [
        (Rejected("closed"), Next.CASE, "REJECTED"),
        (Unmapped("no code", reason="TAX_MAP"), Next.CASE, "TAX_MAP"),
        (ContractBroken("no total"), Next.CASE, "SCHEMA"),
        (Untrusted("forged"), Next.CASE, "AUTH"),
        (ConnectionBroken("401"), Next.PAUSE, "AUTH"),
    ],
)
def test_what_only_a_person_can_decide_waits_for_one(error, next_, reason):
    decision = decided(error)

    assert (decision.next, decision.reason, decision.due_at) == (next_, reason, None)


@pytest.mark.parametrize("failures", [1, 2, 3, 4])
def test_each_failure_doubles_the_longest_pause(failures):
    pauses = [(decided(Transient("busy"), failures).due_at - T0).total_seconds() for _ in range(50)]

    longest = 2.0 * 2 ** (failures - 1)
    assert longest / 2 <= min(pauses)
    assert max(pauses) <= longest
    assert max(pauses) > min(pauses)


def test_no_pause_is_longer_than_five_minutes():
    patient = Patience(budget=1000)

    decision = decide(Transient("busy"), failures=900, now=T0, patience=patient)

    assert decision.due_at <= T0 + timedelta(minutes=5)


def test_we_come_back_no_earlier_than_we_were_asked_to():
    decision = decided(Transient("busy", retry_after=120))

    assert decision.due_at == T0 + timedelta(seconds=120)


def test_after_an_unknown_outcome_the_remote_side_is_given_time():
    assert decided(OutcomeUnknown("cut off")).due_at >= T0 + timedelta(seconds=10)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Transient("busy"), "NETWORK"),
        (Transient("deaf", reason="CALLBACK_FAILED", fix="start it"), "CALLBACK_FAILED"),
        (OutcomeUnknown("cut off"), "AMBIGUOUS_WRITE"),
    ],
)
def test_the_last_attempt_ends_in_a_case(error, reason):
    decision = decided(error, failures=5)

    assert (decision.next, decision.reason) == (Next.CASE, reason)


def test_inside_a_step_we_try_a_few_times_and_never_wait_long():
    error = Transient("busy")

    assert quick_pause(1, error, PATIENCE) <= 0.2
    assert quick_pause(2, error, PATIENCE) <= 0.8
    assert quick_pause(3, error, PATIENCE) is None
    assert quick_pause(1, Transient("busy", retry_after=2), PATIENCE) == 2
    assert quick_pause(1, Transient("busy", retry_after=60), PATIENCE) is None
