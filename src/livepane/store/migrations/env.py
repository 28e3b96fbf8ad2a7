"""What Alembic runs: the steps, on the connection that it is given, as one transaction."""

from __future__ import annotations

from alembic import context

from livepane.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
