"""The simulated Pipedrive company; it is written from the vendor's facts, never from the client."""

from .world import Simulator

__all__ = ["Simulator"]
