"""Rows of services are drawn by their amounts, as rows of goods are by their quantities."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

D = Decimal


def service(office, entity_set, total, **header):
    line = {"AccountCode": "_SYS00000000402", "LineTotal": total, "VatGroup": "A20"}
    return office.post(entity_set, line, DocType="dDocument_Service", **header)


def draw(office, entity_set, base_type, base, total=None):
    line = {"BaseType": base_type, "BaseEntry": base["DocEntry"], "BaseLine": 0}
    line |= {} if total is None else {"LineTotal": total}
    return office.post(entity_set, line, DocType="dDocument_Service")


def open_amount(office, entity_set, document):
    return office.read(entity_set, document)["DocumentLines"][0]["OpenAmount"]


def test_a_part_of_a_service_leaves_the_rest_open(office):
    order = service(office, "Orders", "100")

    part = draw(office, "Invoices", 17, order, "40")

    assert part["DocumentLines"][0]["LineTotal"] == 40
    assert open_amount(office, "Orders", order) == 60
    assert office.read("Orders", order)["DocumentStatus"] == "bost_Open"
    assert office.partner()["OpenOrdersBalance"] == 72


def test_the_rest_is_drawn_when_no_amount_is_named(office):
    order = service(office, "Orders", "100")
    draw(office, "Invoices", 17, order, "40")

    rest = draw(office, "Invoices", 17, order)

    assert rest["DocumentLines"][0]["LineTotal"] == 60
    assert office.read("Orders", order)["DocumentStatus"] == "bost_Close"
    assert office.partner()["OpenOrdersBalance"] == 0


def test_cancelling_gives_the_amount_back(office):
    order = service(office, "Orders", "100")
    part = draw(office, "Invoices", 17, order, "40")

    office.act("Invoices", part, "Cancel")

    assert open_amount(office, "Orders", order) == 100


def test_an_invoice_of_a_service_is_credited_in_parts(office):
    invoice = service(office, "Invoices", "100")

    draw(office, "CreditNotes", 13, invoice, "30")
    draw(office, "CreditNotes", 13, invoice, "70")

    assert office.read("Invoices", invoice)["DocumentStatus"] == "bost_Close"
    assert office.partner()["CurrentAccountBalance"] == 0


def test_goods_show_what_amount_is_open(office):
    order = office.post("Orders", {"ItemCode": "A", "Quantity": 10, "UnitPrice": "3"})

    office.draw("DeliveryNotes", 17, order, 4)

    assert open_amount(office, "Orders", order) == 18


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    parts=st.lists(st.decimals(min_value="0.01", max_value="500", places=2), min_size=1, max_size=5)
)
def test_parts_that_make_the_whole_close_it(office, parts):
    order = service(office, "Orders", sum(parts))

    for part in parts:
        assert office.read("Orders", order)["DocumentStatus"] == "bost_Open"
        draw(office, "Invoices", 17, order, part)

    assert office.read("Orders", order)["DocumentStatus"] == "bost_Close"
    assert office.partner()["OpenOrdersBalance"] == pytest.approx(0)
