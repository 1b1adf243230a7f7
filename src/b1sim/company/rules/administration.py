"""`CompanyService`: what the company says of itself, and the switches that clients turn.

SAP's two structures have some 200 members more; these are the ones of which b1sim knows the truth.
Names: SAP SDK help, AdminInfo and CompanyInfo; EnableWebhook and its refusal:
sap-service-layer.md 6 and 3.2. That EnableBranches is what makes documents name one is a guess.
"""

from collections.abc import Mapping
from typing import Any

from b1sim.company import keeping
from b1sim.company.books import Books, Row
from b1sim.company.refusals import invalid_value, not_simulated
from b1sim.company.rules.refusals import folder_invalid
from b1sim.company.service import Complex, Listed, Service
from b1sim.company.settings import CompanySettings

_ADMIN_SWITCHES = {
    "EnableWebhook": "webhooks",
    "EnableApprovalProcedureInDI": "approvals_in_services",
    "EnableBranches": "branches",
}
_COMPANY_SWITCHES = {"BlockStockNegativeQuantity": "block_negative_stock"}
_YES_NO = {"tYES": True, "Y": True, "tNO": False, "N": False}


def _admin_info(settings: CompanySettings) -> Row:
    return {
        "CompanyName": settings.name,
        "LocalCurrency": settings.local_currency,
        "SystemCurrency": settings.local_currency,
        "TotalsAccuracy": settings.amount_decimals,
        "PriceAccuracy": settings.price_decimals,
        **_turned(settings, _ADMIN_SWITCHES),
    }


def _company_info(settings: CompanySettings) -> Row:
    return _turned(settings, _COMPANY_SWITCHES)


def _turned(settings: CompanySettings, switches: Mapping[str, str]) -> Row:
    return {name: "tYES" if getattr(settings, s) else "tNO" for name, s in switches.items()}


def admin_info(books: Books, sent: Mapping[str, Any]) -> Complex:  # noqa: ARG001 - asks nothing
    """Tell how the company counts and what is switched on in it."""
    return Complex("AdminInfo", _admin_info(books.settings))


def company_info(books: Books, sent: Mapping[str, Any]) -> Complex:  # noqa: ARG001 - asks nothing
    """Tell what else is switched on; SAP keeps it in a table of its own (CINF)."""
    return Complex("CompanyInfo", _company_info(books.settings))


def features(books: Books, sent: Mapping[str, Any]) -> Listed:  # noqa: ARG001 - asks nothing
    """List the features of the company; that none is named is a guess, SAP publishes no ids."""
    return Listed("FeatureStatus", [])


def update_admin_info(books: Books, sent: Mapping[str, Any]) -> None:
    """Turn switches; whoever sends the whole structure back changes nothing else.

    Webhooks need the company's folders: 10001237 when one of them is not there.
    """
    payload = sent.get("AdminInfo")
    changes = _changes(payload, _admin_info(books.settings), _ADMIN_SWITCHES, "AdminInfo")
    if changes.get("webhooks") and not books.settings.attachments_folder:
        raise folder_invalid()
    _turn(books, changes)


def update_company_info(books: Books, sent: Mapping[str, Any]) -> None:
    """Turn switches of the other structure."""
    payload = sent.get("CompanyInfo")
    now = _company_info(books.settings)
    _turn(books, _changes(payload, now, _COMPANY_SWITCHES, "CompanyInfo"))


def _changes(
    payload: object, now: Row, switches: Mapping[str, str], type_name: str
) -> dict[str, bool]:
    if not isinstance(payload, Mapping):
        raise invalid_value(type_name, type_name, payload)
    found: dict[str, bool] = {}
    for name, value in payload.items():
        if name in switches:
            if not isinstance(value, str) or value not in _YES_NO:
                raise invalid_value(name, type_name, value)
            found[switches[name]] = _YES_NO[value]
        elif now.get(name) != value or name not in now:
            what = f"a change of {type_name}.{name}"
            raise not_simulated(what)
    return found


def _turn(books: Books, changes: Mapping[str, bool]) -> None:
    for name, value in changes.items():
        setattr(books.settings, name, value)
    keeping.keep_settings(books)


SERVICES: Mapping[str, Service] = {
    "CompanyService_GetAdminInfo": admin_info,
    "CompanyService_GetCompanyInfo": company_info,
    "CompanyService_GetFeaturesStatus": features,
    "CompanyService_UpdateAdminInfo": update_admin_info,
    "CompanyService_UpdateCompanyInfo": update_company_info,
}
