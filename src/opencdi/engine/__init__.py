"""Where tables are computed.

A room writes its work as named SQL steps in a portable subset and asks the engine's dialect for
what engines spell differently. Nothing here knows what the tables mean.

The portable subset (why: each line once gave two different answers on two engines):

- cast with ``cast(floor(x) as integer)``, never a bare cast of a double;
- every ``row_number`` ends with a unique key, so that ties have one order;
- arithmetic on time goes through ``dialect.epoch_seconds``; the session's zone is UTC;
- no engine-only syntax (``QUALIFY``, ``DISTINCT ON``, list comprehensions, ``//``, ``::``).
"""

from opencdi.engine.core import Engine, Relation, Step, arrow_schema, batch_of
from opencdi.engine.dialect import Dialect, letters_and_digits, sql_text
from opencdi.engine.duckdb import DuckDBDialect, DuckDBEngine
from opencdi.engine.known import known_table
from opencdi.engine.starting import EngineName, started

__all__ = [
    "Dialect",
    "DuckDBDialect",
    "DuckDBEngine",
    "Engine",
    "EngineName",
    "Relation",
    "Step",
    "arrow_schema",
    "batch_of",
    "known_table",
    "letters_and_digits",
    "sql_text",
    "started",
]
