"""Countries and states of addresses are codes of the company's own lists.

That they must be codes is told in sap-service-layer.md 5; that addresses on documents are looked at
like those of partners, and which refusal it is, are guesses (CompanySettings.address_codes).
"""

from collections.abc import Mapping
from typing import Any

from b1sim.company.books import Books
from b1sim.company.refusals import unknown_code


def check(books: Books, address: Mapping[str, Any], prefix: str = "") -> None:
    """Refuse a country that is not there, or a state that this country does not have."""
    if books.settings.address_codes == "free":
        return
    country, state = address.get(f"{prefix}Country"), address.get(f"{prefix}State")
    if country and books.master("OCRY", country) is None:
        raise unknown_code()
    if not state:
        return
    sql = "SELECT Code FROM OCST WHERE Code = ? AND Country = COALESCE(?, Country)"
    if books.recall(sql, (state, country or None)) is None:
        raise unknown_code()


def check_extension(books: Books, extra: Mapping[str, Any]) -> None:
    """Refuse a document whose addresses do not name codes."""
    extension = extra.get("AddressExtension") or {}
    for prefix in ("ShipTo", "BillTo"):
        check(books, extension, prefix)
