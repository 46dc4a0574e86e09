"""What servers of one store count together: requests of a minute, and what was seen before."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from corpus.stores.database import Database
from corpus.stores.schema import rates, seen
from corpus.stores.storable import readable

_SECONDS_KEPT = 3600.0


class SqlTallies:
    """The tallies of a database. Each method is one transaction."""

    _database: Database

    def take(self, name: str, per_minute: int, count: int = 1) -> float:
        """Take so many tokens from the bucket of a name; return 0.0.

        Where it holds fewer, none are taken, and the seconds until it holds so many are returned.
        It holds a minute's worth at most. *Source:* token bucket, RFC 2697 in spirit.
        """
        name = readable(name)
        with self._database.writing(f"rate {name}") as connection:
            now = self._database.now(connection)
            found = connection.execute(select(rates).where(rates.c.name == name)).first()
            tokens = float(per_minute)
            if found is not None:
                grown = found.tokens + _seconds(found.at, now) * per_minute / 60
                tokens = min(tokens, grown)
            missing = count - tokens
            if missing <= 0:
                tokens -= count
            values = {"name": name, "tokens": tokens, "at": now}
            if found is None:
                _forget(connection, self._database.now(connection, -_SECONDS_KEPT))
                connection.execute(insert(rates).values(values))
            else:
                connection.execute(update(rates).where(rates.c.name == name).values(values))
        return max(0.0, missing * 60 / per_minute)

    def first(self, name: str, seconds: float) -> bool:
        """Return whether the name was not given in so many seconds before, and note it."""
        name = readable(name)
        with self._database.writing(f"seen {name}") as connection:
            oldest = self._database.now(connection, -seconds)
            connection.execute(delete(seen).where(seen.c.at < oldest))
            if connection.execute(select(seen.c.name).where(seen.c.name == name)).first():
                return False
            now = self._database.now(connection)
            connection.execute(insert(seen).values({"name": name, "at": now}))
        return True


def _forget(connection: Connection, oldest: str) -> None:
    """Remove the buckets that are full again since long ago."""
    connection.execute(delete(rates).where(rates.c.at < oldest))


def _seconds(then: str, now: str) -> float:
    passed = datetime.fromisoformat(now) - datetime.fromisoformat(then)
    return max(0.0, passed.total_seconds())
