"""The company's webhooks: registered once, again after Pipedrive deleted or dropped them."""

import httpx
import pytest

from b1bridge.connectors.pipedrive.webhooks import SUBJECTS

pytestmark = pytest.mark.anyio
DOOR = "https://hub.example/notices/crm"


class Door:
    """Our side of the wire; it may be shut."""

    def __init__(self):
        self.heard = []
        self.shut = False

    async def __call__(self, scope, receive, send):
        body = (await receive())["body"]
        if not self.shut:
            self.heard.append((dict(scope["headers"]), body))
        status = 503 if self.shut else 200
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def door():
    return Door()


@pytest.fixture
async def line(door):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(door)) as http:
        yield http


async def test_what_is_missing_is_registered_and_nothing_twice(office):
    assert await office.crm.subscribe(DOOR) == SUBJECTS

    assert await office.crm.subscribe(DOOR) == ()
    assert {one.subject for one in await office.crm.subscriptions()} == set(SUBJECTS)


async def test_one_that_was_deleted_is_made_anew(office):
    await office.crm.subscribe(DOOR)
    gone = next(iter(office.world.company.hooks.values()))
    del office.world.company.hooks[gone.id]

    assert await office.crm.subscribe(DOOR) == (gone.object,)


async def test_one_that_is_off_is_replaced(office):
    await office.crm.subscribe(DOOR)
    hook = next(iter(office.world.company.hooks.values()))
    hook.active = False

    assert await office.crm.subscribe(DOOR) == (hook.object,)
    assert len(office.world.company.hooks) == len(SUBJECTS)


async def test_one_that_stands_twice_is_left_once(office):
    await office.crm.subscribe(DOOR)
    payload = {
        "subscription_url": DOOR,
        "event_action": "*",
        "event_object": "deal",
        "name": "doubled by hand",
    }
    await office.ask("POST", "/v1/webhooks", json=payload)

    await office.crm.subscribe(DOOR)

    assert [hook.object for hook in office.world.company.hooks.values()].count("deal") == 1


async def test_another_address_is_left_alone(office):
    await office.crm.subscribe("https://other.example/in")

    await office.crm.subscribe(DOOR)

    assert len(office.world.company.hooks) == 2 * len(SUBJECTS)


async def test_letters_come_with_our_user_and_password(office, door, line):
    await office.crm.subscribe(DOOR)
    deal = office.world.add_deal("Big")

    await office.world.deliver(http=line)

    ((headers, body),) = door.heard
    given = {name.decode(): value.decode() for name, value in headers.items()}
    (notice,) = office.world_notices(given, body)
    assert notice.ref.id == str(deal)


async def test_a_door_that_was_shut_for_days_is_opened_again(office, door, line, clock):
    await office.crm.subscribe(DOOR)
    door.shut = True
    for _ in range(4):
        office.world.add_deal("Lost")
        await office.world.deliver(http=line)
        clock.forward(days=1)
    assert office.world.company.hooks.keys() != set()
    lost = {hook.object for hook in office.world.company.hooks.values()}

    assert "deal" not in lost
    assert await office.crm.subscribe(DOOR) == ("deal",)
