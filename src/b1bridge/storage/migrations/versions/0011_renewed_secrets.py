"""What connections renew of their secrets by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Begin with nothing: what was typed in holds."""
    op.add_column("connections", sa.Column("renewed", sa.Text(), nullable=False, server_default=""))
