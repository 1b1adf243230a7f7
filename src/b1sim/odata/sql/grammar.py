"""Judges the text of an SQL query: what SAP allows, with its codes 701 to 704 (4.3).

The sentences are those of SAP's guide; the positions count from 0, as its samples do.
"""

import re
from collections.abc import Iterator
from http import HTTPStatus

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError, TokenError

from b1sim.company.refusals import Refusal
from b1sim.odata.allowlist import Allowlist
from b1sim.odata.refusing import not_simulated
from b1sim.odata.sql.catalog import Catalog

GRAMMAR, TABLE_NOT_ALLOWED, COLUMN_BLOCKED, PARAMETER = 701, 702, 703, 704

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
_FIRST_WORD = re.compile(r"\s*(\w+|\S)?")


def parsed(text: str) -> exp.Query:
    """Read one SELECT; anything else is refused with 701."""
    word = (_FIRST_WORD.match(text) or ["", ""])[1] or "<EOF>"
    if word.lower() != "select" and word != "(":
        reason = f"mismatched input '{word}' expecting {{SELECT, '('}}"
        raise _refusal(GRAMMAR, f"Invalid SQL syntax:, line 1, character position 0, {reason}")
    try:
        trees = sqlglot.parse(text, read="tsql")
    except ParseError as error:
        raise _near(text, error) from error
    except (SqlglotError, TokenError, RecursionError) as error:
        raise grammar(text, len(text), "Incorrect syntax near the end.") from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Select | exp.Union):
        # Guess: the sentence for a second statement.
        raise grammar(text, 0, "only a single SELECT is supported.")
    return trees[0]


def _near(text: str, error: ParseError) -> Refusal:
    found = error.errors[0] if error.errors else {}
    word = str(found.get("highlight") or "")
    # The reader counts from 1, and names the end of the word.
    position = max(int(found.get("col") or 0) - len(word), 0)
    return grammar(text, position, f"Incorrect syntax near '{word}'.")


def check(tree: exp.Query, text: str, catalog: Catalog, allowlist: Allowlist) -> None:
    """Refuse what a query may not hold: words, tables, columns, nameless figures."""
    _check_nodes(tree, text)
    _check_columns(tree, text)
    _check_tables(tree, catalog, allowlist)
    _check_blocked(tree, catalog, allowlist)
    if not all(_PARAMETER_NAME.fullmatch(name) for name in parameters(tree)):
        raise parameter_error()


def _check_nodes(tree: exp.Query, text: str) -> None:
    for node in tree.walk():
        if isinstance(node, exp.Star):
            _check_star(node, text)
        elif isinstance(node, _INTERNAL) and _inside_cut(node):
            continue
        elif not isinstance(node, _ALLOWED):
            reason = f"Cannot support this function or expression: '{_word(node)}'"
            raise grammar(text, position(node, text), reason)


def _check_star(node: exp.Star, text: str) -> None:
    """Allow a star in COUNT, and in a subquery of EXISTS, whose columns nobody sees."""
    select = node.parent_select
    if isinstance(node.parent, exp.Count) or (select and isinstance(select.parent, exp.Exists)):
        return
    raise grammar(text, text.find("*"), "Cannot support asterisk(*) in select list.")


def _word(node: exp.Expr) -> str:
    return (
        str(node.meta.get("name") or node.name or node.sql())[:60]
        if isinstance(node, exp.Anonymous)
        else _function_name(node)
    )


def _function_name(node: exp.Expr) -> str:
    return node.sql_name().lower() if isinstance(node, exp.Func) else node.sql()[:60]


def position(node: exp.Expr, text: str) -> int:
    """Tell where a node begins; the guide counts from 0."""
    for found in (node, *node.walk()):
        if "start" in found.meta:
            return int(found.meta["start"])
    return max(text.lower().find(_word(node).lower()), 0)


def _inside_cut(node: exp.Expr) -> bool:
    return isinstance(node.parent, exp.Left | exp.Right | exp.Cast)


