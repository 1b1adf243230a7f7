"""Reads `$apply`: filter, groupby and aggregate, as far as Service Layer has them (4.2).

A result is of the type of the property that went in, which is why SAP's sample counts distinct
card codes as the text "2" and distinct document numbers as the number 1.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from b1sim.company.shape.model import Property
from b1sim.odata.reading.conditions import EVERYTHING, Where, compile_condition
from b1sim.odata.reading.filter_grammar import parse_filter
from b1sim.odata.reading.selecting import pieces
from b1sim.odata.reading.sources import Source, Sources
from b1sim.odata.reading.tabular import Shown
from b1sim.odata.refusing import bad_request
from b1sim.odata.versions import Version

_STEP = re.compile(r"\s*(?P<word>filter|groupby|aggregate)\s*\((?P<inside>.*)\)\s*", re.DOTALL)
_WITH = re.compile(r"\s*(?P<name>[\w/]+)\s+with\s+(?P<method>\w+)\s+as\s+(?P<alias>\w+)\s*")
_COUNT = re.compile(r"\s*(?:(?P<source>[\w/]+)/)?\$count\s+as\s+(?P<alias>\w+)\s*")
_NESTED = re.compile(r"\s*(?P<source>[\w/]+)\s*\((?P<inside>.*)\)\s*", re.DOTALL)
_GROUPED = re.compile(r"\s*\((?P<names>[^()]*)\)\s*(?:,(?P<rest>.*))?", re.DOTALL)
_METHODS: Mapping[str, str] = {
    "sum": "SUM({})",
    "average": "AVG({})",
    # The text of the guide says avg and distinctcount where its samples say the longer words.
    "avg": "AVG({})",
    "max": "MAX({})",
    "min": "MIN({})",
    "countdistinct": "COUNT(DISTINCT {})",
    "distinctcount": "COUNT(DISTINCT {})",
}
_NUMBERS = frozenset({"Edm.Int32", "Edm.Int16", "Edm.Int64", "Edm.Double", "Edm.Decimal"})


@dataclass(frozen=True)
class Applied:
    """What `$apply` makes of its sources."""

    where: Where = EVERYTHING
    group: tuple[Shown, ...] = ()
    aggregates: tuple[Shown, ...] = ()

    @property
    def shown(self) -> tuple[Shown, ...]:
        """Name every value of a result, groups first."""
        return (*self.group, *self.aggregates)

    def plain(self) -> "Applied":
        """Print values as they lie, not as their properties print."""
        group, aggregates = (
            tuple(replace(shown, kind=None) for shown in part)
            for part in (self.group, self.aggregates)
        )
        return replace(self, group=group, aggregates=aggregates)


def applied_of(text: str, sources: Sources, version: Version, *, ignore_case: bool) -> Applied:
    """Read the steps; a filter comes before the one that groups or aggregates."""
    reader = _Reader(sources, version, ignore_case=ignore_case)
    applied = Applied()
    for step in pieces(text, "/"):
        if applied.shown:
            raise _unreadable(text)
        applied = reader.step(applied, step)
    if not applied.shown:
        raise _unreadable(text)
    names = [(found.source.name, found.name) for found in applied.shown]
    if len(set(names)) < len(names):
        msg = f"Query string error: two results of $apply '{text[:80]}' have the same name"
        raise bad_request(msg)
    return applied


class _Reader:
    def __init__(self, sources: Sources, version: Version, *, ignore_case: bool) -> None:
        self._sources = sources
        self._version = version
        self._ignore_case = ignore_case

    def step(self, applied: Applied, text: str) -> Applied:
        found = _STEP.fullmatch(text)
        if found is None:
            raise _unreadable(text)
        inside = found["inside"]
        if found["word"] == "filter":
            return replace(applied, where=applied.where.also(self._where(inside)))
        if found["word"] == "aggregate":
            return replace(applied, aggregates=self._aggregates(inside))
        return self._grouped(applied, inside)

    def _where(self, text: str) -> Where:
        type_name = self._sources.all[0].type_name
        condition = parse_filter(text, type_name, arithmetic=len(self._sources.all) > 1)
        return compile_condition(condition, self._sources.column, ignore_case=self._ignore_case)

    def _grouped(self, applied: Applied, text: str) -> Applied:
        found = _GROUPED.fullmatch(text)
        if found is None:
            raise _unreadable(text)
        names = dict.fromkeys(name.strip() for name in found["names"].split(",") if name.strip())
        group = tuple(map(self._group, names))
        if found["rest"] is None:
            return replace(applied, group=group)
        step = _STEP.fullmatch(found["rest"])
        if step is None or step["word"] != "aggregate":
            raise _unreadable(text)
        return replace(applied, group=group, aggregates=self._aggregates(step["inside"]))

    def _group(self, name: str) -> Shown:
        source, column = self._sources.get(name)
        kind = column.property
        shown = kind.v2_name if self._version.number > 1 else kind.name
        return Shown(source, shown, Where(column.sql), kind)

    def _aggregates(self, text: str, prefix: str = "") -> tuple[Shown, ...]:
        found = tuple(shown for piece in pieces(text) for shown in self._aggregate(piece, prefix))
        if not found:
            raise _unreadable(text)
        return found

    def _aggregate(self, text: str, prefix: str) -> tuple[Shown, ...]:
        if found := _COUNT.fullmatch(text):
            source = self._source(prefix + (found["source"] or ""))
            return (Shown(source, found["alias"], Where("COUNT(*)"), None),)
        if found := _WITH.fullmatch(text):
            return (self._with(prefix + found["name"], found["method"], found["alias"]),)
        # Within a cross join: Orders(DocNum with max as MaxDocNum).
        found = _NESTED.fullmatch(text)
        if found is None or prefix:
            raise _unreadable(text)
        return self._aggregates(found["inside"], f"{found['source']}/")

    def _source(self, name: str) -> Source:
        asked = name.strip("/")
        known = {source.name: source for source in self._sources.all}
        if asked and asked not in known:
            raise _unreadable(asked)
        return known.get(asked, self._sources.all[0])

    def _with(self, name: str, method: str, alias: str) -> Shown:
        source, column = self._sources.get(name)
        template = _METHODS.get(method)
        if template is None:
            msg = f"Query string error: unknown aggregation method '{method}'"
            raise bad_request(msg)
        kind = column.property
        if method in {"sum", "average", "avg"} and kind.type not in _NUMBERS:
            msg = f"Query string error: '{name}' is no number, so it has no {method}"
            raise bad_request(msg)
        return Shown(source, alias, Where(template.format(column.sql)), _result(kind, method))


def _result(kind: Property, method: str) -> Property:
    """Tell what type a result has: an average is a fraction, the others keep the property's."""
    if method in {"average", "avg"}:
        return replace(kind, type="Edm.Double")
    if "distinct" in method:
        # A text stays a text; of every other type a count is a whole number.
        return replace(
            kind, type="Edm.String" if kind.type == "Edm.String" else "Edm.Int32", enum=None
        )
    return kind


def _unreadable(text: str) -> Exception:
    return bad_request(f"Query string error: cannot read $apply '{text.strip()[:80]}'")
