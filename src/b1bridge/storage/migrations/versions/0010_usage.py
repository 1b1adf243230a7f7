"""What each hour cost at a provider that counts."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Begin at nothing: nobody has counted before."""
    op.create_table(
        "usage",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("hour", sa.Text(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("connection", "hour"),
    )
