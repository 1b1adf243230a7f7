"""Shop, hub and books are compared to the cent; each fault is named, and nothing else."""

import pytest

pytestmark = pytest.mark.anyio


async def test_a_day_that_went_well_has_no_differences(office):
    for _ in range(5):
        office.sells()
    refunded = office.sells()
    await office.tell(*office.orders)
    office.store.refunds(refunded, items=[("MUG", 1)])
    await office.tell(refunded)

    found = await office.compare()

    assert await office.hub.cases() == []
    assert found.differences == ()
    assert found.orders == 6
    assert all(figure.agrees for figure in found.figures if figure.name != "open cases")
