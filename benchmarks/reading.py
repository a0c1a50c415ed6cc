"""Time and memory of reading, scoring and ranking many logs of about 400 characters.

``python benchmarks/reading.py [LOGS]`` prints the time of each part, logs a second and the peak memory of
this process and its workers, as the operating system counts it. The logs are made-up; each is cut or
filled to 400 characters.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from opencdi import schema
from opencdi.disclosure import disclose
from opencdi.discovery.harm import order_of
from opencdi.discovery.leads import lead_of, ranked
from opencdi.discovery.scoring import score
from opencdi.engine import DuckDBEngine, Engine, Relation, batch_of

CHARACTERS = 400
ROWS_A_BATCH = 20_000
MEMORY_LIMIT = "1GB"
SHARE_RECORDED = 0.8


def made_logs(folder: Path, count: int) -> list[str]:
    """Different logs of about 400 characters, from the made-up force."""
    import csv

    from opencdi.simulation.force import simulate
    from opencdi.simulation.settings import Force

    simulate(Force(incidents=count, seed=3), folder, as_parquet=False, progress=lambda _, __: None)
    path = next((folder / "exports").glob("incidents.*"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        logs = [row["Log Text"] for row in csv.DictReader(file) if row["Log Text"]]
    filler = "\n".join(logs[:200])
    return [(log + "\n" + filler[start : start + CHARACTERS])[:CHARACTERS] for start, log in enumerate(logs)]


def incidents(logs: list[str], count: int) -> Iterator[pa.RecordBatch]:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for first in range(0, count, ROWS_A_BATCH):
        yield batch_of(
            schema.INCIDENTS,
            [
                {
                    "incident_id": f"I{number:08d}",
                    "force": "Bench",
                    "reported_at": start + timedelta(seconds=30 * number),
                    "channel": "101",
                    "caller_role": "victim",
                    "opening_group": "unknown",
                    "closing_group": "unknown",
                    "narrative": logs[number % len(logs)],
                    "auditable": True,
                    "source_file": "bench",
                    "source_line": number + 1,
                }
                for number in range(first, min(count, first + ROWS_A_BATCH))
            ],
        )


def links(engine: Engine, disclosed: Relation) -> Relation:
    """Most logs that describe an offence have a crime, so that there is something to learn from."""
    rows = engine.rows(
        f"select distinct incident_id from {disclosed.name} where assertion = 'asserted' order by incident_id"
    )
    kept = np.random.default_rng(1).random(len(rows)) < SHARE_RECORDED
    batches = (
        batch_of(
            schema.LINKS,
            [
                {
                    "crime_id": f"C{place}",
                    "incident_id": rows[place]["incident_id"],
                    "link_class": "clear",
                    "probability": 0.99,
                    "candidates": 1,
                }
                for place in range(first, min(len(rows), first + ROWS_A_BATCH))
                if kept[place]
            ],
        )
        for first in range(0, len(rows), ROWS_A_BATCH)
    )
    return engine.from_batches(schema.LINKS, batches)


def empty(engine: Engine, table: schema.Table) -> Relation:
    return engine.from_batches(table, [batch_of(table, [])])


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder, DuckDBEngine(MEMORY_LIMIT) as engine:
        logs = made_logs(Path(folder), 20_000)
        reports = engine.from_batches(schema.INCIDENTS, incidents(logs, count))
        parties = empty(engine, schema.PARTIES)
        began = time.monotonic()
        disclosed = disclose(reports, parties)
        read = time.monotonic()
        tables = [empty(engine, table) for table in (schema.REQUIRED_CRIMES, schema.MATCHES, schema.FINDINGS)]
        crimes = empty(engine, schema.CRIMES)
        recorded = links(engine, disclosed)
        ready = time.monotonic()
        scores, _ = score(reports, disclosed, recorded, *tables, crimes, {})
        scored = time.monotonic()
        columns = ("incident_id", "seriousness", "missing", "harm_group", "why")
        leads = ranked(
            [lead_of(row) for batch in scores.batches(columns) for row in batch.to_pylist()], order_of([])
        )
        done = time.monotonic()
    parts = {"read": read - began, "scored": scored - ready, "ranked": done - scored}
    for name, seconds in parts.items():
        print(f"{name:<8} {seconds:8.1f} s   {count / seconds:10,.0f} logs/s")
    print(f"{'all':<8} {sum(parts.values()):8.1f} s   {len(leads):,} leads, {os.cpu_count()} cores")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    print(f"memory   {own:.2f} GB here, at most {worker:.2f} GB in a worker")


if __name__ == "__main__":
    main()
