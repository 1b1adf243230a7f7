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


def test_what_could_not_be_read_is_kept_as_it_came():
    with pytest.raises(ContractBroken) as caught:
        read(Invoice, {"DocEntry": "seven", "DocTotal": Decimal("1.10")})

    assert caught.value.payload == '{"DocEntry":"seven","DocTotal":1.10}'


def test_of_many_rows_only_the_bad_one_is_kept():
    rows = TypeAdapter(list[Invoice])

    with pytest.raises(ContractBroken) as caught:
        read_all(rows, [{"DocEntry": 1, "DocTotal": 1}, {"DocEntry": 2}])

    assert caught.value.payload == '{"DocEntry":2}'


def test_a_page_of_html_is_kept_too():
    with pytest.raises(ContractBroken) as caught:
        read_json(b"<html>502</html>")

    assert caught.value.payload == "<html>502</html>"


def test_secrets_in_an_answer_are_not_kept():
    answer = {"DocEntry": "x", "login": {"SessionId": "abc", "Password": "hunter2"}}

    with pytest.raises(ContractBroken) as caught:
        read(Invoice, answer)

    assert "abc" not in caught.value.payload
    assert "hunter2" not in caught.value.payload


def test_a_huge_answer_is_kept_in_part():
    with pytest.raises(ContractBroken) as caught:
        read_json("x" * 100_000)

    assert len(caught.value.payload) < 66_000
    assert caught.value.payload.endswith("34464 characters more")
