"""What the role that runs the room may do in PostgreSQL: work with rows; of events, only read and add."""

from __future__ import annotations

from django.db import connection

from opencdi.errors import UserError
from opencdi.review.project.database_checks import EVENT_TABLE


def grant_to(role: str) -> None:
    """Grants, as the owner of the tables, what the run role needs.

    Raises UserError on SQLite, which has no roles, and for a role that does not exist.
    """
    if connection.vendor != "postgresql":
        raise UserError("Roles are PostgreSQL's: leave --run-role out with SQLite.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            raise UserError(f"PostgreSQL has no role {role!r}. Make it first (docs/deploy.md shows how).")
        name = connection.ops.quote_name(role)
        for statement in statements(name):
            cursor.execute(statement)


def statements(role: str) -> tuple[str, ...]:
    """The grants, for a role's quoted name."""
    return (
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"REVOKE ALL ON {EVENT_TABLE} FROM {role}",
        f"GRANT SELECT, INSERT ON {EVENT_TABLE} TO {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
    )
