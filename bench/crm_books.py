"""A company with customers, their people, and items, written into its file without asking."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from b1sim.company.company import Company
from b1sim.company.growing import Size, grow, partner

_NUMBERS = (
    "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?)"
)


@dataclass(frozen=True, slots=True)
class Scale:
    """How many of each there are."""

    customers: int
    contacts: int
    items: int

    @property
    def records(self) -> int:
        """Return what a first load writes."""
        return self.customers + self.contacts + self.items


def contacts_of(customer: int, scale: Scale) -> list[int]:
    """Return the internal codes of a customer's contacts."""
    second = scale.customers + customer // 2
    has_second = customer % 2 == 0 and second < scale.contacts
    return [customer + 1, *([second + 1] if has_second else [])]


def write_company(path: Path, scale: Scale) -> None:
    """Make the file: one contact for each customer, and a second one for every other."""
    company = Company.open(path, seed=False)
    size = Size(items=scale.items, warehouses=1, price_lists=1, partners=scale.customers, lines=0)
    try:
        grow(company, size, lambda *_: None)
        people = {"ContactEmployees": [{"Name": "Contact 0", "E_Mail": "c0@example.com"}]}
        company.patch("BusinessPartners", {"CardCode": partner(0)}, people)
        with company.transaction():
            _copy_contact(company, scale)
    finally:
        company.close()


def _customer(contact: str, customers: int) -> str:
    return (
        f"CASE WHEN {contact} < {customers} THEN {contact} ELSE ({contact} - {customers}) * 2 END"
    )


def _copy_contact(company: Company, scale: Scale) -> None:
    columns = [row[1] for row in company.db.execute("PRAGMA table_info(OCPR)")]
    changed = {
        "CntctCode": "n + 1",
        "CardCode": f"printf('G%06d', {_customer('n', scale.customers)})",
        "Name": "printf('Contact %d', n)",
        "E_MailL": "printf('c%d@example.com', n)",
    }
    names = ", ".join(f'"{name}"' for name in columns)
    chosen = ", ".join(changed.get(name, f'"{name}"') for name in columns)
    company.db.execute(
        f"{_NUMBERS} INSERT INTO OCPR ({names}) SELECT {chosen} FROM OCPR, numbers"  # noqa: S608 - names of our own
        " WHERE CntctCode = 1",
        (scale.contacts,),
    )
