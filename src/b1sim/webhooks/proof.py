"""How a message proves who sent it: nothing, Basic, a signature, or a token (6)."""

import base64
import hashlib
import hmac
import json
from typing import Any

import httpx

from b1sim.company.outside import Hook

SIGNATURE = "X-B1-Webhook-Signature"
_DIGESTS: dict[str, Any] = {
    "HMACSha256": hashlib.sha256,
    "HMACSha384": hashlib.sha384,
    "HMACSha512": hashlib.sha512,
}


def signature(key: str, algorithm: str, content: bytes) -> str:
    """Sign the bytes that are sent: base64 of the HMAC, as SAP's sample receiver checks it."""
    digest = hmac.new(key.encode(), content, _DIGESTS[algorithm]).digest()
    return base64.b64encode(digest).decode()


async def proof(hook: Hook, content: bytes, http: httpx.AsyncClient) -> dict[str, str]:
    """Return the headers that go with this content; httpx.HTTPError when no token is given."""
    known = json.loads(hook.credentials)
    match hook.authentication:
        case "Basic":
            pair = f"{known['Username']}:{known['Password']}".encode()
            return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        case "HMAC":
            return {SIGNATURE: signature(known["Key"], known["Algorithm"], content)}
        case "OAuth":
            return {"Authorization": f"Bearer {await _token(known, http)}"}
    return {}


async def _token(known: dict[str, str], http: httpx.AsyncClient) -> str:
    """Fetch a token for each message; SAP may keep one until it ends (guess)."""
    form = {name: known[name] for name in ("grant_type", "client_id", "client_secret")}
    reply = await http.post(known["token_endpoint"], data=form)
    reply.raise_for_status()
    try:
        return str(reply.json()["access_token"])
    except (ValueError, LookupError, TypeError) as error:
        message = "the token endpoint answered without an access_token"
        raise httpx.DecodingError(message, request=reply.request) from error
