"""The Service Layer itself: finds out what a request names and answers it."""

import re
from dataclasses import replace
from http import HTTPStatus
from importlib import resources
from typing import Any

from b1sim.company.company import Company
from b1sim.company.outside import HandshakeNeeded
from b1sim.company.refusals import Diverted, Refusal, action_not_supported
from b1sim.company.shape.model import EntitySet
from b1sim.odata import writes
from b1sim.odata.attachments import attachment_reply
from b1sim.odata.batch import Batch
from b1sim.odata.edmx.metadata import metadata_reply, service_document
from b1sim.odata.event_filter import event_condition
from b1sim.odata.json_text import text_of
from b1sim.odata.keys import Segment, segments_of
from b1sim.odata.languages import language_of
from b1sim.odata.reading import reads
from b1sim.odata.reading.places import Place, follow, key_of
from b1sim.odata.reading.properties import property_reply
from b1sim.odata.reading.schemas import schema_of
from b1sim.odata.reading.unchanged import unchanged
from b1sim.odata.refusing import (
    bad_login,
    login_incomplete,
    no_session,
    not_simulated,
    unrecognized,
)
from b1sim.odata.replacing import put_reply
from b1sim.odata.reply import Reply, json_reply, no_content, refused
from b1sim.odata.request import Request
from b1sim.odata.services import SERVICES
from b1sim.odata.sessions import Session, Sessions, credentials, session_cookie
from b1sim.odata.special import special_answer
from b1sim.odata.sql import queries
from b1sim.odata.sql.permits import Permits
from b1sim.odata.wire_quirks import WireQuirks

_KNOWN_NAMES = frozenset(
    resources.files("b1sim.odata").joinpath("known_names.txt").read_text(encoding="utf-8").split()
)
# The service document, the metadata and batches are asked for in one way only (1, 5.2).
_METHODS_OF = {"": "GET", "$metadata": "GET", "$batch": "POST"}
_SPECIAL = re.compile(r"\$crossjoin.*|\w+Service_\w+|(sml|view|script)\.svc|ssob1s")


