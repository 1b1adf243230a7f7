"""A view as the company defined it, ready to be read as a source of rows (4.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlglot import exp

from b1sim.company.company import Company
from b1sim.company.shape.model import EntitySet, Property
from b1sim.odata.reading.sources import Source
from b1sim.odata.sql.catalog import Catalog, catalog_of
from b1sim.odata.sql.grammar import parameters, parsed
from b1sim.odata.sql.normal import date_columns, runnable
from b1sim.odata.sql.running import fetch, read_only

# A view has no key; the guide calls this one virtual.
KEY = "id__"
_SAMPLE = 200
Values = Mapping[str, str | int | float]


@dataclass(frozen=True)
class View:
    """One view: its SQL, its parameters, and whether it is exposed."""

    name: str
    text: str
    created: str
    exposed: bool

    @property
    def parameters(self) -> tuple[str, ...]:
        """Name the placeholders in the order of the text."""
        return parameters(parsed(self.text))


def views_of(company: Company) -> Mapping[str, View]:
    """Read the company's views."""
    return {
        name: View(name, kept["text"], kept["created"], kept["exposed"] == "Y")
        for name, kept in company.settings.views.items()
    }


def source_of(company: Company, view: View, values: Values) -> Source:
    """Make a view a source of rows, its placeholders filled, its rows numbered."""
    tree, catalog = parsed(view.text), catalog_of(company)
    dates = set(date_columns(tree, catalog))
    sql = _filled(tree, catalog, values, case_sensitive=company.settings.case_sensitive)
    properties = _properties(company, sql, dates)
    # SAP numbers the rows as they come: nothing ties a number to a row.
    table = f'(SELECT *, row_number() OVER () AS "{KEY}" FROM ({sql}))'  # noqa: S608 - the company's own
    return Source(view.name, view.name, "T0", table, _shape(view.name, properties), (KEY,))


def _filled(tree: exp.Query, catalog: Catalog, values: Values, *, case_sensitive: bool) -> str:
    for node in list(tree.find_all(exp.Placeholder)):
        value = values.get(str(node.this), "")
        literal = exp.Literal.string(value) if isinstance(value, str) else exp.Literal.number(value)
        node.replace(literal)
    return runnable(tree, catalog, case_sensitive=case_sensitive)


def _properties(company: Company, sql: str, dates: set[str]) -> dict[str, Property]:
    """Tell the columns' types from the first rows; a column of nulls passes for text (guess)."""
    with read_only(company):
        names, rows = fetch(company, f"SELECT * FROM ({sql}) LIMIT {_SAMPLE}", {})  # noqa: S608
    kinds = {
        name: "Edm.DateTime" if name in dates else _kind({type(row[place]) for row in rows})
        for place, name in enumerate(names)
    } | {KEY: "Edm.Int32"}
    return {name: Property(name, kind, name, v2_name=name) for name, kind in kinds.items()}


def _kind(found: set[type]) -> str:
    if float in found:
        return "Edm.Double"
    return "Edm.Int32" if found - {type(None)} == {int} else "Edm.String"


def _shape(name: str, properties: dict[str, Property]) -> EntitySet:
    return EntitySet(
        name=name,
        type_name=name,
        table=name,
        key=(KEY,),
        properties=MappingProxyType(properties),
        collections=MappingProxyType({}),
        has_etag=False,
        actions=(),
        deletable=False,
    )
