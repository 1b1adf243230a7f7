"""What SAP adds up and joins agrees with the documents themselves."""

import httpx
import pytest

from b1bridge.connectors.sap_b1.client.analysis import (
    Figure,
    applied,
    crossjoined,
    grouped,
    lines_where,
    view_rows,
)
from b1bridge.connectors.sap_b1.client.entities import Entities
from b1bridge.connectors.sap_b1.client.odata import and_, eq, gt, same_as
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.errors import ContractBroken


@pytest.fixture
async def service(world_settings, line):
    service = ServiceLayer(line, world_settings)
    orders = Entities(service, "Orders")
    for item, quantity in (("TEA", 1), ("TEA", 2), ("MUG", 5)):
        row = {"ItemCode": item, "Quantity": quantity, "UnitPrice": 10}
        due = {"CardCode": "C1", "DocDueDate": "2026-11-30"}
        await orders.create({**due, "DocumentLines": [row]})
    yield service
    await service.close()


@pytest.mark.anyio
async def test_figures_are_added_up_by_group(service):
    rows = await grouped(
        service,
        "Orders",
        by=["CardCode"],
        figures=[Figure("Total", "DocTotal"), Figure("Number")],
        where=gt("DocEntry", 1),
    )

    totals = {row["DocEntry"]: row["DocTotal"] for row in (await service.get("Orders"))["value"]}
    expected = sum(total for entry, total in totals.items() if entry > 1)
    assert [(row["CardCode"], row["Total"], int(row["Number"])) for row in rows] == [
        ("C1", expected, 2)
    ]


@pytest.mark.anyio
async def test_a_join_has_one_part_for_each_set(service):
    rows = await crossjoined(
        service,
        {"Orders": ["DocEntry"], "BusinessPartners": ["CardName"]},
        same_as("Orders/CardCode", "BusinessPartners/CardCode"),
    )

    assert [row["BusinessPartners"]["CardName"] for row in rows] == ["Anna Ek"] * 3


@pytest.mark.anyio
async def test_lines_are_found_by_what_stands_on_them(service):
    rows = await lines_where(
        service,
        {"Orders": ["DocEntry"], "Orders/DocumentLines": ["ItemCode", "Quantity"]},
        and_(
            same_as("Orders/DocEntry", "Orders/DocumentLines/DocEntry"),
            eq("Orders/DocumentLines/ItemCode", "TEA"),
        ),
    )

    assert [row["Orders/DocumentLines"]["Quantity"] for row in rows] == [1, 2]


@pytest.mark.anyio
async def test_rows_that_are_held_back_are_never_lost_silently(script, http, settings):
    body = {"value": [], "@odata.nextLink": "QueryService_PostQuery?$skip=20"}
    script.answers = [httpx.Response(200, json=body)]

    with pytest.raises(ContractBroken, match="holds rows back"):
        await lines_where(ServiceLayer(http, settings), {"Orders": ["DocEntry"]}, gt("A", 1))


@pytest.mark.anyio
async def test_a_views_parameters_are_escaped(script, http, settings):
    await view_rows(ServiceLayer(http, settings), "StockQuery", parameters={"P": "O'Neil/1"})

    path = script.requests[-1].url.raw_path
    assert path == b"/b1s/v2/sml.svc/StockQueryParameters(P='O''Neil%2F1')/StockQuery"


def test_an_apply_that_asks_nothing_is_refused():
    with pytest.raises(ValueError, match="group by"):
        applied([], [])


@pytest.mark.parametrize("name", ["A) with sum as X", "A/", "/A", "A,B"])
def test_no_name_can_break_out(name):
    with pytest.raises(ValueError, match="is no property"):
        applied([name], [])
