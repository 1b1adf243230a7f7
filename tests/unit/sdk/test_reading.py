"""A strange answer is refused by the name of the field, and its content stays out of logs."""

from decimal import Decimal

import pytest
from pydantic import BaseModel, TypeAdapter

from b1bridge.errors import ContractBroken
from b1bridge.sdk.reading import read, read_all, read_json


class Invoice(BaseModel):
    DocEntry: int
    DocTotal: Decimal


def test_a_good_record_is_read():
    invoice = read(Invoice, {"DocEntry": 7, "DocTotal": Decimal("1.10"), "Other": "x"})

    assert (invoice.DocEntry, invoice.DocTotal) == (7, Decimal("1.10"))


def test_a_bad_field_is_named_with_system_and_record():
    with pytest.raises(ContractBroken, match=r"SAP: invoice 7 .*DocTotal: Field required"):
        read(Invoice, {"DocEntry": 7}, system="SAP", record="invoice 7")


def test_what_stood_in_the_field_is_not_told():
    with pytest.raises(ContractBroken) as caught:
        read(Invoice, {"DocEntry": "anna@example.com", "DocTotal": 1})

    assert "anna@example.com" not in str(caught.value)


def test_a_record_that_is_no_object_is_refused():
    with pytest.raises(ContractBroken, match="the whole"):
        read(Invoice, None)


def test_rows_are_refused_with_the_number_of_the_bad_one():
    rows = TypeAdapter(list[Invoice])
    good = {"DocEntry": 1, "DocTotal": 1}

    with pytest.raises(ContractBroken, match=r"1\.DocEntry"):
        read_all(rows, [good, {"DocTotal": 1}])


def test_a_page_of_html_is_not_json():
    with pytest.raises(ContractBroken, match="SAP: the answer about Orders is not JSON"):
        read_json(b"<html>502</html>", system="SAP", record="Orders")
