"""A few hundred documents of daily life, posted through the same rules as everybody's."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from b1sim.company.books import Books
from b1sim.company.demo import catalogue, relations, treasury, warehouse
from b1sim.company.demo.founding import add
from b1sim.company.document import Document
from b1sim.company.documents import posting
from b1sim.company.goods import receipts
from b1sim.company.goods.kinds import RECEIPT
from b1sim.company.goods.receiving import line_of
from b1sim.company.kinds import (
    CREDIT_NOTE,
    DELIVERY,
    DOWN_PAYMENT,
    INVOICE,
    ORDER,
    QUOTATION,
    RETURN,
    Kind,
)
from b1sim.company.payments import payments
from b1sim.company.payments.kinds import INCOMING
from b1sim.company.shape import intake
from b1sim.company.shape.model import ENTITY_SETS

SEED = 20260101
ORDERS = 180
DAYS = 90


def live(books: Books) -> None:
    """Fill a founded company: items, partners, stock, then orders and what follows them."""
    chance = Random(SEED)  # noqa: S311 - the same company every time, no secret
    with books.transaction():
        add(books, "Items", catalogue.items(chance))
        add(books, "BusinessPartners", catalogue.partners(chance))
        _stock_up(books, chance)
        for day in _days(books):
            _trade(books, chance, day)
        _show_the_rest(books, chance)
        relations.show(books)
        treasury.show(books)
        warehouse.show(books)


def _stock_up(books: Books, chance: Random) -> None:
    """Receive the opening stock of each warehouse in one document."""
    for lines in _opening_stock(books, chance).values():
        receipts.post(books, RECEIPT, intake.Intake(rows={"DocumentLines": lines}))


def _opening_stock(books: Books, chance: Random) -> dict[str, list[intake.Intake]]:
    found: dict[str, list[intake.Intake]] = {"01": [], "02": [], "03": []}
    rows = books.rows("SELECT ItemCode, ManBtchNum, ManSerNum FROM OITM WHERE InvntItem = 'Y'")
    prices = dict(books.db.execute("SELECT ItemCode, Price FROM ITM1 WHERE PriceList = 1"))
    for row in rows:
        code = row["ItemCode"]
        cost = Decimal(str(prices[code])) * Decimal("0.55")
        if row["ManBtchNum"] == "Y":
            for batch in ("L2601", "L2602"):
                found["01"].append(line_of(code, Decimal(60), "01", cost=cost, batch=batch))
        elif row["ManSerNum"] == "Y":
            serials = [f"{code}-{number:04d}" for number in range(1, 13)]
            found["01"].append(line_of(code, Decimal(12), "01", cost=cost, serials=serials))
        elif code not in catalogue.SOLD_OUT:
            for warehouse, lines in found.items():
                quantity = Decimal(chance.randint(80, 600))
                lines.append(line_of(code, quantity, warehouse, cost=cost))
    return found


def _days(books: Books) -> Iterator[str]:
    """Spread the orders over the last months, so that the company looks alive today."""
    today = date.fromisoformat(books.today())
    for number in range(ORDERS):
        yield (today - timedelta(days=DAYS - number * DAYS // ORDERS)).isoformat()


def _trade(books: Books, chance: Random, day: str) -> None:
    """One order, and usually its delivery, invoice and payment."""
    partner = chance.choice(catalogue.BUYERS)
    order = _post(books, ORDER, _order(chance, partner, day))
    if chance.random() < 0.2:  # noqa: PLR2004 - one in five is still open
        return
    delivery = _post(books, DELIVERY, _drawn(order, day))
    if chance.random() < 0.1:  # noqa: PLR2004 - one in ten waits for its invoice
        return
    invoice = _post(books, INVOICE, _drawn(delivery, day))
    if chance.random() < 0.7:  # noqa: PLR2004 - most have paid
        _pay(books, invoice, day)


def _show_the_rest(books: Books, chance: Random) -> None:
    """One of each kind that daily life leaves out, all of today."""
    day = books.today()
    partner = catalogue.BUYERS[0]
    _post(books, QUOTATION, _order(chance, partner, day))
    quoted = _post(books, QUOTATION, _order(chance, partner, day))
    ordered = _post(books, ORDER, _drawn(quoted, day))
    _post(books, DOWN_PAYMENT, _drawn(ordered, day) | {"DownPaymentPercentage": 30})
    delivery = _post(books, DELIVERY, _drawn(ordered, day))
    _post(books, RETURN, _first_row(delivery, day))
    invoice = _post(books, INVOICE, _order(chance, partner, day))
    _post(books, CREDIT_NOTE, _first_row(invoice, day))


def _first_row(base: Document, day: str) -> dict[str, Any]:
    drawn = _drawn(base, day)
    rows = [drawn["DocumentLines"][0] | {"Quantity": 1}]
    return drawn | {"DocumentLines": rows, "DocumentAdditionalExpenses": []}


def _order(chance: Random, partner: str, day: str) -> dict[str, Any]:
    codes = chance.sample(catalogue.SIMPLE, chance.randint(1, 6))
    lines = [{"ItemCode": code, "Quantity": chance.randint(1, 5)} for code in codes]
    payload: dict[str, Any] = {"CardCode": partner, "DocDate": day, "DocDueDate": day}
    payload |= {"NumAtCard": f"PO-{chance.randint(10000, 99999)}", "DocumentLines": lines}
    if chance.random() < 0.5:  # noqa: PLR2004 - half of them are shipped
        payload["DocumentAdditionalExpenses"] = [{"ExpenseCode": 1, "LineTotal": "8.29"}]
    return payload


def _drawn(base: Document, day: str) -> dict[str, Any]:
    lines = [
        {"BaseType": base.kind.type, "BaseEntry": base.entry, "BaseLine": line["LineNum"]}
        for line in base.lines
    ]
    freight = [
        {"ExpenseCode": row["ExpnsCode"], "LineTotal": row["LineTotal"]} for row in base.expenses
    ]
    payload = {"CardCode": base.header["CardCode"], "DocDate": day, "DocumentLines": lines}
    payload["DocDueDate"] = day
    reference = {"NumAtCard": base.header["NumAtCard"]}
    return payload | reference | {"DocumentAdditionalExpenses": freight}


def _pay(books: Books, invoice: Document, day: str) -> None:
    payload = {
        "CardCode": invoice.header["CardCode"],
        "DocDate": day,
        "TransferAccount": "_SYS00000000201",
        "TransferSum": invoice.header["DocTotal"],
        "TransferDate": day,
        "PaymentInvoices": [{"DocEntry": invoice.entry, "InvoiceType": "it_Invoice"}],
    }
    payments.post(books, INCOMING, intake.take(ENTITY_SETS["IncomingPayments"], payload))


def _post(books: Books, kind: Kind, payload: dict[str, Any]) -> Document:
    taken = intake.take(ENTITY_SETS[kind.entity_set], payload)
    return posting.post(books, kind, taken, approved=True)
