"""What a replay calls otherwise than its recording: document numbers, sessions and ETags."""

import re
from collections.abc import Mapping
from typing import Any

from b1sim.company.kinds import BY_TYPE
from b1sim.recording.pseudonyms import ENTRIES

_SESSION_OR_TAG = frozenset({"SessionId", "odata.etag", "@odata.etag"})
_TYPES = ("BaseType", "InvoiceType", "ObjType", "TargetType")
# Member names of BoRcptInvTypes, as payments spell the kind of a document.
_PAID = {
    "it_Invoice": "Invoices",
    "it_CredItnote": "CreditNotes",
    "it_DownPayment": "DownPayments",
    "it_PurchaseInvoice": "PurchaseInvoices",
    "it_PurchaseCreditNote": "PurchaseCreditNotes",
    "it_JournalEntry": "JournalEntries",
}
_KEY = re.compile(r"(?P<set>\w+)\((?P<key>\d+)\)")
_ENTRY = re.compile(
    rf"\b(?P<name>{'|'.join(sorted(ENTRIES))})(?P<sign>=|(?:\s|%20|\+)+\w\w(?:\s|%20|\+)+)(?P<n>\d+)"
)
Json = Any


class Identities:
    """Learns from answers that stand side by side, and rewrites what is asked next."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str, int], int] = {}
        self._texts: dict[str, str] = {}

    def learn(self, entity_set: str, recorded: Json, simulated: Json) -> None:
        """Note which number, session and tag of one answer is which of the other."""
        if isinstance(recorded, list) and isinstance(simulated, list):
            for one, other in zip(recorded, simulated, strict=False):
                self.learn(entity_set, one, other)
        elif isinstance(recorded, dict) and isinstance(simulated, dict):
            for name in recorded.keys() & simulated.keys():
                self._learn(_set_of(recorded, entity_set), name, recorded[name], simulated[name])

    def _learn(self, entity_set: str, name: str, recorded: Json, simulated: Json) -> None:
        if isinstance(recorded, dict | list):
            self.learn(entity_set, recorded, simulated)
        elif name in ENTRIES and isinstance(recorded, int) and isinstance(simulated, int):
            self._numbers[entity_set, _family(name), recorded] = simulated
        elif name in _SESSION_OR_TAG and isinstance(recorded, str) and isinstance(simulated, str):
            self._texts[recorded] = simulated

    def learn_text(self, recorded: str, simulated: str) -> None:
        """Note one more text, such as an ETag of a header."""
        if recorded and simulated:
            self._texts[recorded] = simulated

    def number(self, entity_set: str, name: str, recorded: int) -> int:
        """Tell a document's number in the replay; one never met stays as it is."""
        family = _family(name)
        known = self._numbers.get((entity_set, family, recorded))
        if known is not None:
            return known
        others = {
            simulated
            for (_, of, number), simulated in self._numbers.items()
            if (of, number) == (family, recorded)
        }
        return others.pop() if len(others) == 1 else recorded

    def text(self, recorded: str) -> str:
        """Tell a text of the replay in place of each one inside that was learnt."""
        pattern = r'[\w-]{8,}|W/"[^"]*"'
        return re.sub(pattern, lambda found: self._texts.get(found[0], found[0]), recorded)

    def target(self, target: str) -> str:
        """Rewrite the keys and document numbers of a path and its query."""
        entity_set = set_of(target)
        keyed = _KEY.sub(
            lambda found: (
                f"{found['set']}({self.number(found['set'], 'DocEntry', int(found['key']))})"
            ),
            target,
        )
        return _ENTRY.sub(
            lambda found: (
                found["name"]
                + found["sign"]
                + str(self.number(entity_set, found["name"], int(found["n"])))
            ),
            keyed,
        )

    def body(self, entity_set: str, sent: Json) -> Json:
        """Rewrite the document numbers of what is sent."""
        if isinstance(sent, list):
            return [self.body(entity_set, item) for item in sent]
        if not isinstance(sent, dict):
            return sent
        of = _set_of(sent, entity_set)
        return {
            name: (
                self.number(of, name, value)
                if name in ENTRIES and isinstance(value, int)
                else self.body(entity_set, value)
            )
            for name, value in sent.items()
        }


def set_of(target: str) -> str:
    """Name the entity set that a target begins with."""
    found = re.match(r"(?:https?://[^/]+)?/*(?:b1s/+v[12]/+)?(\w+)", target)
    return found[1] if found else ""


def _family(name: str) -> str:
    """Numbers that count the same thing: keys are one family, printed numbers another."""
    return "DocNum" if name == "DocNum" else "DocEntry"


def _set_of(row: Mapping[str, Json], otherwise: str) -> str:
    """Name the set that a row's document number belongs to."""
    for name in _TYPES:
        kind = row.get(name)
        if isinstance(kind, str) and kind in _PAID:
            return _PAID[kind]
        number = str(kind)
        if number.isascii() and number.isdecimal() and int(number) in BY_TYPE:
            return BY_TYPE[int(number)].entity_set
    return otherwise
