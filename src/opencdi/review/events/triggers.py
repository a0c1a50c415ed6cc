"""The database's own guard of the event table, on SQLite and on PostgreSQL.

SQLite's ``INSERT OR REPLACE`` deletes without asking the delete trigger unless ``recursive_triggers`` is on;
the insert trigger refuses it in any case, since its number does not follow.
"""

from __future__ import annotations

from typing import Any

from opencdi.ledger.chain import START

SQLITE = (
    """
    CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON events_event
    BEGIN SELECT RAISE(ABORT, 'an event cannot be changed'); END
    """,
    """
    CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON events_event
    BEGIN SELECT RAISE(ABORT, 'an event cannot be deleted'); END
    """,
    f"""
    CREATE TRIGGER event_follows BEFORE INSERT ON events_event
    BEGIN
        SELECT RAISE(ABORT, 'an event must follow the last one')
        WHERE NEW.number IS NOT (SELECT COALESCE(MAX(number), -1) + 1 FROM events_event)
           OR NEW.previous IS NOT COALESCE(
                (SELECT hash FROM events_event ORDER BY number DESC LIMIT 1), '{START}');
    END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION event_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'an event cannot be changed or deleted'; END $$
    """,
    f"""
    CREATE FUNCTION event_must_follow() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE last_number bigint; last_hash text;
    BEGIN
        SELECT number, hash INTO last_number, last_hash FROM events_event ORDER BY number DESC LIMIT 1;
        IF NEW.number IS DISTINCT FROM COALESCE(last_number, -1) + 1
           OR NEW.previous IS DISTINCT FROM COALESCE(last_hash, '{START}') THEN
            RAISE EXCEPTION 'an event must follow the last one';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER event_is_kept BEFORE UPDATE OR DELETE ON events_event
    FOR EACH ROW EXECUTE FUNCTION event_is_kept()
    """,
    """
    CREATE TRIGGER event_table_is_kept BEFORE TRUNCATE ON events_event
    FOR EACH STATEMENT EXECUTE FUNCTION event_is_kept()
    """,
    """
    CREATE TRIGGER event_follows BEFORE INSERT ON events_event
    FOR EACH ROW EXECUTE FUNCTION event_must_follow()
    """,
)

DROP_SQLITE = tuple(
    f"DROP TRIGGER IF EXISTS {name}"
    for name in ("event_is_not_changed", "event_is_not_deleted", "event_follows")
)

DROP_POSTGRESQL = (
    "DROP TRIGGER IF EXISTS event_is_kept ON events_event",
    "DROP TRIGGER IF EXISTS event_table_is_kept ON events_event",
    "DROP TRIGGER IF EXISTS event_follows ON events_event",
    "DROP FUNCTION IF EXISTS event_is_kept()",
    "DROP FUNCTION IF EXISTS event_must_follow()",
)


def create(editor: Any) -> None:
    _run(editor.connection, SQLITE, POSTGRESQL)


def drop(editor: Any) -> None:
    _run(editor.connection, DROP_SQLITE, DROP_POSTGRESQL)


def _run(connection: Any, sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in sqlite if connection.vendor == "sqlite" else postgresql:
            cursor.execute(statement)
