"""The refusals that belong to the wire; those of the books live in company/refusals.py (3.2)."""

from http import HTTPStatus

from b1sim.company.refusals import Refusal

NO_SESSION = 301
BAD_REQUEST = -1000
NO_RESOURCE = 200
UNKNOWN_IN_FILTER = 201
BAD_LOGIN = -304
MISSING = -1
CHANGED_MEANWHILE = -2039
NOT_FOUND = -2028


def bad_request(message: str) -> Refusal:
    """Refuse what is wrong with the request itself."""
    return Refusal(HTTPStatus.BAD_REQUEST, BAD_REQUEST, message)


def unknown_property(name: str, type_name: str) -> Refusal:
    """Refuse a property that `$select`, `$orderby` or a function names."""
    return bad_request(f"Property '{name}' of '{type_name}' is invalid")


def unknown_in_filter(name: str) -> Refusal:
    """Refuse a property that `$filter` names; this one has its own code."""
    return Refusal(HTTPStatus.BAD_REQUEST, UNKNOWN_IN_FILTER, f"Property '{name}' is invalid")


def unrecognized(path: str) -> Refusal:
    """Refuse a path that is no resource of Service Layer.

    An open question of the facts (16); a public client's source notes of live systems 400 with
    200 or -1002, in both versions (guess: always 200; the path in the text).
    """
    return Refusal(HTTPStatus.BAD_REQUEST, NO_RESOURCE, f"Unrecognized resource path '{path}'.")


def not_simulated(what: str, *, known: bool = True) -> Refusal:
    """Say loudly that SAP has this, or may have it, and b1sim does not."""
    message = f"b1sim does not simulate {what}; Service Layer {'has' if known else 'may have'} it"
    return Refusal(HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.NOT_IMPLEMENTED, message)


def no_session() -> Refusal:
    """Refuse a request without a living session."""
    text = "Invalid session or session already timeout."
    return Refusal(HTTPStatus.UNAUTHORIZED, NO_SESSION, text)


def bad_login() -> Refusal:
    """Refuse a wrong company, user or password, without telling which."""
    return Refusal(HTTPStatus.UNAUTHORIZED, BAD_LOGIN, "Fail to get DB Credentials from SLD")


def too_many_sessions() -> Refusal:
    """Refuse a login beyond the sessions of a user (guess: status, code, text and the limit)."""
    text = "The maximum number of sessions of this user is reached."
    return Refusal(HTTPStatus.UNAUTHORIZED, MISSING, text)


def no_licence() -> Refusal:
    """Refuse a login when every licence is taken by other users (guess: status, code, text)."""
    text = "No license is available for this user."
    return Refusal(HTTPStatus.UNAUTHORIZED, MISSING, text)


def not_bound(status: int) -> Refusal:
    """Refuse a good token that no user of the company is bound to (guess: code and text)."""
    return Refusal(status, MISSING, "The identity is not bound to a user of this company.")


def login_incomplete() -> Refusal:
    """Refuse a login with a missing field; the HTTP status is a guess."""
    text = "'CompanyDB','UserName','Password' are all required."
    return Refusal(HTTPStatus.BAD_REQUEST, MISSING, text)


def changed_meanwhile() -> Refusal:
    """Refuse a write whose If-Match names an older version (5.1)."""
    text = (
        "Another user or another operation modified data; to continue, open the window again "
        "(ODBC -2039)"
    )
    return Refusal(HTTPStatus.PRECONDITION_FAILED, CHANGED_MEANWHILE, text)


def no_matching_record() -> Refusal:
    """Refuse a key that names nothing."""
    return Refusal(HTTPStatus.NOT_FOUND, NOT_FOUND, "No matching records found (ODBC -2028)")


def no_entity(key: str) -> Refusal:
    """Refuse to delete what is not there: recorded on 1000310, with this text for DELETE alone."""
    return Refusal(HTTPStatus.NOT_FOUND, NOT_FOUND, f"Entity with value({key}) does not exist")


def no_value(name: str) -> Refusal:
    """Refuse the raw value of a property that is null (4.1)."""
    text = f"Resource not found for the property: {name}"
    return Refusal(HTTPStatus.NOT_FOUND, NOT_FOUND, text)
