"""Who keeps which entity set; master data is kept alike, everything else has rules of its own."""

from collections.abc import Mapping

from b1sim.company.attachments.keeper import KEEPERS as ATTACHMENTS
from b1sim.company.documents.keeper import KEEPERS as DOCUMENTS
from b1sim.company.extension.keeper import KEEPERS as EXTENSION
from b1sim.company.extension.keeper import RECORDS
from b1sim.company.goods.keeper import KEEPERS as GOODS
from b1sim.company.keeper import Keeper
from b1sim.company.ledger.keeper import KEEPERS as LEDGER
from b1sim.company.masters.keeper import MasterKeeper
from b1sim.company.masters.keepers import KEEPERS as MASTERS
from b1sim.company.payments.keeper import KEEPERS as PAYMENTS
from b1sim.company.shape.model import ENTITY_SETS, EntitySet
from b1sim.company.webhooks.keeper import KEEPERS as WEBHOOKS

_MASTER = MasterKeeper()
KEEPERS: Mapping[str, Keeper] = {
    **dict.fromkeys(ENTITY_SETS, _MASTER),
    **ATTACHMENTS,
    **DOCUMENTS,
    **EXTENSION,
    **GOODS,
    **LEDGER,
    **MASTERS,
    **PAYMENTS,
    **WEBHOOKS,
}


def keeper_of(kind: EntitySet) -> Keeper:
    """Find who keeps a set; the records of all user tables are kept alike."""
    return RECORDS if kind.table.startswith("@") else KEEPERS[kind.name]
