"""What the company says of itself, and the switches that a client may turn."""

import pytest

from b1sim.company.refusals import Refusal


def told(office, operation, **sent):
    return office.company.serve(f"CompanyService_{operation}", sent)


def test_webhooks_are_off_until_a_client_enables_them(office):
    before = told(office, "GetAdminInfo").members["EnableWebhook"]

    told(office, "UpdateAdminInfo", AdminInfo={"EnableWebhook": "tYES"})

    assert before == "tNO"
    assert told(office, "GetAdminInfo").members["EnableWebhook"] == "tYES"
    assert office.company.settings.webhooks


def test_webhooks_want_the_folders_of_the_company(office):
    office.company.settings.attachments_folder = ""

    with pytest.raises(Refusal) as caught:
        told(office, "UpdateAdminInfo", AdminInfo={"EnableWebhook": "tYES"})

    assert caught.value.code == 10001237
    assert not office.company.settings.webhooks


def test_what_was_told_may_be_sent_back(office):
    info = told(office, "GetAdminInfo").members

    told(office, "UpdateAdminInfo", AdminInfo=info | {"EnableBranches": "tYES"})

    assert told(office, "GetAdminInfo").members == info | {"EnableBranches": "tYES"}


@pytest.mark.parametrize("sent", [{"LocalCurrency": "USD"}, {"MaxHistory": 1}])
def test_what_nothing_listens_to_is_refused_loudly(office, sent):
    with pytest.raises(Refusal) as caught:
        told(office, "UpdateAdminInfo", AdminInfo=sent)

    assert caught.value.status == 501


@pytest.mark.parametrize("sent", [None, [], {"EnableWebhook": "maybe"}, {"EnableWebhook": []}])
def test_nonsense_is_refused(office, sent):
    with pytest.raises(Refusal):
        told(office, "UpdateAdminInfo", AdminInfo=sent)


def test_negative_stock_is_a_switch_of_the_company_info(office):
    told(office, "UpdateCompanyInfo", CompanyInfo={"BlockStockNegativeQuantity": "tNO"})

    order = office.post("DeliveryNotes", {"ItemCode": "A", "Quantity": 2000})

    assert told(office, "GetCompanyInfo").members["BlockStockNegativeQuantity"] == "tNO"
    assert order["DocEntry"]


def test_no_feature_is_named(office):
    assert told(office, "GetFeaturesStatus").rows == []
