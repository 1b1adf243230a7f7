"""What a clerk does at the company's screens, so that a test or a demo can set the scene."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import sqlglot
from sqlglot.errors import SqlglotError

from b1sim.company.approvals import requests
from b1sim.company.company import Company
from b1sim.company.extension import fields
from b1sim.company.goods.receiving import receive
from b1sim.company.rules import procedure, rights
from b1sim.company.settings import ApprovalRule, ProcedureRule
from b1sim.company.stock.stock import on_hand


def add_item(  # noqa: PLR0913 - what an item needs, each by name
    company: Company,
    code: str,
    name: str = "",
    *,
    price: Decimal | str = "10.00",
    stock: Decimal | str = "0",
    warehouse: str = "01",
    vat_group: str = "A20",
    cost: Decimal | str = "0",
    batches: bool = False,
    serials: bool = False,
    **properties: Any,
) -> str:
    """Add an item with a price in the first list and, unless batch-managed, some stock."""
    payload = {
        "ItemCode": code,
        "ItemName": name or code,
        "SalesVATGroup": vat_group,
        "ManageBatchNumbers": "tYES" if batches else "tNO",
        "ManageSerialNumbers": "tYES" if serials else "tNO",
        "ItemPrices": [{"PriceList": 1, "Price": price}],
    }
    company.create("Items", payload | properties)
    if Decimal(str(stock)) and not batches and not serials:
        receive_stock(company, code, stock, warehouse=warehouse, cost=cost)
    return code


def add_partner(
    company: Company,
    code: str,
    name: str = "",
    *,
    kind: Literal["cCustomer", "cSupplier", "cLid"] = "cCustomer",
    currency: str = "EUR",
    price_list: int = 1,
    **properties: Any,
) -> str:
    """Add a business partner."""
    payload: dict[str, Any] = {"CardCode": code, "CardName": name or code, "CardType": kind}
    payload |= {"Currency": currency, "PriceListNum": price_list}
    company.create("BusinessPartners", payload | properties)
    return code


def add_user(
    company: Company,
    code: str,
    password: str = "secret",  # noqa: S107 - of a user in a simulator
    *,
    superuser: bool = False,
    read: Iterable[str] = (),
    write: Iterable[str] = (),
    queries: Iterable[str] = (),
) -> int:
    """Add a user who may read and write some sets and run some stored queries."""
    granted = {rights.right_of(name): "boper_ReadOnly" for name in read}
    granted |= {rights.right_of(name): "boper_Full" for name in write}
    granted |= dict.fromkeys(queries, "boper_Full")
    user: dict[str, Any] = {"UserCode": code, "UserName": code, "UserPassword": password}
    user["Superuser"] = "tYES" if superuser else "tNO"
    rows = [{"PermissionID": right, "Permission": level} for right, level in granted.items()]
    return int(company.create("Users", user | {"UserPermission": rows})["InternalKey"])


def freeze(company: Company, entity_set: str, code: str, *, frozen: bool = True) -> None:
    """Freeze or thaw an item or a partner."""
    key = {"Items": "ItemCode", "BusinessPartners": "CardCode"}[entity_set]
    company.patch(entity_set, {key: code}, {"Frozen": "tYES" if frozen else "tNO"})


def receive_stock(
    company: Company,
    item: str,
    quantity: Decimal | str,
    *,
    warehouse: str = "01",
    cost: Decimal | str | None = None,
    batch: str | None = None,
    serials: list[str] | None = None,
) -> None:
    """Receive goods: stock, batch or serials, moving average cost and the ledger follow."""
    with company.books.transaction():
        receive(
            company.books,
            item,
            Decimal(str(quantity)),
            warehouse,
            cost=None if cost is None else Decimal(str(cost)),
            batch=batch,
            serials=serials or [],
        )


def set_stock(
    company: Company, item: str, quantity: Decimal | str, *, warehouse: str = "01"
) -> None:
    """Count the stock: receive or take out until the warehouse holds the quantity."""
    wanted = Decimal(str(quantity))
    there = on_hand(company.books, item, warehouse)
    if wanted != there:
        receive_stock(company, item, wanted - there, warehouse=warehouse)


def deliver(company: Company, order: int, *, tracking: str = "") -> int:
    """Deliver whatever is open of a sales order, by its DocEntry (9.2); return the delivery's."""
    found = company.read("Orders", {"DocEntry": order})
    rows = [
        {"BaseType": 17, "BaseEntry": order, "BaseLine": line["LineNum"]}
        for line in found["DocumentLines"]
        if line["LineStatus"] == "bost_Open"
    ]
    head = {"CardCode": found["CardCode"], "DocumentLines": rows}
    number = {"TrackingNumber": tracking} if tracking else {}
    return int(company.create("DeliveryNotes", head | number)["DocEntry"])


def add_tree(
    company: Company,
    code: str,
    components: Mapping[str, Decimal | str],
    *,
    kind: Literal["iSalesTree", "iAssemblyTree", "iProductionTree", "iTemplateTree"] = "iSalesTree",
) -> None:
    """Let an item head a bill of materials: components with their quantities per piece."""
    rows = [{"ItemCode": item, "Quantity": quantity} for item, quantity in components.items()]
    company.create("ProductTrees", {"TreeCode": code, "TreeType": kind, "ProductTreeLines": rows})


