"""Compiles a filter tree to SQL; values travel as parameters, names come from the model only."""

from collections.abc import Mapping
from dataclasses import dataclass

from b1sim.company.shape.model import EntitySet, Property
from b1sim.odata.reading.filter_grammar import (
    Both,
    Call,
    Compare,
    Condition,
    Literal,
    Name,
    Not,
    Operand,
    parse_filter,
)
from b1sim.odata.reading.literals import Stored, stored_value
from b1sim.odata.refusing import bad_request, unknown_in_filter

# Positions of (property, text) among the arguments; OData 3 has substringof the other way round.
_FUNCTIONS: Mapping[str, tuple[str, int, int]] = {
    "startswith": ("substr({column}, 1, length({text})) = {text}", 0, 1),
    "endswith": (
        (
            "(length({column}) >= length({text}) AND substr({column}, "
            "length({column}) - length({text}) + 1) = {text})"
        ),
        0,
        1,
    ),
    "contains": ("instr({column}, {text}) > 0", 0, 1),
    "substringof": ("instr({column}, {text}) > 0", 1, 0),
}
_FUNCTION_ARGUMENTS = 2


@dataclass(frozen=True)
class Where:
    """A condition in SQL with its parameters in order."""

    sql: str = ""
    params: tuple[Stored, ...] = ()

    def also(self, other: "Where") -> "Where":
        """Demand both."""
        if not self.sql or not other.sql:
            return other if other.sql else self
        return Where(f"({self.sql}) AND ({other.sql})", self.params + other.params)


EVERYTHING = Where()


def compile_filter(entity_set: EntitySet, text: str, *, ignore_case: bool = False) -> Where:
    """Compile `$filter` text; `ignore_case` is what B1S-CaseInsensitive asks for."""
    compiler = _Compiler(entity_set, ignore_case=ignore_case)
    sql = compiler.condition(parse_filter(text, entity_set.type_name))
    return Where(sql, tuple(compiler.params))


class _Compiler:
    def __init__(self, entity_set: EntitySet, *, ignore_case: bool) -> None:
        self._set = entity_set
        self._ignore_case = ignore_case
        self.params: list[Stored] = []

    def condition(self, node: Condition) -> str:
        if isinstance(node, Both):
            return f"({f' {node.word} '.join(map(self.condition, _chain(node)))})"
        if isinstance(node, Not):
            return f"NOT ({self.condition(node.inner)})"
        return self._call(node) if isinstance(node, Call) else self._compare(node)

    def _compare(self, node: Compare) -> str:
        typed = self._typed(node.left) or self._typed(node.right)
        if typed is None:
            msg = "Query string error: a comparison in $filter names no property"
            raise bad_request(msg)
        if Literal("null", "") in (node.left, node.right):
            return self._null(typed, node.sign)
        left, right = (self._side(side, typed) for side in (node.left, node.right))
        return f"{left} {node.sign} {right}"

    def _null(self, property_: Property, sign: str) -> str:
        if sign not in {"=", "<>"}:
            msg = "Query string error: null compares with eq and ne only"
            raise bad_request(msg)
        return f"{property_.sql} IS {'NOT ' if sign == '<>' else ''}NULL"

    def _side(self, operand: Operand, typed: Property) -> str:
        if isinstance(operand, Name):
            return self._column(self._property(operand.text))
        self.params.append(self._folded(stored_value(typed, operand), typed))
        return "?"

    def _call(self, node: Call) -> str:
        template, at_property, at_text = _FUNCTIONS[node.function]
        if len(node.arguments) != _FUNCTION_ARGUMENTS:
            msg = f"Query string error: {node.function} takes two arguments"
            raise bad_request(msg)
        name, text = node.arguments[at_property], node.arguments[at_text]
        if not isinstance(name, Name) or not isinstance(text, Literal):
            msg = f"Query string error: {node.function} takes a property and a text"
            raise bad_request(msg)
        property_ = self._property(name.text)
        self.params += [self._folded(text.text, property_)] * template.count("{text}")
        return template.format(column=self._column(property_), text="?")

    def _typed(self, operand: Operand) -> Property | None:
        return self._property(operand.text) if isinstance(operand, Name) else None

    def _property(self, name: str) -> Property:
        found = property_of(self._set, name)
        if found is None:
            raise unknown_in_filter(name)
        return found

    def _column(self, property_: Property) -> str:
        if property_.type == "Edm.Time":
            return f"({property_.sql} / 100)"  # lies as the integer HHMMSS
        folds = self._ignore_case and property_.type == "Edm.String"
        return f"casefolded({property_.sql})" if folds else property_.sql

    def _folded(self, value: Stored, property_: Property) -> Stored:
        folds = self._ignore_case and property_.type == "Edm.String"
        return value.casefold() if folds and isinstance(value, str) else value


def _chain(node: Both) -> list[Condition]:
    """Return the parts of a or b or c …; nested, a hundred of them overflow SQLite's parser."""
    parts: list[Condition] = []
    left: Condition = node
    while isinstance(left, Both) and left.word == node.word:
        parts.append(left.right)
        left = left.left
    return [left, *reversed(parts)]


def property_of(entity_set: EntitySet, name: str) -> Property | None:
    """Find a simple property by its name in either version."""
    found = entity_set.properties.get(name)
    if found is None:
        found = next((p for p in entity_set.properties.values() if p.v2_name == name), None)
    return None if found is None or found.complex else found
