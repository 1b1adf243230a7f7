"""SAP's own staff: what was ordered leaves the house, is invoiced, and is paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from b1bridge.demo.crm.deals import EURO
from b1bridge.demo.crm.settings import CRM
from b1bridge.demo.sap import COMPANY, PASSWORD, USER, trusting
from b1bridge.demo.settings import Places
from b1bridge.errors import Rejected

BANK = "_SYS00000000201"
_INVOICED, _OF = 2, 3


@dataclass(frozen=True, slots=True)
class Sent:
    """How many orders were delivered, and of these invoiced, and of these paid.

    `left` had to stay: of these nobody picked batches, or there is not enough.
    """

    left: int
    delivered: int
    invoiced: int
    paid: int


async def send(places: Places) -> Sent:
    """Deliver every other order of a deal; invoice two of three, and take money for some."""
    async with httpx.AsyncClient(
        base_url=f"{places.sap_url}/b1s/v2/", verify=trusting(places), timeout=60
    ) as desk:
        await _log_in(desk)
        orders = (await _open_orders(desk))[::2]
        left = invoiced = paid = 0
        for n, order in enumerate(orders):
            try:
                delivery = await _draw(desk, "DeliveryNotes", 17, order)
            except Rejected:
                left += 1
                continue
            if n % _OF == _INVOICED:
                continue
            invoice = await _draw(desk, "Invoices", 15, delivery)
            invoiced += 1
            if n % 2 == 0 and invoice["DocTotal"] and invoice["DocCurrency"] == EURO:
                await _pay(desk, invoice)
                paid += 1
        return Sent(left, len(orders) - left, invoiced, paid)


async def _open_orders(desk: httpx.AsyncClient) -> list[Any]:
    ours = f"startswith(NumAtCard,'{CRM}/deal/') and DocumentStatus eq 'bost_Open'"
    params = {"$filter": ours, "$orderby": "DocEntry"}
    headers = {"Prefer": "odata.maxpagesize=500"}
    found: list[Any] = _said(await desk.get("Orders", params=params, headers=headers))["value"]
    return found


async def _log_in(desk: httpx.AsyncClient) -> None:
    login = {"CompanyDB": COMPANY, "UserName": USER, "Password": PASSWORD}
    reply = await desk.post("Login", json=login)
    reply.raise_for_status()
    desk.headers["Cookie"] = f"B1SESSION={reply.json()['SessionId']}"


async def _draw(desk: httpx.AsyncClient, name: str, base: int, document: Any) -> Any:
    rows = [
        {"BaseType": base, "BaseEntry": document["DocEntry"], "BaseLine": row["LineNum"]}
        for row in document["DocumentLines"]
    ]
    wanted = {"CardCode": document["CardCode"], "DocumentLines": rows}
    return _said(await desk.post(name, json=wanted))


async def _pay(desk: httpx.AsyncClient, invoice: Any) -> None:
    paid = {"DocEntry": invoice["DocEntry"], "SumApplied": invoice["DocTotal"]}
    payment = {
        "CardCode": invoice["CardCode"],
        "TransferAccount": BANK,
        "TransferSum": invoice["DocTotal"],
        "PaymentInvoices": [paid | {"InvoiceType": "it_Invoice"}],
    }
    _said(await desk.post("IncomingPayments", json=payment))


def _said(reply: httpx.Response) -> Any:
    if reply.is_error:
        msg = f"SAP's staff cannot {reply.request.method} {reply.request.url.path}: {reply.text}"
        raise Rejected(msg, system="SAP B1", code=str(reply.status_code))
    return reply.json()
