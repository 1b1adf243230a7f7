"""Every service operation that the company answers, by its name."""

from collections.abc import Mapping

from b1sim.company.documents.services import SERVICES as DOCUMENTS
from b1sim.company.masters.lists import SERVICES as LISTS
from b1sim.company.prices.services import SERVICES as PRICES
from b1sim.company.rules.administration import SERVICES as ADMINISTRATION
from b1sim.company.rules.bridge import SERVICES as BRIDGE
from b1sim.company.rules.permissions import SERVICES as PERMISSIONS
from b1sim.company.rules.series import SERVICES as SERIES
from b1sim.company.service import Service
from b1sim.company.webhooks.catalogue import SERVICES as WEBHOOKS

SERVICES: Mapping[str, Service] = {
    **DOCUMENTS,
    **PRICES,
    **SERIES,
    **ADMINISTRATION,
    **BRIDGE,
    **PERMISSIONS,
    **LISTS,
    **WEBHOOKS,
}
