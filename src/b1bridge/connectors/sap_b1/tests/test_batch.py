"""Batches against the simulated company, in both versions."""

import pytest

from b1bridge.connectors.sap_b1.client.batch import Batch
from b1bridge.connectors.sap_b1.client.batch_result import Done, NotExecuted, Refused, RolledBack
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.errors import OutcomeUnknown, Rejected, Transient
from b1sim.company import clerk

pytestmark = pytest.mark.anyio


def order(partner="C1", **more):
    lines = [{"ItemCode": "TEA", "Quantity": 1, "UnitPrice": 5}]
    return {"CardCode": partner, "DocDueDate": "2026-12-01", "DocumentLines": lines} | more


@pytest.fixture
async def service(world_settings, line):
    service = ServiceLayer(line, world_settings)
    yield service
    await service.close()


async def orders(service):
    return (await service.rows("Orders", select=["DocEntry", "NumAtCard"])).rows


async def test_reads_and_writes_come_back_each_with_its_own(service):
    batch = Batch()
    read = batch.get("Items('TEA')?$select=ItemCode,ItemName")
    changes = batch.change_set()
    first, second = changes.post("Orders", order()), changes.post("Orders", order())

    result = await service.send_batch(batch)

    assert result.all_done
    assert result.fields(read)["ItemName"] == "Earl Grey"
    entries = [result.fields(op)["DocEntry"] for op in (first, second)]
    assert [row["DocEntry"] for row in await orders(service)] == entries


async def test_a_later_operation_refers_to_what_an_earlier_one_made(service):
    batch = Batch()
    changes = batch.change_set()
    made = changes.post("Orders", order())
    changes.patch(f"{made}", {"Comments": "by reference"})
    changes.post(f"{made}/Close")

    result = await service.send_batch(batch)

    assert result.all_done
    entry = result.fields(made)["DocEntry"]
    after = await service.get(f"Orders({entry})")
    assert (after["Comments"], after["DocumentStatus"]) == ("by reference", "bost_Close")


async def test_a_change_set_that_fails_leaves_nothing_and_what_came_before_stays(service):
    batch = Batch()
    before = batch.post("Orders", order(NumAtCard="before"))
    changes = batch.change_set()
    good, bad = changes.post("Orders", order()), changes.post("Orders", order("nobody"))
    after = batch.post("Orders", order())

    result = await service.send_batch(batch)

    kinds = [type(result[op]) for op in (before, good, bad, after)]
    assert kinds == [Done, RolledBack, RolledBack, NotExecuted]
    assert [row["NumAtCard"] for row in await orders(service)] == ["before"]
    with pytest.raises(Rejected):
        result.fields(bad)


async def test_an_operation_alone_that_fails_is_refused_and_stops_the_rest(service):
    batch = Batch()
    bad, after = batch.post("Orders", order("nobody")), batch.get("Items('TEA')")

    result = await service.send_batch(batch)

    assert [type(result[op]) for op in (bad, after)] == [Refused, NotExecuted]


async def test_a_batch_whose_reply_is_lost_is_of_unknown_outcome_and_not_sent_again(world, service):
    await service.open()
    world.lose_reply("$batch")
    batch = Batch()
    batch.change_set().post("Orders", order())

    with pytest.raises(OutcomeUnknown):
        await service.send_batch(batch)

    assert world.requests()["POST $batch"] == 1
    assert len(await orders(service)) == 1


async def test_a_batch_that_only_reads_may_be_sent_again(world, service):
    await service.open()
    world.bad_gateway("$batch")
    batch = Batch()
    batch.get("Items('TEA')")

    with pytest.raises(Transient):
        await service.send_batch(batch)


@pytest.mark.parametrize("kills", [False, True])
async def test_a_company_check_refuses_a_change_set_or_kills_the_node(world, service, kills):
    clerk.reject_when(world.company, "Orders", "DocTotal > 100", "Ask the boss", number=77)
    world.quirks.batch_kills_node = kills
    batch = Batch()
    changes = batch.change_set()
    small, large = (changes.post("Orders", order(Comments=c)) for c in ("small", "large"))
    changes.patch(f"{large}", {"DocumentLines": [{"LineNum": 0, "Quantity": 100}]})

    if kills:
        with pytest.raises(OutcomeUnknown, match="502"):
            await service.send_batch(batch)
    else:
        result = await service.send_batch(batch)
        with pytest.raises(Rejected, match="Ask the boss"):
            result.fields(small)

    assert world.company.count("Orders") == 0


async def test_a_session_that_ended_is_renewed_before_the_batch(world, service):
    await service.open()
    world.drop_sessions()
    batch = Batch()
    batch.change_set().post("Orders", order())

    assert (await service.send_batch(batch)).all_done
    assert len(await orders(service)) == 1


async def test_an_empty_batch_asks_nothing(world, service):
    batch = Batch()
    batch.change_set()

    assert (await service.send_batch(batch)).all_done
    assert world.requests() == {}
