"""Who keeps the master data that has rules of its own."""

from collections.abc import Mapping

from b1sim.company.keeper import Keeper
from b1sim.company.masters.approval_keepers import KEEPERS as APPROVALS
from b1sim.company.masters.keeper import FixedKeeper
from b1sim.company.masters.relation_keepers import (
    ActivityKeeper,
    AgreementKeeper,
    OpportunityKeeper,
)
from b1sim.company.masters.user_keeper import UserKeeper

KEEPERS: Mapping[str, Keeper] = {
    "Users": UserKeeper(),
    "Activities": ActivityKeeper(),
    "SalesOpportunities": OpportunityKeeper(),
    "BlanketAgreements": AgreementKeeper(),
    "Dimensions": FixedKeeper(),
    "BusinessPartnerProperties": FixedKeeper(),
    **APPROVALS,
}
