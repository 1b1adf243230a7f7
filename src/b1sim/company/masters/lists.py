"""Service operations that list records by their keys, and the one that tells who is asking.

Names: sap-entities.json; that a line of a list is the key and the name of its record is a guess.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from b1sim.company import shelves
from b1sim.company.books import Books
from b1sim.company.refusals import not_found
from b1sim.company.service import Listed, Service, Whole

_LISTS: Mapping[str, tuple[str, str]] = {
    "ActivitiesService_GetActivityList": ("Activities", "ActivityCode"),
    "ApprovalRequestsService_GetAllApprovalRequestsList": ("ApprovalRequests", "Code"),
    "ApprovalStagesService_GetApprovalStageList": ("ApprovalStages", "Code Name"),
    "ApprovalTemplatesService_GetApprovalTemplateList": ("ApprovalTemplates", "Code Name"),
    "BlanketAgreementsService_GetBlanketAgreementList": ("BlanketAgreements", "AgreementNo"),
    "BranchesService_GetBranchList": ("Branches", "Code Name"),
    "BusinessPartnerPropertiesService_GetBusinessPartnerPropertyList": (
        "BusinessPartnerProperties",
        "PropertyCode PropertyName",
    ),
    "CountriesService_GetCountryList": ("Countries", "Code Name"),
    "DepartmentsService_GetDepartmentList": ("Departments", "Code Name"),
    "DimensionsService_GetDimensionList": ("Dimensions", "DimensionCode DimensionName"),
    "DistributionRulesService_GetDistributionRuleList": (
        "DistributionRules",
        "FactorCode FactorDescription",
    ),
    "ProfitCentersService_GetProfitCenterList": ("ProfitCenters", "CenterCode CenterName"),
    "ProjectsService_GetProjectList": ("Projects", "Code Name"),
    "StatesService_GetStateList": ("States", "Code Country Name"),
}


def listed(
    books: Books,
    sent: Mapping[str, Any],  # noqa: ARG001 - asks nothing
    *,
    entity_set: str,
    names: str,
    where: str = "",
) -> Listed:
    """List every record of a set."""
    columns = names.split()
    rows = shelves.query(books, entity_set, where=where, columns=columns, with_collections=())
    type_name = f"{books.sets[entity_set].type_name}Params"
    return Listed(type_name, [{name: row[name] for name in columns} for row in rows])


def current_user(books: Books, sent: Mapping[str, Any]) -> Whole:  # noqa: ARG001 - asks nothing
    """Tell the user of the session, without any right to read users (guess)."""
    found = shelves.query(books, "Users", where='"USER_CODE" = ?', params=(books.user,))
    if not found:
        raise not_found()
    return Whole("Users", found[0])


SERVICES: Mapping[str, Service] = {
    "UsersService_GetCurrentUser": current_user,
    "ApprovalRequestsService_GetOpenApprovalRequestList": partial(
        listed, entity_set="ApprovalRequests", names="Code", where="\"Status\" = 'W'"
    ),
    **{
        operation: partial(listed, entity_set=entity_set, names=names)
        for operation, (entity_set, names) in _LISTS.items()
    },
}
