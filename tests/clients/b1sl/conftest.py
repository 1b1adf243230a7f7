"""The PyPI client b1sl-python, unmodified, logged in to a served company."""

import pytest
from b1sl.b1sl import B1Client, B1Config
from b1sl.b1sl import entities as en


@pytest.fixture
def configured():
    """Make what the client is told about a company."""

    def configure(served, version, **more):
        login = served.login
        return B1Config(
            base_url=f"{served.origin}/b1s/{version}",
            username=login["user"],
            password=login["password"],
            company_db=login["company_db"],
            **more,
        )

    return configure


@pytest.fixture
def b1(served, version, configured):
    with B1Client(configured(served, version), version=version) as client:
        yield client


@pytest.fixture
def partner(b1, served):
    """A new customer."""
    made = en.BusinessPartner(
        card_code=served.new_code(), card_name="Corner Shop", card_type="cCustomer"
    )
    return b1.business_partners.create(made).card_code


@pytest.fixture
def item(b1):
    """Any item of the demo company."""
    return b1.items.top(1).execute()[0].item_code


@pytest.fixture
def order_of():
    """Make an order of two pieces at 10."""

    def order(partner, item, **more):
        line = en.DocumentLine(item_code=item, quantity=2, unit_price=10)
        return en.Document(
            card_code=partner, doc_due_date="2026-12-24", document_lines=[line], **more
        )

    return order
