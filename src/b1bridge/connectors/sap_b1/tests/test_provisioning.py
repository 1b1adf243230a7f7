"""User fields, tables and keys are planned, made once, and said to need a restart."""

import json
import re

import httpx
import pytest
from pydantic import ValidationError

from b1bridge.connectors.sap_b1.client.metadata import metadata_of, read_metadata
from b1bridge.connectors.sap_b1.client.provisioning import State, plan, provision
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.user_schema import UserField, UserKey, UserTable, Wanted
from b1bridge.errors import ContractBroken, Rejected
from b1sim.company import clerk

URL = "https://sap.test:50000"
WANTED = Wanted(
    tables=(UserTable(name="CLAIMS", description="Claims"),),
    fields=(
        UserField(table="ORDR", name="ShopRef", description="Reference of the shop", size=100),
        UserField(table="@CLAIMS", name="Key", description="Key", size=50),
    ),
    keys=(UserKey(table="@CLAIMS", name="IX_0", columns=("Key",), unique=True),),
)
STANDARD = {"Orders": ("Document", ["DocEntry"]), "Items": ("Item", ["ItemCode"])}


class Company:
    """What SAP documents of user-defined things: kept at once, shown after a restart (5.3)."""

    def __init__(self):
        self.kept = {"UserTablesMD": [], "UserFieldsMD": [], "UserKeysMD": []}
        self.shown = {}
        self.posts = 0
        self.refuses = None
        self.restart()

    def restart(self):
        sets = {name: (kind, list(names)) for name, (kind, names) in STANDARD.items()}
        for table in self.kept["UserTablesMD"]:
            sets[f"U_{table['TableName']}"] = (table["TableName"], ["Code", "Name"])
        for field in self.kept["UserFieldsMD"]:
            home = {"ORDR": "Orders"}.get(field["TableName"], f"U_{field['TableName'][1:]}")
            sets[home][1].append(f"U_{field['Name']}")
        self.shown = sets

    def __call__(self, request):
        name = request.url.path.rpartition("/")[2]
        if name == "Login":
            return httpx.Response(200, headers={"Set-Cookie": "B1SESSION=1;HttpOnly;"}, json={})
        if name == "$metadata":
            return httpx.Response(200, text=self._edmx())
        if request.method == "POST":
            return self._keep(name, json.loads(request.content))
        asked = dict(re.findall(r"(\w+) eq '([^']*)'", request.url.params["$filter"]))
        rows = [row for row in self.kept[name] if asked.items() <= row.items()]
        return httpx.Response(200, json={"value": rows})

    def _keep(self, name, row):
        self.posts += 1
        if self.refuses:
            return httpx.Response(400, json={"error": self.refuses})
        names = {"UserTablesMD": "TableName", "UserFieldsMD": "Name", "UserKeysMD": "KeyName"}
        same = [r for r in self.kept[name] if r[names[name]].upper() == row[names[name]].upper()]
        if any(r["TableName"] == row["TableName"] for r in same):
            error = {"code": "-2035", "message": "Esta entrada ya existe"}
            return httpx.Response(400, json={"error": error})
        self.kept[name].append(row)
        return httpx.Response(201, json=row)

    def _edmx(self):
        types = "".join(
            f'<EntityType Name="{kind}">{"".join(f"<Property Name={n!r}/>" for n in names)}'
            "</EntityType>"
            for kind, names in self.shown.values()
        )
        sets = "".join(
            f'<EntitySet Name="{name}" EntityType="SAPB1.{kind}"/>'
            for name, (kind, _) in self.shown.items()
        )
        return f'<e:Edmx xmlns:e="x"><Schema xmlns="y">{types}{sets}</Schema></e:Edmx>'


@pytest.fixture
def company():
    return Company()


@pytest.fixture
async def service(company, settings):
    transport = httpx.MockTransport(company)
    async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
        yield ServiceLayer(client, settings)


def states(steps):
    return {step.what: step.state for step in steps}


@pytest.mark.anyio
async def test_a_dry_run_names_everything_and_changes_nothing(service, company):
    steps = await plan(service, WANTED)

    assert states(steps) == {
        "table @CLAIMS": State.CREATE,
        "field ORDR.U_ShopRef": State.CREATE,
        "field @CLAIMS.U_Key": State.CREATE,
        "key @CLAIMS.IX_0": State.CREATE,
    }
    assert company.posts == 0


