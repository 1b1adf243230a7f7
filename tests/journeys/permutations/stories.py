"""Generated stories of one order each: what shopper, staff and gateway do to it, act by act.

A story is data, so that it can be told again to a fresh store, also in another order of its acts
wherever the shop allows that and ends the same.
"""

import random
from dataclasses import dataclass
from decimal import Decimal

from b1bridge.connectors.bigcommerce.simulator import Simulator
from b1bridge.connectors.bigcommerce.simulator.pricing import totals_of
from b1bridge.connectors.bigcommerce.simulator.refund_prices import (
    Refused,
    quantity_refunded,
    received,
    refundable,
)
from b1bridge.testing.clocks import Clock

GOODS = ("MUG", "LAMP", "BAG", "PEN", "CUP")
RATES = ("0", "7", "19", "20")
CANCELLED = 5


@dataclass(frozen=True)
class Act:
    """One verb of the shop's clerk; `refund` names the refund it makes or answers."""

    verb: str
    told: dict
    refund: str = ""


@dataclass(frozen=True)
class Story:
    """One order and what becomes of it."""

    seed: int
    gross: bool
    cart: tuple
    checkout: dict
    acts: tuple[Act, ...]

    def __str__(self):
        acts = (f"{a.verb} {a.told}{' ' + a.refund if a.refund else ''}" for a in self.acts)
        return "\n  ".join((f"story {self.seed} gross={self.gross}", f"{self.cart}", *acts))


def store_for(*, gross, clock):
    """Open a store that sells all goods."""
    store = Simulator(prices_include_tax=gross, clock=clock)
    for sku in GOODS:
        store.adds_product(sku, 1000)
    return store


class Shop:
    """One order of a store of its own, or of a given one, to which a story is told."""

    def __init__(self, story, store=None, clock=None):
        self.clock = clock or Clock()
        self.store = store or store_for(gross=story.gross, clock=self.clock)
        self.number = self.store.shopper_orders(story.cart, **story.checkout)
        self.refunds = {}

    @property
    def order(self):
        return self.store.store.orders[self.number]

    def tell(self, act):
        """Let an act happen, five minutes later."""
        self.clock.forward(minutes=5)
        if act.verb in {"refund_settles", "refund_fails"}:
            getattr(self.store, act.verb)(self.refunds[act.refund])
            return
        made = getattr(self.store, act.verb)(self.number, **act.told)
        if act.refund:
            self.refunds[act.refund] = made

    @property
    def total(self):
        """What the shop charges now; nothing once the order is cancelled."""
        cancelled = self.order.status_id == CANCELLED
        return Decimal(0) if cancelled else totals_of(self.order).total.inc_tax

    @property
    def received(self):
        return received(self.order)

    @property
    def returned(self):
        """What went back for good: pending money is on its way only."""
        payments = (p for refund in self.order.refunds for p in refund.payments)
        done = (p.amount for p in payments if p.offline or (p.transaction and not p.declined))
        return sum(done, Decimal(0))

    def truth(self):
        """What must be the same after every order of the acts."""
        order = self.order
        lines = sorted((line.sku, line.quantity) for line in order.lines if line.quantity)
        refunds = sorted(
            (r.amount, r.tax, r.is_declined, [(i.type, i.quantity) for i in r.items])
            for r in order.refunds
        )
        paid = sorted(t.amount for t in order.transactions if t.status == "ok")
        return self.total, self.received, self.returned, lines, refunds, paid