def add_bin(company: Company, warehouse: str, name: str) -> int:
    """Add a bin and return its key; the first one of a warehouse switches bins on there."""
    key = {"WarehouseCode": warehouse}
    if company.read("Warehouses", key)["EnableBinLocations"] != "tYES":
        company.patch("Warehouses", key, {"EnableBinLocations": "tYES"})
    made = company.create("BinLocations", {"Warehouse": warehouse, "Sublevel1": name})
    return int(made["AbsEntry"])


def set_price(company: Company, item: str, price: Decimal | str, *, price_list: int = 1) -> None:
    """Change a price."""
    prices = [{"PriceList": price_list, "Price": price}]
    company.patch("Items", {"ItemCode": item}, {"ItemPrices": prices})


def set_rate(company: Company, currency: str, day: date | str, rate: Decimal | str) -> None:
    """Enter what one unit of a currency costs on a day, as SetCurrencyRate does."""
    row = (str(day), currency, float(Decimal(str(rate))))
    company.db.execute("INSERT OR REPLACE INTO ORTT VALUES (?, ?, ?)", row)


def lock_period(company: Company, month: str) -> None:
    """Lock a posting period such as "2026-10"."""
    if month not in company.settings.locked_periods:
        company.settings.locked_periods.append(month)
    company.keep_settings()


def unlock_period(company: Company, month: str) -> None:
    """Open a locked posting period again."""
    if month in company.settings.locked_periods:
        company.settings.locked_periods.remove(month)
    company.keep_settings()


def require_approval(
    company: Company,
    entity_set: str = "Orders",
    *,
    from_total: Decimal | str = "0",
    card_code: str | None = None,
    status: Literal[400, 404] = 400,
) -> None:
    """Let documents of a kind wait as drafts from an amount on."""
    company.settings.approvals.append(ApprovalRule(entity_set, str(from_total), card_code))
    company.settings.approval_status = status
    company.keep_settings()


def reject_when(
    company: Company,
    entity_set: str,
    condition: str,
    text: str,
    *,
    number: int = 1,
    code: int = -5002,
    transactions: str = "AU",
) -> None:
    """Let the company's stored procedure refuse writes of which an SQL condition holds."""
    rule = ProcedureRule(entity_set, condition, number, text, code, transactions)
    procedure.check_rule(company.books, rule)
    company.settings.procedure.append(rule)
    company.keep_settings()


def drop_rejections(company: Company) -> None:
    """Let the stored procedure pass everything again."""
    company.settings.procedure.clear()
    company.keep_settings()


def drop_approvals(company: Company) -> None:
    """Let every document pass again."""
    company.settings.approvals.clear()
    company.keep_settings()


def approve_draft(company: Company, entry: int) -> None:
    """Approve a pending draft; adding it is a step of its own, as in SAP."""
    requests.settle(company.books, entry, approve=True)


def reject_draft(company: Company, entry: int) -> None:
    """Reject a pending draft."""
    requests.settle(company.books, entry, approve=False)


_FIELD_TYPES = {
    "Edm.String": ("db_Alpha", "st_None"),
    "Edm.Int32": ("db_Numeric", "st_None"),
    "Edm.Double": ("db_Float", "st_Sum"),
    "Edm.DateTime": ("db_Date", "st_None"),
    "Edm.Time": ("db_Date", "st_Time"),
}


def add_user_field(company: Company, type_name: str, name: str, kind: str = "Edm.String") -> None:
    """Add a user-defined field such as U_ShopRef to a type such as Document, and restart."""
    sort, sub_type = _FIELD_TYPES[kind]
    field = {"TableName": fields.table_of(type_name), "Name": name.removeprefix("U_"), "Size": 254}
    company.create("UserFieldsMD", field | {"Type": sort, "SubType": sub_type})
    company.restart()


def add_view(company: Company, name: str, text: str, *, exposed: bool = True) -> None:
    """Add a view: one SELECT over SAP's tables, in which `:P_Year` stands for a parameter."""
    try:
        trees = sqlglot.parse(text, read="tsql")
    except SqlglotError as error:
        message = f"the view {name} cannot be read: {error}"
        raise ValueError(message) from error
    if len(trees) != 1 or not isinstance(trees[0], sqlglot.exp.Select | sqlglot.exp.Union):
        message = f"the view {name} is not one SELECT"
        raise ValueError(message)
    view = {"text": text, "created": company.books.today(), "exposed": "Y" if exposed else "N"}
    company.settings.views[name] = view
    company.keep_settings()


def change_settings(company: Company, **changes: Any) -> None:
    """Turn other switches of the company by name."""
    for name, value in changes.items():
        if not hasattr(company.settings, name):
            message = f"the company has no setting {name}"
            raise ValueError(message)
        setattr(company.settings, name, value)
    company.books.forget()
    company.keep_settings()
