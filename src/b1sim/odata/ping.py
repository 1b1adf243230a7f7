"""The health endpoints of the balancer; they need no session and do not touch the company (5.5)."""

import json
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus

from b1sim.odata.reply import Reply


def ping_reply(path: str, now: datetime, up: Sequence[bool]) -> Reply:
    """Answer `/ping/…` for nodes that are up or not; without a number the first one answers."""
    match [piece for piece in path.split("/") if piece]:
        case [] | ["load-balancer"]:
            return _pong("load balancer", now)
        case ["node"] if any(up):
            return _pong(f"node{list(up).index(True) + 1}", now)
        case ["node", number] if number.isdecimal() and 1 <= int(number[:9]) <= len(up):
            node = int(number[:9])
            return _pong(f"node{node}", now) if up[node - 1] else _dead()
        case ["node"]:
            return _dead()
        case ["node", number]:
            message = f"node {number} does not exist"
            return _json(HTTPStatus.SERVICE_UNAVAILABLE, **_said(message, "load balancer", now))
    return _json(HTTPStatus.NOT_FOUND, message="Not Found")


def _dead() -> Reply:
    return _json(HTTPStatus.SERVICE_UNAVAILABLE, message="Service Unavailable")


def _pong(sender: str, now: datetime) -> Reply:
    return _json(HTTPStatus.OK, **_said("pong", sender, now))


def _said(message: str, sender: str, now: datetime) -> dict[str, str]:
    return {"message": message, "sender": sender, "timestamp": f"{now.timestamp():.3f}"}


def _json(status: HTTPStatus, **members: str) -> Reply:
    body = json.dumps(members, separators=(",", ":")).encode()
    return Reply(status, body, [("Content-Type", "application/json")])