class Author:
    """Writes a story by telling it to a store of its own, so that every act is possible."""

    def __init__(self, seed):
        self.dice = random.Random(seed)  # noqa: S311 - a story, not a secret
        self.seed, self.gross = seed, self.dice.random() < 0.5
        skus = self.dice.sample(GOODS, self.dice.randint(1, 5))
        cart = tuple((sku, self.dice.randint(1, 6), self._price(), self._rate()) for sku in skus)
        dice = self.dice
        checkout = {"email": f"s{seed}@example.com", "status": 11}
        if dice.random() < 0.6:
            checkout |= {"shipping": dice.choice(["3.13", "4.90", "9.95"]), "shipping_rate": "19"}
        if dice.random() < 0.4:
            least = min(Decimal(price) for _, _, price, _ in cart)
            checkout["discount"] = str(min(least, Decimal(dice.choice(["0.37", "5.00"]))))
        self.story = Story(seed, self.gross, cart, checkout, ())
        self.shop, self.acts, self.pending = Shop(self.story), [], ""

    def written(self):
        """Return the story: 3 to 10 tries, most of them what shops see most."""
        verbs = [self.pays] * 4 + [self.edits] * 4 + [self.refunds] * 5 + [self.ships] * 2
        for _ in range(self.dice.randint(3, 9)):
            self.dice.choice(verbs)()
        if self.dice.random() < 0.15:
            self.cancels()
        if self.pending:
            self.answers()
        self.gives_back_what_is_left_over()
        told = self.story
        return Story(told.seed, told.gross, told.cart, told.checkout, tuple(self.acts))

    def _price(self):
        usual = self.dice.choice(["0.99", "4.00", "19.99", "23.90", "35.71"])
        return usual if self.dice.random() < 0.5 else f"{self.dice.randint(1, 9_999) / 100:.2f}"

    def _rate(self):
        return self.dice.choice(RATES)

    def act(self, verb, refund="", **told):
        act = Act(verb, told, refund)
        try:
            self.shop.tell(act)
        except Refused:
            return False
        self.acts.append(act)
        return True

    def pays(self):
        due = self.shop.total - self.shop.received
        if due <= 0:
            return
        part = (due * self.dice.randint(20, 80) / 100).quantize(Decimal("0.01"))
        paid = part if part > 0 and self.dice.random() < 0.25 else due
        self.act("pays", amount=str(paid))

    def edits(self):
        if self.shop.order.status_id == CANCELLED or self.shop.order.shipments:
            return
        before = self.shop.total
        lines = [line for line in self.shop.order.lines if line.quantity]
        line = self.dice.choice(lines)
        refunded = quantity_refunded(self.shop.order, line)
        what = self.dice.choice(["fewer", "fewer", "more", "remove", "add", "freight"])
        unsold = [s for s in GOODS if s not in {one.sku for one in self.shop.order.lines}]
        if what == "fewer" and line.quantity - refunded > 1:
            quantity = self.dice.randint(max(refunded, 1), line.quantity - 1)
            self.act("changes_quantity", which=line.sku, quantity=quantity)
        elif what == "more":
            quantity = line.quantity + self.dice.randint(1, 3)
            self.act("changes_quantity", which=line.sku, quantity=quantity)
        elif what == "remove" and len(lines) > 1 and not refunded:
            self.act("removes_line", which=line.sku)
        elif what == "add" and unsold:
            row = (self.dice.choice(unsold), self.dice.randint(1, 3), self._price(), self._rate())
            self.act("adds_line", row=row)
        elif what == "freight" and self.shop.order.shipping.cost:
            self.act("changes_shipping", cost=self.dice.choice(["0.00", "3.13", "6.50", "12.00"]))
        self._settles_edit(before)

    def _settles_edit(self, before):
        """Let the money follow an edit, as staff mostly does, at once or later or never."""
        off = self.shop.total - before
        if not off or not self.shop.received or self.dice.random() < 0.3:
            return
        if off > 0:
            self.act("pays", amount=str(off))
        elif -off <= refundable(self.shop.order):
            self.refund(amount=str(-off))

    def refunds(self):
        if not refundable(self.shop.order) > 0:
            return
        what = self.dice.choice(["goods", "goods", "goods", "amount", "shipping"])
        lines = [
            (line, line.quantity - quantity_refunded(self.shop.order, line))
            for line in self.shop.order.lines
        ]
        left = [(line, quantity) for line, quantity in lines if quantity > 0]
        if what == "goods" and left:
            line, quantity = self.dice.choice(left)
            self.refund(items=((line.sku, self.dice.randint(1, quantity)),))
        elif what == "amount":
            most = min(refundable(self.shop.order), Decimal("20.00"))
            cents = self.dice.randint(1, int(most * 100))
            self.refund(amount=f"{Decimal(cents) / 100:.2f}")
        elif what == "shipping" and self.shop.order.shipping.cost:
            self.refund(shipping=str(self.shop.order.shipping.cost))

    def refund(self, **told):
        name = f"refund {len(self.shop.refunds) + 1}"
        slow = self.dice.random() < 0.25
        if self.act("refund_pends" if slow else "refunds", name, **told) and slow:
            self.pending = name
            if self.dice.random() < 0.5:
                self.answers()

    def answers(self):
        """Let the gateway answer what is pending."""
        settles = self.dice.random() < 0.7
        if self.act("refund_settles" if settles else "refund_fails", self.pending):
            self.pending = ""

    def ships(self):
        order = self.shop.order
        gone = any(line.quantity for line in order.lines if quantity_refunded(order, line))
        if not order.shipments and not gone:
            line = self.dice.choice([line for line in order.lines if line.quantity])
            quantity = self.dice.randint(1, line.quantity)
            self.act("ships", items=((line.sku, quantity),))

    def gives_back_what_is_left_over(self):
        """Leave nobody with money of theirs in the shop: that would be a case, and rightly so."""
        shop = self.shop
        over = shop.received - shop.returned - shop.total
        if over > 0:
            name = f"refund {len(shop.refunds) + 1}"
            self.act("refunds", name, amount=str(min(over, refundable(shop.order))))

    def cancels(self):
        """Give all money back and cancel; a refund afterwards would make it a refunded order."""
        if self.pending:
            self.answers()
        left = refundable(self.shop.order)
        if left > 0:
            self.act("refunds", f"refund {len(self.shop.refunds) + 1}", amount=str(left))
        self.act("cancels")


def story(seed):
    """Write one story."""
    return Author(seed).written()


def other_orders(told, dice, most=1):
    """Return other orders of a story's acts that the shop allows and that end the same."""
    truth = _ending(told.acts, told)
    found = []
    for _ in range(12):
        acts = list(told.acts)
        at = dice.randrange(max(len(acts) - 1, 1))
        for i in range(at, min(len(acts) - 1, at + 3)):
            acts[i], acts[i + 1] = acts[i + 1], acts[i]
        if dice.random() < 0.3:
            dice.shuffle(acts)
        acts = tuple(acts)
        if acts not in (told.acts, *found) and _ending(acts, told) == truth:
            found.append(acts)
        if len(found) == most:
            break
    return found


def _ending(acts, told):
    shop = Shop(told)
    try:
        for act in acts:
            shop.tell(act)
    except (Refused, KeyError, StopIteration, AssertionError):
        return None
    return shop.truth()
