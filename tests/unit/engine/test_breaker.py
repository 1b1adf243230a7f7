"""When a system is down, runs wait outside and burn nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from b1bridge.engine.breaker import Breakers
from b1bridge.errors import Transient

T0 = datetime(2026, 11, 2, 9, tzinfo=UTC)


def opened():
    breakers = Breakers(threshold=3)
    for _ in range(3):
        breakers.failed("sap", T0)
    return breakers


def test_it_opens_after_as_many_failures_in_a_row_as_agreed():
    breakers = Breakers(threshold=3)
    breakers.failed("sap", T0)
    breakers.failed("sap", T0)
    assert breakers.shut_out(T0) == {}

    breakers.failed("sap", T0)

    assert breakers.shut_out(T0) == {"sap": T0 + timedelta(seconds=5)}
    assert breakers.shut_out(T0 + timedelta(seconds=5)) == {}
    assert breakers.probing() == {"sap"}


def test_a_success_between_failures_starts_the_count_anew():
    breakers = Breakers(threshold=2)
    breakers.failed("sap", T0)
    assert not breakers.worked("sap")

    breakers.failed("sap", T0)

    assert breakers.probing() == frozenset()


def test_a_failed_probe_waits_twice_as_long_and_late_failures_do_not_count():
    breakers = opened()
    breakers.failed("sap", T0 + timedelta(seconds=1))
    probe = T0 + timedelta(seconds=5)

    breakers.failed("sap", probe)
    breakers.failed("sap", probe)

    assert breakers.open_until("sap") == probe + timedelta(seconds=10)


def test_the_pause_never_grows_beyond_its_limit():
    breakers = opened()
    now = T0
    for _ in range(30):
        now = breakers.open_until("sap")
        breakers.failed("sap", now)

    assert breakers.open_until("sap") - now == timedelta(minutes=5)


def test_a_successful_probe_closes_it():
    breakers = opened()

    assert breakers.worked("sap")
    assert breakers.open_until("sap") is None


@pytest.mark.anyio
async def test_an_outage_longer_than_all_patience_opens_no_case(hub, remote, notify, settled):
    remote.trouble["thing"] = [Transient("down") for _ in range(14)]
    for number in range(10):
        await notify(hub, f"d{number}", str(number))
    await hub.start_worker()

    await settled(hub, 60)

    assert len(remote.entries) == 10
    assert await hub.cases() == []
