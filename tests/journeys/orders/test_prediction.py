"""Two readings of the same facts: the hub's prediction and the simulated company's posting."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from b1bridge.domain.customers import Address
from b1bridge.domain.documents import DocumentKind, DocumentLine, Expense, SalesDocument
from b1bridge.domain.money import Money
from b1bridge.domain.tax import predicted_totals
from b1sim.company import clerk

pytestmark = pytest.mark.anyio

CODES = {"A0": "0", "A7": "7", "A19": "19", "A20": "20"}
cents = st.integers(0, 300_000).map(lambda n: Decimal(n).scaleb(-2))
rows = st.lists(st.tuples(cents, st.sampled_from(sorted(CODES)), st.integers(1, 40)), max_size=15)


def euro(amount):
    return Money.of(amount, "EUR")


def document(kind, lines, freight, rounding, *, gross, tax_by_row):
    return SalesDocument(
        kind=kind,
        reference="",
        business_partner="C1",
        posted_on=date(2026, 11, 2),
        due_on=date(2026, 11, 2),
        currency="EUR",
        gross=gross,
        lines=tuple(
            DocumentLine("MUG", "", Decimal(n), euro(amount), code, Decimal(CODES[code]), "01")
            for amount, code, n in lines
        ),
        expenses=tuple(
            Expense(1, euro(amount), code, Decimal(CODES[code])) for amount, code, _ in freight
        ),
        rounding=euro(rounding),
        ship_to=Address(),
        bill_to=Address(),
        tax_by_row=tax_by_row,
    )


@pytest.mark.parametrize("kind", list(DocumentKind), ids=str)
@pytest.mark.parametrize("gross", [False, True], ids=["net", "gross"])
@pytest.mark.parametrize("tax_on", ["document", "line"])
@given(
    lines=rows.filter(bool),
    freight=rows.map(lambda found: found[:3]),
    rounding=st.integers(-5, 5).map(lambda n: Decimal(n).scaleb(-2)),
)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_the_company_comes_to_what_was_predicted(
    journey, posting, kind, gross, tax_on, lines, freight, rounding
):
    clerk.change_settings(journey.sap.company, tax_on=tax_on)
    by_row = tax_on == "line"
    wanted = document(kind, lines, freight, rounding, gross=gross, tax_by_row=by_row)

    posted = await journey.books.post_document(replace(wanted, reference=f"test/{next(posting)}"))

    assert await journey.books.totals_of(posted) == predicted_totals(wanted)


@pytest.fixture
def posting(journey):
    clerk.add_partner(journey.sap.company, "C1")
    clerk.set_stock(journey.sap.company, "MUG", "1000000")
    return iter(range(10_000))


@pytest.fixture
def store(plain_store):
    return plain_store
