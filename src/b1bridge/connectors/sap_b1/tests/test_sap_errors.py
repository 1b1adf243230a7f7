"""Every recorded shape of a refusal is read, and means one thing."""

import httpx
import pytest

from b1bridge.connectors.sap_b1.client.refusals import refusal_of
from b1bridge.connectors.sap_b1.client.sap_errors import sap_error_of
from b1bridge.errors import ConnectionBroken, ContractBroken, OutcomeUnknown, Rejected, Transient

PROXY_ERROR = (
    b'<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n'
    b"<title>502 Proxy Error</title>\n</head><body><h1>Proxy Error</h1></body></html>"
)


def reply(status, body=b"", method="POST"):
    request = httpx.Request(method, "https://sap.test:50000/b1s/v2/Invoices")
    if isinstance(body, bytes):
        return httpx.Response(status, content=body, request=request)
    return httpx.Response(status, json=body, request=request)


def v1(code, text, status=400):
    return reply(status, {"error": {"code": code, "message": {"lang": "en-us", "value": text}}})


def v2(code, text, status=400):
    return reply(status, {"error": {"code": str(code), "message": text}})


@pytest.mark.parametrize("shape", [v1, v2])
def test_both_versions_say_the_same(shape):
    said = sap_error_of(shape(-10, "One of the base documents has already been closed "))

    assert (said.code, said.text) == ("-10", "One of the base documents has already been closed")


def test_the_shape_with_details_is_read():
    body = {"code": "-10", "details": [{"code": "", "message": ""}], "message": "Closed "}

    said = sap_error_of(reply(400, {"error": body}))

    assert (said.code, said.text) == ("-10", "Closed")


def test_the_batch_shape_with_an_inner_error_is_read():
    inner = {"context": None, "trace": None}
    body = {"code": -1116, "message": {"lang": "en-us", "value": "No"}, "innererror": inner}

    assert sap_error_of(reply(400, {"error": body})).code == "-1116"


def test_field_line_and_message_number_are_found():
    text = (
        "Make sure that the item's inventory would not fall below zero  "
        "[IGE1.WhsCode][line: 1] , 'Production Order no: 7 Line: 1'  [Message 3559-7]"
    )
    said = sap_error_of(v2(-5002, text))

    assert (said.field, said.column, said.line) == ("IGE1.WhsCode", "WhsCode", 1)
    assert said.message_id == "3559-7"


def test_a_field_without_a_line_has_none():
    said = sap_error_of(v2(-5002, "Invalid BP code  [ORDR.CardCode] , 'X'"))

    assert (said.column, said.line) == ("CardCode", None)


def test_the_number_of_a_companys_own_rule_is_found():
    said = sap_error_of(v1(-1, "(13000316) Credit Limit Exceeded! Current Limit is 5"))

    assert said.procedure == "13000316"


def test_a_balancers_page_is_told_by_its_title():
    said = sap_error_of(reply(502, PROXY_ERROR))

    assert (said.code, said.text) == ("", "502 Proxy Error")


def test_an_empty_body_is_said_to_be_empty():
    assert "empty body" in sap_error_of(reply(500)).text


@pytest.mark.parametrize("body", [b"[]", b'{"error": "x"}', b'"text"', b"{}", b"\xff\xfe"])
def test_strange_bodies_are_no_crash(body):
    assert sap_error_of(reply(500, body)).code == ""


@pytest.mark.parametrize(
    ("code", "text", "reason"),
    [
        (-10, "Quantity falls into negative inventory  [INV1.ItemCode][line: 2]", "STOCK_SHORT"),
        (-10, "La cantidad recae en inventario negativo  [INV1.ItemCode][line: 2]", "STOCK_SHORT"),
        (-5002, "… to fall below zero  [IGE1.WhsCode][line: 1]  [Message 3559-7]", "STOCK_SHORT"),
        (-4013, "Posting period locked; specify an alternative date", "PERIOD_LOCKED"),
        (-4014, "Cannot add row without complete selection of batch", "BATCH_SHORT"),
        (-10, "10001153 - Insufficient quantity for item X with batch Y", "BATCH_SHORT"),
        (-5002, "Batch/serial number 7 does not exist", "BATCH_SHORT"),
        (-5002, "Item code is invalid  [INV1.ItemCode][line: 1] , 'X'", "MISSING_ITEM"),
        (-5002, "Código no válido  [DocumentLines.ItemCode][line: 4]", "MISSING_ITEM"),
        (-5002, "Invalid BP code  [OINV.CardCode] , 'C9'", "MISSING_CUSTOMER"),
        (-5002, "Update the exchange rate for 'USD'  [ORTT.Rate]", "RATE_MISSING"),
        (-5002, "Invalid tax code  [INV1.VatGroup][line: 1] , 'X'", "TAX_MAP"),
        (-5002, "Warehouse code is invalid  [INV1.WhsCode][line: 1]", "WAREHOUSE_MAP"),
        (-5002, "Specify an active branch  [ODRF.BPLId]", "BRANCH"),
        (-4002, "Numbering series does not match", "SERIES"),
        (-10, "Invoice is already closed or blocked  [Message 3524-20]", "ALREADY_PAID"),
        (-10, "1320000140 - Business partner code 'c1' already assigned", "PARTNER_CODE_TAKEN"),
        (-2035, "This entry already exists in the following tables", "ALREADY_THERE"),
        (-1, "Value too long in property 'Remarks' of 'Document'", "VALUE_TOO_LONG"),
        (-1, "(13000316) Credit Limit Exceeded!", "COMPANY_RULE"),
        (-5002, "Credit limit of the customer exceeded", "CREDIT_HOLD"),
        (-10, "Something nobody ever recorded", "REJECTED"),
    ],
)
def test_a_business_refusal_is_a_case_with_its_reason(code, text, reason):
    error = refusal_of(v2(code, text))

    assert isinstance(error, Rejected)
    assert error.reason == reason
    assert error.fix


@pytest.mark.parametrize("status", [400, 412])
def test_a_changed_record_is_worth_another_try(status):
    assert type(refusal_of(v2(-2039, "Another user modified data", status))) is Transient


@pytest.mark.parametrize("code", [-1000, 201, 244, 701, 704])
def test_a_request_sap_cannot_read_is_ours_to_mend(code):
    assert type(refusal_of(v2(code, "Property 'X' is invalid"))) is ContractBroken


def test_a_query_without_authorisation_pauses_the_connection():
    assert type(refusal_of(v2(-6006, "No authorisation", 403))) is ConnectionBroken


@pytest.mark.parametrize(
    ("method", "kind"), [("GET", Transient), ("POST", OutcomeUnknown), ("PATCH", OutcomeUnknown)]
)
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_dead_node_leaves_a_write_in_doubt(status, method, kind):
    assert type(refusal_of(reply(status, PROXY_ERROR, method))) is kind


def test_minus_5002_is_a_business_error_unless_its_text_speaks_of_the_session():
    business = sap_error_of(v2(-5002, "Invalid BP code  [ORDR.CardCode]"))
    ended = sap_error_of(v2(-5002, "Invalid session or session already timeout."))

    assert (business.ends_the_session, ended.ends_the_session) == (False, True)
