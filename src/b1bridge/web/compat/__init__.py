"""The paths and field names of SAP-B1-RESTful, over the same desks (sap-service-layer.md 13)."""

from __future__ import annotations

from fastapi import APIRouter

from b1bridge.bootstrap import Hub
from b1bridge.web.compat.codes import codes
from b1bridge.web.compat.contacts import contacts
from b1bridge.web.compat.documents import documents
from b1bridge.web.compat.logins import logins
from b1bridge.web.compat.orders import orders


def older_paths(hub: Hub) -> APIRouter:
    """Put the older paths together; they go before the façade's own, with which some coincide."""
    router = APIRouter()
    for routes in (logins, codes, documents, contacts, orders):
        router.include_router(routes(hub))
    return router
