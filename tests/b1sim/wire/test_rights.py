"""A user who is no superuser does what was granted, and meets -6006 at everything else."""

from contextlib import asynccontextmanager

import httpx
import pytest

pytestmark = pytest.mark.anyio

ORDER = {
    "CardCode": "C1",
    "DocDueDate": "2026-12-01",
    "DocumentLines": [{"ItemCode": "A", "Quantity": 1}],
}


@pytest.fixture(autouse=True)
def stocked(world):
    world.clerk.add_partner("C1")
    world.clerk.add_item("A", stock="100")


@asynccontextmanager
async def logged_in(world, user):
    root = f"{world.base_url}/b1s/v2/"
    async with httpx.AsyncClient(transport=world.transport(), base_url=root) as client:
        login = {"CompanyDB": world.company.settings.name, "UserName": user, "Password": "secret"}
        assert (await client.post("Login", json=login)).status_code == 200
        yield client


def outcome(reply):
    error = reply.json().get("error") if reply.content else None
    return (reply.status_code, error and error["code"])


REFUSED = (403, "-6006")


async def test_nothing_is_granted_to_begin_with(world):
    world.clerk.add_user("anna")

    async with logged_in(world, "anna") as anna:
        replies = [
            await anna.get("Orders"),
            await anna.get("Orders/$count"),
            await anna.get("Orders?$top=0"),
            await anna.post("Orders", json=ORDER),
            await anna.patch("Items('A')", json={}),
            await anna.delete("BusinessPartners('C1')"),
            await anna.post("Orders(1)/Close"),
            await anna.post("OrdersService_Preview", json={"Document": ORDER}),
            await anna.post("CompanyService_UpdateAdminInfo", json={"AdminInfo": {}}),
        ]

    assert [outcome(reply) for reply in replies] == [REFUSED] * len(replies)


async def test_a_right_to_write_is_one_to_read(world):
    world.clerk.add_user("anna", write=["Orders"])

    async with logged_in(world, "anna") as anna:
        made = await anna.post("Orders", json=ORDER)
        read = await anna.get("Orders(1)")
        invoice = await anna.post("Invoices", json=ORDER)

    assert (made.status_code, read.status_code, outcome(invoice)) == (201, 200, REFUSED)
    assert world.company.count("Invoices") == 0


async def test_a_right_to_read_is_not_one_to_write(world):
    world.clerk.add_user("anna", read=["Items"])

    async with logged_in(world, "anna") as anna:
        read = await anna.get("Items('A')")
        written = await anna.patch("Items('A')", json={"ItemName": "Mine"})
        nowhere = await anna.patch("Items('~none~')", json={})

    assert read.status_code == 200
    assert [outcome(written), outcome(nowhere)] == [REFUSED, REFUSED]


async def test_what_is_forbidden_is_not_to_be_had_by_another_way(world):
    world.clerk.add_user("anna", write=["Orders"])

    async with logged_in(world, "anna") as anna:
        await anna.post("Orders", json=ORDER)
        ways = [
            await anna.get("Orders?$expand=BusinessPartner"),
            await anna.get("Orders(1)/BusinessPartner"),
            await anna.get(
                "$crossjoin(Orders,BusinessPartners)?$expand=Orders($select=DocEntry),"
                "BusinessPartners($select=CardName)"
                "&$filter=Orders/CardCode eq BusinessPartners/CardCode"
            ),
            await anna.get("Invoices?$apply=aggregate(DocTotal with sum as Sum)"),
        ]

    assert [outcome(reply) for reply in ways] == [REFUSED] * 4


async def test_small_tables_are_read_by_everybody_and_written_by_few(world):
    world.clerk.add_user("anna")

    async with logged_in(world, "anna") as anna:
        read = await anna.get("Warehouses")
        written = await anna.post("Warehouses", json={"WarehouseCode": "99"})

    assert (read.status_code, outcome(written)) == (200, REFUSED)


