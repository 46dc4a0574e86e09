"""A PostgreSQL cluster of the tests' own: Debian's programs, a folder of its own, loopback only."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.stores.schema import metadata
from corpus.stores.sql_store import SqlStore

_FAST = "fsync = off\nfull_page_writes = off\nshared_buffers = 16MB\n"


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, None where it is not installed."""
    found = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parts[4]))
    return Path(found).resolve().parent if found else next(reversed(debian), None)


@dataclass(frozen=True)
class Cluster:
    """A running server. PostgreSQL refuses to run as root, which runs it as `postgres` then."""

    bin: Path
    folder: Path
    port: int

    @classmethod
    def make(cls, bin: Path, *, settings: str = _FAST) -> "Cluster":
        """Make a cluster in a folder of its own, and start it."""
        folder = Path(tempfile.mkdtemp(prefix="citewell-postgres-"))
        if _user() is not None:
            shutil.chown(folder, _user(), "postgres")
        cluster = cls(bin, folder, free_port())
        cluster.run("initdb", "-D", str(cluster.data), "-U", "citewell", "-A", "trust", "-E",
                    "UTF8", "--locale=C.UTF-8", "--no-sync")  # fmt: skip
        cluster.configure(settings)
        cluster.start()
        return cluster

    @classmethod
    def standby_of(cls, primary: "Cluster") -> "Cluster":
        """Make a streaming replica of a server, which waits for it from then on, and start it."""
        folder = Path(tempfile.mkdtemp(prefix="citewell-postgres-"))
        if _user() is not None:
            shutil.chown(folder, _user(), "postgres")
        cluster = cls(primary.bin, folder, free_port())
        cluster.run("pg_basebackup", "-h", "127.0.0.1", "-p", str(primary.port), "-U", "citewell",
                    "-D", str(cluster.data), "-R", "-X", "stream")  # fmt: skip
        cluster.configure("")
        cluster.start()
        primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        primary.sql("SELECT pg_reload_conf()")
        return cluster

    @property
    def data(self) -> Path:
        """The folder of the server's files."""
        return self.folder / "data"

    def url(self, database: str = "postgres", **query: str) -> str:
        """Return the address of a database."""
        given = "&".join(f"{name}={value}" for name, value in query.items())
        address = f"postgresql+psycopg://citewell@127.0.0.1:{self.port}/{database}"
        return f"{address}?{given}" if given else address

    def configure(self, settings: str) -> None:
        """Add lines to the server's configuration."""
        own = f"port = {self.port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n"
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(own + settings)

    def start(self) -> None:
        """Start the server, and return when it takes connections."""
        log = str(self.folder / "log")
        self.run("pg_ctl", "start", "-w", "-s", "-D", str(self.data), "-l", log)

    def stop(self, how: str = "fast") -> None:
        """Stop the server: `immediate` as a crash would."""
        self.run("pg_ctl", "stop", "-w", "-s", "-m", how, "-D", str(self.data))

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Execute a statement, and return what it prints."""
        return self.run(
            "psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "citewell", "-d", database,
            "-At", "-v", "ON_ERROR_STOP=1", "-c", statement,
        )  # fmt: skip

    def promote(self) -> None:
        """Make a standby the primary, and return when it takes writes."""
        self.run("pg_ctl", "promote", "-w", "-s", "-D", str(self.data))

    def remove(self) -> None:
        """Stop the server and remove its folder."""
        if (self.data / "postmaster.pid").exists():
            self.stop("immediate")
        shutil.rmtree(self.folder)

    def run(self, program: str, *arguments: str) -> str:
        """Run one of PostgreSQL's programs, and return what it prints."""
        return _run([str(self.bin / program), *arguments], self.folder)


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _user() -> str | None:
    """Return who is to run the server: None for the user that this process is."""
    return "postgres" if os.getuid() == 0 else None


def _run(command: Sequence[str], folder: Path) -> str:
    user = _user()
    done = subprocess.run(
        command,
        check=False,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=command[0].endswith(("psql", "initdb", "pg_basebackup")),
        text=True,
        user=user,
        group=None if user is None else pwd.getpwnam(user).pw_gid,
        extra_groups=None if user is None else [],
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr or done.stdout}")
    return done.stdout or ""


def empty(store: SqlStore) -> None:
    """Remove every row of a store, and count from 1 again: sooner than a store made anew."""
    with store._database.writing() as connection:
        names = ", ".join(metadata.tables)
        connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
