"""Smaller clients from PyPI, unmodified: SAPB1SL, and python-odata that reads $metadata first."""

import pytest
import requests
import SAPB1SL
from odata import ODataService

pytestmark = pytest.mark.filterwarnings("ignore:Unverified HTTPS request")


@pytest.fixture
def sapb1sl(secured, version):
    """A client of requests that never checks a certificate."""
    login = secured.login
    root = f"{secured.origin}/b1s/{version}"
    return SAPB1SL.SAPB1SL(root, login["user"], login["password"], login["company_db"])


def test_sapb1sl_reads_and_creates_and_logs_in_again(sapb1sl, secured):
    code = secured.new_code()
    partner = {"CardCode": code, "CardName": "Corner Shop", "CardType": "cCustomer"}

    created = sapb1sl.post("BusinessPartners", partner)
    secured.clock.jump(minutes=31)
    read = sapb1sl.get("BusinessPartners", params={"$filter": f"CardCode eq '{code}'"})

    assert created["CardCode"] == code
    assert [row["CardName"] for row in read["value"]] == ["Corner Shop"]
    with pytest.raises(SAPB1SL.SAPRequestError, match="1320000140"):
        sapb1sl.post("BusinessPartners", partner)


@pytest.fixture
def service(plain):
    """The service as python-odata learns it from the metadata."""
    login = plain.login
    with requests.Session() as session:
        session.post(
            f"{plain.origin}/b1s/v2/Login",
            json={
                "CompanyDB": login["company_db"],
                "UserName": login["user"],
                "Password": login["password"],
            },
        )
        yield ODataService(
            f"{plain.origin}/b1s/v2/", session=session, reflect_entities=True, quiet_progress=True
        )


def test_a_generic_client_learns_the_entities_from_the_metadata(service):
    items = service.entities["Items"]

    found = service.query(items).filter(items.ItemCode.startswith("BAG")).limit(3).all()
    one = service.query(items).get(found[0].ItemCode)

    assert {item.ItemCode[:3] for item in found} == {"BAG"}
    assert one.ItemName == found[0].ItemName
    assert one.ItemPrices


def test_a_generic_client_writes_with_its_annotations(service, plain):
    partners = service.entities["BusinessPartners"]
    code = plain.new_code()
    made = partners()
    made.CardCode, made.CardName = code, "Corner Shop"
    made.CardType = service.query(partners).first().CardType

    service.save(made)
    read = service.query(partners).get(code)
    read.CardName = "Renamed"
    service.save(read)

    assert service.query(partners).get(code).CardName == "Renamed"
    service.delete(read)
    assert plain.world.company.count("BusinessPartners", '"CardCode" = ?', (code,)) == 0
