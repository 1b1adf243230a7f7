"""The totals of a document: rows, tax, freight, discount and rounding add up to the cent.

Everything is computed in the document's currency and then brought home part by part, so that
the parts add up there too; columns that end in FC or Frgn stay empty on a document in local
currency, as SAP leaves them.
"""

from decimal import Decimal

from b1sim.company import tax
from b1sim.company.books import Books, Row
from b1sim.company.document import Document
from b1sim.company.shape.values import rounded
from b1sim.company.tax import ZERO, Tax


def total(books: Books, document: Document) -> None:
    """Set every amount of the document; rows carry TotalFrgn (net) or GTotalFC (gross)."""
    header, decimals = document.header, books.settings.amount_decimals
    wanted = header.get("DocTotal")
    if header["Rounding"] != "Y" or header.get("RoundDif") is None:
        header["RoundDif"] = ZERO
    for line, code in zip(document.lines, document.taxes, strict=True):
        line["VatPrcnt"] = code.rate
    for expense, code in zip(document.freight, document.freight_taxes, strict=True):
        _total_expense(expense, code, decimals)
    _tax_and_discount(books, document, decimals)
    _set_percentage(books, document, decimals)
    if wanted is not None and books.settings.sent_total == "discount":
        _discount_down_to(books, document, rounded(wanted, decimals), decimals)
    _bring_home(document, decimals)


def _tax_and_discount(books: Books, document: Document, decimals: int) -> None:
    _tax_lines(books, document, document.kept, decimals)
    _set_discount(document, decimals)


def _set_percentage(books: Books, document: Document, decimals: int) -> None:
    """Turn a net amount that a down payment asks for into its percentage of the rows."""
    header, asked = document.header, document.header.get("DpmAmnt")
    if document.kind.books != "prepayment":
        return
    net = _goods(document) - header["DiscSumFC"]
    if asked is not None and header.get("DpmPrcnt") is None and net:
        header["DpmPrcnt"] = rounded(asked / net * 100, 6)
        _tax_and_discount(books, document, decimals)
    header.setdefault("DpmPrcnt", Decimal(100))


def _discount_down_to(books: Books, document: Document, wanted: Decimal, decimals: int) -> None:
    """Choose the header discount that gives the sent total; odd cents go into its amount."""
    header = document.header
    if wanted == _total(document):
        return
    header["DiscPrcnt"] = ZERO
    _tax_and_discount(books, document, decimals)
    aside = _sum(document.freight, "GrsFC") + header["RoundDif"]
    gross = _total(document) - aside
    if not gross:
        return
    header["DiscPrcnt"] = rounded((1 - (wanted - aside) / gross) * 100, 6)
    _tax_and_discount(books, document, decimals)
    header["DiscSumFC"] += _total(document) - wanted


def _goods(document: Document) -> Decimal:
    return _sum(document.lines, "TotalFrgn")


def _total(document: Document) -> Decimal:
    header = document.header
    freight = _sum(document.freight, "GrsFC")
    tax_sum = _sum(document.lines, "VatSum")
    total: Decimal = _goods(document) + tax_sum + freight + header["RoundDif"]
    return total - Decimal(header["DiscSumFC"]) - Decimal(header["HeldFC"])


def _tax_lines(books: Books, document: Document, kept: Decimal, decimals: int) -> None:
    groups: dict[tuple[str, str], tuple[Decimal, list[Row]]] = {}
    for position, (line, code) in enumerate(zip(document.lines, document.taxes, strict=True)):
        own = "" if books.settings.tax_on == "document" else str(position)
        key = (f"{code.code}{own}", line["GrossInput"])
        groups.setdefault(key, (code.factor, []))[1].append(line)
    for (_, gross), (factor, rows) in groups.items():
        by = tax.tax_gross_rows if gross == "Y" else tax.tax_net_rows
        by(rows, factor, kept, decimals)


def _total_expense(expense: Row, code: Tax, decimals: int) -> None:
    """Freight is sent net or gross; that its tax is rounded on its own row is a guess."""
    if expense.get("GrsAmount") is not None and expense.get("LineTotal") is None:
        gross = rounded(expense["GrsAmount"], decimals)
        net = rounded(gross / (1 + code.factor), decimals)
    else:
        net = rounded(expense.get("LineTotal") or ZERO, decimals)
        gross = net + rounded(net * code.factor, decimals)
    expense |= {"TotalFrgn": net, "GrsFC": gross, "VatSumFrgn": gross - net}
    expense["VatPrcnt"] = code.rate