class ServiceLayer:
    """Answers requests on one company; every call runs to its end in the caller's thread."""

    def __init__(self, company: Company, sessions: Sessions, quirks: WireQuirks) -> None:
        self.company = company
        self.sessions = sessions
        self.quirks = quirks
        self.permits = Permits()
        company.books.outside.condition = event_condition
        company.db.create_function("casefolded", 1, _casefolded, deterministic=True)

    def answer(self, request: Request) -> Reply:
        """Answer a request, or answer why not."""
        try:
            return self.attempt(request)
        except HandshakeNeeded as needed:
            return self.refuse(request, needed)

    def attempt(self, request: Request) -> Reply:
        """Answer a request as far as nobody outside must be asked; else HandshakeNeeded."""
        try:
            return self._answer(request)
        except HandshakeNeeded:
            raise
        except Diverted as diverted:
            if writes.RETURN_NOTHING in request.preferences():
                applied = ("Preference-Applied", writes.RETURN_NOTHING)
                return no_content(request.version, [applied])
            return self.refuse(request, diverted)
        except Refusal as refusal:
            return self.refuse(request, refusal)

    def refuse(self, request: Request, refusal: Refusal) -> Reply:
        """Answer why not, in the shapes that this installation is set to."""
        details = self.quirks.error_details
        if refusal.status != HTTPStatus.UNAUTHORIZED:
            return refused(refusal, request.version, details=details)
        flat = self.quirks.flat_session_error
        reply = refused(refusal, request.version, flat=flat, details=details)
        # Recorded: a 401 names its path as the realm, and no version of the protocol (3.1).
        realm = ("WWW-Authenticate", f"Basic realm={request.version.root}/{request.path}")
        reply.headers = [h for h in reply.headers if h != request.version.header] + [realm]
        return reply

    def refuse_session(self, request: Request) -> Reply:
        """Answer as to a request without a living session."""
        return self.refuse(request, no_session())

    def _answer(self, request: Request) -> Reply:
        if request.path.strip("/") == "Login":
            return self._login(request)
        session = self.sessions.use(request.headers)
        with self.company.books.asked_by(session.user):
            return self._asked(request, session)

    def _asked(self, request: Request, session: Session) -> Reply:
        if answer := special_answer(request):
            return answer(self.company, request, self.quirks, session.user)
        segments = segments_of(request.path)
        # Guess: by any method; the facts have POST alone (2).
        if [segment.name for segment in segments] == ["Logout"]:
            self.sessions.end(session)
            return no_content(request.version)
        return self._resource(request, segments)

    def _login(self, request: Request) -> Reply:
        if request.verb != "POST":
            raise no_session()
        sent = request.json()
        given = credentials(sent)
        if given is None:
            raise login_incomplete()
        company, user, password = given
        known = self.company.knows_user(user, password)
        if company != self.company.settings.name or not known:
            raise bad_login()
        iam = self.sessions.iam
        if iam is not None and not iam.classic_login:
            raise bad_login()
        session = self.sessions.start(user, language_of(self.company.books, sent.get("Language")))
        body = {
            request.version.context: f"{request.context}B1Sessions{request.version.element}",
            "SessionId": session.id,
            "Version": self.quirks.version,
            "SessionTimeout": self.sessions.minutes,
        }
        reply = json_reply(HTTPStatus.OK, text_of(body) + "\n", request.version)
        # The recorded reply of a version 2 login has no OData-Version header.
        reply.headers = [h for h in reply.headers if h[0] != "OData-Version"]
        reply.headers.append(session_cookie(session))
        return reply

    def _resource(self, request: Request, segments: list[Segment]) -> Reply:
        if not segments or segments[0].name in _METHODS_OF:
            return self._of_the_root(request, segments[0].name if segments else "")
        head = segments[0]
        if answer := SERVICES.get((request.method, head.name)):
            return answer(self.company, request)
        files = attachment_reply(self.company, request, segments)
        return self._entities(request, segments) if files is None else files

    def _of_the_root(self, request: Request, name: str) -> Reply:
        if request.method != _METHODS_OF[name]:
            raise action_not_supported()
        match name:
            case "$batch":
                return self._batch(request)
            case "$metadata":
                return self._metadata(request)
        return service_document(request, self.company.sets)

    def _batch(self, request: Request) -> Reply:
        kills_node = self.quirks.batch_kills_node
        return Batch(request, self.answer, self.company.transaction, kills_node).reply()

    def _entities(self, request: Request, segments: list[Segment]) -> Reply:
        head, *rest = segments
        sets = self.company.sets
        entity_set = sets.get(head.name)
        if entity_set is None:
            raise _unknown(head.name, request)
        if [segment.name for segment in segments] == ["SQLQueries", "List"]:
            return self._run_query(request, entity_set, head)
        if request.verb == "GET":
            return self._read(request, *follow(self.company, sets, segments))
        return self._write(request, entity_set, head, [segment.name for segment in rest])

    def _read(self, request: Request, place: Place, rest: list[str]) -> Reply:
        schema = schema_of(request, self.quirks.schemas)
        reply = self._found(request, replace(place, schema=schema), rest)
        if schema is not None:
            reply.headers.append(("B1S-Schema", schema.name))
        return unchanged(request, reply) if self.quirks.if_none_match else reply

    def _found(self, request: Request, place: Place, rest: list[str]) -> Reply:
        match (place.single, *rest):
            case (False,):
                return reads.list_reply(self.company, request, place, self.quirks.page_size)
            case (False, "$count"):
                return reads.count_reply(self.company, request, place)
            case (True,):
                return reads.entity_reply(self.company, request, place)
            case (True, *_):
                return property_reply(self.company, request, place, rest)
        raise unrecognized("/".join([place.entity_set.name, *rest]))

    def _run_query(self, request: Request, entity_set: EntitySet, head: Segment) -> Reply:
        code = str(key_of(entity_set, head.key or ())["SqlCode"])
        return queries.run_reply(self.company, request, code, self.quirks, self.permits)

    def _write(
        self, request: Request, entity_set: EntitySet, head: Segment, rest: list[str]
    ) -> Reply:
        if entity_set.name == "SQLQueries":
            queries.check_permission(self.quirks)
        if head.key is None:
            if rest:
                raise unrecognized("/".join([entity_set.name, *rest]))
            if request.verb != "POST":
                raise action_not_supported()
            return self._create(request, entity_set)
        key = key_of(entity_set, head.key)
        match (request.verb, *rest):
            case ("PATCH",):
                payload = self._payload(request, entity_set)
                return writes.patch_reply(self.company, request, entity_set, key, payload)
            case ("PUT",):
                payload = self._payload(request, entity_set)
                return put_reply(self.company, request, entity_set, key, payload)
            case ("DELETE",):
                return writes.delete_reply(self.company, request, entity_set, key)
            case ("POST", action) if action in entity_set.actions:
                return writes.action_reply(self.company, request, entity_set, key, action)
        raise _unfit(request, entity_set)

    def _create(self, request: Request, entity_set: EntitySet) -> Reply:
        payload = self._payload(request, entity_set)
        return writes.create_reply(self.company, request, entity_set, payload)

    def _payload(self, request: Request, entity_set: EntitySet) -> dict[str, Any]:
        payload = request.json()
        if entity_set.name == "SQLQueries":
            return queries.checked(self.company, payload, self.quirks)
        return payload

    def _metadata(self, request: Request) -> Reply:
        sets = self.company.sets
        names = frozenset(name for _, name in SERVICES)
        return metadata_reply(request, sets, names, scopes=self.quirks.metadata_scopes)


def _casefolded(value: str | float | None) -> str | float | None:
    """Fold as HANA does for B1S-CaseInsensitive; SQLite's own lower() knows ASCII only."""
    return value.casefold() if isinstance(value, str) else value


def _unknown(name: str, request: Request) -> Refusal:
    """Tell what SAP has and b1sim has not from what is nonsense."""
    if name in _KNOWN_NAMES or _SPECIAL.fullmatch(name):
        return not_simulated(f"{request.method} {request.version.root}/{request.path.strip('/')}")
    return unrecognized(name)


def _unfit(request: Request, entity_set: EntitySet) -> Refusal:
    """Refuse a method or an action that b1sim does not answer for a set it has."""
    what = f"{request.verb} {request.path.strip('/')} ({entity_set.type_name})"
    return not_simulated(what, known=False)
