"""What salespeople do after a deal was won: they win it twice, lose it, change it, merge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from b1bridge.demo.crm.app import App, Market
from b1bridge.demo.crm.awkward import Desk
from b1bridge.demo.crm.deals import EURO, Line, line_of

MERGED = "C10002"
_CALLED_OFF = 4


@dataclass(frozen=True, slots=True)
class Twins:
    """Two organizations of which one is left, and what it buys."""

    survivor: int
    customer: str
    lines: tuple[Line, ...]


async def change_their_minds(desk: Desk, won: Sequence[int]) -> list[str]:
    """Let some won deals take another turn; return what happened, as far as there are so many."""
    turns = (_win_twice, _lose, _sell_more, _win_again, _call_off)
    return [await turn(desk, deal) for turn, deal in zip(turns, won, strict=False)]


async def win_back(desk: Desk, won: Sequence[int]) -> list[str]:
    """Win once more what was called off, and the books have cancelled by now."""
    back = won[_CALLED_OFF:][:1]
    for deal in back:
        await desk.app.act("win_deal", deal=deal)
    return [f"deal {deal} won after all: it gets an order of its own" for deal in back]


async def merge_twins(app: App, market: Market) -> Twins:
    """Merge an organization into one that somebody entered by hand under nearly the same name."""
    survivor = await app.act("add_organization", name="Cafe Zwoelf, Wien")
    loser = market.organizations[MERGED]
    await app.act("merge_organizations", loser=loser, winner=survivor)
    return Twins(survivor, MERGED, (line_of(market.offers[0], EURO, 2),))


async def _win_twice(desk: Desk, deal: int) -> str:
    await desk.app.act("win_deal", deal=deal)
    return f"deal {deal} won a second time: its order stays the only one"


async def _lose(desk: Desk, deal: int) -> str:
    await desk.app.act("lose_deal", deal=deal, reason="they called it off")
    return f"deal {deal} lost after all: its order is cancelled"


async def _call_off(desk: Desk, deal: int) -> str:
    await desk.app.act("lose_deal", deal=deal, reason="wait and see")
    return f"deal {deal} lost for now: its order is cancelled, too"


async def _sell_more(desk: Desk, deal: int) -> str:
    await desk.app.act("change_line", line=await desk.line_on(deal), quantity="50")
    return f"deal {deal} sells more than it did: its order follows"


async def _win_again(desk: Desk, deal: int) -> str:
    await desk.app.act("reopen_deal", deal=deal)
    await desk.app.act("change_line", line=await desk.line_on(deal), quantity="20")
    await desk.app.act("win_deal", deal=deal)
    return f"deal {deal} opened, changed and won again: its order follows"
