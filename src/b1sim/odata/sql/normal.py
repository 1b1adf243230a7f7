"""Turns a judged query into the text that SAP echoes and the one that SQLite runs (4.3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from sqlglot import exp

from b1sim.odata.allowlist import Allowlist
from b1sim.odata.sql.catalog import Catalog
from b1sim.odata.sql.grammar import check, owners, parameters, parsed

Database = Literal["hana", "mssql"]
_QUOTES = {"hana": ('"', '"'), "mssql": ("[", "]")}
_IF_NULL = {"hana": "IFNULL", "mssql": "ISNULL"}
_COMPARISONS = (
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Like,
)  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """A query that may run: SQLite's spelling, SAP's spelling, and its parameters in order."""

    sql: str
    text: str
    parameters: tuple[str, ...]
    limited: bool
    dates: frozenset[str]
    """Result columns that are dates; SAP prints them as 20201007."""
    date_parameters: frozenset[str]


@lru_cache(maxsize=256)
def judge(
    text: str,
    catalog: Catalog,
    allowlist: Allowlist,
    database: Database = "hana",
    *,
    case_sensitive: bool = True,
) -> Judged:
    """Parse, check and spell one query; refuse with 701, 702, 703 or 704."""
    tree = parsed(text)
    check(tree, text, catalog, allowlist)
    dated = list(_date_comparisons(tree, catalog))
    return Judged(
        text=_echoed(tree, text, catalog, database),
        parameters=parameters(tree),
        limited=tree.args.get("limit") is not None,
        dates=frozenset(date_columns(tree, catalog)),
        date_parameters=frozenset(
            str(side.this) for side in dated if isinstance(side, exp.Placeholder)
        ),
        sql=runnable(tree, catalog, case_sensitive=case_sensitive),
    )


def _echoed(tree: exp.Query, text: str, catalog: Catalog, database: Database) -> str:
    """Quote tables, columns and their aliases, and name functions as this database does."""
    for start, end, spelled in sorted(_spellings(tree, catalog, database), reverse=True):
        text = f"{text[:start]}{spelled}{text[end + 1 :]}"
    return text


def _spellings(
    tree: exp.Query, catalog: Catalog, database: Database
) -> Iterator[tuple[int, int, str]]:
    opening, closing = _QUOTES[database]
    for node in tree.walk():
        if "start" not in node.meta:
            continue
        name = _name(node, catalog)
        start, end = int(node.meta["start"]), int(node.meta["end"])
        if name is not None:
            yield start, end, f"{opening}{name}{closing}"
        elif isinstance(node, exp.Coalesce):
            yield start, end, _IF_NULL[database]


def _name(node: exp.Expr, catalog: Catalog) -> str | None:
    """Spell an identifier that is quoted; a table's alias never is."""
    if not isinstance(node, exp.Identifier):
        return None
    if isinstance(node.parent, exp.Table):
        return catalog.table(node.name)
    if isinstance(node.parent, exp.Alias):
        return node.name
    if isinstance(node.parent, exp.Column) and node.arg_key == "this":
        found = catalog.column(owners(node.parent, catalog), node.name)
        return node.name if found is None else found[1]
    return None


def date_columns(tree: exp.Query, catalog: Catalog) -> Iterator[str]:
    """Name the result columns that are dates."""
    for shown in tree.selects:
        inner = shown.unalias()
        inner = inner.this if isinstance(inner, exp.Min | exp.Max | exp.Coalesce) else inner
        if _is_date(inner, catalog):
            yield shown.alias_or_name


def _is_date(node: exp.Expr | None, catalog: Catalog) -> bool:
    if not isinstance(node, exp.Column):
        return False
    found = catalog.column(owners(node, catalog), node.name)
    return found is not None and found[1] in catalog.dates


def _date_comparisons(tree: exp.Query, catalog: Catalog) -> Iterator[exp.Expr]:
    """Name what is compared with a date: literals and parameters."""
    for node in tree.find_all(*_COMPARISONS):
        sides = list(node.iter_expressions())
        if any(_is_date(side, catalog) for side in sides):
            yield from (s for s in sides if isinstance(s, exp.Placeholder | exp.Literal))


def runnable(tree: exp.Query, catalog: Catalog, *, case_sensitive: bool) -> str:
    """Spell the query for SQLite, whose dates are texts with dashes."""
    for literal in _date_comparisons(tree, catalog):
        if isinstance(literal, exp.Literal) and literal.is_string:
            literal.set("this", dashed(literal.name))
    for column in list(tree.find_all(exp.Column)):
        _place_user_field(column, catalog)
    if not case_sensitive:
        _ignore_case(tree)
    return tree.transform(_cut_with_substr).sql(dialect="sqlite")


def dashed(text: str) -> str:
    """Write a date as the books do; both spellings are accepted by either database."""
    day = text[:10] if "-" in text else text[:8]
    compact = day.replace("-", "")
    if len(compact) != len("20201007") or not compact.isdecimal():
        return text
    return f"{compact[:4]}-{compact[4:6]}-{compact[6:]}"


def _place_user_field(column: exp.Column, catalog: Catalog) -> None:
    """Read a user-defined field out of our own column, and keep its name in the result."""
    found = catalog.column(owners(column, catalog), column.name)
    if found is None or found[1] not in catalog.user_fields.get(found[0], ()):
        return
    extra = exp.column("Extra", table=column.args.get("table"))
    path = exp.Literal.string(f"$.{found[1]}")
    value: exp.Expr = exp.Anonymous(this="json_extract", expressions=[extra, path])
    if isinstance(column.parent, exp.Select) and column.arg_key == "expressions":
        value = exp.alias_(value, found[1])
    column.replace(value)


def _ignore_case(tree: exp.Query) -> None:
    """Compare as SQL Server's usual collation does."""
    for node in list(tree.find_all(exp.EQ, exp.NEQ, exp.In)):
        if isinstance(node.this, exp.Column):
            node.set("this", exp.Collate(this=node.this.copy(), expression=exp.var("NOCASE")))


def _cut_with_substr(node: exp.Expr) -> exp.Expr:
    """SQLite has neither LEFT nor RIGHT."""
    if isinstance(node, exp.Left):
        return exp.func("SUBSTR", node.this, exp.Literal.number(1), node.expression)
    if isinstance(node, exp.Right):
        return exp.func("SUBSTR", node.this, exp.Neg(this=node.expression))
    return node
