"""Exports that are tables or queries of a force's reporting database (PostgreSQL).

A table is fetched whole, as text, into the audit's folder, and read from there like any other export: the
same profile, the same rejects, the same reconciliation, and what was read stays as evidence. All tables of
one database are fetched in one read-only transaction, so that they show one moment. The same content gives
the same bytes, so that fetching it again makes nothing stale. Of a table whose address names the column that
says when a row was changed, only what changed since the last time is fetched (``changes.py``).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from opencdi.errors import UserError
from opencdi.records import changes

if TYPE_CHECKING:
    from psycopg import Connection, Cursor

SCHEMES = ("postgres://", "postgresql://")
FOLDER = "fetched"
BLOCK = 2**24
"""Bytes read at once; no row may be longer."""

_SECONDS_TO_CONNECT = 10
_SESSION = "-c default_transaction_read_only=on -c DateStyle=ISO -c TimeZone=UTC -c extra_float_digits=1"


@dataclass(frozen=True)
class Address:
    """``postgres://USER@SERVER/DATABASE#SCHEMA.TABLE``, or ``#FILE.sql`` for a query kept in a file.

    Either may be followed by ``@COLUMN``, the column that says when a row was last changed. Never with a
    password: that comes from PGPASSWORD or ``~/.pgpass``.
    """

    text: str
    server: str
    what: str
    changed: str = ""

    @property
    def is_query(self) -> bool:
        return self.what.endswith(".sql")

    def snapshot(self, root: Path) -> Path:
        """Where the content is kept in the audit's folder."""
        plain = "".join(letter if letter.isalnum() else "-" for letter in self.what)
        return root / FOLDER / f"{plain}-{sha256(self.text.encode()).hexdigest()[:8]}.parquet"

    def snapshots(self, root: Path) -> list[Path]:
        """The files that hold what was fetched, the oldest first; empty where nothing was."""
        path = self.snapshot(root)
        if self.changed:
            return changes.files_of(path.with_suffix(""))
        return [path] if path.is_file() else []

    def query_file(self, root: Path) -> Path:
        return root / self.what


def is_address(text: str) -> bool:
    """Whether the name of an export is the address of a database."""
    return text.startswith(SCHEMES)


def address(text: str) -> Address:
    """Read an address. Raises ``UserError`` for one with a password or without a table."""
    server, _, what = text.partition("#")
    parts = urlsplit(server)
    secret = parts.password is not None or "password" in dict(parse_qsl(parts.query))
    if secret:
        raise UserError(
            f"The address of the database {parts.hostname or ''}{parts.path} holds a password. Take it out "
            "and give it by PGPASSWORD or in ~/.pgpass, so that it stands in no file of the audit."
        )
    if not what:
        raise UserError(
            f"{text} names no table. Write {server}#schema.table, or {server}#queries/incidents.sql "
            "for a query."
        )
    what, _, changed = what.partition("@")
    return Address(text, server, what, changed)


def fetch(addresses: Sequence[Address], root: Path) -> None:
    """Bring what the addresses name into the audit's folder, those of one database as of one moment.

    Raises ``UserError`` for a server that is not there, a wrong password, a table that does not exist or
    may not be read, and a query that is wrong.
    """
    for server in dict.fromkeys(each.server for each in addresses):
        with _snapshot_of(server) as cursor:
            for each in addresses:
                if each.server == server:
                    _fetched(cursor, each, root)


@contextmanager
def _snapshot_of(server: str) -> Iterator[Cursor[Any]]:
    """A cursor in a read-only transaction that sees one moment."""
    try:
        import psycopg
    except ModuleNotFoundError:
        raise UserError(
            "Reading from PostgreSQL is not installed. Install it with `pip install 'opencdi[postgres]'`."
        ) from None
    connection = _connected(server)
    try:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        with connection.cursor() as cursor:
            yield cursor
    except psycopg.OperationalError:
        raise UserError(
            f"The connection to {server} was lost, or the server ended the query. Nothing was kept; "
            "run again."
        ) from None
    finally:
        connection.close()


def _connected(server: str) -> Connection[Any]:
    import psycopg

    try:
        return psycopg.connect(
            server,
            connect_timeout=_SECONDS_TO_CONNECT,
            options=_SESSION,
            client_encoding="UTF8",
            application_name="opencdi",
        )
    except psycopg.OperationalError as error:
        raise UserError(_why_not_connected(server, str(error))) from None
    except psycopg.ProgrammingError:
        raise UserError(
            f"{server} is not an address that PostgreSQL understands. Check its spelling."
        ) from None


def _why_not_connected(server: str, said: str) -> str:
    if "password" in said or "authentication failed" in said or "no pg_hba.conf entry" in said:
        return (
            f"{server} does not let you in: the password is missing or wrong, or this user may not come from "
            "here. Set PGPASSWORD or ~/.pgpass, or ask the database's keeper."
        )
    if "database" in said and "does not exist" in said:
        return f"{server}: there is no database of that name on the server. Check the address."
    if "role" in said and "does not exist" in said:
        return f"{server}: the server knows no user of that name. Check the address or PGUSER."
    return (
        f"No database answers at {server}. Check the server's name and port, that it runs, and that "
        "this machine may reach it."
    )


