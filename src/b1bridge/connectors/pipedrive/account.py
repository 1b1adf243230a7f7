"""What every capability of one connection works with."""

from __future__ import annotations

from dataclasses import dataclass

from b1bridge.connectors.pipedrive.client import Client
from b1bridge.connectors.pipedrive.directory import Directories
from b1bridge.connectors.pipedrive.fields import Fields


@dataclass(slots=True)
class Company:
    """One connected company: its API, its custom fields, and who is who in it."""

    connection: str
    client: Client
    fields: Fields
    directories: Directories


class Account:
    """One connected company, by the name the operator gave it."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._connection = company.connection
        self._client = company.client
        self._fields = company.fields
        self._directories = company.directories
