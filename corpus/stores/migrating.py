"""Bringing a store's tables up to date."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from corpus.errors import StoreError
from corpus.stores.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def revisions() -> list[str]:
    """Return the numbers of the migrations, oldest first: ["0001", …]; the last is the head."""
    return sorted(file.stem.split("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def upgrade(database: Database) -> None:
    """Bring the tables to the head; one SELECT, and no import of Alembic, where they are there.

    All migrations are one transaction: a crash leaves the tables as they were.

    Raises: StoreError for a store of a newer citewell, a database of another program, or one that
    needs a migration and is open for reading only.
    """
    with database.reading() as connection:
        stored = _stored_revision(connection, database.name)
    head = revisions()[-1]
    if stored == head:
        return
    if database.read_only:
        found = f"has tables of revision {stored}" if stored else "has no tables"
        raise StoreError(
            f"{database.name} {found} and this citewell needs {head}; open it once for writing "
            "(`citewell ingest`)"
        )
    with database.writing() as connection:
        # Another process may have been first.
        if _stored_revision(connection, database.name) != head:
            _run_migrations(connection)


def _stored_revision(connection: Connection, name: str) -> str | None:
    """Return the revision of the tables, None for an empty database."""
    names = inspect(connection).get_table_names()
    if not names:
        return None
    if "alembic_version" not in names:
        raise StoreError(
            f"{name} is not a store: it has tables of another program ({', '.join(names[:3])}); "
            "name another place"
        )
    stored = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    known = revisions()
    if stored is not None and stored not in known:
        raise StoreError(
            f"{name} has tables of revision {stored}, and this citewell knows them up to "
            f"{known[-1]}: a newer citewell made it; install that one, or use another home"
        )
    return stored


def _run_migrations(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
