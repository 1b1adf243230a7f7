"""Orders over the desk: once on disk, once in the books, and told as they stand."""

from decimal import Decimal

import pytest

from b1bridge.bootstrap.order_status import Progress
from b1bridge.domain.submissions import Verdict

from .conftest import order, sent

pytestmark = pytest.mark.anyio


async def submit(hub, body, **words):
    return await hub.orders.submit("api", sent(body), actor="token:shop", **words)


async def settled(hub, reference="WEB-1001"):
    status = await hub.orders.settled("api", reference, 30)
    assert status is not None
    return status


async def test_an_order_is_posted_and_told_with_its_numbers(hub, sap):
    taken = await submit(hub, order())

    status = await settled(hub)

    (document,) = sap.company.query("Orders")
    assert taken.verdict is Verdict.NEW
    assert status.state is Progress.POSTED
    assert [(one.entry, one.number) for one in status.documents] == [
        (document["DocEntry"], document["DocNum"])
    ]
    assert document["NumAtCard"] == "api/order/WEB-1001"
    assert Decimal(str(document["DocTotal"])) == Decimal("12.00")
