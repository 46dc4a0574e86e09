"""The store in a PostgreSQL database: the only file of the store that knows PostgreSQL.

Texts are kept with the collation "C", so that they sort by code point, as SQLite and Python sort
them, whatever the locale of the database.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Pool,
    QueuePool,
    Text,
    create_engine,
    inspect,
    text,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.compiler import compiles

from corpus.errors import StoreError, UnreachableError

LOCK_TIMEOUT_S = 60
_POOL = {"pool_size": 8, "max_overflow": 8}
# A server that is gone without a word is noticed in about ten seconds.
_DEFAULTS = {
    "application_name": "citewell",
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' ' || :name, 0))")
_NOW = text(
    "SELECT to_char((clock_timestamp() + make_interval(secs => :seconds)) AT TIME ZONE 'UTC',"
    """ 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')"""
)

_logger = logging.getLogger(__name__)

# By the beginning of PostgreSQL's code of the error: what was found, and what to do.
_MEANINGS = {
    "08": "cannot reach {name} ({error}); is the server running, and are host and port right?",
    "25006": "{name} is a standby, which only reads; name its primary, or all hosts of the cluster "
    "(?host=A&host=B)",
    "28": "{name} refuses the user ({error}); look at user, password and pg_hba.conf",
    "3D": "cannot open {name} ({error}); make the database: createdb NAME",
    "42501": "the user may not do this in {name} ({error}); grant it the schema and its tables",
    "53100": "cannot write to {name}: its disk is full; free some space and try again",
    "53300": "{name} has no connection left ({error}); raise max_connections, or run fewer servers",
    "55P03": "cannot write to {name}: another has been writing for "
    f"{LOCK_TIMEOUT_S} s; try again when it is done",
    "57P": "the server of {name} is stopping or starting ({error}); try again in a moment",
    "XX001": "{name} is damaged ({error}); restore it from a backup",
    "XX002": "an index of {name} is damaged ({error}); REINDEX it, or restore a backup",
}

# libpq gives no code where no connection came about; only the server's words tell why.
_CODES = {
    "starting up": "57P",
    "shutting down": "57P",
    "recovery mode": "57P",
    " database ": "3D",
    " role ": "28",
    "authentication": "28",
    "pg_hba": "28",
    "read-only": "25006",
    "too many": "53300",
    "connection slots": "53300",
}
_PASSING = ("08", "25006", "57P")  # of a restart or a failover


@compiles(Text, "postgresql")
def _text_by_code_point(element: Text, compiler: Any, **options: Any) -> str:
    """Return the column type of a text: one that sorts by code point."""
    return str(compiler.visit_TEXT(element, **options)) + ("" if element.collation else _C)


_C = ' COLLATE "C"'


