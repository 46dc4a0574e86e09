"""Bringing a store's tables up to date."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from corpus.errors import StoreError
from corpus.stores.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def revisions() -> list[str]:
    """Return the numbers of the migrations, oldest first: ["0001", …]; the last is the head."""
    return sorted(file.stem.split("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def upgrade(database: Database, *, make: bool = True) -> None:
    """Bring the tables to the head; one SELECT, and no import of Alembic, where they are there.

    A copy of the tables as they were is kept first. All migrations are one transaction: a crash
    leaves the tables as they were.

    Raises: StoreError for a store of a newer citewell, a database of another program, one that
    needs a migration and is open for reading only, and unless `make`, one without any table.
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
    if stored is not None:
        database.keep_former(stored, head)
    elif not make:
        raise StoreError(
            f"{database.name} has no tables, and documents or keys were kept in them; restore them "
            "from a backup. To begin anew, remove snapshots/ and store-made from the home first."
        )
    with database.writing() as connection:
        # Another process may have been first.
        if _stored_revision(connection, database.name) != head:
            _run_migrations(connection, head)


def migrate(database: Database, revision: str | None = None) -> str | None:
    """Bring the tables to a revision, older or newer, the newest by default; keep no copy.

    Return the revision that they had, None for an empty database. What an older revision has no
    place for is lost.

    Raises: StoreError for a revision that is not known or cannot be undone.
    """
    known = revisions()
    wanted = revision or known[-1]
    if wanted not in known:
        raise StoreError(f"there is no revision {wanted!r}; known are {known[0]} to {known[-1]}")
    with database.writing() as connection:
        stored = _stored_revision(connection, database.name)
        if stored != wanted:
            _run_migrations(connection, wanted, down=stored is not None and stored > wanted)
    return stored


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


def _run_migrations(connection: Connection, revision: str, *, down: bool = False) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    if not down:
        command.upgrade(config, revision)
        return
    try:
        command.downgrade(config, revision)
    except AttributeError as error:  # a migration without `downgrade`
        raise StoreError(
            f"the tables cannot be brought back to revision {revision}: what was changed since "
            "cannot be undone; restore a backup of that time"
        ) from error
