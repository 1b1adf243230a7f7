"""What a recording hides: who the people are, but not how Service Layer answers."""

from b1sim.recording.addresses import Addresses
from b1sim.recording.bodies import Bodies
from b1sim.recording.exchange import Message
from b1sim.recording.heads import Heads
from b1sim.recording.pseudonyms import Pseudonyms

Headers = list[tuple[str, str]]


class Redaction:
    """Hides in the exchanges of one recording; equal values stay equal in all of them."""

    def __init__(self, pseudonyms: Pseudonyms, *, hide_amounts: bool = False) -> None:
        self._addresses = Addresses(pseudonyms)
        self._heads = Heads(pseudonyms, self._addresses)
        self._bodies = Bodies(pseudonyms, self._addresses, self._heads, hide_amounts=hide_amounts)

    def target(self, target: str) -> str:
        """Hide in a path with its query."""
        return self._addresses.url(target)

    def message(self, headers: Headers, body: bytes | None, size: int) -> Message:
        """Hide in a whole message; `body` is None where it was too long to keep."""
        kind = next((value for name, value in headers if name.lower() == "content-type"), "")
        text = None if body is None else self._text(kind.lower(), body)
        left_out = size if text is None else 0
        return Message(headers=self._heads.headers(headers), body=text, left_out=left_out)

    def _text(self, kind: str, body: bytes) -> str | None:
        try:
            return self._bodies.text(kind, body.decode())
        except UnicodeDecodeError:
            return None