def _check_columns(tree: exp.Query, text: str) -> None:
    for select in [node for node in tree.walk() if isinstance(node, exp.Select)]:
        for column in select.expressions:
            if not isinstance(column, exp.Column | exp.Alias | exp.Star) and not _unseen(select):
                # The guide tells of this refusal without its sentence: a guess.
                reason = f"Computed column '{column.sql()}' needs an alias."
                raise grammar(text, position(column, text), reason)
    _check_names(tree, text)


def _unseen(select: exp.Select) -> bool:
    """Columns of EXISTS and IN subqueries are never shown."""
    return isinstance(select.parent, exp.Exists | exp.In) or (
        isinstance(select.parent, exp.Subquery) and isinstance(select.parent.parent, exp.In)
    )


def _check_names(tree: exp.Query, text: str) -> None:
    seen: set[str] = set()
    for column in tree.selects:
        name = column.alias_or_name
        if name.lower() in seen:
            reason = (
                f"Multiple name for column or column alias '{name}', please specify it with a "
                "different alias."
            )
            raise grammar(text, position(column.args.get("alias") or column, text), reason)
        seen.add(name.lower())


def tables_of(tree: exp.Expr) -> list[exp.Table]:
    """Name every table that a query speaks of."""
    return list(tree.find_all(exp.Table))


def _check_tables(tree: exp.Query, catalog: Catalog, allowlist: Allowlist) -> None:
    for table in tables_of(tree):
        name = catalog.table(table.name)
        if table.db or not allowlist.allows(name):
            raise _refusal(TABLE_NOT_ALLOWED, f"Table '{table.name}' not accessible")
        if name not in catalog.columns:
            what = f"the table {name} in stored queries"
            raise not_simulated(what)


def owners(column: exp.Column, catalog: Catalog) -> list[str]:
    """Name the tables that a column may belong to: its own, or those around it."""
    scope = column.parent_select
    found: list[exp.Table] = []
    while scope is not None:
        sources = [scope.args.get("from_") or scope.args.get("from"), *scope.args.get("joins", ())]
        found += [s.this for s in sources if s is not None and isinstance(s.this, exp.Table)]
        scope = scope.parent_select
    return [
        catalog.table(table.name)
        for table in found
        if not column.table or column.table.lower() == table.alias_or_name.lower()
    ]


def _check_blocked(tree: exp.Query, catalog: Catalog, allowlist: Allowlist) -> None:
    aliases = {select.alias.lower() for select in tree.selects if select.alias}
    for column in tree.find_all(exp.Column):
        tables = owners(column, catalog)
        found = catalog.column(tables, column.name)
        if found is None and (not column.table and column.name.lower() in aliases):
            continue
        # A column that the file does not have answers as a blocked one: a guess.
        table, name = found or ((tables or [""])[0], column.name)
        if found is None or not allowlist.shows(table, name):
            reason = f"Column '{name}' from table '{table}' not accessible"
            raise _refusal(COLUMN_BLOCKED, reason)


def parameters(tree: exp.Query) -> tuple[str, ...]:
    """Name the parameters in the order of the text."""
    return tuple(dict.fromkeys(str(node.this or "") for node in _in_order(tree)))


def _in_order(tree: exp.Query) -> Iterator[exp.Placeholder]:
    yield from tree.find_all(exp.Placeholder, bfs=False)


def grammar(text: str, place: int, reason: str) -> Refusal:
    """Refuse a text that is not the SELECT that SAP allows."""
    where = f"line 1, character position {place}"
    return _refusal(GRAMMAR, f"Invalid SQL syntax:{text}, {where}, {reason}")


def parameter_error() -> Refusal:
    """Refuse a parameter list that does not fit the query."""
    return _refusal(PARAMETER, "Parameter error.")


def _refusal(code: int, text: str) -> Refusal:
    return Refusal(HTTPStatus.BAD_REQUEST, code, text)
