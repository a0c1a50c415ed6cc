"""What throttles count in: a table of the database, so that all processes count together."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import BaseDatabaseCache
from django.core.management import call_command
from django.db import connection

WRITES_BETWEEN_CLEARANCES = 200
"""On average; whoever draws it deletes what has expired."""
FOR_GOOD = timedelta(days=3650)


def make_table() -> None:
    """Makes the table where there is none. Run by the role that owns the tables.

    On PostgreSQL it is unlogged: a sign-in writes to it a score of times, and each would wait until the disk
    has it. A database that was killed begins with an empty table: at most what was counted in the last
    minutes is lost, for everybody alike.
    """
    call_command("createcachetable", verbosity=0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for name in (each["LOCATION"] for each in settings.CACHES.values()):
                cursor.execute(f"ALTER TABLE {connection.ops.quote_name(name)} SET UNLOGGED")


class CountsInDatabase(BaseDatabaseCache):
    """A cache in the table that ``createcachetable`` makes: one statement for each change, values as JSON.

    Django's own cache in a table asks three times before each change, which made sixty questions of one
    sign-in; it reads pickles; and beyond 300 entries it drops some that are in force, so that whoever tries
    many names would wipe out what is held against them. Here only what has expired is ever dropped.
    """

    _table: str

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT value FROM {self._name} WHERE cache_key = %s AND expires >= %s",
                [self.make_and_validate_key(key, version), _adapted(_now())],
            )
            found = cursor.fetchone()
        return json.loads(found[0]) if found else default

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._write(key, value, timeout, version)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Writes only where nothing in force stands; whether it did."""
        over_expired = f" WHERE {self._name}.expires < %s"
        return self._write(key, value, timeout, version, over_expired, _adapted(_now()))

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._done(
            f"UPDATE {self._name} SET expires = %s WHERE cache_key = %s AND expires >= %s",
            [self._end(timeout), self.make_and_validate_key(key, version), _adapted(_now())],
        )

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._done(
            f"DELETE FROM {self._name} WHERE cache_key = %s", [self.make_and_validate_key(key, version)]
        )

    def clear(self) -> None:
        self._done(f"DELETE FROM {self._name}", [])

    def _write(
        self, key: str, value: Any, timeout: Any, version: int | None, over: str = "", *given: Any
    ) -> bool:
        """``over`` says of an entry that stands when it is written over: always, unless it says otherwise."""
        if secrets.randbelow(WRITES_BETWEEN_CLEARANCES) == 0:
            self._done(f"DELETE FROM {self._name} WHERE expires < %s", [_adapted(_now())])
        return self._done(
            f"INSERT INTO {self._name} (cache_key, value, expires) VALUES (%s, %s, %s) "
            "ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires" + over,
            [self.make_and_validate_key(key, version), json.dumps(value), self._end(timeout), *given],
        )

    @staticmethod
    def _done(statement: str, given: list[Any]) -> bool:
        """Whether a row was changed."""
        with connection.cursor() as cursor:
            cursor.execute(statement, given)
            return bool(cursor.rowcount)

    @property
    def _name(self) -> str:
        return connection.ops.quote_name(self._table)

    def _end(self, timeout: Any) -> Any:
        seconds = self.get_backend_timeout(timeout)
        return _adapted(_now() + FOR_GOOD if seconds is None else datetime.fromtimestamp(seconds, tz=UTC))


def _now() -> datetime:
    return datetime.now(UTC)


def _adapted(moment: datetime) -> Any:
    """Whole seconds, as the database takes them."""
    return connection.ops.adapt_datetimefield_value(moment.replace(microsecond=0))
