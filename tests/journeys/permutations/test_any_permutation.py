"""Whatever a hub hears first, twice, late or never: the books of a story end the same.

Four ways each: heard once when all is over, heard act by act, heard at random, and at random with
the acts themselves in another order that the shop allows. All are swept at the end.

Compared to the cent: what the partner owes, what the documents come to (which is what domain.claims
says the order owes), the accounts of money and receivables, and stock by item and warehouse.
Not compared: the sum of open invoices and of open memos each by itself, for a payment may settle an
invoice before or after a memo of it; their difference is what the partner owes. Revenue and tax may
differ between each other by the cents that one memo of two edits rounds otherwise than two memos of
one edit each; goodwill bears the tax of the order as it stood when it was given.

A way may also end in a case: then a person decides, and the books are as the case says.

`B1BRIDGE_STORIES` tells more stories. Beyond the default a few end with other stock: where pieces
were refunded beside an edit of the same order, whether a memo brings them back depends on how much
of that refund the order's change had credited when it was heard.
"""

import os
import random
from decimal import Decimal

import pytest

from .hearing import CARD, RECEIVABLES, at_once, at_random, hub_for, late, swept
from .stories import other_orders, story

pytestmark = pytest.mark.anyio

STORIES = int(os.environ.get("B1BRIDGE_STORIES", "10"))
FOR_PEOPLE = {"EDIT_CONFLICT", "TOTAL_MISMATCH"}


async def ending(told, acts, way, seed):
    """Tell a story one way; return what to compare and what is wrong, or the cases it ended in."""
    async with hub_for(told) as hub:
        await way(hub, acts, random.Random(seed))  # noqa: S311 - an order of events, not a secret
        await swept(hub)
        reasons = {case.reason for case in hub.cases.values()}
        books, shop = hub.books_now(), hub.shop
        exact = {code: books.accounts[code] for code in (CARD, RECEIVABLES)}
        wrong = [] if reasons else differences(hub, books)
        return reasons, (exact, books.partners, books.stock, shop.total), wrong


def differences(hub, books):
    """Hold the books of a way to what the shop itself says."""
    kept = hub.shop.received - hub.shop.returned
    wanted = {"documents": hub.owed(), "partner": hub.owed() - kept, "card": kept}
    found = {
        "documents": hub.net(),
        "partner": books.partners,
        "card": books.accounts[CARD],
    }
    return [(name, found[name], wanted[name]) for name in found if found[name] != wanted[name]]


def ways_of(told, seed):
    dice = random.Random(seed)  # noqa: S311 - an order of events, not a secret
    same = [(way, told.acts) for way in (late, at_once, at_random)]
    return same + [(at_random, acts) for acts in other_orders(told, dice)]


async def test_any_order_of_hearing_ends_in_the_same_books():
    ways, cases, wrong = 0, [], []
    for seed in range(STORIES):
        told = story(seed)
        endings = []
        for way, acts in ways_of(told, seed):
            reasons, books, off = await ending(told, acts, way, seed)
            ways += 1
            if reasons:
                cases.append((seed, way.__name__, reasons))
                continue
            endings.append(books)
            wrong += [(seed, way.__name__, one) for one in off]
        wrong += [(seed, "differs", one) for one in endings if one != endings[0]]

    assert wrong == []
    assert ways > 2 * STORIES
    assert {reason for *_, reasons in cases for reason in reasons} <= FOR_PEOPLE
    assert len(cases) <= ways * Decimal("0.05"), cases
