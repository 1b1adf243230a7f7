"""The two ways goods can go, as IBT1.Direction and BinActTyp write them (SAP SDK help)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """Into a warehouse or out of it."""

    sign: int
    code: int
    """IBT1.Direction."""
    bin_action: str
    """BinActTyp of the bin allocations."""


IN = Way(sign=1, code=0, bin_action="1")
OUT = Way(sign=-1, code=1, bin_action="2")
