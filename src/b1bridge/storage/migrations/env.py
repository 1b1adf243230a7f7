"""Where Alembic finds the connection it migrates."""

from alembic import context

from b1bridge.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table="b1bridge_version",
)
with context.begin_transaction():
    context.run_migrations()
