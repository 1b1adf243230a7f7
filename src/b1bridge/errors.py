"""Every error raised on purpose, named for what happens next.

A caller never asks "which system failed?" first; it asks "what do I do now?".
So the classes below are decisions, and the remote system is only an attribute.
"""

from __future__ import annotations


class BridgeError(Exception):
    """The root: anything else that escapes is a bug in our own code."""

    def __init__(
        self, message: str, *, system: str = "", code: str = "", request_id: str = ""
    ) -> None:
        super().__init__(message)
        self.system = system
        self.code = code
        self.request_id = request_id
        self.connection = ""
        """Which connection it happened on; the engine fills it in at the connector's door."""


class _TriedAgain(BridgeError):
    """What the engine tries again by itself, not before `retry_after` seconds where known.

    `reason` and `fix` are those of the case that is opened once it has been tried in vain,
    where they say more than that a system is away.
    """

    def __init__(
        self,
        message: str,
        *,
        system: str = "",
        code: str = "",
        request_id: str = "",
        retry_after: float | None = None,
        reason: str = "",
        fix: str = "",
    ) -> None:
        super().__init__(message, system=system, code=code, request_id=request_id)
        self.retry_after = retry_after
        self.reason = reason
        self.fix = fix


class Transient(_TriedAgain):
    """Try the same step again later; nothing was changed.

    `retry_after` are the seconds that the remote side asked us to wait, when it did.
    """


class Spent(Transient):
    """What the remote side grants us for a day is used up, until `retry_after` seconds from now.

    Nothing is wrong with it: others may be let through, and waiting uses up no attempt.
    """


class OutcomeUnknown(_TriedAgain):
    """A write left us and no answer came back: look before trying again.

    `retry_after` are the seconds for which the remote side may still be at it, where known.
    """


class NeedsOperator(BridgeError):
    """A person must decide; opens an exception case and stops the run.

    `reason` is the class a case is grouped by (MISSING_ITEM, TOTAL_MISMATCH …),
    `fix` the sentence that tells the way out.
    """

    reason = "UNKNOWN"

    def __init__(
        self,
        message: str,
        *,
        system: str = "",
        code: str = "",
        request_id: str = "",
        reason: str | None = None,
        fix: str = "",
    ) -> None:
        super().__init__(message, system=system, code=code, request_id=request_id)
        self.reason = reason or type(self).reason
        self.fix = fix


class Rejected(NeedsOperator):
    """The remote side understood and refused: a closed period, stock below zero."""

    reason = "REJECTED"


class Unmapped(NeedsOperator):
    """No link and no crosswalk entry says what a code is called on the other side."""

    reason = "UNMAPPED"


class Mismatch(NeedsOperator):
    """Two totals that must agree do not; the message shows both to the cent."""

    reason = "TOTAL_MISMATCH"


class ConnectionBroken(BridgeError):
    """Credentials or scopes are gone; pauses the connection, burns no run."""


class ContractBroken(BridgeError):
    """The remote side answered in a shape we cannot read; the raw answer is kept.

    `payload` is that answer as text, already bounded and without secrets (sdk.evidence).
    """

    def __init__(
        self,
        message: str,
        *,
        system: str = "",
        code: str = "",
        request_id: str = "",
        payload: str = "",
    ) -> None:
        super().__init__(message, system=system, code=code, request_id=request_id)
        self.payload = payload


class Untrusted(BridgeError):
    """A notice that its sender did not sign, or signed too long ago."""
