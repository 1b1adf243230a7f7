"""Reads the FilterExpr of a webhook, such as `DocTotal > 1000` (6).

SAP shows this one example; that the rest is its dialect of `$filter`, whose words for comparing
count as well, is a guess.
"""

import re

from b1sim.company.outside import Condition
from b1sim.company.shape.model import EntitySet
from b1sim.odata.reading.conditions import compile_filter

_SIGN = re.compile(r"'(?:[^']|'')*'|>=|<=|<>|!=|==|[<>=]")
_WORDS = {
    ">=": "ge",
    "<=": "le",
    "<>": "ne",
    "!=": "ne",
    "==": "eq",
    ">": "gt",
    "<": "lt",
    "=": "eq",
}


def event_condition(kind: EntitySet, text: str) -> Condition:
    """Turn the expression into SQL over the columns of a set; refuse what cannot be read."""
    where = compile_filter(kind, _SIGN.sub(_word, text))
    return where.sql, where.params


def _word(found: re.Match[str]) -> str:
    word = _WORDS.get(found[0])
    return found[0] if word is None else f" {word} "
