"""Lists are read along every form of link that was ever seen, and never in a circle."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.connectors.sap_b1.client.pages import next_skip, pages
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.windows import beyond, windows
from b1bridge.errors import ContractBroken
from b1sim.company import clerk

CODES = [f"W-{number:02}" for number in range(9)]


@pytest.fixture
async def service(world, world_settings, line):
    for code in CODES:
        clerk.add_item(world.company, code)
    service = ServiceLayer(line, world_settings)
    yield service
    await service.close()


@pytest.fixture
def scripted(http, settings):
    return ServiceLayer(http, settings)


def page(link=None, rows=1):
    body = {"value": [{"A": number} for number in range(rows)]}
    return httpx.Response(200, json=body | ({"@odata.nextLink": link} if link else {}))


PATH = "Items?$select=ItemCode&$filter=startswith(ItemCode,'W-')&$orderby=ItemCode"


@pytest.mark.anyio
async def test_every_page_is_read_with_the_original_query(service):
    read = [len(rows) async for rows in pages(service, PATH, size=4)]

    assert read == [4, 4, 1]


@pytest.mark.anyio
async def test_no_more_pages_are_read_than_asked_for(service):
    read = [rows async for rows in pages(service, PATH, size=2, max_pages=2)]

    assert [row["ItemCode"] for rows in read for row in rows] == CODES[:4]


@pytest.mark.parametrize(
    "link",
    [
        "/b1s/v1/Orders?$skip=20",
        "Items?$skip=20",
        "SQLQueries('x')/List?&$skip=20",
        "https://sap/b1s/v2/Orders?$filter=x&%24skip=20",
        "Orders?$Skip=20&$top=5",
    ],
)
def test_each_form_of_link_is_understood(link):
    assert next_skip({"odata.nextLink": link}, 0) == 20


@pytest.mark.anyio
async def test_the_query_is_kept_when_the_link_forgets_it(scripted, script):
    script.answers = [page("Orders?$skip=20"), page()]

    _ = [rows async for rows in pages(scripted, "Orders?$filter=A%20eq%201")]

    assert script.requests[-1].url.query == b"$filter=A%20eq%201&$skip=20"
    assert script.requests[-1].headers["Prefer"] == "odata.maxpagesize=500"


@pytest.mark.parametrize("link", ["Orders?$skip=0", "Orders?$skiptoken=abc", "Orders"])
@pytest.mark.anyio
async def test_a_link_that_leads_nowhere_is_not_followed(scripted, script, link):
    script.answers = [page(link)]

    with pytest.raises(ContractBroken, match="leads nowhere"):
        _ = [rows async for rows in pages(scripted, "Orders")]


@given(
    rows=st.sets(st.tuples(*[st.integers(0, 3)] * 3), min_size=1),
    last=st.tuples(*[st.integers(0, 3)] * 3),
)
def test_beyond_a_composite_key_lies_exactly_what_sorts_after_it(rows, last):
    text = beyond(("A", "B", "C"), last).text
    python = text.replace(" eq ", " == ").replace(" gt ", " > ")

    found = {row for row in rows if eval(python, {}, dict(zip("ABC", row, strict=True)))}  # noqa: S307

    assert found == {row for row in rows if row > last}


@pytest.mark.anyio
async def test_a_window_that_makes_no_headway_is_not_read_for_ever(scripted, script):
    stuck = [{"ItemCode": "A"}, {"ItemCode": "B"}]
    script.answers = [httpx.Response(200, json={"value": stuck}) for _ in range(5)]

    with pytest.raises(ContractBroken, match="again and again"):
        _ = [rows async for rows in windows(scripted, "Items", key="ItemCode", select=[], size=2)]


@pytest.mark.anyio
async def test_windows_stop_where_they_are_told_and_go_on_from_there(service):
    part = [
        row["ItemCode"]
        async for rows in windows(
            service, "Items", key="ItemCode", select=["ItemName"], size=3, max_pages=2
        )
        for row in rows
    ]
    rest = [
        row["ItemCode"]
        async for rows in windows(
            service,
            "Items",
            key="ItemCode",
            select=["ItemName"],
            where=beyond(["ItemCode"], [part[-1]]),
        )
        for row in rows
    ]

    assert part + rest == sorted(["MUG", "TEA", *CODES])


@pytest.mark.anyio
async def test_the_key_is_read_even_when_nobody_selects_it(service):
    async for rows in windows(service, "Items", key="ItemCode", select=["ItemName"], size=100):
        assert "ItemCode" in rows[0]
