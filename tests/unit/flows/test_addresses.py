"""Addresses of orders: told where they stand otherwise, kept on the card once where wanted."""

from dataclasses import replace

import pytest

from b1bridge.domain.customers import Address
from b1bridge.domain.identity import Ref
from b1bridge.errors import Unmapped
from b1bridge.flows.order_to_invoice import FLOW

pytestmark = pytest.mark.anyio

ORDER = Ref("shop", "order", "101")
HOME = Address("Anna", "Ek", "", "Allee 1", "", "Berlin", "BE", "10115", "DE")


def sends_to(story, address, ref=ORDER):
    order = story.shop.orders[ORDER]
    story.shop.orders[ref] = replace(order, ref=ref, shipping=address, billing=address)


async def test_a_state_without_a_code_is_told_once_in_the_outcome(story):
    sends_to(story, replace(HOME, state="Mark"))

    outcome = await story.tell(FLOW)

    assert outcome.reason.count("no state Mark") == 1


async def test_a_state_that_an_operator_entered_is_written_as_the_books_say(story):
    sends_to(story, replace(HOME, state="Mark"))
    story.run.crosswalks["state"] = {"DE/Mark": "BE"}

    outcome = await story.tell(FLOW, unknown_state="case")

    assert "Mark" not in outcome.reason
    assert story.books.documents[0].ship_to.state == "BE"
    assert story.books.documents[0].bill_to.state == "BE"


async def test_a_state_without_a_code_waits_for_a_person_where_that_is_wanted(story):
    sends_to(story, replace(HOME, state="Mark"))

    with pytest.raises(Unmapped) as case:
        await story.tell(FLOW, unknown_state="case")

    assert case.value.reason == "STATE_MAP"
    assert (story.books.documents, story.books.partners) == ([], {})


async def test_addresses_stay_on_documents_by_default(story):
    sends_to(story, HOME)

    await story.tell(FLOW)

    assert story.books.ship_tos == {}


async def test_a_card_gets_each_place_once_whatever_its_spelling(story):
    places = [HOME, replace(HOME, street_1="ALLEE  1"), replace(HOME, street_1="Allee 9")]
    for number, place in enumerate(places):
        ref = Ref("shop", "order", f"20{number}")
        sends_to(story, place, ref)
        await story.tell(FLOW, story.run.about(ref), ship_to="upsert")

    (card,) = story.books.ship_tos.values()
    assert [address.street_1 for address in card.values()] == ["Allee 1", "Allee 9"]


async def test_a_collective_card_takes_no_addresses(story):
    sends_to(story, HOME)

    told = {"partners": "collective", "collective_partner": "WEB", "ship_to": "upsert"}
    await story.tell(FLOW, **told)

    assert story.books.ship_tos == {}
