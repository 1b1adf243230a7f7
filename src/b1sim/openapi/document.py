"""The whole OpenAPI document of one version, generated from the model that answers requests."""

from typing import Any

from b1sim.company.company import Company
from b1sim.odata.edmx.model import model_of
from b1sim.odata.services import SERVICES
from b1sim.odata.versions import Version
from b1sim.openapi.paths import paths_of
from b1sim.openapi.schemas import schemas_of


def openapi_of(company: Company, version: Version) -> dict[str, Any]:
    """Describe what b1sim answers for a company below the root of a version.

    SAP publishes no such document; names and types are those of `$metadata`.
    """
    services = frozenset(name for _, name in SERVICES)
    model = model_of(company.sets, services)
    session = {"type": "apiKey", "in": "cookie", "name": "B1SESSION"}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"b1sim, Service Layer v{version.number}", "version": "1"},
        "servers": [{"url": version.root}],
        "security": [{"session": []}],
        "paths": paths_of(model, version),
        "components": {
            "schemas": schemas_of(model, version),
            "securitySchemes": {"session": session},
        },
    }
