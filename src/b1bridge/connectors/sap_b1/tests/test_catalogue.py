"""Every refusal is explained in plain words, whatever language SAP speaks."""

import re
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.connectors.sap_b1.client.catalogue import (
    UNKNOWN,
    as_page,
    entries,
    explain,
    explanation_of,
)
from b1bridge.connectors.sap_b1.client.refusals import CODES, refusal_of
from b1bridge.connectors.sap_b1.client.sap_errors import read_error
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.errors import ConnectionBroken, Rejected, Transient

ROOT = Path(__file__).parents[5]
INVENTED = {"-101", "-1029", "-2038", "305", "200039", "-5007", "-5008"}


def said(code, text=""):
    return read_error({"code": code, "message": text})


def answer(status, content=b"", **more):
    request = httpx.Request("GET", "https://sap.test:50000/b1s/v2/Orders")
    return httpx.Response(status, content=content or None, request=request, **more)


@pytest.mark.parametrize(
    ("code", "text", "sentence", "owner"),
    [
        (-4013, "El período contable está bloqueado", "posting period", "finance"),
        (-4013, "전기기간 잠김  [OINV.DocDate]", "posting period", "finance"),
        (-10, "1320000140 - Código de SN 'c1' ya asignado", "code is in use", "operator"),
        (-10, "A fatura está fechada  [Message 3524-20]", "closed or blocked", "finance"),
        (-10, "Quantità negativa  [INV1.ItemCode][line: 2]", "holds less", "operator"),
        (-5002, "Artículo no válido  [INV1.ItemCode][line: 2]", "does not exist", "operator"),
        (-5002, "Indique una sucursal  [ODRF.BPLId]", "branch", "SAP admin"),
        (-5002, "(13000316) 신용한도 초과", "credit limit", "finance"),
        (-1, "(1) Centro de custo obrigatório", "company's own", "SAP admin"),
        (-5002, "no number, no field", "checks refused", "operator"),
        (301, "Sesión no válida", "no session", "developer"),
    ],
)
def test_numbers_and_brackets_explain_a_refusal_in_any_language(code, text, sentence, owner):
    found = explain(said(code, text))

    assert sentence in found.sentence
    assert found.owner == owner


def test_a_rule_of_the_company_outranks_the_code_it_comes_with():
    assert explain(said(-4013, "(77) nicht am Freitag")).when.procedure == "*"


@pytest.mark.parametrize("code", sorted(INVENTED))
def test_numbers_nobody_recorded_are_not_explained(code):
    assert explain(said(code)) is UNKNOWN


@given(st.text(alphabet=st.characters(exclude_characters="[(", exclude_categories=["Nd", "Cs"])))
def test_words_alone_change_nothing(words):
    assert explain(said("-5002", words)) == explain(said("-5002"))


def test_every_code_that_is_decided_on_is_explained():
    unexplained = [code for code in CODES if explain(said(code)) is UNKNOWN]

    assert unexplained == ["501"]  # b1sim's own word for what it does not simulate


def test_every_entry_is_about_one_thing_and_tells_its_source():
    whens = [entry.when for entry in entries()]

    assert len(set(whens)) == len(whens)
    assert [e for e in entries() if not re.match(r"\d+(\.\d+)?[ ,]", e.source)] == []
    assert [e.sentence for e in entries() if not e.sentence.endswith(".")] == []


def test_a_dead_node_and_a_silent_failure_are_explained_too():
    proxy = answer(502, b"<html><title>502 Proxy Error</title></html>")

    assert "balancer" in explanation_of(refusal_of(proxy)).sentence
    assert "Expect" in explanation_of(refusal_of(answer(500))).sentence
    assert explanation_of(refusal_of(answer(500, b"{}"))) is UNKNOWN


def test_a_case_shows_the_sentence_beside_saps_own_words():
    body = {"error": {"code": "-5002", "message": "Falta fecha  [ORDR.DocDueDate]"}}
    error = refusal_of(answer(400, json=body))

    assert isinstance(error, Rejected)
    assert "Falta fecha" in str(error)
    assert "due or delivery date is missing" in str(error)
    assert error.fix.startswith("Give a due date")


@pytest.mark.anyio
async def test_a_refused_login_is_explained_and_so_is_its_remembrance(world_settings, line, world):
    world.company.settings.users["manager"] = "another"
    service = ServiceLayer(line, world_settings)

    told = []
    for _ in range(2):
        with pytest.raises(ConnectionBroken) as refused:
            await service.open()
        told.append(explanation_of(refused.value))

    assert told[0] is told[1]
    assert told[0].when.code == "-304"
    assert world.requests() == {"POST Login": 1}


def test_an_error_without_an_answer_behind_it_is_unknown():
    assert explanation_of(Transient("nobody there")) is UNKNOWN


def test_the_reference_page_is_up_to_date():
    page = (ROOT / "docs/reference/sap-errors.md").read_text(encoding="utf-8")

    assert page == as_page(), "run python tools/sap_errors_page.py"
