"""The health endpoints of the balancer; they need no session and do not touch the company (5.5)."""

import json
from datetime import datetime
from http import HTTPStatus

from b1sim.odata.reply import Reply

_NODES = 1


def ping_reply(path: str, now: datetime) -> Reply:
    """Answer `/ping/…`; the sender's spelling for a node is a guess."""
    match [piece for piece in path.split("/") if piece]:
        case [] | ["load-balancer"]:
            return _pong("load balancer", now)
        case ["node"]:
            return _pong("node 1", now)
        case ["node", number] if number.isdigit() and 1 <= int(number) <= _NODES:
            return _pong(f"node {number}", now)
        case ["node", number]:
            return _json(HTTPStatus.SERVICE_UNAVAILABLE, message=f"node {number} does not exist")
    return _json(HTTPStatus.NOT_FOUND, message="Not Found")


def _pong(sender: str, now: datetime) -> Reply:
    timestamp = f"{now.timestamp():.3f}"
    return _json(HTTPStatus.OK, message="pong", sender=sender, timestamp=timestamp)


def _json(status: HTTPStatus, **members: str) -> Reply:
    body = json.dumps(members, separators=(",", ":")).encode()
    return Reply(status, body, [("Content-Type", "application/json")])
