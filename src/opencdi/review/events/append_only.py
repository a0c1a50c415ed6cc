"""The database's own guard of rows that are added and never changed: answers, decisions, scores, advice.

Columns that hold sealed texts may be written again, so that texts can be moved to another key; what they say
is held by the keyed digests in the events.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Guarded = Sequence[tuple[str, Sequence[str]]]
"""Tables with the columns that nobody changes."""


def guarded(models: Iterable[Any]) -> Guarded:
    """Of each model its table and every column but the sealed ones."""
    return [
        (
            model._meta.db_table,
            [
                field.column
                for field in model._meta.local_concrete_fields
                if not field.column.endswith("_sealed")
            ],
        )
        for model in models
    ]


def create(editor: Any, tables: Guarded) -> None:
    sqlite = editor.connection.vendor == "sqlite"
    for table, columns in tables:
        _run(editor, _sqlite(table, columns) if sqlite else _postgresql(table, columns))


def drop(editor: Any, tables: Guarded) -> None:
    sqlite = editor.connection.vendor == "sqlite"
    for table, _ in tables:
        _run(editor, _drop_sqlite(table) if sqlite else _drop_postgresql(table))


def _sqlite(table: str, columns: Sequence[str]) -> Iterator[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is added to and never changed'); END"
    yield f"CREATE TRIGGER {table}_kept BEFORE UPDATE OF {', '.join(columns)} ON {table} {refuse}"
    yield f"CREATE TRIGGER {table}_not_deleted BEFORE DELETE ON {table} {refuse}"


def _postgresql(table: str, columns: Sequence[str]) -> Iterator[str]:
    yield (
        f"CREATE FUNCTION {table}_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{table} is added to and never changed'; END $$"
    )
    yield (
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OF {', '.join(columns)} OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_is_kept()"
    )
    yield (
        f"CREATE TRIGGER {table}_whole_kept BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_kept()"
    )


def _drop_sqlite(table: str) -> Iterator[str]:
    yield f"DROP TRIGGER IF EXISTS {table}_kept"
    yield f"DROP TRIGGER IF EXISTS {table}_not_deleted"


def _drop_postgresql(table: str) -> Iterator[str]:
    yield f"DROP TRIGGER IF EXISTS {table}_kept ON {table}"
    yield f"DROP TRIGGER IF EXISTS {table}_whole_kept ON {table}"
    yield f"DROP FUNCTION IF EXISTS {table}_is_kept()"


def _run(editor: Any, statements: Iterable[str]) -> None:
    with editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
