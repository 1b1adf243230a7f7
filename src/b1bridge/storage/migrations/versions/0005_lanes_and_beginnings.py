"""How each run came into its lane, and since when each source has been watched."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
_NOT_LIVE = sa.text("pace <> 'live' AND state IN ('queued', 'running')")


def upgrade() -> None:
    """Add both; what is queued stays live, and a source counts as watched from now on."""
    op.add_column("runs", sa.Column("pace", sa.Text(), nullable=False, server_default="live"))
    op.create_index(
        "ix_runs_not_live",
        "runs",
        ["pace", "id"],
        unique=False,
        sqlite_where=_NOT_LIVE,
        postgresql_where=_NOT_LIVE,
    )
    op.add_column("watermarks", sa.Column("began_at", sa.BigInteger(), nullable=True))
    op.execute("UPDATE watermarks SET began_at = moment")
