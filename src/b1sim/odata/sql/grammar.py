"""Judges the text of an SQL query: what SAP allows, with its codes 701 to 704 (4.3)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from b1sim.company.refusals import Refusal
from b1sim.odata.refusing import not_simulated

GRAMMAR, TABLE_NOT_ALLOWED, COLUMN_BLOCKED, PARAMETER = 701, 702, 703, 704

# The published list, in families; stock journals (OINM, OIVL, OIBT) are not on it.
_MASTER = """OCRD CRD1 OCPR OITM OITW ITM1 OPLN OBTN OBTQ OBBQ OSRN OSRQ OIBQ OBIN ODRF ORCT RCT1
RCT2 RCT3 RCT4 OVPM OJDT JDT1 OBPL OADM OFPR ORTT OCRC OCLG ATC1 OITT"""
_MARKETING = "QUT RDR DLN RDN RRR INV RIN DPI POR PDN RPD PCH RPC DPO PRQ PQT DRF"
ALLOWED_TABLES = frozenset(
    _MASTER.split()
    + [f"O{family}" for family in _MARKETING.split()]
    + [f"{family}{number}" for family in _MARKETING.split() for number in range(1, 15)]
)
_FUNCTIONS = (
    exp.Sum, exp.Avg, exp.Min, exp.Max, exp.Count, exp.Coalesce, exp.Lower, exp.Upper, exp.Left,
    exp.Right,
)  # fmt: skip
_ALLOWED = (
    *_FUNCTIONS, exp.Select, exp.Union, exp.From, exp.Join, exp.Where, exp.Group, exp.Having,
    exp.Order, exp.Ordered, exp.Limit, exp.Table, exp.TableAlias, exp.Alias, exp.Column,
    exp.Identifier, exp.Literal, exp.Null, exp.Placeholder, exp.Paren, exp.And, exp.Or, exp.Not,
    exp.Between, exp.Like, exp.In, exp.Exists, exp.Is, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT,
    exp.LTE, exp.Distinct, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg, exp.Subquery, exp.Boolean,
)  # fmt: skip
# The reader adds these around LEFT and RIGHT on its own.
_INTERNAL = (exp.Cast, exp.DataType)
_PARAMETER_NAME = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Judged:
    """A query that may run: SQLite's spelling, SAP's spelling, and its parameters in order."""

    sql: str
    text: str
    parameters: tuple[str, ...]
    limited: bool


def judge(text: str) -> Judged:
    """Parse and check one query; refuse with 701, 702 or 704."""
    tree = _single_select(text)
    _check_nodes(tree)
    _check_columns(tree)
    _check_tables(tree)
    parameters = _parameters(tree)
    return Judged(
        sql=_runnable(tree).sql(dialect="sqlite"),
        text=_echoed(tree, text),
        parameters=parameters,
        limited=tree.args.get("limit") is not None,
    )


def _single_select(text: str) -> exp.Query:
    try:
        trees = sqlglot.parse(text, read="tsql")
    except SqlglotError as error:
        raise grammar(str(error).splitlines()[0]) from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Select | exp.Union):
        raise grammar(reason="only a single SELECT is allowed")
    return trees[0]


def _check_nodes(tree: exp.Query) -> None:
    for node in tree.walk():
        if isinstance(node, exp.Star) and not isinstance(node.parent, exp.Count):
            raise grammar(reason="SELECT * is not allowed; name the columns")
        if isinstance(node, _INTERNAL) and _inside_cut(node):
            continue
        if not isinstance(node, (*_ALLOWED, exp.Star)):
            raise grammar(reason=f"'{node.sql()[:60]}' is not allowed")


def _inside_cut(node: exp.Expr) -> bool:
    return isinstance(node.parent, exp.Left | exp.Right | exp.Cast)


def _check_columns(tree: exp.Query) -> None:
    selects = [node for node in tree.walk() if isinstance(node, exp.Select)]
    for column in (column for select in selects for column in select.expressions):
        if not isinstance(column, exp.Column | exp.Alias) and not _in_condition(column):
            raise grammar(reason=f"the computed column '{column.sql()}' needs an alias")
    names = [name.lower() for name in tree.named_selects]
    if len(set(names)) < len(names):
        raise grammar(reason="two columns have the same alias")


def _in_condition(column: exp.Expr) -> bool:
    """Columns of EXISTS and IN subqueries are never shown."""
    return isinstance(column.parent_select, exp.Select) and isinstance(
        column.parent_select.parent, exp.Exists | exp.In
    )


def _check_tables(tree: exp.Query) -> None:
    for table in tree.find_all(exp.Table):
        if table.db or table.name.upper() not in ALLOWED_TABLES:
            raise Refusal(
                HTTPStatus.BAD_REQUEST, TABLE_NOT_ALLOWED, f"Table '{table.sql()}' not accessible"
            )


def _parameters(tree: exp.Query) -> tuple[str, ...]:
    names = [str(node.this or "") for node in _in_order(tree)]
    if not all(_PARAMETER_NAME.fullmatch(name) for name in names):
        raise parameter_error(reason="parameters are written :name")
    return tuple(dict.fromkeys(names))


def _in_order(tree: exp.Query) -> Iterator[exp.Placeholder]:
    yield from tree.find_all(exp.Placeholder, bfs=False)


def _runnable(tree: exp.Query) -> exp.Expr:
    return tree.copy().transform(_cut_with_substr)


def _cut_with_substr(node: exp.Expr) -> exp.Expr:
    """SQLite has neither LEFT nor RIGHT."""
    if isinstance(node, exp.Left):
        return exp.func("SUBSTR", node.this, exp.Literal.number(1), node.expression)
    if isinstance(node, exp.Right):
        return exp.func("SUBSTR", node.this, exp.Neg(this=node.expression))
    return node


def _echoed(tree: exp.Query, text: str) -> str:
    """Spell the text as HANA's Service Layer echoes it: tables in double quotes."""
    tables = [table.this for table in tree.find_all(exp.Table)]
    for table in sorted(tables, key=lambda table: -int(table.meta["start"])):
        start, end = int(table.meta["start"]), int(table.meta["end"]) + 1
        text = f'{text[:start]}"{table.name}"{text[end:]}'
    return text


def grammar(reason: str) -> Refusal:
    """Refuse a text that is not the SELECT that SAP allows."""
    return Refusal(HTTPStatus.BAD_REQUEST, GRAMMAR, f"Invalid SQL syntax: {reason}")


def parameter_error(reason: str) -> Refusal:
    """Refuse a parameter list that does not fit the query."""
    return Refusal(HTTPStatus.BAD_REQUEST, PARAMETER, f"Invalid parameter: {reason}")


def no_such_table(message: str) -> Refusal:
    """Say that SAP has the table and this company's file does not."""
    return not_simulated(f"this table ({message})")


def column_blocked(message: str) -> Refusal:
    """Refuse a column that cannot be read; the text is a guess."""
    return Refusal(HTTPStatus.BAD_REQUEST, COLUMN_BLOCKED, f"Column not accessible: {message}")
