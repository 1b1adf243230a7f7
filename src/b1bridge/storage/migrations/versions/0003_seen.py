"""The version of each record that the last run of a sync has seen."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the table; what was seen before is looked at once more."""
    op.create_table(
        "seen",
        sa.Column("sync", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sync", "ref"),
    )
    op.create_index("ix_seen_ref", "seen", ["ref"], unique=False)
