"""What each shop was last told to show."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Begin with nothing: the next push fills it."""
    op.create_table(
        "shown_stock",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("pushed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("connection", "sku", "location"),
    )
