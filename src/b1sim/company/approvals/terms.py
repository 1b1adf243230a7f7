"""The terms of an approval template: what must be true of a document that has to wait.

That all terms of a template must hold is a guess, and so is that one row is enough for terms about
rows.
"""

import operator
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from b1sim.company.books import Row
from b1sim.company.document import Document
from b1sim.company.refusals import invalid_value, not_simulated
from b1sim.company.shape.intake import Intake

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "1": operator.gt,
    "2": operator.ge,
    "3": operator.lt,
    "4": operator.le,
    "5": operator.eq,
    "6": operator.ne,
}
DISCOUNT, TOTAL, ITEM, ROW_TOTAL, QUANTITY = "4", "6", "7", "8", "10"
_OF_HEADER = {DISCOUNT: "DiscPrcnt", TOTAL: "DocTotal"}
_OF_ROWS = {ROW_TOTAL: "LineTotal", QUANTITY: "Quantity"}


def check(term: Intake) -> None:
    """Refuse a term that b1sim cannot judge, or one without a number to compare with."""
    kind, compares = term.columns.get("CondId"), term.columns.get("opCode")
    if kind not in {*_OF_HEADER, *_OF_ROWS, ITEM} or compares not in _OPERATORS:
        what = f"approval terms of condition {kind} and operation {compares}"
        raise not_simulated(what)
    if kind != ITEM:
        _number(term.columns.get("opValue"))


def holds(term: Row, document: Document) -> bool:
    """Tell whether a term is true of a document."""
    kind, compare = term["CondId"], _OPERATORS[term["opCode"]]
    if kind == ITEM:
        return any(compare(line.get("ItemCode"), term["opValue"]) for line in document.lines)
    limit = _number(term["opValue"])
    return any(compare(value, limit) for value in _values(kind, document))


def _values(kind: str, document: Document) -> Iterable[Decimal]:
    if kind in _OF_HEADER:
        return [document.header[_OF_HEADER[kind]]]
    return [line[_OF_ROWS[kind]] for line in document.lines]


def _number(text: object) -> Decimal:
    try:
        return Decimal(str(text))
    except InvalidOperation:
        name = "Value"
        raise invalid_value(name, "ApprovalTemplateTerm", text) from None
