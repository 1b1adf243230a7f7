"""Reads `$filter` and `$orderby` text into a small tree.

The dialect has six comparisons, four functions and no arithmetic (sap-service-layer.md 4.2).
The odata-query library was tried: it takes `AllowX` for the keyword `all`, refuses `not(`, and
knows neither `substringof`, `datetime'…'` nor SAP's error codes, so this file replaces it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from b1sim.odata.refusing import bad_request, unknown_property

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>(?P<prefix>[A-Za-z_][\w.]*)?'(?P<inside>(?:[^']|'')*)')
  | (?P<moment>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?(?!\w))
  | (?P<clock>\d\d:\d\d(?::\d\d)?)
  | (?P<number>[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)[fdmlFDML]?(?![\w.])
  | (?P<name>[A-Za-z_$][\w/]*)
  | (?P<mark>[(),])
    )""",
    re.VERBOSE,
)
COMPARISONS = {"eq": "=", "ne": "<>", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}
_SUMS, _PRODUCTS = {"add": "+", "sub": "-"}, {"mul": "*", "div": "/"}
FUNCTIONS = frozenset({"startswith", "endswith", "contains", "substringof"})
_DEEPEST = 60  # parentheses; far beyond any real filter, well within Python's stack


@dataclass(frozen=True)
class Token:
    """One word of the filter; `text` of a quoted literal is already unescaped."""

    kind: str
    text: str


@dataclass(frozen=True)
class Name:
    """A property."""

    text: str


@dataclass(frozen=True)
class Literal:
    """A value as written: kind is text, number, moment, clock or null."""

    kind: str
    text: str


@dataclass(frozen=True)
class Sum:
    """Two operands and a sign of arithmetic, which only cross joins allow (4.2)."""

    sign: str
    left: "Operand"
    right: "Operand"


Operand = Name | Literal | Sum


@dataclass(frozen=True)
class Compare:
    """Two operands and an SQL comparison sign."""

    sign: str
    left: Operand
    right: Operand


@dataclass(frozen=True)
class Call:
    """One of the text functions."""

    function: str
    arguments: tuple[Operand, ...]


@dataclass(frozen=True)
class Not:
    """The opposite of a condition."""

    inner: "Condition"


@dataclass(frozen=True)
class Both:
    """Two conditions joined by `and` or `or`."""

    word: str
    left: "Condition"
    right: "Condition"


Condition = Compare | Call | Not | Both


def parse_filter(text: str, type_name: str, *, arithmetic: bool = False) -> Condition:
    """Read a whole `$filter`; refuse with -1000 what the dialect does not know."""
    reader = _Reader(text, type_name, arithmetic=arithmetic)
    condition = reader.either()
    reader.finish()
    return condition


def parse_sum(text: str, type_name: str) -> Operand:
    """Read a computed value such as `DocEntry mul (DocNum sub 1)`."""
    reader = _Reader(text, type_name, arithmetic=True)
    operand = reader.operand()
    reader.finish()
    return operand


def _tokens(text: str) -> Iterator[Token]:
    position, end = 0, len(text.rstrip())
    while position < end:
        found = _TOKEN.match(text, position)
        if found is None:
            msg = f"Query string error: cannot read '{text[position:][:40]}' in $filter"
            raise bad_request(msg)
        yield _token(found)
        position = found.end()


def _token(found: re.Match[str]) -> Token:
    kind = str(found.lastgroup)
    if kind in {"text", "inside", "prefix"} or found["text"] is not None:
        return Token("text", found["inside"].replace("''", "'"))
    return Token(kind, found[kind])


