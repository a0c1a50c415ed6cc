"""The cache that throttles count in: in the database, so that all processes count together."""

from __future__ import annotations

import base64
import pickle
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connection

WRITES_BETWEEN_CLEARANCES = 200
"""On average; whoever draws it deletes what has expired."""
LONGEST = timedelta(days=365)


class CountsInDatabase(DatabaseCache):
    """Django's cache in a table, written by one statement each.

    Django's own counts the table, opens a transaction and asks before it writes, which made sixty questions
    of one sign-in. It also drops entries that still count once there are more than 300, so that whoever
    tries many names would wipe out what is held against them; here only what has expired is deleted.
    """

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        """``set`` writes; ``add`` writes where nothing that is in force stands; ``touch`` prolongs."""
        expires = self._moment(timeout)
        with connection.cursor() as cursor:
            if secrets.randbelow(WRITES_BETWEEN_CLEARANCES) == 0:
                cursor.execute(f"DELETE FROM {self._name} WHERE expires < %s", [self._now()])
            if mode == "touch":
                cursor.execute(f"UPDATE {self._name} SET expires = %s WHERE cache_key = %s", [expires, key])
                return bool(cursor.rowcount)
            written = base64.b64encode(pickle.dumps(value, self.pickle_protocol)).decode("ascii")
            only_over_expired = f" WHERE {self._name}.expires < %s" if mode == "add" else ""
            cursor.execute(
                f"INSERT INTO {self._name} (cache_key, value, expires) VALUES (%s, %s, %s) "
                "ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires"
                + only_over_expired,
                [key, written, expires, *([self._now()] if mode == "add" else [])],
            )
            return bool(cursor.rowcount)

    @property
    def _name(self) -> str:
        table: str = self._table  # type: ignore[attr-defined]
        return connection.ops.quote_name(table)

    def _moment(self, timeout: Any) -> Any:
        seconds = self.get_backend_timeout(timeout)
        at = self._clock() + LONGEST if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)
        return connection.ops.adapt_datetimefield_value(at.replace(microsecond=0))

    def _now(self) -> Any:
        return connection.ops.adapt_datetimefield_value(self._clock().replace(microsecond=0))

    @staticmethod
    def _clock() -> datetime:
        return datetime.now(UTC)
