"""Run by Alembic: applies the migrations over the connection of `corpus.stores.migrating`."""

from alembic import context

from corpus.stores.schema import metadata

# The transaction is the caller's, and holds every migration.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
