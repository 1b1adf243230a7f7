"""Countries and states as SAP's own lists have them: an address takes codes alone (5)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar

from pydantic import Field

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.sql_queries import is_forbidden
from b1bridge.connectors.sap_b1.client.windows import windows
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.wire import Text, Wire, fields_of
from b1bridge.domain.customers import Address
from b1bridge.domain.text import letters_of
from b1bridge.errors import BridgeError
from b1bridge.sdk.reading import read

W = TypeVar("W", bound=Wire)

_LONGEST_CODE = 3
# Somebody may enter a missing state at any time; asking again for each address would be rude.
_KEPT_SECONDS = 60.0


class WireCountry(Wire):
    """A country."""

    code: str = Field(alias="Code")


class WireState(Wire):
    """A state of a country."""

    code: str = Field(alias="Code")
    country: str = Field(alias="Country")
    name: Text = Field(alias="Name")


@dataclass(frozen=True, slots=True)
class Places:
    """The codes that SAP takes: of countries, and of each one's states by code and by name."""

    countries: frozenset[str]
    states: Mapping[str, Mapping[str, str]]

    def country(self, said: str) -> str:
        """Return the code, or nothing when SAP has no such country."""
        return said.upper() if said.upper() in self.countries else ""

    def state(self, said: str, country: str) -> str:
        """Return the code of "BY", "DE-BY" or "Bayern", or nothing."""
        known = self.states.get(country.upper(), {})
        _, _, subdivision = said.upper().partition(f"{country.upper()}-")
        return known.get(letters_of(said)) or known.get(letters_of(subdivision), "")

    def knows(self, address: Address) -> bool:
        """Tell whether SAP has codes for both."""
        country, state = address.country, address.state
        return (not country or bool(self.country(country))) and (
            not state or bool(self.state(state, country))
        )


class Guessed(Places):
    """What is left where SAP keeps its lists to itself: what is as short as a code is one."""

    def country(self, said: str) -> str:
        """Return what may be a code."""
        return said.upper() if len(said) <= _LONGEST_CODE else ""

    def state(self, said: str, country: str) -> str:
        """Return what may be a code."""
        del country
        return said if len(said) <= _LONGEST_CODE else ""


GUESSED = Guessed(frozenset(), {})


class SapPlaces(Account):
    """Keeps the lists, and reads them again when something is missing on them."""

    _places: Places | None = None
    _read_at = 0.0

    async def places_for(self, *addresses: Address) -> Places:
        """Return the lists, as new as these addresses need them."""
        wanted = [one for one in addresses if one.country or one.state]
        if not wanted:
            return self._places or GUESSED
        stale = monotonic() - self._read_at > _KEPT_SECONDS
        if self._places is None or (stale and not all(map(self._places.knows, wanted))):
            self._places = await self._read_places()
            self._read_at = monotonic()
        return self._places

    async def _read_places(self) -> Places:
        try:
            countries = [one.code async for one in self._rows(WireCountry, "Countries", "Code")]
            states: dict[str, dict[str, str]] = {}
            async for state in self._rows(WireState, "States", "Country", "Code"):
                of_country = states.setdefault(state.country, {})
                of_country |= {letters_of(state.name): state.code}
                of_country |= {letters_of(state.code): state.code}
        except BridgeError as refused:
            if not is_forbidden(refused):
                raise
            return GUESSED
        return Places(frozenset(countries), states) if countries else GUESSED

    async def _rows(self, model: type[W], entity_set: str, *key: str) -> AsyncIterator[W]:
        async for rows in windows(self._service, entity_set, key=key, select=fields_of(model)):
            for row in rows:
                yield read(model, row, system=SYSTEM, record=entity_set)
