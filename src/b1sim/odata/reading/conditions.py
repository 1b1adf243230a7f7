"""Compiles a filter tree (sap-service-layer.md 4.2) to SQL.

Values travel as parameters, names come from the model only. What the facts leave open, such as
how a null compares, is SQL's own answer: a guess.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from b1sim.company.shape.model import Collection, EntitySet, Property
from b1sim.odata.reading.filter_grammar import (
    Both,
    Call,
    Compare,
    Condition,
    Literal,
    Name,
    Not,
    Operand,
    Sum,
    parse_filter,
)
from b1sim.odata.reading.literals import Stored, stored_value
from b1sim.odata.refusing import bad_request, unknown_in_filter

# Positions of (property, text) among the arguments; OData 3 has substringof the other way round.
_FUNCTIONS: Mapping[str, tuple[str, int, int]] = {
    # The range lets SQLite search an index; U+10FFFF is the last character there is.
    "startswith": (
        (
            "({column} >= {text} AND {column} < {text} || char(1114111) "
            "AND substr({column}, 1, length({text})) = {text})"
        ),
        0,
        1,
    ),
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


@dataclass(frozen=True)
class Column:
    """What a name stands for: a property, and its value in SQL."""

    property: Property
    sql: str


Resolve = Callable[[str], Column | None]


def compile_filter(entity_set: EntitySet, text: str, *, ignore_case: bool = False) -> Where:
    """Compile `$filter` text; `ignore_case` is what B1S-CaseInsensitive asks for."""

    def resolve(name: str) -> Column | None:
        found = property_of(entity_set, name)
        return None if found is None else Column(found, found.sql)

    return compile_condition(
        parse_filter(text, entity_set.type_name), resolve, ignore_case=ignore_case
    )


def compile_condition(condition: Condition, resolve: Resolve, *, ignore_case: bool) -> Where:
    """Compile a condition over whatever the names resolve to."""
    compiler = _Compiler(resolve, ignore_case=ignore_case)
    sql = compiler.condition(condition)
    return Where(sql, tuple(compiler.params))


def compile_sum(operand: Operand, resolve: Resolve) -> tuple[Where, Property]:
    """Compile a computed value with the property that gives it its type."""
    compiler = _Compiler(resolve, ignore_case=False)
    typed = compiler.typed(operand)
    if typed is None:
        msg = "Query string error: a computed value names no property"
        raise bad_request(msg)
    sql = compiler.side(operand, _beside(typed.property, operand))
    return Where(sql, tuple(compiler.params)), typed.property


class _Compiler:
    def __init__(self, resolve: Resolve, *, ignore_case: bool) -> None:
        self._resolve = resolve
        self._ignore_case = ignore_case
        self.params: list[Stored] = []

    def condition(self, node: Condition) -> str:
        if isinstance(node, Both):
            return f"({f' {node.word} '.join(map(self.condition, _chain(node)))})"
        if isinstance(node, Not):
            return f"NOT ({self.condition(node.inner)})"
        return self._call(node) if isinstance(node, Call) else self._compare(node)

    def _compare(self, node: Compare) -> str:
        typed = self.typed(node.left) or self.typed(node.right)
        if typed is None:
            msg = "Query string error: a comparison in $filter names no property"
            raise bad_request(msg)
        if Literal("null", "") in (node.left, node.right):
            return self._null(typed, node.sign)
        kind = _beside(typed.property, node.left, node.right)
        left, right = (self.side(side, kind) for side in (node.left, node.right))
        return f"{left} {node.sign} {right}"

    def _null(self, column: Column, sign: str) -> str:
        if sign not in {"=", "<>"}:
            msg = "Query string error: null compares with eq and ne only"
            raise bad_request(msg)
        return f"{column.sql} IS {'NOT ' if sign == '<>' else ''}NULL"

    def side(self, operand: Operand, typed: Property) -> str:
        """Compile one side of a comparison; literals are read as the typed property's values."""
        if isinstance(operand, Name):
            return self._column(self._found(operand.text))
        if isinstance(operand, Sum):
            left, right = self.side(operand.left, typed), self.side(operand.right, typed)
            # Whole numbers divide to fractions in HANA, and to whole numbers in SQLite.
            return f"({left} {'* 1.0 /' if operand.sign == '/' else operand.sign} {right})"
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
        found = self._found(name.text)
        self.params += [self._folded(text.text, found.property)] * template.count("{text}")
        return template.format(column=self._column(found), text="?")

    def typed(self, operand: Operand) -> Column | None:
        """Find the property that says what the literals beside it are."""
        if isinstance(operand, Sum):
            return self.typed(operand.left) or self.typed(operand.right)
        return self._found(operand.text) if isinstance(operand, Name) else None

    def _found(self, name: str) -> Column:
        found = self._resolve(name)
        if found is None:
            raise unknown_in_filter(name)
        return found

    def _column(self, column: Column) -> str:
        kind = column.property.type
        if kind == "Edm.Time":
            return f"({column.sql} / 100)"  # lies as the integer HHMMSS
        folds = self._ignore_case and kind == "Edm.String"
        return f"casefolded({column.sql})" if folds else column.sql

    def _folded(self, value: Stored, property_: Property) -> Stored:
        folds = self._ignore_case and property_.type == "Edm.String"
        return value.casefold() if folds and isinstance(value, str) else value


def _beside(property_: Property, *operands: Operand) -> Property:
    """Tell how to read the literals beside a property; what computes may be given fractions."""
    computes = any(isinstance(operand, Sum) for operand in operands)
    return replace(property_, type="Edm.Double", enum=None) if computes else property_


def _chain(node: Both) -> list[Condition]:
    """Return the parts of a or b or c …; nested, a hundred of them overflow SQLite's parser."""
    parts: list[Condition] = []
    left: Condition = node
    while isinstance(left, Both) and left.word == node.word:
        parts.append(left.right)
        left = left.left
    return [left, *reversed(parts)]


def property_of(shape: EntitySet | Collection, name: str) -> Property | None:
    """Find a simple property by its name in either version."""
    found = shape.properties.get(name)
    if found is None:
        found = next((p for p in shape.properties.values() if p.v2_name == name), None)
    return None if found is None or found.complex else found
