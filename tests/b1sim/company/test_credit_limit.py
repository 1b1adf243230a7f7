"""The credit limit: what is owed, delivered, ordered and asked for together."""

import pytest

from b1sim.company import clerk
from b1sim.company.refusals import Refusal


@pytest.fixture
def careful(office):
    clerk.change_settings(office.company, credit_check=["orders", "deliveries", "invoices"])
    office.company.patch("BusinessPartners", {"CardCode": "C1"}, {"CreditLimit": 10000})
    return office


def owing(office, invoiced, delivered, ordered):
    """Let the customer owe, have received and have ordered for these sums, tax included."""
    for entity_set, gross in (
        ("Invoices", invoiced),
        ("DeliveryNotes", delivered),
        ("Orders", ordered),
    ):
        office.post(entity_set, {"ItemCode": "A", "Quantity": 1, "GrossTotal": gross})


def test_what_is_open_everywhere_counts(careful):
    """8,200 + 900 + 500 + 1,190 = 10,790 > 10,000 (correctness-rules.md 3.18)."""
    owing(careful, 8200, 900, 500)

    with pytest.raises(Refusal, match=r"10790\.00 of 10000\.00") as refusal:
        careful.post("Orders", {"ItemCode": "A", "Quantity": 1, "GrossTotal": 1190})

    assert refusal.value.code == -10
    assert careful.company.count("Orders") == 1
    assert careful.partner()["OpenOrdersBalance"] == 500


def test_the_limit_itself_is_not_over_it(careful):
    owing(careful, 8200, 900, 500)

    careful.post("Orders", {"ItemCode": "A", "Quantity": 1, "GrossTotal": 400})


def test_money_paid_ahead_makes_room(careful):
    owing(careful, 8200, 900, 500)
    careful.pay(TransferSum=1190)

    careful.post("Orders", {"ItemCode": "A", "Quantity": 1, "GrossTotal": 1190})


def test_a_delivery_of_an_order_that_counts_already_adds_nothing(careful):
    order = careful.post("Orders", {"ItemCode": "A", "Quantity": 1, "GrossTotal": 9000})

    careful.draw("DeliveryNotes", 17, order, 1)


def test_without_a_limit_or_a_check_everything_passes(office):
    office.post("Orders", {"ItemCode": "A", "Quantity": 1, "GrossTotal": 50000})
    office.company.patch("BusinessPartners", {"CardCode": "C1"}, {"CreditLimit": 10000})
    office.post("Orders", {"ItemCode": "A", "Quantity": 1, "GrossTotal": 50000})
