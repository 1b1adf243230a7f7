"""Callers write the names of version 1; each version gets its own on the wire."""

import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.spelling import TYPES, as_sent, one_spelling

pytestmark = pytest.mark.anyio
LINES = [{"Series": 4, "BatchNumbers": [{"BatchNumber": "B1", "Quantity": 2}]}]
ORDER = {"CardCode": "C1", "Series": 12, "DocumentLines": LINES}


def test_a_name_is_changed_only_inside_its_own_type():
    sent = as_sent(ORDER, "Orders", "v2")

    assert sent["Series"] == 12
    assert sent["DocumentLines"][0] == {
        "Series": 4,
        "BatchNumbers": [{"BatchNumberProperty": "B1", "Quantity": 2}],
    }


def test_version_1_is_sent_as_written():
    assert as_sent(ORDER, "Orders", "v1") == ORDER


def test_the_entities_of_a_renamed_type_are_known_by_their_set():
    body = {"CardCode": "C1", "Activity": "cn_Task"}

    assert as_sent(body, "Activities(5)", "v2") == {"CardCode": "C1", "ActivityProperty": "cn_Task"}
    assert as_sent(body, "Orders", "v2") == body


def test_the_parameter_of_a_service_is_known_by_its_name():
    sent = as_sent({"Series": {"Series": 7, "Name": "A"}}, "SeriesService_UpdateSeries", "v2")

    assert sent == {"Series": {"SeriesProperty": 7, "Name": "A"}}


@given(st.sampled_from(sorted(TYPES)), st.text(max_size=5))
def test_what_is_sent_to_version_2_reads_the_same_when_it_comes_back(name, value):
    body = {"DocumentLines": [{f"{name}s": [{name: value}], name: {name: value}}]}

    assert one_spelling(as_sent(body, "Orders", "v2")) == body


@pytest.mark.parametrize(
    ("version", "name"), [("v1", "BatchNumber"), ("v2", "BatchNumberProperty")]
)
async def test_both_versions_read_and_write_alike(settings, version, name):
    sent = []

    async def sap(request):
        if request.url.path.endswith("/Login"):
            return httpx.Response(200, headers={"Set-Cookie": "B1SESSION=1;HttpOnly;"}, json={})
        sent.append(json.loads(request.content))
        return httpx.Response(201, json={"DocumentLines": [{"BatchNumbers": [{name: "B1"}]}]})

    async with httpx.AsyncClient(transport=httpx.MockTransport(sap)) as http:
        service = ServiceLayer(http, settings.model_copy(update={"version": version}))
        answer = await service.post("Orders", ORDER)

    assert name in sent[0]["DocumentLines"][0]["BatchNumbers"][0]
    assert answer == {"DocumentLines": [{"BatchNumbers": [{"BatchNumber": "B1"}]}]}
