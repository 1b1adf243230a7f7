"""Steps from one shape of the database to the next, taken when it is opened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.config import Config


def migrate(connection: sa.Connection) -> None:
    """Bring the database to the shape this version needs, in the caller's transaction."""
    config = Config()
    config.set_main_option("script_location", "b1bridge.storage:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