async def test_a_right_can_be_given_and_taken_by_service(world, v2):
    world.clerk.add_user("anna")
    right = {"UserCode": "anna", "PermissionID": "139"}

    before = (await v2.post("SBOBobService_GetSystemPermission", json=right)).json()
    await v2.post("SBOBobService_SetSystemPermission", json=right | {"Permission": 1})
    async with logged_in(world, "anna") as anna:
        allowed = await anna.get("Orders")
        greedy = await anna.post(
            "SBOBobService_SetSystemPermission", json=right | {"PermissionID": "133"}
        )
        await v2.post("SBOBobService_SetSystemPermission", json=right | {"Permission": 3})
        taken = await anna.get("Orders")

    assert before == 6
    assert (allowed.status_code, outcome(greedy), outcome(taken)) == (200, REFUSED, REFUSED)
    after = await v2.post("SBOBobService_GetSystemPermission", json=right)
    assert after.json() == 3


async def test_part_of_a_batch_asks_for_its_own_right(world):
    world.clerk.add_user("anna", read=["Items"])
    body = "\r\n".join(
        line
        for path in ("Items('A')", "Orders(1)")
        for line in (
            "--b",
            "Content-Type: application/http",
            "Content-Transfer-Encoding: binary",
            "",
            f"GET /b1s/v2/{path}",
            "",
            "",
        )
    )
    async with logged_in(world, "anna") as anna:
        reply = await anna.post(
            "$batch",
            content=f"{body}\r\n--b--",
            headers={"Content-Type": "multipart/mixed;boundary=b"},
        )

    assert reply.text.count("200 OK") == 1
    assert "-6006" in reply.text


async def test_the_clerk_is_nobody_of_the_wire(world):
    world.clerk.add_user("anna")

    async with logged_in(world, "anna") as anna:
        await anna.get("Orders")
        world.clerk.add_item("B", stock="5")

    assert world.company.read("Items", {"ItemCode": "B"})["QuantityOnStock"] == 5


async def test_a_stored_query_runs_for_whom_it_was_granted_within_a_minute(world, v2, clock):
    key = {"InternalKey": world.clerk.add_user("anna")}
    query = {"SqlCode": "stock", "SqlName": "s", "SqlText": "SELECT ItemCode FROM OITM"}
    await v2.post("SQLQueries", json=query)
    row = {"PermissionID": "stock", "Permission": "boper_Full"}

    async with logged_in(world, "anna") as anna:
        defined = await anna.get("SQLQueries('stock')")
        first = await anna.get("SQLQueries('stock')/List")
        await v2.patch(f"Users({key['InternalKey']})", json={"UserPermission": [row]})
        at_once = await anna.get("SQLQueries('stock')/List")
        clock.pass_minutes(1)
        later = await anna.get("SQLQueries('stock')/List")
        changed = await anna.patch("SQLQueries('stock')", json={"SqlName": "t"})
        removed = await anna.delete("SQLQueries('stock')")

    assert defined.status_code == later.status_code == 200
    assert [outcome(r) for r in (first, at_once, changed, removed)] == [REFUSED] * 4


async def test_a_granted_modifier_of_queries_may_change_them(world):
    world.clerk.add_user("anna", write=["SQLQueries"])
    query = {"SqlCode": "mine", "SqlName": "s", "SqlText": "SELECT ItemCode FROM OITM"}

    async with logged_in(world, "anna") as anna:
        made = await anna.post("SQLQueries", json=query)

    assert made.status_code == 201


async def test_everybody_learns_who_they_are_and_not_who_the_others_are(world):
    world.clerk.add_user("anna")

    async with logged_in(world, "anna") as anna:
        myself = await anna.post("UsersService_GetCurrentUser")
        others = await anna.get("Users")
        activities = await anna.post("ActivitiesService_GetActivityList")

    assert myself.json()["UserCode"] == "anna"
    assert [outcome(others), outcome(activities)] == [REFUSED, REFUSED]
