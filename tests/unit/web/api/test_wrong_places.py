"""A case points to the field it is about, and to none rather than to a wrong one."""

import pytest

from b1bridge.web.api.wrong_places import wrong_places

ORDER = {
    "lines": [
        {"item": "MUG", "tax_code": "A20"},
        {"item": "LAMP", "tax_code": "X9"},
        {"item": "BAG 2", "tax_rate": "7"},
    ],
    "charges": [{"name": "Express", "tax_code": "X9"}],
    "payments": [{"method": "stripe"}, {"method": "cash"}],
}


@pytest.mark.parametrize(
    ("reason", "message", "pointers"),
    [
        ("MISSING_ITEM", "api/order/1: the books have no item 'LAMP'", ["/lines/1/item"]),
        ("MISSING_ITEM", "no item 'MUG', 'BAG 2'", ["/lines/0/item", "/lines/2/item"]),
        ("MISSING_ITEM", "no item 'MUGS'", []),
        ("ITEM_FROZEN", "item MUG is frozen", ["/lines/0/item"]),
        ("TAX_MAP", "there is no tax code 'X9'", ["/lines/1/tax_code", "/charges/0/tax_code"]),
        ("FREIGHT_MAP", "'Express' has no entry", ["/charges/0/name"]),
        ("PAYMENT_METHOD_MAP", "'cash' has no entry", ["/payments/1/method"]),
        ("TOTAL_MISMATCH", "10.00 and 9.99", ["/total"]),
        ("MISSING_CUSTOMER", "there is no C1", ["/customer/account"]),
        ("PERIOD_LOCKED", "MUG", []),
        ("MISSING_ITEM", "", []),
    ],
)
def test_a_case_points_to_what_it_names(reason, message, pointers):
    assert [one.pointer for one in wrong_places(reason, message, ORDER)] == pointers


def test_an_order_without_such_rows_is_pointed_to_nowhere():
    assert wrong_places("PAYMENT_METHOD_MAP", "'cash'", {"lines": []}) == ()
