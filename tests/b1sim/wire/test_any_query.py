"""Whatever stands in a query string, every set answers it or refuses it in SAP's shape."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from b1sim.company.shape.model import ENTITY_SETS
from b1sim.odata.reading.navigation import NAMES
from b1sim.odata.request import Request
from b1sim.odata.versions import V1, V2
from b1sim.world import World

SETS = sorted(ENTITY_SETS)
LINES = [f"{s.name}/{rows}" for s in ENTITY_SETS.values() for rows in s.collections]
PROPERTIES = sorted({p for s in ENTITY_SETS.values() for p in s.properties})
WAYS = sorted({name for names in NAMES.values() for name in names})
WORDS = st.one_of(
    st.sampled_from(PROPERTIES),
    st.sampled_from(WAYS),
    st.sampled_from(["eq", "ne", "gt", "and", "or", "not", "add", "div", "with", "as", "sum"]),
    st.sampled_from(["(", ")", ",", "/", "$count", "*", "'x'", "'", "1", "-1.5", "null", "x"]),
    st.sampled_from(["groupby", "aggregate", "filter", "contains", "startswith", "desc", "asc"]),
    st.sampled_from(["datetime'2026-01-01'", "'18:38'", "tYES", "9" * 25, "\x00", "ß", "%"]),
)
TEXT = st.lists(WORDS, max_size=7).map(" ".join)
CONDITIONS = st.builds(
    lambda name, sign, value: f"{name} {sign} {value}",
    st.sampled_from(PROPERTIES),
    st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le"]),
    st.sampled_from(["null", "1", "'1'", "'2026-01-01'", "tYES", "'C'", "1.5", "''"]),
)
FIGURES = st.builds(
    lambda group, name, method: f"groupby(({group}),aggregate({name} with {method} as X))",
    st.sampled_from(PROPERTIES),
    st.sampled_from(PROPERTIES),
    st.sampled_from(["sum", "average", "max", "min", "countdistinct", "mode"]),
)
OPTIONS = st.one_of(
    st.tuples(st.just("$filter"), st.one_of(CONDITIONS, TEXT)),
    st.tuples(st.just("$select"), st.lists(st.sampled_from(PROPERTIES + WAYS)).map(",".join)),
    st.tuples(st.just("$expand"), st.one_of(st.sampled_from(WAYS), TEXT)),
    st.tuples(st.just("$apply"), st.one_of(FIGURES, TEXT)),
    st.tuples(st.sampled_from(["$orderby", "$top", "$skip", "$inlinecount", "$count"]), TEXT),
    st.tuples(st.just("$orderby"), st.sampled_from(PROPERTIES)),
)
QUERIES = st.lists(OPTIONS, max_size=3).map(lambda o: "&".join(f"{n}={v}" for n, v in o))
KEYS = st.sampled_from(["", "(1)", "('x')", "(ItemCode='x',CardCode='y')", "()"])
ENDS = st.one_of(
    st.just(""),
    st.just("/$count"),
    st.sampled_from(WAYS).map(lambda name: f"/{name}"),
    st.sampled_from(PROPERTIES).map(lambda name: f"/{name}/$value"),
)
JOINS = st.lists(st.sampled_from(SETS + LINES), min_size=1, max_size=3).map(
    lambda names: f"$crossjoin({','.join(names)})"
)
PATHS = st.one_of(
    st.builds(lambda s, key, end: f"{s}{key}{end}", st.sampled_from(SETS), KEYS, ENDS),
    JOINS,
    st.sampled_from(["sml.svc/AnyQuery", "sml.svc/AnyQuery/$count", "$metadata", "SQLViews", ""]),
)


@pytest.fixture(scope="module")
def service():
    """A company with some of everything, and a view."""
    with World() as world:
        world.clerk.add_view("AnyQuery", "SELECT * FROM ORDR")
        yield world.app.state.service


@given(version=st.sampled_from([V1, V2]), path=PATHS, query=QUERIES)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=400
)
def test_a_read_is_answered_or_refused_in_saps_shape(service, version, path, query):
    session = service.sessions.start("manager")
    headers = {"cookie": f"B1SESSION={session.id}", "b1s-pagesize": "5"}

    reply = service.answer(Request("GET", version, path, query, headers))
    service.sessions.end(session)

    if reply.status == 200:
        if dict(reply.headers)["Content-Type"].startswith("application/json"):
            json.loads(reply.body)
        return
    assert reply.status in {400, 404, 501}
    error = json.loads(reply.body)["error"]
    if version is V2:
        assert isinstance(error["code"], str)
        assert error["message"]
    else:
        assert isinstance(error["code"], int)
        assert error["message"]["value"]


@given(path=st.one_of(JOINS, TEXT), query=QUERIES)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150
)
def test_the_query_service_answers_or_refuses_as_well(service, path, query):
    session = service.sessions.start("manager")
    body = json.dumps({"QueryPath": path, "QueryOption": query}).encode()
    headers = {"cookie": f"B1SESSION={session.id}", "prefer": "odata.maxpagesize=5"}

    reply = service.answer(Request("POST", V1, "QueryService_PostQuery", "", headers, body))
    service.sessions.end(session)

    assert reply.status in {200, 400, 404, 501}
    json.loads(reply.body)


SQL = st.lists(
    st.sampled_from(
        [
            "select",
            "from",
            "where",
            "DocEntry",
            "t.DocNum",
            "ORDR",
            "ORDR t",
            "as x",
            "count(*)",
            "max(DocDate)",
            "and",
            "or",
            "(",
            ")",
            ",",
            "= 1",
            "= :p",
            "like 'a%'",
            "order by",
            "group by",
            "union",
            "top 1",
            "exists",
            "in",
            "''",
            "'",
            "[",
            "--",
            ";",
            "*",
            "null",
        ]
    ),
    max_size=14,
).map(lambda words: " ".join(["select", *words]))


@given(text=SQL)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300
)
def test_any_sql_is_kept_or_refused(service, text):
    session = service.sessions.start("manager")
    body = json.dumps({"SqlCode": "any", "SqlName": "any", "SqlText": text}).encode()
    headers = {"cookie": f"B1SESSION={session.id}"}

    made = service.answer(Request("POST", V1, "SQLQueries", "", headers, body))
    if made.status == 201:
        ran = service.answer(Request("GET", V1, "SQLQueries('any')/List", "p=1", headers))
        assert ran.status in {200, 400}
        service.answer(Request("DELETE", V1, "SQLQueries('any')", "", headers))
    service.sessions.end(session)

    assert made.status in {201, 400, 501}
