"""Contact employees: the people of a business partner."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from b1bridge.domain.customers import normalised_email
from b1bridge.domain.text import single_line

NAME_WIDTH = 50
"""Characters that the books keep of a contact's name (SAP's OCPR.Name)."""


@dataclass(frozen=True, slots=True)
class NewContact:
    """Somebody who is to be known at a partner; `partner` is its code."""

    partner: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    position: str = ""
    address: str = ""

    @property
    def full_name(self) -> str:
        """First and last name on one line."""
        return single_line(f"{self.first_name} {self.last_name}")


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who is known at a partner; `name` is unique there."""

    code: int
    name: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    position: str = ""
    is_active: bool = True


def same_person(wanted: NewContact, contacts: Iterable[Contact]) -> Contact | None:
    """Find who has this name and e-mail already, letter case and outer spaces aside."""
    return next((one for one in contacts if _known_by(one) == _known_by(wanted)), None)


def free_name(wanted: NewContact, taken: Collection[str]) -> str:
    """Choose the name under which the books will list a contact, which must be free there.

    "Anna Ek", or else "Anna Ek (anna@x.se)", or else "Anna Ek 2". Without a name it is the e-mail.
    """
    used = {name.casefold() for name in taken}
    full = wanted.full_name or single_line(wanted.email)
    choices = [full, f"{full} ({single_line(wanted.email)})"] if wanted.email else [full]
    numbered = (f"{full[: NAME_WIDTH - 5]} {n}" for n in range(2, len(used) + 3))
    fitting = [choice for choice in choices if len(choice) <= NAME_WIDTH] or [full[:NAME_WIDTH]]
    return next(name for name in (*fitting, *numbered) if name.casefold() not in used)


def _known_by(one: NewContact | Contact) -> tuple[str, str, str]:
    first, last = single_line(one.first_name), single_line(one.last_name)
    return first.casefold(), last.casefold(), normalised_email(one.email)
