"""The two services below `sml.svc` and `view.svc`: root, metadata, views, parameters (4.4)."""

from dataclasses import dataclass, replace
from http import HTTPStatus

from b1sim.company.company import Company
from b1sim.company.refusals import Refusal
from b1sim.company.shape.model import EntitySet
from b1sim.odata.json_text import enclosed, quoted, text_of
from b1sim.odata.keys import KeyPart, Segment, segments_of
from b1sim.odata.reading.places import key_of
from b1sim.odata.reading.sources import Source
from b1sim.odata.refusing import bad_request, unrecognized
from b1sim.odata.reply import Reply, json_reply
from b1sim.odata.request import Request
from b1sim.odata.versions import V2
from b1sim.odata.views.answers import count_reply, row_reply, rows_reply
from b1sim.odata.views.defined import KEY, View, source_of, views_of
from b1sim.odata.views.edmx import metadata_reply
from b1sim.odata.wire_quirks import WireQuirks

SEMANTIC, SQL = "sml.svc", "view.svc"
_PARAMETERS = "Parameters"
_NO_RIGHT_SEMANTIC, _NO_RIGHT_SQL = -1, 804


@dataclass(frozen=True)
class _Asked:
    """One request below a view service."""

    company: Company
    request: Request
    quirks: WireQuirks
    user: str
    service: str

    @property
    def views(self) -> dict[str, View]:
        """Name what is exposed here: HANA has no `view.svc`, SQL Server no `sml.svc`."""
        database = "hana" if self.service == SEMANTIC else "mssql"
        if self.company.settings.database != database:
            return {}
        found = views_of(self.company).items()
        # SQL Server's views must end in B1SLQuery to be seen.
        fits = "" if self.service == SEMANTIC else "B1SLQuery"
        return {n: view for n, view in found if view.exposed and n.endswith(fits)}


def view_reply(company: Company, request: Request, quirks: WireQuirks, user: str) -> Reply:
    """Answer a request below `/b1s/v1/sml.svc` or `/b1s/v1/view.svc`."""
    service, _, path = request.path.strip("/").partition("/")
    # The semantic layer speaks OData 4 under either root.
    version = request.version
    if service == SEMANTIC:
        version = replace(V2, root=version.root)
    here = replace(version, root=f"{version.root}/{service}")
    asked = _Asked(company, replace(request, path=path, version=here), quirks, user, service)
    segments = segments_of(path)
    if not segments:
        return _root(asked)
    if segments[0].name == "$metadata":
        return metadata_reply(company, asked.request, list(asked.views.values()))
    return _view(asked, segments)


def _root(asked: _Asked) -> Reply:
    names = [name for view in asked.views.values() for name in _names(view)]
    entries = [{"name": name, "kind": "EntitySet", "url": name} for name in names]
    version = asked.request.version
    body = {version.context: asked.request.context.rstrip("#"), "value": entries}
    return json_reply(HTTPStatus.OK, text_of(body) + "\n", version)


def _names(view: View) -> list[str]:
    """Name the sets of a view: itself, and its parameters where it has some."""
    return [view.name, view.name + _PARAMETERS] if view.parameters else [view.name]


def _view(asked: _Asked, segments: list[Segment]) -> Reply:
    head, *rest = segments
    view = asked.views.get(head.name)
    if view is not None:
        _check_right(asked, view)
        if view.parameters:
            # The guide says that this fails, not how: a guess.
            msg = f"View '{view.name}' is only accessible by its parameters."
            raise Refusal(HTTPStatus.BAD_REQUEST, -1, msg)
        return _rows(asked, view, {}, head.key, [segment.name for segment in rest])
    view = asked.views.get(head.name.removesuffix(_PARAMETERS))
    if view is None or not view.parameters or not head.name.endswith(_PARAMETERS):
        raise unrecognized(head.name)
    _check_right(asked, view)
    return _with_parameters(asked, view, head, rest)


def _check_right(asked: _Asked, view: View) -> None:
    """Refuse a user without the right; a superuser has it on every view."""
    if asked.quirks.views_permitted:
        return
    text = f"No permission to access this view '{view.name}' for the current user"
    if asked.service == SEMANTIC:
        named = f"{text} '{asked.user}'"
        raise Refusal(HTTPStatus.UNAUTHORIZED, _NO_RIGHT_SEMANTIC, named)
    raise Refusal(HTTPStatus.FORBIDDEN, _NO_RIGHT_SQL, f"{text}.")


def _with_parameters(asked: _Asked, view: View, head: Segment, rest: list[Segment]) -> Reply:
    if head.key is None:
        text = "View parameters is not allowed to directly access."
        raise Refusal(HTTPStatus.BAD_REQUEST, -1, text)
    values = _values(view, head.key)
    if not rest:
        return _parameters_reply(asked, view, values)
    if rest[0].name != view.name:
        raise unrecognized(rest[0].name)
    return _rows(asked, view, values, rest[0].key, [segment.name for segment in rest[1:]])


def _values(view: View, parts: tuple[KeyPart, ...]) -> dict[str, str | int]:
    given = {part.name or view.parameters[0]: part for part in parts}
    if given.keys() != set(view.parameters):
        expected = ", ".join(view.parameters)
        msg = f"Query string error: {view.name}{_PARAMETERS} has the key {expected}"
        raise bad_request(msg)
    return {name: _value(part) for name, part in given.items()}


def _value(part: KeyPart) -> str | int:
    whole = not part.quoted and part.text.isascii() and part.text.lstrip("-").isdecimal()
    return int(part.text) if whole else part.text


def _parameters_reply(asked: _Asked, view: View, values: dict[str, str | int]) -> Reply:
    """Answer the parameters themselves, as an entity, in the order of their names."""
    version = asked.request.version
    context = f"{asked.request.context}{view.name}{_PARAMETERS}{version.element}"
    members = [f"{quoted(version.context)} : {quoted(context)}"]
    members += [f"{quoted(name)} : {text_of(values[name])}" for name in sorted(values)]
    return json_reply(HTTPStatus.OK, enclosed("{", members, "}", 0) + "\n", version)


def _rows(
    asked: _Asked,
    view: View,
    values: dict[str, str | int],
    key: tuple[KeyPart, ...] | None,
    rest: list[str],
) -> Reply:
    source = source_of(asked.company, view, values)
    match (key, rest):
        case (None, []):
            return rows_reply(asked.company, asked.request, source, asked.quirks.page_size)
        case (None, ["$count"]):
            return count_reply(asked.company, asked.request, source)
        case (parts, []) if parts is not None:
            number = int(key_of(_shape(source), parts)[KEY])
            return row_reply(asked.company, asked.request, source, number)
    path = "/".join(rest)
    raise unrecognized(path)


def _shape(source: Source) -> EntitySet:
    assert isinstance(source.shape, EntitySet)  # noqa: S101 - views are made so
    return source.shape
