"""What changed is seen whole: later mornings, late commits and the hour that comes twice."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.connectors.sap_b1.client.changes import (
    Changes,
    Watermark,
    beginning,
    changed_since,
    stamp_of,
)
from b1bridge.connectors.sap_b1.client.entities import Entities
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.errors import ContractBroken

BERLIN = ZoneInfo("Europe/Berlin")
NEVER = timedelta(0)
at = datetime.fromisoformat


@pytest.fixture
async def service(world_settings, line):
    service = ServiceLayer(line, world_settings)
    yield service
    await service.close()


async def changed(changes):
    return [row for rows in [r async for r in changes.windows()] for row in rows]


@pytest.mark.anyio
async def test_a_reading_sees_what_changed_since_and_reaches_the_newest_stamp(service):
    items = Entities(service, "Items")
    everything = Changes(service, "Items", "ItemCode", ["ItemName"])
    first = await changed(everything)
    await items.patch("TEA", {"ItemName": "Darjeeling"})

    again = await changed(Changes(service, "Items", "ItemCode", ["ItemName"], everything.reached))

    assert {row["ItemCode"] for row in first} == {"TEA", "MUG"}
    assert "Darjeeling" in {row["ItemName"] for row in again}
    assert everything.reached is not None


@pytest.mark.anyio
async def test_nothing_new_keeps_the_watermark(service):
    future = Watermark(at("2099-01-01T12:00:00"))
    changes = Changes(service, "Items", "ItemCode", ["ItemName"], future)

    assert await changed(changes) == []
    assert changes.reached == future


@pytest.mark.anyio
async def test_a_reading_that_broke_off_reaches_nothing(service):
    changes = Changes(service, "Items", "ItemCode", [], size=1)

    async for _ in changes.windows():
        break

    assert changes.reached is None


@pytest.mark.anyio
async def test_documents_are_asked_with_their_day_of_creation(script, http, settings):
    since = Watermark(at("2026-11-21T12:30:40"))

    await changed(Changes(ServiceLayer(http, settings), "Orders", "DocEntry", [], since))

    asked = script.requests[-1].url.params
    assert asked["$filter"] == (
        "(UpdateDate gt '2026-11-21' or (UpdateDate eq '2026-11-21' and UpdateTime ge '12:28:00') "
        "or (UpdateDate eq null and CreationDate ge '2026-11-21'))"
    )
    assert asked["$select"] == "DocEntry,UpdateDate,UpdateTime,CreationDate"


def test_a_set_that_is_stamped_by_days_is_asked_by_days():
    assert changed_since(date(2026, 1, 2)).text == "UpdateDate ge '2026-01-02'"


@pytest.mark.anyio
async def test_days_alone_reach_midnight(script, http, settings):
    row = {"DocEntry": 1, "UpdateDate": "2026-01-02T00:00:00Z"}
    script.answers = [httpx.Response(200, json={"value": [row]})]
    changes = Changes(ServiceLayer(http, settings), "StockTransfers", "DocEntry", [])

    await changed(changes)

    assert changes.reached == Watermark(at("2026-01-02T00:00:00"))
    assert script.requests[-1].url.params["$select"] == "DocEntry,UpdateDate"


@pytest.mark.anyio
async def test_a_set_without_stamps_is_refused_at_once(http, settings):
    with pytest.raises(ValueError, match="has no UpdateDate"):
        Changes(ServiceLayer(http, settings), "IncomingPayments", "DocEntry", [])


@given(
    before=st.datetimes(at("2026-01-01T00:00:00"), at("2026-12-30T00:00:00")),
    later=st.timedeltas(timedelta(0), timedelta(days=2)),
)
def test_whatever_is_stamped_later_is_matched_however_the_clock_was_set(before, later):
    """A change some time after the watermark, in real time, is inside the window."""
    instant = before.replace(tzinfo=BERLIN)
    stamp = (instant.astimezone(ZoneInfo("UTC")) + later).astimezone(BERLIN).replace(tzinfo=None)

    begin = beginning(Watermark(before), NEVER, BERLIN)

    assert stamp >= begin.replace(second=0)


def test_without_a_zone_only_the_overlap_counts():
    since = Watermark(at("2026-10-25T02:30:00"))

    assert beginning(since, timedelta(minutes=2), None) == at("2026-10-25T02:28:00")
    assert beginning(since, timedelta(minutes=2), BERLIN) == at("2026-10-25T01:28:00")


@pytest.mark.parametrize("day", ["2026-01-02", "2026-01-02T00:00:00Z"])
def test_a_stamp_is_read_in_both_spellings(day):
    mark = stamp_of({"UpdateDate": day, "UpdateTime": "19:32:42"})

    assert mark == Watermark(datetime.combine(date(2026, 1, 2), time(19, 32, 42)))


def test_a_row_without_stamps_counts_from_its_creation():
    assert stamp_of({"CreateDate": "2026-01-02"}) == Watermark(at("2026-01-02T00:00:00"))
    assert stamp_of({"DocEntry": 1}) is None


def test_a_stamp_that_is_none_is_no_crash():
    with pytest.raises(ContractBroken, match="no stamp"):
        stamp_of({"UpdateDate": "yesterday"})
