"""Which tax a row or a freight row bears."""

from b1sim.company import tax
from b1sim.company.books import Books, Row
from b1sim.company.document import Document
from b1sim.company.tax import Tax


def tax_of(books: Books, document: Document, line: Row) -> Tax:
    """Find the tax of a row: its own, the partner's, the item's, the company's (order: a guess)."""
    number = line["LineNum"] + 1
    item = books.master("OITM", line.get("ItemCode")) or {}
    partner = books.master("OCRD", document.header["CardCode"]) or {}
    buys = document.kind.is_purchase
    if _uses_tax_code(books, line):
        code = line.get("TaxCode") or item.get("TaxCodeAR") or books.settings.default_tax_code
        line["TaxCode"] = code
        return tax.sales_tax_code(books, code, f"{document.kind.lines}.TaxCode", number)
    own = item.get("VatGroupPu" if buys else "VatGourpSa")
    line["VatGroup"] = code = (
        line.get("VatGroup") or partner.get("ECVatGroup") or own or _usual_group(books, buys=buys)
    )
    field, day = f"{document.kind.lines}.VatGroup", document.header["TaxDate"]
    return tax.vat_group(books, code, day, field, number, category="I" if buys else "O")


def _usual_group(books: Books, *, buys: bool) -> str:
    return books.settings.default_input_tax_group if buys else books.settings.default_tax_group


def _uses_tax_code(books: Books, row: Row) -> bool:
    return bool(row.get("TaxCode")) or (books.settings.sales_tax and not row.get("VatGroup"))


def freight_tax(books: Books, document: Document, table: str, row: Row, freight: Row) -> Tax:
    """Find the tax of a freight row: its own, the freight's, the company's (order: a guess)."""
    number = row["LineNum"] + 1
    if _uses_tax_code(books, row):
        row.setdefault("TaxCode", books.settings.default_tax_code)
        return tax.sales_tax_code(books, row["TaxCode"], f"{table}.TaxCode", number)
    buys, day = document.kind.is_purchase, document.header["TaxDate"]
    usual = freight["VatGroupI" if buys else "VatGroupO"] or _usual_group(books, buys=buys)
    row.setdefault("VatGroup", usual)
    field, category = f"{table}.VatGroup", "I" if buys else "O"
    return tax.vat_group(books, row["VatGroup"], day, field, number, category=category)
