"""The contact employees on a customer's card (sap-service-layer.md 5, 14)."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from b1bridge.connectors.sap_b1.account import Account
from b1bridge.connectors.sap_b1.client.entities import Entities
from b1bridge.connectors.sap_b1.client.odata import and_, eq, speakable
from b1bridge.connectors.sap_b1.client.refusals import ALREADY_THERE
from b1bridge.connectors.sap_b1.client.words import SYSTEM
from b1bridge.connectors.sap_b1.texts import fitting
from b1bridge.connectors.sap_b1.wire import Text, Wire, YesNo, fields_of
from b1bridge.domain.contacts import Contact, NewContact, free_name, same_person
from b1bridge.errors import Rejected, Transient
from b1bridge.sdk.reading import read

_SET = "BusinessPartners"
# Widths of OCPR's columns from memory, a guess; SAP refuses longer texts (5).
_WIDTHS = {
    "FirstName": 50,
    "LastName": 50,
    "E_Mail": 100,
    "Phone1": 20,
    "MobilePhone": 50,
    "Position": 90,
    "Address": 100,
}


class WireContact(Wire):
    """One contact employee."""

    code: int = Field(alias="InternalCode")
    name: Text = Field(alias="Name")
    first_name: Text = Field(alias="FirstName", default="")
    last_name: Text = Field(alias="LastName", default="")
    email: Text = Field(alias="E_Mail", default="")
    phone: Text = Field(alias="Phone1", default="")
    mobile: Text = Field(alias="MobilePhone", default="")
    position: Text = Field(alias="Position", default="")
    is_active: YesNo = Field(alias="Active", default=True)


class WireContacts(Wire):
    """A card with nothing but its contacts."""

    code: str = Field(alias="CardCode")
    contacts: Sequence[WireContact] = Field(alias="ContactEmployees")


class SapContacts(Account):
    """The ContactBook capability."""

    async def contacts_of(self, partner: str) -> tuple[Contact, ...] | None:
        """Look up by $filter: a slash in a key's path would stop at Apache."""
        if not partner or not speakable(partner):
            return None
        where = and_(eq("CardType", "cCustomer"), eq("CardCode", partner))
        page = await self._service.rows(_SET, select=fields_of(WireContacts), where=where)
        row = next((row for row in page.rows if row.get("CardCode") == partner), None)
        if row is None:
            return None
        card = read(WireContacts, row, system=SYSTEM, record=f"contacts of {partner}")
        return tuple(Contact(**one.model_dump()) for one in card.contacts)

    async def post_contact(self, contact: NewContact) -> Contact:
        """Add a row to the card; those not sent stay, and names are unique there (5).

        Whoever was added since the caller looked is returned, not added again.
        """
        before = await self.contacts_of(contact.partner) or ()
        if there := same_person(contact, before):
            return there
        name = free_name(contact, [one.name for one in before])
        try:
            row = {"Name": name, **_fields(contact)}
            await Entities(self._service, _SET).patch(contact.partner, {"ContactEmployees": [row]})
        except Rejected as exc:
            if exc.code != ALREADY_THERE:
                raise
            msg = f"{SYSTEM}: somebody else became '{name}' of {contact.partner} just now"
            raise Transient(msg, system=SYSTEM, code=exc.code) from exc
        made = same_person(contact, await self.contacts_of(contact.partner) or ())
        if made is None:
            raise _vanished(contact, name)
        return made


def _fields(contact: NewContact) -> dict[str, str]:
    said = {
        "FirstName": contact.first_name,
        "LastName": contact.last_name,
        "E_Mail": contact.email,
        "Phone1": contact.phone,
        "MobilePhone": contact.mobile,
        "Position": contact.position,
        "Address": contact.address,
    }
    record = f"contact {contact.full_name or contact.email} of {contact.partner}"
    return {
        field: fitting(text, _WIDTHS[field], field=field, record=record)
        for field, text in said.items()
        if text
    }


def _vanished(contact: NewContact, name: str) -> Rejected:
    msg = f"{SYSTEM} took the contact '{name}' of {contact.partner} and does not show it"
    return Rejected(msg, system=SYSTEM, reason="NOT_FOUND", fix="look at the card in SAP")