def _set_discount(document: Document, decimals: int) -> None:
    """Set what stands between the sum of the rows and what was taxed.

    That is the discount, and what a down payment in percent does not ask for (held).
    """
    header, total = document.header, _goods(document)
    header["DiscSumFC"] = rounded(total * header["DiscPrcnt"] / 100, decimals)
    header["HeldFC"] = total - header["DiscSumFC"] - rounded(total * document.kept, decimals)
    if document.kept == 1 - header["DiscPrcnt"] / 100:
        header["HeldFC"] = ZERO


def _bring_home(document: Document, decimals: int) -> None:
    rate, header = document.header["DocRate"], document.header
    for line in document.lines:
        line.pop("Taxable")
        _bring_line_home(line, rate, decimals)
    for expense in document.freight:
        expense["LineTotal"] = rounded(expense["TotalFrgn"] * rate, decimals)
        expense["VatSum"] = rounded(expense["VatSumFrgn"] * rate, decimals)
        expense["GrsAmount"] = expense["LineTotal"] + expense["VatSum"]
    header["DiscSum"] = rounded(header["DiscSumFC"] * rate, decimals)
    header["Held"] = rounded(header["HeldFC"] * rate, decimals)
    header["RoundDifFC"] = header["RoundDif"]
    header["RoundDif"] = rounded(header["RoundDif"] * rate, decimals)
    _sum_up(document)
    if not document.foreign:
        _empty_foreign(document)


def _bring_line_home(line: Row, rate: Decimal, decimals: int) -> None:
    tax_foreign = line["VatSum"]
    line["VatForeign"] = tax_foreign
    line["VatSum"] = rounded(tax_foreign * rate, decimals)
    line["LineTotal"] = rounded(line["TotalFrgn"] * rate, decimals)
    line["GTotalFC"] = line["TotalFrgn"] + tax_foreign
    line["GTotal"] = line["LineTotal"] + line["VatSum"]
    line["TotalSumSy"] = line["LineTotal"]
    factor = 1 + line["VatPrcnt"] / 100
    if line["GrossInput"] == "N":
        line["PriceAfVAT"] = rounded(line["Price"] * factor, 6)
        line["GPBefDisc"] = rounded(line["PriceBefDi"] * factor, 6)


def _sum_up(document: Document) -> None:
    header, lines, expenses = document.header, document.lines, document.freight
    header["VatSum"] = _sum(lines, "VatSum") + _sum(expenses, "VatSum")
    header["VatSumFC"] = _sum(lines, "VatForeign") + _sum(expenses, "VatSumFrgn")
    header["DocTotal"] = (
        _sum(lines, "LineTotal")
        + _sum(expenses, "LineTotal")
        + header["VatSum"]
        - header["DiscSum"]
        - header["Held"]
        + header["RoundDif"]
    )
    header["DocTotalFC"] = (
        _sum(lines, "TotalFrgn")
        + _sum(expenses, "TotalFrgn")
        + header["VatSumFC"]
        - header["DiscSumFC"]
        - header["HeldFC"]
        + header["RoundDifFC"]
    )
    if document.kind.books == "prepayment":
        header["DpmAmnt"] = _sum(lines, "LineTotal") - header["DiscSum"] - header["Held"]
    header["DocTotalSy"], header["VatSumSy"] = header["DocTotal"], header["VatSum"]
    header["DiscSumSy"] = header["DiscSum"]
    header["PriceMode"] = "G" if any(line["GrossInput"] == "Y" for line in lines) else "N"
    for line in lines:
        line.pop("VatForeign")


def _empty_foreign(document: Document) -> None:
    header = document.header
    header |= {"DocTotalFC": ZERO, "VatSumFC": ZERO, "DiscSumFC": ZERO, "RoundDifFC": ZERO}
    for line in document.lines:
        line |= {"TotalFrgn": ZERO, "GTotalFC": ZERO}
    for expense in document.freight:
        expense |= {"TotalFrgn": ZERO, "VatSumFrgn": ZERO, "GrsFC": ZERO}


def _sum(rows: list[Row], column: str) -> Decimal:
    return sum((row[column] for row in rows), ZERO)