class PostgresDatabase:
    """A PostgreSQL database, or one schema of it, behind the port `Database`.

    A reading transaction sees one state (REPEATABLE READ, READ ONLY). A writing one is READ
    COMMITTED and waits for those that change the same, by advisory locks: jobs are apart.
    Durability is the server's: `synchronous_commit` is left as it is set there, `on` by default.

    Erasing: a VACUUM follows, after which no query and no index finds what was deleted. Its bytes
    may still stand in free space of the server's files, in its WAL and in backups of it, until
    they are written over: `erase` rewrites the tables.
    """

    def __init__(self, url: URL, *, read_only: bool) -> None:
        self._url = url
        self._name = _without_secrets(url)
        self._read_only = read_only
        self._engine = engine_of(url, read_only=read_only)

    @classmethod
    def open(cls, url: URL, *, read_only: bool = False) -> Self:
        """Return the open database.

        Raises: StoreError if it cannot be reached, or cannot keep every text.
        """
        database = cls(url, read_only=read_only)
        try:
            with database.reading() as connection:
                encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
                schema = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
            if encoding != "UTF8":
                raise StoreError(
                    f"{database.name} keeps texts as {encoding}; make a database with UTF8: "
                    "createdb --template template0 --encoding UTF8 NAME"
                )
            if schema is None:
                raise StoreError(
                    f"{database.name} has no schema that its search_path names; make one: "
                    "CREATE SCHEMA citewell"
                )
        except BaseException:
            database.close()
            raise
        return database

    @property
    def name(self) -> str:
        """The address, without the password."""
        return self._name

    @property
    def read_only(self) -> bool:
        """Whether the database was opened for reading only."""
        return self._read_only

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a transaction that sees one state of the database."""
        with self._translating(), self._engine.connect() as connection:
            connection = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self, only: str = "") -> Iterator[Connection]:
        """Yield a transaction that writes; of those that name the same, one at a time."""
        if self._read_only:
            raise StoreError(f"{self._name} is open for reading only; it was not changed")
        with self._translating(), self._engine.begin() as connection:
            connection.execute(_ALONE, {"name": only})
            yield connection

    @contextmanager
    def erasing(self) -> Iterator[Connection]:
        """Yield a transaction that writes; then make room of what it deleted.

        The deletion stands even where that fails, which is logged.
        """
        with self.writing() as connection:
            yield connection
        try:
            self._vacuum("VACUUM (SKIP_LOCKED)")
        except StoreError as error:
            _logger.warning("deleted text may still be in free parts of %s: %s", self._name, error)

    def erase(self) -> None:
        """Rewrite every table without what was deleted; readers and writers wait meanwhile."""
        self._vacuum("VACUUM FULL")

    def problems(self) -> list[str]:
        """Return what cannot be read and what is not valid, one line each; reads every row."""
        with self.reading() as connection:
            tables = inspect(connection).get_table_names()
            found = [
                f"{kind} {name} is not valid"
                for kind, name in connection.exec_driver_sql(
                    "SELECT 'index', indexrelid::regclass::text FROM pg_index JOIN pg_class"
                    " ON pg_class.oid = indrelid WHERE NOT indisvalid"
                    " AND relnamespace = current_schema()::regnamespace"
                    " UNION ALL SELECT 'constraint', conname FROM pg_constraint"
                    " WHERE NOT convalidated AND connamespace = current_schema()::regnamespace"
                )
            ]
        return found + [line for table in tables for line in self._unreadable(table)]

    def keep_former(self, stored: str, needed: str) -> None:
        """Refuse: other servers may use the tables, and a copy is for `pg_dump` to make."""
        raise StoreError(
            f"{self._name} has tables of revision {stored}, and this citewell needs {needed}. "
            "Stop its servers and ingests, back it up (pg_dump), then: citewell store migrate"
        )

    def now(self, connection: Connection, seconds: float = 0.0) -> str:
        """Return the time in so many seconds by the server's clock, which all share."""
        return str(connection.execute(_NOW, {"seconds": seconds}).scalar_one())

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _unreadable(self, table: str) -> list[str]:
        try:
            with self.reading() as connection:
                connection.exec_driver_sql(f'SELECT sum(length(t::text)) FROM "{table}" t').all()
        except StoreError as error:
            return [f"table {table}: {error}"]
        return []

    def _vacuum(self, command: str) -> None:
        with self._translating(), self._engine.connect() as connection:
            tables = inspect(connection).get_table_names()
            connection.rollback()
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            names = ", ".join(f'"{table}"' for table in tables)
            connection.exec_driver_sql(f"{command} {names}")

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except PoolTimeoutError as error:
            raise StoreError(f"{self._name} is used by too many at once; try again") from error
        except SQLAlchemyError as error:
            raise error_of(self._url, error) from error
        except UnicodeEncodeError as error:
            raise StoreError(f"{error.object!r} is no text that can be looked up") from error


def engine_of(url: URL, *, read_only: bool, poolclass: type[Pool] = QueuePool) -> Engine:
    """Return the engine of an address. Raises: StoreError where the driver is missing."""
    given = {key: value for key, value in url.query.items() if key != "options"}
    settings = {**_DEFAULTS, "target_session_attrs": "any" if read_only else "read-write", **given}
    own = f"-c lock_timeout={LOCK_TIMEOUT_S}s"
    options = url.query.get("options", "")
    said = " ".join([own, *([options] if isinstance(options, str) else options)]).strip()
    try:
        return create_engine(
            url.set(drivername="postgresql+psycopg", query={**settings, "options": said}),
            poolclass=poolclass,
            **(_POOL if poolclass is QueuePool else {}),
            pool_pre_ping=True,  # a connection that a restart or a failover has cut is not used
        )
    except ModuleNotFoundError as error:
        raise StoreError(
            "a store in PostgreSQL needs its driver; install it: pip install 'citewell[postgres]'"
        ) from error


def error_of(url: URL, error: Exception) -> StoreError:
    """Return the error that says what was found and what to do, without a password."""
    name = _without_secrets(url)
    cause = getattr(error, "orig", None) or error
    said = " ".join(str(cause).split())
    code = getattr(cause, "sqlstate", None) or _code_of(cause, said)
    kind = UnreachableError if code.startswith(_PASSING) else StoreError
    for beginning, meaning in _MEANINGS.items():
        if code.startswith(beginning):
            return kind(meaning.format(name=name, error=said))
    return kind(f"cannot use {name} as a store: {said}")


def _without_secrets(url: URL) -> str:
    return url.set(query={}).render_as_string(hide_password=True)


def _code_of(cause: BaseException, said: str) -> str:
    """Return the code of an error without one: no connection came about, or one was lost."""
    import psycopg

    if not isinstance(cause, psycopg.OperationalError):
        return ""
    return next((code for words, code in _CODES.items() if words in said), "08")
