"""Whatever order passes the door is posted to the cent, or stands in a case that has a name."""

import json
import os
import re
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from b1bridge.connectors.rest import CONNECTOR as REST
from b1bridge.connectors.rest.settings import Settings
from b1bridge.connectors.rest.wire import SubmittedOrder, canonical, digest_of
from b1bridge.connectors.sap_b1 import CONNECTOR as SAP
from b1bridge.domain.identity import Ref
from b1bridge.domain.submissions import Submission
from b1bridge.engine.options import options_of
from b1bridge.errors import NeedsOperator
from b1bridge.flows import discover
from b1bridge.ports.kept import Kept
from b1bridge.sdk import exact_json
from b1bridge.testing.kept import UsageInMemory
from b1bridge.testing.runs import InMemoryRun

from .conftest import CROSSWALKS

pytestmark = pytest.mark.anyio
FLOW = discover()["order-to-sales-order"]
DOCUMENTED = set(re.findall(r"`([A-Z_]+)`", Path("docs/reference/cases.md").read_text()))
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
RATES = {"A20": 20, "A19": 19, "A7": 7, "A0": 0}
MANY = int(os.environ.get("B1BRIDGE_ORDERS", "60"))
CENT = Decimal("0.01")


def decimals(least, most, places):
    step = Decimal(1).scaleb(-places)
    return st.integers(int(Decimal(least) / step), int(Decimal(most) / step)).map(
        lambda number: f"{number * step:f}"
    )


taxes = st.one_of(
    st.sampled_from([*RATES] * 8 + ["XX"]).map(lambda code: {"tax_code": code}),
    st.sampled_from(["20", "19.0", "7", "0"] * 8 + ["13"]).map(lambda rate: {"tax_rate": rate}),
)
prices = st.one_of(
    decimals("0", "999", 2).map(lambda price: {"price": price}),
    decimals("0", "20", 6).map(lambda price: {"price": price}),
    decimals("0", "9999", 2).map(lambda amount: {"amount": amount}),
)
lines = st.builds(
    lambda item, quantity, price, tax: {"item": item, "quantity": quantity} | price | tax,
    st.sampled_from(["MUG", "LAMP", "BAG", "PEN"] * 10 + ["CUP"]),
    st.one_of(st.integers(1, 40), decimals("0.001", "9", 3)),
    prices,
    taxes,
)
charges = st.builds(
    lambda name, amount, tax: {"name": name, "amount": amount} | tax,
    st.sampled_from(["shipping", "Handling", "Insurance"] * 5 + ["pigeon"]),
    decimals("0", "99", 2),
    taxes,
)
printed = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
texts = st.integers(1, 20).flatmap(lambda one: st.just("\x07") if one == 20 else printed)
orders = st.fixed_dictionaries(
    {
        "customer": st.fixed_dictionaries({"email": st.just("a@b.example"), "name": texts}),
        "lines": st.lists(lines, min_size=1, max_size=6),
        "prices_include_tax": st.booleans(),
    },
    optional={
        "discount_percent": decimals("0", "100", 2),
        "charges": st.lists(charges, max_size=2),
        "comment": texts,
        "due_on": st.dates(NOW.date(), datetime(2027, 6, 1, tzinfo=UTC).date()).map(str),
        "billing": st.fixed_dictionaries({"street_1": texts, "city": texts}),
        "currency": st.sampled_from(["EUR"] * 9 + ["USD"]),
    },
)
stated = st.sampled_from([None, None, "0.00", "0.01", "-0.02", "0.60", "7.00"])


class Left:
    """The one order that a client has left with the hub."""

    def __init__(self, submission):
        self.found = submission

    async def submission(self, ref):
        assert ref == self.found.ref
        return self.found


@pytest.fixture
async def books(sap):
    known = SAP.settings(
        **sap.settings(), local_currency="EUR", time_zone="Europe/Berlin", language=None
    )
    async with httpx.AsyncClient(transport=sap.transport(), base_url=known.service_root) as line:
        found = SAP.build("books", known, line)
        yield found
        await found.aclose()


def rounded(amount):
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP)


def comes_to(body):
    """Add up by hand what the books will make of it: tax on the sum of each code's rows."""
    rows = [
        (
            rounded(Decimal(str(one["quantity"])) * Decimal(one["price"]))
            if "price" in one
            else Decimal(one["amount"]),
            one,
        )
        for one in body["lines"]
    ]
    whole = sum(amount for amount, _ in rows)
    off = whole - rounded(whole * (100 - Decimal(body.get("discount_percent", 0))) / 100)
    if body["prices_include_tax"]:
        return whole - off + sum(Decimal(one["amount"]) for one in body.get("charges", ()))
    if off:
        return None  # how a discount is shared out among rates is not for this sum to know
    total = whole
    together = {}
    for amount, one in rows:
        key = one.get("tax_code") or Decimal(one["tax_rate"])
        together[key] = together.get(key, 0) + amount
    for key, amount in together.items():
        total += rounded(amount * Decimal(RATES.get(key, key)) / 100)
    for one in body.get("charges", ()):
        rate = RATES[one["tax_code"]] if "tax_code" in one else Decimal(one["tax_rate"])
        total += Decimal(one["amount"]) + rounded(Decimal(one["amount"]) * rate / 100)
    return total


async def post(books, body, number):
    """Run the flow for one order as it passed the door; return the case it ended in, if any."""
    order = SubmittedOrder.model_validate(
        exact_json.loads(json.dumps(body)), context=Settings(books="books")
    )
    text = canonical(order)
    ref = Ref("api", "order", f"W-{number}")
    left = Left(Submission(ref, text, digest_of(text), 1, NOW, NOW))

    async def lent(name):
        assert name == "books"
        return books

    shop = REST.opened(
        "api", Settings(books="books"), httpx.AsyncClient(), Kept(left, UsageInMemory(), lent)
    )
    run = InMemoryRun(ref, crosswalks={name: dict(pairs) for name, pairs in CROSSWALKS.items()})
    try:
        await FLOW.body(run, shop, books, options_of(FLOW, {}))
    except NeedsOperator as case:
        return case.reason
    return None


NUMBERS = iter(range(1, 1_000_000))


@settings(
    max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=orders, apart=stated)
async def test_it_is_posted_to_the_cent_or_is_a_case_with_a_name(sap, books, body, apart):
    number = next(NUMBERS)
    body["reference"] = f"W-{number}"
    known = all(one.get("tax_code") != "XX" for one in (*body["lines"], *body.get("charges", ())))
    expected = comes_to(body) if known else None
    if apart is not None and expected is not None and expected + Decimal(apart) >= 0:
        body["total"] = f"{expected + Decimal(apart):f}"
    if "\\u0007" in json.dumps(body):
        with pytest.raises(ValidationError, match="control characters"):
            await post(books, body, number)
        return
    reason = await post(books, body, number)

    found = sap.company.query("Orders", where="NumAtCard = ?", params=[f"api/order/W-{number}"])
    event(reason or "posted")
    if reason:
        assert found == []
        assert reason in DOCUMENTED
        return
    (document,) = found
    total = Decimal(str(document["DocTotal"]))
    if "total" in body:
        assert total == Decimal(body["total"])
    elif expected is not None:
        assert total == expected
