"""Time and memory of reading, scoring and ranking many logs of about 400 characters.

``python benchmarks/reading.py [LOGS]`` prints the time of each part, logs a second and the peak memory of
this process and its workers, as the operating system counts it, and keeps them under ``benchmarks/results``.
The logs are made-up; each is cut or filled to 400 characters.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from opencdi import schema
from opencdi.disclosure import disclose
from opencdi.discovery.harm import order_of
from opencdi.discovery.ranking import ranked
from opencdi.discovery.scoring import score
from opencdi.engine import DuckDBEngine, Engine, Relation, batch_of

CHARACTERS = 400
ROWS_A_BATCH = 20_000
MEMORY_LIMIT = "1GB"
WORKLIST = 100
SHARE_RECORDED = 0.8
RESULTS = Path(__file__).parent / "results"


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
    described = engine.batches(
        f"select distinct incident_id from {disclosed.name} where assertion = 'asserted' order by incident_id"
    )
    chance = np.random.default_rng(1)
    return engine.from_batches(schema.LINKS, (recorded_of(batch, chance) for batch in described))


def recorded_of(described: pa.RecordBatch, chance: np.random.Generator) -> pa.RecordBatch:
    incident_ids = described.column("incident_id").to_pylist()
    kept = chance.random(len(incident_ids)) < SHARE_RECORDED
    return batch_of(
        schema.LINKS,
        [
            {
                "crime_id": f"C{incident_id}",
                "incident_id": incident_id,
                "link_class": "clear",
                "probability": 0.99,
                "candidates": 1,
            }
            for incident_id, recorded in zip(incident_ids, kept, strict=True)
            if recorded
        ],
    )


def empty(engine: Engine, table: schema.Table) -> Relation:
    return engine.from_batches(table, [batch_of(table, [])])


@dataclass(frozen=True)
class Clock:
    """Seconds by the clock, and of processor here and in workers that have ended."""

    seconds: float
    cpu_seconds: float

    @classmethod
    def now(cls) -> Clock:
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return cls(time.monotonic(), sum(each.ru_utime + each.ru_stime for each in used))

    def since(self, began: Clock) -> Clock:
        return Clock(round(self.seconds - began.seconds, 1), round(self.cpu_seconds - began.cpu_seconds, 1))


def measured(count: int) -> dict[str, Clock]:
    with tempfile.TemporaryDirectory() as folder, DuckDBEngine(MEMORY_LIMIT) as engine:
        logs = made_logs(Path(folder), 20_000)
        reports = engine.from_batches(schema.INCIDENTS, incidents(logs, count))
        parties = empty(engine, schema.PARTIES)
        began = Clock.now()
        disclosed = disclose(reports, parties)
        read = Clock.now()
        tables = [empty(engine, table) for table in (schema.REQUIRED_CRIMES, schema.MATCHES, schema.FINDINGS)]
        crimes = empty(engine, schema.CRIMES)
        recorded = links(engine, disclosed)
        ready = Clock.now()
        scores, _ = score(reports, disclosed, recorded, *tables, crimes, {})
        scored = Clock.now()
        ranking = ranked(scores, order_of([]))
        worklist = ranking.top((), WORKLIST)
        assert len(worklist) == WORKLIST
        assert engine.write(ranking.leads(frozenset(), {}, {}), Path(folder) / "leads.parquet") == count
        done = Clock.now()
    return {"read": read.since(began), "scored": scored.since(ready), "ranked": done.since(scored)}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    parts = measured(count)
    seconds = sum(part.seconds for part in parts.values())
    cpu_seconds = sum(part.cpu_seconds for part in parts.values())
    parts["all"] = Clock(round(seconds, 1), round(cpu_seconds, 1))
    result = {
        "measured_on": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "logs": count,
        "characters_a_log": CHARACTERS,
        "parts": {name: asdict(part) for name, part in parts.items()},
        "peak_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
        "peak_gib_a_worker": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20, 2),
    }
    for name, part in parts.items():
        print(f"{name:<8} {part.seconds:8.1f} s {part.cpu_seconds:8.1f} s of processor")
    print(f"memory   {result['peak_gib']} GiB here, at most {result['peak_gib_a_worker']} GiB in a worker")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"reading-{count}.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
