"""Of a table that says when each row was changed, what has changed since it was last fetched.

Every fetch is a file of its own and is never written again, so that a night reads the new file alone. Rows
are asked for from a little before the last change held: a change whose transaction ended later than its stamp
is not missed, and a row that is held already is not kept twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

OVERLAP = "1 hour"
"""How far back of the last change held a fetch begins; no transaction should last longer."""

_A_MOMENT = "[0-9]{4}-.*"


def files_of(folder: Path) -> list[Path]:
    """The fetches held, the oldest first."""
    return sorted(folder.glob("*.parquet"))


def next_file(folder: Path) -> Path:
    return folder / f"{len(files_of(folder)) + 1:06d}.parquet"


def last_change(folder: Path, column: str) -> str | None:
    """The last change that is held, as text; None where nothing is."""
    held = files_of(folder)
    if not held:
        return None
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select max({_name(column)}) from read_parquet(?) "
            f"where regexp_full_match({_name(column)}, '{_A_MOMENT}')",
            [[str(path) for path in held]],
        ).fetchall()
    return None if found[0][0] is None else str(found[0][0])


def has_columns(folder: Path, names: Sequence[str]) -> bool:
    """Whether what is held has these columns, in this order."""
    return all(pq.read_schema(path).names == list(names) for path in files_of(folder))


def keep_new(fetched: Path, folder: Path) -> None:
    """Take a fetch in as the next file, without the rows that are held already; none is written for none."""
    held = files_of(folder)
    if not held:
        fetched.replace(next_file(folder))
        return
    target = next_file(folder)
    beside = target.with_suffix(".new")
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        connection.read_parquet(str(fetched)).create_view("fetched")
        connection.read_parquet([str(path) for path in held]).create_view("held")
        rows = (
            "select * exclude (place) from (select *, row_number() over () as place from fetched) as fetched"
        )
        same = " and ".join(
            f"held.{_name(name)} is not distinct from fetched.{_name(name)}"
            for name in pq.read_schema(fetched).names
        )
        written = connection.execute(
            f"copy ({rows} where not exists (select 1 from held where {same}) order by place) "
            f"to '{str(beside).replace(chr(39), chr(39) * 2)}' (format parquet, compression zstd)"
        ).fetchall()
    fetched.unlink()
    if written[0][0]:
        beside.replace(target)
    else:
        beside.unlink()


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
