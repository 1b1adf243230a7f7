"""Which methods of the ports a dry run holds back."""

import inspect

import pytest

from b1bridge.engine.dry_run import writes
from b1bridge.ports import books, shop

READING = {
    "order", "orders_changed_since", "payments", "customer", "stock", "rules", "find_partner",
    "partners_by_email", "items", "items_like", "find_document", "totals_of", "partner_of",
    "find_payment", "stock_levels",
}  # fmt: skip


def methods():
    for port in (books, shop):
        for kind in vars(port).values():
            if inspect.isclass(kind) and kind.__module__ == port.__name__:
                yield from (n for n in vars(kind) if not n.startswith("_"))


@pytest.mark.parametrize("name", sorted(set(methods())))
def test_every_method_of_a_port_is_known_to_read_or_held_back(name):
    assert writes(name) != (name in READING)
