"""Writes that were begun and never reported are noted beside their run."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the note; runs of before have none."""
    op.add_column("runs", sa.Column("doubts", sa.Text(), nullable=False, server_default="{}"))
