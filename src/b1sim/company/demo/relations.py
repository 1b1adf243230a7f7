"""What is known of customers beyond trade: a call, a chance."""

from typing import Any

from b1sim.company.books import Books
from b1sim.company.demo import catalogue
from b1sim.company.masters.keepers import KEEPERS
from b1sim.company.shape import intake
from b1sim.company.shape.model import ENTITY_SETS


def show(books: Books) -> None:
    """Enter one of each."""
    buyer = catalogue.BUYERS[0]
    call = {"CardCode": buyer, "Activity": "cn_Conversation", "Details": "Asked for a sample"}
    _enter(books, "Activities", call)
    stages = [{"StageKey": 1, "MaxLocalTotal": 4000}, {"StageKey": 2, "MaxLocalTotal": 3500}]
    chance = {"CardCode": buyer, "OpportunityName": "Office kitchens", "SalesPerson": 2}
    _enter(books, "SalesOpportunities", chance | {"SalesOpportunitiesLines": stages})


def _enter(books: Books, entity_set: str, payload: dict[str, Any]) -> None:
    kind = ENTITY_SETS[entity_set]
    KEEPERS[entity_set].create(books, kind, intake.take(kind, payload))