def _fetched(cursor: Cursor[Any], each: Address, root: Path) -> None:
    source = _query(each, root) if each.is_query else _table(each)
    path = each.snapshot(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    folder = path.with_suffix("")
    with _sentences(each):
        names = _columns(cursor, source)
        source += _since_last(each, names, folder) if each.changed else ""
        order = _order(cursor, each, list(names))
        selected = ", ".join(_as_text(name, kind) for name, kind in names.items())
        sql = f"copy (select {selected} from {source} order by {order}) to stdout (format csv, force_quote *)"
        with cursor.copy(sql.encode()) as copied:
            _written(_Stream(copied), list(names), beside, each)
    if each.changed:
        changes.keep_new(beside, folder)
    else:
        beside.replace(path)


def _since_last(each: Address, names: Mapping[str, int], folder: Path) -> str:
    """SQL that leaves out what was last changed before the last fetch; nothing for the first fetch.

    Raises ``UserError`` where the table has no such column, or one that holds no instants.
    """
    from psycopg.postgres import types

    if names.get(each.changed) not in (types["timestamp"].oid, types["timestamptz"].oid):
        raise UserError(
            f"{each.what} on {each.server} has no column {each.changed} of timestamps. Name the column that "
            "says when a row was last changed, or leave @ and the name out to fetch the whole table."
        )
    folder.mkdir(exist_ok=True)
    if not changes.has_columns(folder, list(names)):
        for path in changes.files_of(folder):
            path.unlink()
    last = changes.last_change(folder, each.changed)
    if last is None:
        return ""
    column = _name(each.changed)
    kind = "timestamptz" if names[each.changed] == types["timestamptz"].oid else "timestamp"
    return f" where {column} is null or {column} >= {kind} '{last}' - interval '{changes.OVERLAP}'"


@contextmanager
def _sentences(each: Address) -> Iterator[None]:
    from psycopg import DataError, ProgrammingError, errors

    try:
        yield
    except (errors.UndefinedTable, errors.InvalidSchemaName):
        raise UserError(
            f"{each.server} has no table {each.what}, or a query asks for one it does not have. Check "
            "its name and its schema (schema.table)."
        ) from None
    except errors.InsufficientPrivilege:
        raise UserError(
            f"You may not read {each.what} on {each.server}. Ask the database's keeper for the right "
            "to select from it; OpenCDI needs no other."
        ) from None
    except errors.ReadOnlySqlTransaction:
        raise UserError(f"{each.what} would change the database. An export must only read.") from None
    except (ProgrammingError, DataError):
        raise UserError(
            f"The database cannot run {each.what}. Try it with psql, mend it, and run again."
        ) from None


def _table(each: Address) -> str:
    return ".".join(_name(part) for part in each.what.split("."))


def _query(each: Address, root: Path) -> str:
    path = each.query_file(root)
    try:
        text = path.read_text(encoding="utf-8").strip().rstrip(";")
    except (FileNotFoundError, UnicodeDecodeError):
        raise UserError(
            f"There is no query {each.what} (looked in {root}), or it is not UTF-8. Check its name."
        ) from None
    return f"({text}\n) as exported"


def _name(part: str) -> str:
    return '"' + part.replace('"', '""') + '"'


def _columns(cursor: Cursor[Any], source: str) -> dict[str, int]:
    """The columns of a table or query, with the number of PostgreSQL's type."""
    cursor.execute(f"select * from {source} limit 0".encode())
    return {column.name: column.type_code for column in cursor.description or ()}


def _as_text(name: str, kind: int) -> str:
    """A column as text; instants in ISO 8601, which has one reading."""
    from psycopg.postgres import types

    column = _name(name)
    patterns = {
        types["timestamp"].oid: "'YYYY-MM-DD\"T\"HH24:MI:SS.US'",
        types["timestamptz"].oid: '\'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"\'',
    }
    if kind not in patterns:
        return f"{column}::text"
    return f"case when isfinite({column}) then to_char({column}, {patterns[kind]}) else {column}::text end"


def _order(cursor: Cursor[Any], each: Address, names: Sequence[str]) -> str:
    """The primary key where there is one, else everything: the same rows always come in the same order."""
    key: Sequence[str] = ()
    if not each.is_query:
        cursor.execute(
            "select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid "
            "and a.attnum = any(i.indkey) where i.indrelid = %s::regclass and i.indisprimary "
            "order by array_position(i.indkey::int[], a.attnum::int)",
            [_table(each)],
        )
        key = [row[0] for row in cursor.fetchall()]
    return ", ".join(f'{_name(name)}::text collate "C"' for name in key or names)


class _Stream(io.RawIOBase):
    """The bytes of a COPY as a stream."""

    def __init__(self, copied: Any) -> None:
        self._copied, self._waiting = copied, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._waiting:
            self._waiting = bytes(self._copied.read())
        size = min(len(buffer), len(self._waiting))
        buffer[:size] = self._waiting[:size]
        self._waiting = self._waiting[size:]
        return size


def _written(stream: _Stream, names: Sequence[str], path: Path, each: Address) -> None:
    """Rows of quoted text to Parquet, in bounded memory; nulls come without quotation marks."""
    schema = pa.schema([pa.field(name, pa.string()) for name in names])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        try:
            for batch in _read(io.BufferedReader(stream, BLOCK), names):
                writer.write_batch(batch)
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error):
                return
            raise UserError(
                f"{each.what} on {each.server} holds text that is not UTF-8, or a row longer than "
                f"{BLOCK // 2**20} MB. Mend that row, or leave it out by a query."
            ) from None


def _read(stream: io.BufferedReader, names: Sequence[str]) -> pyarrow.csv.CSVStreamingReader:
    types: Mapping[str, pa.DataType] = dict.fromkeys(names, pa.string())
    return pyarrow.csv.open_csv(
        pa.PythonFile(stream, mode="r"),
        read_options=pyarrow.csv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=list(names)),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=types,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
