"""Secrets at rest: encrypted with a key from the environment or a 0600 file in the home."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from b1bridge.errors import NeedsOperator

ENVIRONMENT = "B1BRIDGE_SECRET_KEY"
_FILE = "secret.key"


class Locked(NeedsOperator):
    """No key that we have opens these secrets."""

    reason = "LOCKED"


class Vault:
    """Encrypts with the first key and opens with any; several keys are a rotation under way."""

    def __init__(self, keys: list[str]) -> None:
        self._keys = keys
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    @classmethod
    def in_folder(cls, home: Path) -> Vault:
        """Use the keys of the environment (newest first), or the key file, made when absent."""
        given = [key.strip() for key in os.environ.get(ENVIRONMENT, "").split(",") if key.strip()]
        return cls(given or [_key_file(home)])

    def seal(self, secrets: Mapping[str, Any]) -> str:
        """Encrypt."""
        return self._fernet.encrypt(json.dumps(dict(secrets)).encode()).decode()

    def open(self, sealed: str) -> dict[str, Any]:
        """Decrypt; raises Locked with the way out when no key fits."""
        try:
            opened: dict[str, Any] = json.loads(self._fernet.decrypt(sealed.encode()))
        except InvalidToken as error:
            msg = f"no key opens the stored secrets: set {ENVIRONMENT} to the key that sealed them"
            raise Locked(msg) from error
        return opened

    def derived(self, purpose: str) -> list[bytes]:
        """Return 32 bytes for another purpose from each key, newest first; none tells the key."""
        return [_expanded(base64.urlsafe_b64decode(key), purpose) for key in self._keys]

    def rotated(self, sealed: str) -> str:
        """Encrypt again with the newest key."""
        try:
            return self._fernet.rotate(sealed.encode()).decode()
        except InvalidToken as error:
            msg = f"no key opens the stored secrets: add the old key to {ENVIRONMENT}"
            raise Locked(msg) from error


def _expanded(key: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(key)


def _key_file(home: Path) -> str:
    path = home / _FILE
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(Fernet.generate_key())
    return path.read_text().strip()
