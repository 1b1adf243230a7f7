"""SQL is kept once, paged to its end, and done without where it is forbidden."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.sql_queries import (
    SqlQuery,
    TwoWays,
    drop_others,
    rows_either_way,
    sql_pages,
)
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.errors import ContractBroken, Rejected
from b1sim.company import clerk

QUERY = SqlQuery("b1b_test", "SELECT T0.ItemCode FROM OITM T0 WHERE T0.ItemName <> :name")
CODES = ["A", "B", "C", "MUG", "TEA"]


@pytest.fixture
async def service(world, world_settings, line):
    for code in CODES[:3]:
        clerk.add_item(world.company, code)
    service = ServiceLayer(line, world_settings)
    yield service
    await service.close()


async def read(rows):
    return sorted([row["ItemCode"] async for page in rows for row in page])


def items(service):
    return windows(service, "Items", key="ItemCode", select=["ItemCode"], size=2)


@pytest.mark.anyio
async def test_a_query_is_kept_at_first_use_and_paged_to_its_end(service, world):
    found = await read(sql_pages(service, QUERY, {"name": "O'Neil & Sons"}, size=2))
    again = await read(sql_pages(service, QUERY, {"name": ""}, size=2))

    assert found == again == CODES
    assert world.requests()["POST SQLQueries"] == 1


@pytest.mark.anyio
async def test_only_so_many_pages_are_read(service):
    found = [page async for page in sql_pages(service, QUERY, {"name": ""}, size=2, max_pages=1)]

    assert [len(page) for page in found] == [2]


@pytest.mark.anyio
async def test_older_versions_of_a_query_are_dropped(service, world):
    old = SqlQuery("b1b_test", "SELECT T0.ItemCode FROM OITM T0")
    other = SqlQuery("b1b_other", "SELECT T0.ItemCode FROM OITM T0")
    for query in (old, other):
        await read(sql_pages(service, query))
    await read(sql_pages(service, QUERY, {"name": ""}))

    assert await drop_others(service, QUERY) == [old.code]
    assert {row["SqlCode"] for row in world.company.query("SQLQueries")} == {QUERY.code, other.code}


@pytest.mark.anyio
@pytest.mark.parametrize(("code", "status"), [(-6006, 403), (702, 400), (703, 400), (-1, 401)])
async def test_where_sql_is_forbidden_the_entities_answer(service, world, code, status):
    world.refuse("SQLQueries", code, "no", status=status, times=9)

    found = await read(rows_either_way(service, TwoWays(QUERY, items(service), {"name": ""})))

    assert found == CODES


@pytest.mark.anyio
async def test_where_sql_may_run_the_entities_are_not_read(service, world):
    found = await read(rows_either_way(service, TwoWays(QUERY, items(service), {"name": ""})))

    assert found == CODES
    assert "GET Items" not in world.requests()


@pytest.mark.anyio
async def test_a_query_sap_cannot_read_is_not_hidden_by_the_other_way(service):
    wrong = SqlQuery("b1b_test", "DELETE FROM OITM")

    with pytest.raises(ContractBroken):
        await read(rows_either_way(service, TwoWays(wrong, items(service))))


@pytest.mark.anyio
async def test_a_query_that_cannot_be_kept_is_refused_not_looped(script, http, settings):
    gone = {"error": {"code": "-2028", "message": "No matching records found (ODBC -2028)"}}
    script.answers = [httpx.Response(404, json=gone), None, httpx.Response(404, json=gone)]

    with pytest.raises(Rejected):
        await read(sql_pages(ServiceLayer(http, settings), QUERY))


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"])))
def test_no_value_can_break_out_of_its_parameter(text):
    url = httpx.URL("https://sap.test/b1s/v2/" + QUERY.path({"name": text, "n": 5}))

    assert dict(url.params) == {"name": "'" + text.replace("'", "''") + "'", "n": "5"}


def test_another_text_has_another_code():
    assert SqlQuery("f", "SELECT 1").code != SqlQuery("f", "SELECT 2").code
