"""What can happen to an order, from its first notice to its last: one story for every way."""

INVOICED = ("order-to-invoice", "payment-to-incoming-payment", "refund-to-credit-memo")
ORDERED = ("order-to-sales-order", "sales-order-to-invoice", *INVOICED[1:])
PREPAID = ("order-to-sales-order", "payment-to-down-payment", *ORDERED[1:])
DELIVERED = ("order-to-sales-order",)

CART = (("MUG", 3, "20.00", "19"), ("PEN", 2, "1.10", "7"))


def bought(town, *flows, pays=(None,), **told):
    """Let a shopper order and pay, all at once or in parts."""
    town.flows = flows
    order = town.store.shopper_orders(list(CART), shipping="4.95", shipping_rate="19", **told)
    for amount in pays:
        town.store.pays(order, amount)
    return order


async def refunded(town):
    """Goods, then goodwill; paid by two captures."""
    order = bought(town, *INVOICED, pays=("30.00", None))
    await town.hears(order)
    town.store.refunds(order, items=[("MUG", 1)])
    await town.hears(order)
    town.store.refunds(order, amount="5.00")
    await town.hears(order)


async def refunded_before_it_is_heard_of(town):
    """The first look finds the order, its payment and two refunds."""
    order = bought(town, *INVOICED)
    town.store.refunds(order, items=[("MUG", 1), ("PEN", 2)])
    town.store.refunds(order, amount="1.00")
    await town.hears(order)


async def edited_after_its_invoice(town):
    """Fewer mugs and a lamp: a memo and an invoice of one change, then money for the rest."""
    order = bought(town, *INVOICED)
    await town.hears(order)
    town.store.changes_quantity(order, "MUG", 1)
    town.store.adds_line(order, ("LAMP", 1, "9.00", "19"))
    await town.hears(order)
    town.store.refunds(order, amount="20.00")
    await town.hears(order)
    town.store.changes_quantity(order, "MUG", 2)
    await town.hears(order)


async def cancelled_after_its_invoice(town):
    """Goods that were paid go back whole."""
    order = bought(town, *INVOICED)
    await town.hears(order)
    town.store.refunds(order, items=[("MUG", 3), ("PEN", 2)])
    town.store.cancels(order)
    await town.hears(order)
    await town.hears(order)


async def cancelled_before_it_was_paid(town):
    """Its invoice is open, so the memo is drawn from it."""
    order = bought(town, *INVOICED, pays=())
    await town.hears(order)
    town.store.cancels(order)
    await town.hears(order)


async def edited_and_cancelled_while_ordered(town):
    """Nothing was delivered: rows change, then the order is cancelled."""
    order = bought(town, *DELIVERED, pays=())
    await town.hears(order)
    town.store.edits(order, [("MUG", 2, "18.00", "19"), ("LAMP", 1, "35.71", "7")])
    await town.hears(order)
    town.store.cancels(order)
    await town.hears(order)


async def closed_when_partly_delivered(town):
    """Part left the house: rows change above it, then the rest is closed."""
    order = bought(town, *DELIVERED, pays=())
    await town.hears(order)
    town.delivers(order, (0, 1))
    town.store.changes_quantity(order, "MUG", 2)
    await town.hears(order)
    town.store.cancels(order)
    await town.hears(order)


async def taken_back_after_delivery(town):
    """All of it was delivered: returns take pieces back, twice."""
    order = bought(town, *DELIVERED, pays=())
    await town.hears(order)
    town.delivers(order, (0, 3), (1, 2))
    town.store.changes_quantity(order, "MUG", 2)
    await town.hears(order)
    town.store.cancels(order)
    await town.hears(order)


async def invoiced_from_its_sales_order(town):
    """Ordered, paid later, invoiced, then edited and partly refunded."""
    order = bought(town, *ORDERED, pays=())
    await town.hears(order)
    town.delivers(order, (0, 3))
    town.store.pays(order)
    await town.hears(order)
    town.store.changes_quantity(order, "PEN", 1)
    await town.hears(order)
    town.store.refunds(order, items=[("MUG", 1)])
    await town.hears(order)


async def prepaid_by_two_captures(town):
    """Two down payments, both drawn by the invoice."""
    order = bought(town, *PREPAID, pays=("10.00",))
    await town.hears(order)
    town.store.pays(order)
    await town.hears(order)
    town.store.refunds(order, items=[("PEN", 1)])
    await town.hears(order)


async def prepaid_and_called_off(town):
    """No invoice will come: the down payments are credited and paid back."""
    order = bought(town, *PREPAID, pays=("30.00", "10.00"))
    await town.hears(order)
    town.store.refunds(order, amount="25.00")
    town.store.refunds(order, amount="15.00")
    town.store.cancels(order)
    await town.hears(order)


async def shipped_in_parcels(town):
    """Two deliveries, one gets another label, the other is cancelled and made anew."""
    order = bought(town, *DELIVERED, pays=())
    await town.hears(order)
    first = town.delivers(order, (0, 1), TrackingNumber="1Z1", TransportationCode=1)
    second = town.delivers(order, (0, 2), (1, 2), TrackingNumber="1Z2", TransportationCode=1)
    for entry in (first, second):
        await town.looks_at_delivery(entry)
    town.sap.company.patch("DeliveryNotes", {"DocEntry": first}, {"TrackingNumber": "1Z9"})
    town.sap.company.act("DeliveryNotes", {"DocEntry": second}, "Cancel")
    third = town.delivers(order, (0, 2), TrackingNumber="1Z3", TransportationCode=2)
    for entry in (third, second, first):
        await town.looks_at_delivery(entry)


async def stock_follows_what_moved(town):
    """Everything once, then what a sale and a delivery by hand have moved."""
    await town.pushes_stock()
    order = bought(town, *INVOICED)
    await town.hears(order)
    await town.pushes_stock()
    town.store.refunds(order, items=[("MUG", 1)])
    await town.hears(order)
    await town.pushes_stock()


async def customer_registers_and_buys(town):
    """Known before the first order, and moved before the second."""
    address = {"first_name": "Eva", "last_name": "Ek", "street_1": "Weg 1", "country_iso2": "DE"}
    customer = town.store.registers_customer("eva@example.com", address=address)
    await town.hears_of_customer(customer)
    order = bought(town, *INVOICED, customer=customer, email="eva@example.com")
    await town.hears(order)
    moved = address | {"street_1": "Allee 9", "email": "eva@example.com"}
    another = bought(town, *INVOICED, customer=customer, email="eva@example.com", address=moved)
    await town.hears(another)


STORIES = (
    refunded,
    refunded_before_it_is_heard_of,
    edited_after_its_invoice,
    cancelled_after_its_invoice,
    cancelled_before_it_was_paid,
    edited_and_cancelled_while_ordered,
    closed_when_partly_delivered,
    taken_back_after_delivery,
    invoiced_from_its_sales_order,
    prepaid_by_two_captures,
    prepaid_and_called_off,
    shipped_in_parcels,
    stock_follows_what_moved,
    customer_registers_and_buys,
)
