"""What must hold of the database before the room serves: its tables are there, and it guards the events."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db import OperationalError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor

EVENT_TABLE = "events_event"
GUARDS = {
    "sqlite": frozenset({"event_is_not_changed", "event_is_not_deleted", "event_follows"}),
    "postgresql": frozenset({"event_is_kept", "event_table_is_kept", "event_follows"}),
}


def the_tables_are_of_this_version() -> Iterator[str]:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (OperationalError, ProgrammingError) as error:
        yield f"The database does not answer ({type(error).__name__}). Check its address and that it runs."
        return
    if waiting:
        yield "The database's tables are older than this version: run `opencdi review migrate`."
    if executor.loader.applied_migrations.keys() - executor.loader.disk_migrations.keys():
        yield "The database's tables are of a newer version: start that one, or restore the backup before it."


def the_database_guards_the_events() -> Iterator[str]:
    try:
        missing = GUARDS[connection.vendor] - _triggers()
    except (OperationalError, ProgrammingError):
        return
    if missing:
        named = ", ".join(sorted(missing))
        yield f"The event table is not guarded (missing: {named}): events could be changed."


def the_room_cannot_lift_the_guard() -> Iterator[str]:
    """On PostgreSQL the room runs as a role that does not own the events (ASVS 13.2.2)."""
    if connection.vendor != "postgresql":
        return
    try:
        may_change = _may_change_events()
    except (OperationalError, ProgrammingError):
        return
    if may_change:
        yield (
            "The database role may change the event table. Run as a role of its own: "
            "`opencdi review migrate --run-role NAME` grants it what it needs and no more."
        )


DATABASE: tuple[Callable[[], Iterator[str]], ...] = (
    the_tables_are_of_this_version,
    the_database_guards_the_events,
    the_room_cannot_lift_the_guard,
)


def _triggers() -> frozenset[str]:
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(asked, [EVENT_TABLE])
        return frozenset(row[0] for row in cursor.fetchall())


def _may_change_events() -> bool:
    asked = """
        SELECT has_table_privilege(current_user, to_regclass(%s), 'UPDATE, DELETE, TRUNCATE, TRIGGER')
            OR pg_has_role(current_user, relowner, 'USAGE')
        FROM pg_class WHERE oid = to_regclass(%s)
    """
    with connection.cursor() as cursor:
        cursor.execute(asked, [EVENT_TABLE, EVENT_TABLE])
        row = cursor.fetchone()
    return bool(row and row[0])
