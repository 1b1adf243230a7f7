"""A version that a run saw and that ended in a case is not dealt with until a person says so."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the mark; what was seen before was dealt with."""
    op.add_column(
        "seen", sa.Column("in_case", sa.Boolean(), nullable=False, server_default=sa.false())
    )
