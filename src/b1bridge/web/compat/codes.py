"""`GET /v1/info` and `GET /v1/code` as the older product answered them, status 201 included."""

from __future__ import annotations

from decimal import Decimal
from http import HTTPStatus
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from b1bridge.bootstrap import Hub
from b1bridge.bootstrap.token_desk import Bearer
from b1bridge.connectors.rest.settings import Settings
from b1bridge.domain.codes import Code, CodeKind
from b1bridge.sdk.tokens import Scope
from b1bridge.web.api.bearer import Needs
from b1bridge.web.api.info import info_for
from b1bridge.web.compat.bearer import OlderNeeds, speaks_older
from b1bridge.web.compat.route import OlderRoute

_KINDS = {
    "ExpnsName": CodeKind.FREIGHT,
    "TrnspName": CodeKind.SHIPPING_TYPES,
    "PayMethCod": CodeKind.PAYMENT_METHODS,
    "TaxCode": CodeKind.TAX_CODES,
}
_READS = OlderNeeds(Scope.CODES_READ)


def codes(hub: Hub) -> APIRouter:
    """Make the older paths for what the books say of themselves."""
    router = APIRouter(route_class=OlderRoute)

    @router.get("/v1/info")
    async def info(request: Request) -> Any:
        """Answer in the older words whoever logs in the older way; all others in ours."""
        if not speaks_older(request):
            native = await Needs(Scope.CODES_READ)(request)
            return await info_for(hub, native.connection)
        bearer = await _READS(request)
        card = await hub.lookups.company(bearer.connection)
        told = {
            "company_name": card.name,
            "company_db": card.database,
            "server": bearer.settings.books if isinstance(bearer.settings, Settings) else "",
            "diapi": f"b1bridge {version('b1bridge')}",
        }
        return JSONResponse(told, HTTPStatus.CREATED)

    @router.get("/v1/code", status_code=HTTPStatus.CREATED)
    async def code(bearer: Annotated[Bearer, Depends(_READS)], type: str = "") -> list[Any]:  # noqa: A002 - the older product's name
        """List the codes of a type; nothing for a type that is none."""
        kind = _KINDS.get(type)
        if kind is None:
            return []
        return [_shown(one, kind) for one in await hub.lookups.codes(bearer.connection, kind)]

    return router


def _shown(one: Code, kind: CodeKind) -> str | dict[str, str]:
    """Show a tax code with all it has, a payment method by its code, the others by name."""
    if kind is CodeKind.TAX_CODES:
        return {"Code": one.code, "Name": one.name, "Rate": f"{one.rate or Decimal(0):.6f}"}
    return one.code if kind is CodeKind.PAYMENT_METHODS else one.name
