"""Answers `$apply` over one set or view: rows with dynamic properties (4.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from b1sim.company.company import Company
from b1sim.odata.json_text import enclosed, own_line, quoted
from b1sim.odata.reading.applying import Applied, applied_of
from b1sim.odata.reading.conditions import EVERYTHING, Where, compile_condition
from b1sim.odata.reading.filter_grammar import parse_filter
from b1sim.odata.reading.options import Page, next_query, page_of, whole
from b1sim.odata.reading.sources import Source, Sources
from b1sim.odata.reading.tabular import Row, Statement, order_of
from b1sim.odata.refusing import bad_request, unknown_property
from b1sim.odata.reply import Reply, json_reply
from b1sim.odata.request import Request
from b1sim.odata.versions import Version

_WITH_APPLY = frozenset({"$apply", "$filter", "$orderby", "$top", "$skip", "$format"})


@dataclass(frozen=True)
class Window:
    """Which rows of a result are wanted, and how many a page holds."""

    skip: int
    top: int | None
    page: Page

    @property
    def limit(self) -> int | None:
        """Tell how many rows to fetch: one more than a page holds, to see whether more follow."""
        sizes = [self.top] if self.top is not None else []
        sizes += [self.page.size + 1] if self.page.size else []
        return min(sizes) if sizes else None


def window_of(request: Request, asked: Mapping[str, str], page_size: int) -> Window:
    """Read `$top`, `$skip` and the page size."""
    top = whole("$top", asked["$top"]) if "$top" in asked else None
    return Window(whole("$skip", asked.get("$skip", "0")), top, page_of(request, page_size))


def aggregate_reply(
    company: Company,
    request: Request,
    source: Source,
    asked: Mapping[str, str],
    page_size: int,
    *,
    ignore_case: bool,
    where: Where = EVERYTHING,
    plain: bool = False,
) -> Reply:
    """Answer `$apply`; plain results, as views have, lack `odata.id` and print amounts bare."""
    for name in asked:
        if name not in _WITH_APPLY:
            # A live system answers so to options that it does not take beside $apply.
            msg = "Not supported query option"
            raise bad_request(msg)
    sources = Sources((source,))
    applied = applied_of(asked["$apply"], sources, request.version, ignore_case=ignore_case)
    filtered = _filter(asked.get("$filter", ""), sources, ignore_case=ignore_case)
    statement = _statement(sources, applied, where.also(filtered), asked.get("$orderby", ""))
    window = window_of(request, asked, page_size)
    rows = statement.rows(company, window.limit, window.skip)
    if plain:
        applied = applied.plain()
    return _reply(request, source, applied, rows, window, tagged=not plain)


def _filter(text: str, sources: Sources, *, ignore_case: bool) -> Where:
    """Read `$filter`, which beside `$apply` means the same as a filter step (guide)."""
    if not text.strip():
        return EVERYTHING
    condition = parse_filter(text, sources.all[0].type_name)
    return compile_condition(condition, sources.column, ignore_case=ignore_case)


def _statement(sources: Sources, applied: Applied, where: Where, order: str) -> Statement:
    grouped = {found.name: found.value.sql for found in applied.group}

    def column(name: str) -> str:
        # Only what is grouped by can be ordered by: of a result's own name a live system says
        # that the property is invalid.
        found = grouped.get(name.rpartition("/")[2])
        if found is None:
            raise unknown_property(name, sources.all[0].type_name)
        return found

    group = list(grouped.values())
    return Statement(
        sources, applied.shown, applied.where.also(where), group, order_of(order, column) + group
    )


def _reply(
    request: Request,
    source: Source,
    applied: Applied,
    rows: list[Row],
    window: Window,
    *,
    tagged: bool,
) -> Reply:
    version = request.version
    names = ",".join(found.name for found in applied.shown)
    # The guide's samples have this context relative, unlike every other one.
    members = [f"{quoted(version.context)} : {quoted(f'$metadata#{source.name}({names})')}"]
    size = window.page.size
    more = bool(size) and len(rows) > size
    shown = rows[:size] if more else rows
    members.append(f'"value" : {_rows(shown, applied, version, tagged=tagged)}')
    if more:
        members.append(next_link(request, version, window))
    echo = [("Preference-Applied", window.page.applied)] if window.page.applied else []
    return json_reply(HTTPStatus.OK, enclosed("{", members, "}", 0) + "\n", version, echo)


def next_link(request: Request, version: Version, window: Window) -> str:
    """Print the member that leads to the next page."""
    size = window.page.size
    top = None if window.top is None else window.top - size
    query = next_query(request, window.skip + size, top)
    link = f"{request.path.strip('/')}?{query}"
    return f"{quoted(version.next_link)} : {quoted(link)}"


def _rows(rows: list[Row], applied: Applied, version: Version, *, tagged: bool) -> str:
    head = [f"{quoted(version.id)} : null"] if tagged else []
    printed = [
        enclosed(
            "{",
            [
                *head,
                *(s.member(v, version) for s, v in zip(applied.shown, row, strict=True)),
            ],
            "}",
            2,
        )
        for row in rows
    ]
    listed = enclosed("[", printed, "]", 1)
    return own_line(listed, 1) if printed else listed