class _Reader:
    """Recursive descent over the tokens of one filter."""

    def __init__(self, text: str, type_name: str, *, arithmetic: bool = False) -> None:
        self._arithmetic = arithmetic
        self._text = text
        self._type_name = type_name
        self._tokens = [*_tokens(text), Token("end", "")]
        self._at = 0
        self._depth = 0

    def either(self) -> Condition:
        left = self._all()
        while self._takes("name", "or"):
            left = Both("OR", left, self._all())
        return left

    def finish(self) -> None:
        if self._peek().kind != "end":
            raise self._unreadable()

    def _all(self) -> Condition:
        left = self._one()
        while self._takes("name", "and"):
            left = Both("AND", left, self._one())
        return left

    def _one(self) -> Condition:
        self._depth += 1
        if self._depth > _DEEPEST:
            msg = "Query string error: $filter is nested too deeply"
            raise bad_request(msg)
        try:
            if self._takes("name", "not"):
                return Not(self._one())
            if self._peek() == Token("mark", "(") and not self._computes():
                self._next()
                return self._closed(self.either())
            return self._comparison()
        finally:
            self._depth -= 1

    def _comparison(self) -> Condition:
        name = self._peek()
        if name.kind == "name" and self._tokens[self._at + 1] == Token("mark", "("):
            return self._call()
        left = self.operand()
        sign = COMPARISONS.get(self._next().text)
        if sign is None:
            raise self._unreadable()
        return Compare(sign, left, self.operand())

    def _call(self) -> Condition:
        function = self._next().text
        if function not in FUNCTIONS:
            raise unknown_property(function, self._type_name)
        self._next()
        arguments = [self._operand()]
        while self._takes("mark", ","):
            arguments.append(self._operand())
        call = self._closed(Call(function, tuple(arguments)))
        return self._as_truth(call)

    def _as_truth(self, call: Condition) -> Condition:
        """Read the `eq true` that OData 3 clients append to a function."""
        if self._peek().text not in {"eq", "ne"}:
            return call
        sign, truth = self._next().text, self._next().text
        if truth not in {"true", "false"}:
            raise self._unreadable()
        return call if (sign == "eq") == (truth == "true") else Not(call)

    def operand(self) -> Operand:
        """Read one side of a comparison."""
        return self._computed(_SUMS) if self._arithmetic else self._operand()

    def _computed(self, signs: Mapping[str, str]) -> Operand:
        """Read a sum of products; `mul` and `div` bind stronger."""
        left = self._computed(_PRODUCTS) if signs is _SUMS else self._factor()
        while self._peek().kind == "name" and self._peek().text in signs:
            sign = signs[self._next().text]
            right = self._computed(_PRODUCTS) if signs is _SUMS else self._factor()
            left = Sum(sign, left, right)
        return left

    def _factor(self) -> Operand:
        if not self._takes("mark", "("):
            return self._operand()
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._unreadable()
        inner = self.operand()
        self._depth -= 1
        if not self._takes("mark", ")"):
            raise self._unreadable()
        return inner

    def _computes(self) -> bool:
        """Tell whether the parenthesis ahead holds a value: no comparison stands inside it."""
        if not self._arithmetic:
            return False
        depth, at = 0, self._at
        while self._tokens[at].kind != "end":
            token = self._tokens[at]
            depth += (token == Token("mark", "(")) - (token == Token("mark", ")"))
            if token.kind == "name" and token.text in COMPARISONS.keys() | FUNCTIONS | {"not"}:
                return False
            if depth == 0:
                return True
            at += 1
        return False

    def _operand(self) -> Operand:
        token = self._next()
        if token.kind in {"text", "number", "moment", "clock"}:
            return Literal(token.kind, token.text)
        if token.kind != "name":
            raise self._unreadable()
        return Literal("null", "") if token.text == "null" else Name(token.text)

    def _closed(self, condition: Condition) -> Condition:
        if not self._takes("mark", ")"):
            raise self._unreadable()
        return condition

    def _peek(self) -> Token:
        return self._tokens[self._at]

    def _next(self) -> Token:
        token = self._tokens[self._at]
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _takes(self, kind: str, text: str) -> bool:
        if self._peek() != Token(kind, text):
            return False
        self._at += 1
        return True

    def _unreadable(self) -> Exception:
        return bad_request(f"Query string error: cannot read $filter '{self._text[:80]}'")
