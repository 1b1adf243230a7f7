"""Notices doubled and shuffled, of strangers, or unreadable: the same of every connector."""

import random

import pytest

from b1bridge.errors import Untrusted

pytestmark = pytest.mark.anyio


async def test_each_notice_three_times_in_any_order_and_form_is_one_document(
    hub, sold, knock, settled, booked
):
    sales = sold(6)
    knocks = sales * 3
    random.Random(3).shuffle(knocks)  # noqa: S311 - an order of arrival, not a secret
    await knock(knocks[:9])
    await hub.start_worker(schedule=False)

    await knock(knocks[9:])
    await settled()

    assert await hub.cases() == []
    assert booked() == sales


async def test_one_delivery_is_taken_once_however_often_it_comes(hub, seller, sold, clock):
    (sale,) = sold(1)
    for headers, body in seller.letters(sale):
        taken = [await hub.accept(seller.name, headers, body, clock()) for _ in range(3)]

        assert [(one.new, one.duplicates) for one in taken] == [(1, 0), (0, 1), (0, 1)]


async def test_what_a_stranger_sends_is_refused_counted_and_starts_nothing(
    hub, seller, sold, clock, settled, booked
):
    (sale,) = sold(1)
    bodies = [body for _, body in seller.letters(sale)]
    for body in bodies:
        for headers in seller.forged(body):
            with pytest.raises(Untrusted):
                await hub.accept(seller.name, headers, body, clock())
    await hub.start_worker(schedule=False)
    await settled()

    assert (await hub.counts())["refused notices"] == 3 * len(bodies)
    assert booked() == []
    assert await hub.cases() == []


GARBAGE = [b'{"cut": "off', b"\xff\xfe no text", b"[1, 2, 3]", b"[NaN]", b"[" * 200_000]


@pytest.mark.parametrize("body", GARBAGE, ids=["cut off", "no text", "list", "NaN", "too deep"])
async def test_what_nobody_can_read_is_kept_as_it_came_with_one_case(hub, seller, clock, body):
    await _is_kept(hub, seller, clock, body)


async def test_a_notice_that_names_no_record_is_kept_with_its_case(hub, seller, clock):
    for body in seller.cryptic():
        await _is_kept(hub, seller, clock, body)


async def _is_kept(hub, seller, clock, body):
    seller.sells()
    for _ in range(2):
        await hub.accept(seller.name, seller.posted(body), body, clock())

    (case,) = await hub.cases()
    assert (case.reason, case.ref) == ("SCHEMA", f"{seller.name}/notice")
    assert body.decode(errors="replace")[:20_000] == case.evidence
    await hub.ignore_case(case.id, "seen", "clerk")


async def test_talk_of_what_concerns_nothing_we_do_is_thanked_and_dropped(hub, seller, clock):
    seller.sells()
    body = seller.idle_talk()

    taken = await hub.accept(seller.name, seller.posted(body), body, clock())

    assert (taken.new, await hub.cases()) == (0, [])
