"""Which navigation property leads from which set to which set, and by which column.

Which names exist is a fact for every set (`navigation.json`, made from the EDMX by
tools/b1sim_navigation.py). The table below says for each name that leads to *one* entity the
property that holds its key. Those of BusinessPartner named in comments are the EDMX's own
constraints; the others are read off the names (guess: columns). What leads to *many* is the way
back and is derived: `BusinessPartners('c1')/Orders` are the orders whose `BusinessPartner` is c1.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from b1sim.company.shape.model import EntitySet, Property
from b1sim.odata.refusing import not_simulated

Sets = Mapping[str, EntitySet]

NAMES: Mapping[str, frozenset[str]] = {
    name: frozenset(found)
    for name, found in json.loads(
        resources.files("b1sim.odata.reading").joinpath("navigation.json").read_text("utf-8")
    ).items()
}

# By type: navigation property, the set it leads to, and the property that holds the other's key.
_TO_ONE = {
    "Document": """BusinessPartner BusinessPartners CardCode, Currency Currencies DocCurrency,
        PaymentTermsType PaymentTermsTypes PaymentGroupCode, User Users UserSign,
        SalesPerson SalesPersons SalesPersonCode, ShippingType ShippingTypes TransportationCode,
        EmployeeInfo EmployeesInfo DocumentsOwner, JournalEntry JournalEntries TransNum,
        BusinessPlace BusinessPlaces BPL_IDAssignedToInvoice, Project2 Projects Project,
        ChartOfAccount ChartOfAccounts ControlAccount, UserLanguage UserLanguages LanguageCode,
        Department Departments RequesterDepartment, Branch Branches RequesterBranch,
        WizardPaymentMethod WizardPaymentMethods PaymentMethod""",
    # SalesTaxCode, UserLanguage, Industry2 and Project are the EDMX's own.
    "BusinessPartner": """BusinessPartnerGroup BusinessPartnerGroups GroupCode,
        PriceList PriceLists PriceListNum, SalesPerson SalesPersons SalesPersonCode,
        PaymentTermsType PaymentTermsTypes PayTermsGrpCode, Currency2 Currencies Currency,
        ChartOfAccount ChartOfAccounts DebitorAccount, CreditCard CreditCards CreditCardCode,
        VatGroup2 VatGroups VatGroup, SalesTaxCode SalesTaxCodes VatGroupLatinAmerica,
        ShippingType2 ShippingTypes ShippingType, Territory2 Territories Territory,
        Industry2 Industries Industry, UserLanguage UserLanguages LanguageCode,
        Country2 Countries Country, Project Projects ProjectCode""",
    "Item": """ItemGroups ItemGroups ItemsGroupCode, Manufacturer2 Manufacturers Manufacturer,
        ShippingType ShippingTypes ShipType, VatGroup VatGroups SalesVATGroup,
        SalesTaxCode SalesTaxCodes ArTaxCode, BusinessPartner BusinessPartners Mainsupplier,
        UnitOfMeasurementGroup UnitOfMeasurementGroups UoMGroupEntry""",
    "Payment": """Attachments2 Attachments2 AttachmentEntry, BusinessPlace BusinessPlaces BPLID,
        Currency Currencies DocCurrency, Project Projects ProjectCode,
        ChartOfAccount ChartOfAccounts ControlAccount, VatGroup VatGroups TaxGroup,
        WarehouseLocation WarehouseLocations LocationCode""",
    "JournalEntry": """Attachments2 Attachments2 AttachmentEntry, Project Projects ProjectCode""",
    "StockTransfer": """BusinessPartner BusinessPartners CardCode, Warehouse Warehouses
        FromWarehouse, SalesPerson SalesPersons SalesPersonCode, PriceList2 PriceLists PriceList""",
    "Warehouse": """BusinessPlaces BusinessPlaces BusinessPlaceID, Country2 Countries Country,
        WarehouseLocation WarehouseLocations Location""",
    "ItemGroups": "UnitOfMeasurementGroup UnitOfMeasurementGroups DefaultUoMGroup",
    "ChartOfAccount": "Currency Currencies AcctCurrency, Project Projects ProjectCode",
    "VatGroup": "ChartOfAccount ChartOfAccounts TaxAccount",
    "AdditionalExpense": """ChartOfAccount ChartOfAccounts RevenuesAccount, Project2 Projects
        Project, VatGroup VatGroups OutputVATGroup""",
    "CreditCard": "ChartOfAccount ChartOfAccounts GLAccount, Country Countries CountryCode",
    "PaymentTermsType": "PriceList PriceLists PriceListNo",
    "SpecialPrice": """Item Items ItemCode, BusinessPartner BusinessPartners CardCode,
        PriceList PriceLists PriceListNum""",
    "AlternateCatNum": "Item Items ItemCode, BusinessPartner BusinessPartners CardCode",
    "BarCode": "Item Items ItemNo, UnitOfMeasurement UnitOfMeasurements UoMEntry",
    "BatchNumberDetail": "Item Items ItemCode",
    "SerialNumberDetail": "Item Items ItemCode",
    "ProductTree": "Item Items TreeCode, PriceList2 PriceLists PriceList",
    "BinLocation": "Warehouse2 Warehouses Warehouse",
    "UnitOfMeasurementGroup": "UnitOfMeasurement UnitOfMeasurements BaseUoM",
    "ProfitCenter": "Dimension Dimensions InWhichDimension, EmployeeInfo EmployeesInfo CenterOwner",
    "DistributionRule": "Dimension Dimensions InWhichDimension",
    "Activity": """BusinessPartner BusinessPartners CardCode, ActivityType2 ActivityTypes
        ActivityType, SalesPerson SalesPersons SalesEmployee, User Users HandledBy""",
    "SalesOpportunities": """BusinessPartner BusinessPartners CardCode,
        SalesPerson2 SalesPersons SalesPerson""",
    "ServiceCall": "BusinessPartner BusinessPartners CustomerCode, Item Items ItemCode",
    "ApprovalRequest": "User Users OriginatorID, ApprovalTemplate ApprovalTemplates "
    "ApprovalTemplatesID",
    "State": "Country2 Countries Country",
}


@dataclass(frozen=True)
class Link:
    """A way from one entity to another: `own` here equals `other` there."""

    name: str
    target: EntitySet
    own: Property
    other: Property
    many: bool
    partner: str
    """The navigation property that leads back, where there is one."""


def is_navigation(entity_set: EntitySet, name: str) -> bool:
    """Tell whether SAP has this navigation property, simulated or not."""
    return name in NAMES.get(entity_set.name, ())


def link_of(sets: Sets, entity_set: EntitySet, name: str) -> Link:
    """Find where a navigation property of SAP's leads; 501 where b1sim has not the other end."""
    found = links(sets, entity_set).get(name)
    if found is None:
        what = f"the navigation {entity_set.name}/{name}"
        raise not_simulated(what)
    return found


