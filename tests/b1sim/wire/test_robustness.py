"""Whatever a client sends, the Service Layer answers and nothing breaks."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from b1sim.odata.request import Request
from b1sim.odata.versions import V1, V2

VERSIONS = st.sampled_from([V1, V2])
METHODS = st.sampled_from(["GET", "POST", "PATCH", "DELETE", "PUT", "HEAD"])
LATIN = st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=255), max_size=40)
SETS = st.sampled_from(["Orders", "BusinessPartners", "SQLQueries", "Items", "$batch", "Drafts"])
KEYS = st.one_of(st.just(""), LATIN.map(lambda text: f"({text})"), st.just("(1)"), st.just("('a')"))
PATHS = st.one_of(LATIN, st.builds(lambda s, k, rest: f"{s}{k}/{rest}", SETS, KEYS, LATIN))
OPTIONS = st.sampled_from(["$filter", "$select", "$orderby", "$top", "$skip", "$count", "x"])
WORD = st.one_of(
    st.sampled_from(["DocEntry", "CardName", "UpdateTime", "eq", "gt", "and", "or", "not", "null"]),
    st.sampled_from(["(", ")", "1", "-1.5", "'x'", "''", "'", "contains", ",", "$", "9" * 30]),
    st.just("datetime'2026-01-01'"),
)
WORDS = st.lists(WORD, max_size=8).map(" ".join)
QUERIES = st.lists(st.builds(lambda o, v: f"{o}={v}", OPTIONS, st.one_of(WORDS, LATIN)), max_size=3)
BODIES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from([b'{"CardCode": "\\ud800"}', b"[" * 5000, b'{"SqlCode": "q", "SqlText": 1}']),
)


@pytest.fixture
def service(world):
    return world.app.state.service


@given(version=VERSIONS, method=METHODS, path=PATHS, query=QUERIES, body=BODIES)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300
)
def test_every_request_has_an_answer(service, version, method, path, query, body):
    session = service.sessions.start("manager")
    headers = {"cookie": f"B1SESSION={session.id}", "content-type": "multipart/mixed;boundary=b"}

    reply = service.answer(Request(method, version, path, "&".join(query), headers, body))

    assert 200 <= reply.status <= 501


@pytest.mark.parametrize(
    "query",
    ["$top=" + "9" * 5000, "$skip=99999999999", "$filter=DocEntry eq " + "9" * 30, "$top=²"],
)
def test_numbers_beyond_all_bounds_are_refused(service, query):
    session = service.sessions.start("manager")
    headers = {"cookie": f"B1SESSION={session.id}"}

    reply = service.answer(Request("GET", V2, "Orders", query, headers))

    assert reply.status == 400