@pytest.mark.anyio
async def test_what_was_made_needs_a_restart_and_is_kept_after_it(service, company):
    made = await provision(service, WANTED)
    company.restart()
    after = await plan(service, WANTED)

    assert states(made) == {
        "table @CLAIMS": State.RESTART,
        "field ORDR.U_ShopRef": State.RESTART,
        "field @CLAIMS.U_Key": State.RESTART,
        "key @CLAIMS.IX_0": State.KEEP,
    }
    assert set(states(after).values()) == {State.KEEP}


@pytest.mark.anyio
async def test_a_second_time_makes_nothing(service, company):
    await provision(service, WANTED)
    made = company.posts

    await provision(service, WANTED)

    assert company.posts == made == 4


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("there", "why"),
    [
        ({"Type": "db_Numeric", "SubType": "st_None"}, "type is db_Numeric"),
        ({"Type": "db_Alpha", "SubType": "st_None", "Size": 20}, "it holds 20 characters"),
        ({"Type": "db_Alpha", "SubType": "st_Link"}, "sub type is st_Link"),
    ],
)
async def test_a_conflict_is_told_and_stops_everything(service, company, there, why):
    company.kept["UserFieldsMD"].append({"TableName": "ORDR", "Name": "ShopRef", **there})

    steps = await provision(service, WANTED)

    (conflict,) = [step for step in steps if step.state is State.CONFLICT]
    assert why in conflict.why
    assert company.posts == 0


@pytest.mark.anyio
async def test_more_room_than_wanted_is_kept(service, company):
    there = {"TableName": "ORDR", "Name": "ShopRef", "Type": "db_Alpha", "Size": 254}
    company.kept["UserFieldsMD"].append(there)
    company.restart()

    steps = await plan(service, WANTED)

    assert states(steps)["field ORDR.U_ShopRef"] is State.KEEP


@pytest.mark.anyio
async def test_another_spelling_is_not_called_made(service, company):
    there = {"TableName": "ORDR", "Name": "SHOPREF", "Type": "db_Alpha", "Size": 100}
    company.kept["UserFieldsMD"].append(there)

    steps = await provision(service, WANTED)

    assert states(steps)["field ORDR.U_ShopRef"] is State.CONFLICT


@pytest.mark.anyio
async def test_a_refusal_is_not_swallowed(service, company):
    company.refuses = {"code": "-5002", "message": "Sin autorización"}

    with pytest.raises(Rejected, match="Sin autorización"):
        await provision(service, WANTED)


@pytest.mark.parametrize("table", ["ordr", "ORDR'", "@@X", "A" * 21])
def test_a_name_that_is_no_table_is_refused_at_the_door(table):
    with pytest.raises(ValidationError):
        UserField(table=table, name="X", description="x")


@pytest.mark.anyio
async def test_the_simulators_metadata_shows_user_fields_in_both_versions(
    world, world_settings, line
):
    clerk.add_user_field(world.company, "Document", "U_ShopRef", "Edm.String")
    service = ServiceLayer(line, world_settings)

    metadata = await read_metadata(service)

    assert metadata.has_field("U_ShopRef", "Document")
    assert not metadata.has_field("U_ShopRef", "Item")
    assert metadata.sets["Orders"] == "Document"
    await service.close()


@pytest.mark.parametrize("text", [b"", b"<a", b"{}", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'])
def test_what_is_no_edmx_is_refused(text):
    with pytest.raises(ContractBroken, match="no EDMX"):
        metadata_of(text)


@pytest.mark.anyio
async def test_the_simulator_is_provisioned_shown_after_its_restart_and_then_left_alone(
    world, world_settings, line
):
    service = ServiceLayer(line, world_settings)

    dry = await plan(service, WANTED)
    nothing_yet = world.company.count("UserFieldsMD")
    made = await provision(service, WANTED)
    waiting = await plan(service, WANTED)
    world.restart()
    settled = await provision(service, WANTED)

    assert set(states(dry).values()) == {State.CREATE}
    assert nothing_yet == 0
    assert State.RESTART in states(made).values()
    assert State.RESTART in states(waiting).values()
    assert State.CREATE not in states(waiting).values()
    assert set(states(settled).values()) == {State.KEEP}
    order = {"CardCode": "C1", "DocDueDate": "2026-12-01", "U_ShopRef": "web-1"}
    lines = [{"ItemCode": "TEA", "Quantity": 1}]
    assert world.company.create("Orders", order | {"DocumentLines": lines})["U_ShopRef"] == "web-1"
    await service.close()
