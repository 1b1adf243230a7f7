"""How amounts and quantities are written: exact, as texts, without zeros that say nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import PlainSerializer, WithJsonSchema


def written(value: Decimal) -> str:
    """Write a number in plain digits: 12.5, never 1.25E+1."""
    return format(value.normalize() if value else Decimal(0), "f")


Number = Annotated[
    Decimal,
    PlainSerializer(written, return_type=str),
    WithJsonSchema(
        {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "description": "an exact number"}
    ),
]