def links(sets: Sets, entity_set: EntitySet) -> Mapping[str, Link]:
    """Name every way that leads from a set to a set that is simulated."""
    return _all_links(_Key(sets)).get(entity_set.name, {})


class _Key:
    """Lets a mapping of sets be a cache key: there are few, and each lives as long as its cache."""

    def __init__(self, sets: Sets) -> None:
        self.sets = sets

    def __hash__(self) -> int:
        return id(self.sets)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.sets is other.sets


@lru_cache(maxsize=8)
def _all_links(key: _Key) -> Mapping[str, Mapping[str, Link]]:
    return {name: _links(key.sets, found) for name, found in key.sets.items()}


def _links(sets: Sets, entity_set: EntitySet) -> Mapping[str, Link]:
    names = sorted(NAMES.get(entity_set.name, ()))
    candidates = (
        _to_one(sets, entity_set, name) or _back(sets, entity_set, name) for name in names
    )
    return {link.name: link for link in candidates if link is not None}


def _table(type_name: str) -> Mapping[str, tuple[str, str]]:
    rows = (row.split() for row in _TO_ONE.get(type_name, "").split(",") if row.strip())
    return {name: (target, column) for name, target, column in rows}


def _to_one(sets: Sets, entity_set: EntitySet, name: str) -> Link | None:
    target_name, own = _table(entity_set.type_name).get(name, ("", ""))
    target = sets.get(target_name)
    if target is None or own not in entity_set.properties:
        return None
    other = target.properties[target.key[0]]
    back = entity_set.name if entity_set.name in NAMES.get(target.name, ()) else ""
    return Link(name, target, entity_set.properties[own], other, many=False, partner=back)


def _back(sets: Sets, entity_set: EntitySet, name: str) -> Link | None:
    """Find the way back: the set of that name has a property that leads here."""
    target = sets.get(name)
    if target is None:
        return None
    for way, (back, column) in _table(target.type_name).items():
        if back == entity_set.name and column in target.properties:
            own = entity_set.properties[entity_set.key[0]]
            other = target.properties[column]
            return Link(name, target, own, other, many=True, partner=way)
    return None
