"""Frame, tickets and sample for ten million incidents: seconds, peak memory, ratio to a plain scan."""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from opencdi import schema
from opencdi.bundle import Bundle, draw_sample, freeze
from opencdi.engine import DuckDBEngine, Step
from opencdi.settings import Audit

POPULATION = """
select
    'TVP-2026-' || lpad(cast(i as varchar), 9, '0') as incident_id,
    case when hash(i) % 100 = 0 then 'no_narrative' else 'ordinary' end as kind,
    case when hash(i + 1) % 80 = 0 then 'cancelled' else 'ordinary' end as record,
    ['999', '101', 'online', 'crime_bureau'][cast(hash(i + 2) % 4 + 1 as integer)] as channel,
    ['violence', 'theft', 'anti_social_behaviour', 'welfare'][cast(hash(i + 3) % 4 + 1 as integer)]
        as opening_group,
    ['rape', 'violence with injury', 'theft', 'no crime disclosed'][cast(hash(i + 4) % 4 + 1 as integer)]
        as offence_group,
    hash(i + 5) % 5 = 0 as domestic_abuse,
    1 as required,
    0.02 + 0.9 * pow((hash(i + 6) % 10000) / 10000.0, 8) as score
from range({count}) as numbers(i)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=10_000_000)
    count = parser.parse_args().incidents
    export = {"table": "incidents", "files": ["x"], "profile": "x"}
    audit = Audit.model_validate({"force": "F", "exports": [export], "sample": {"readings": 2000}})
    with tempfile.TemporaryDirectory() as folder:
        path, bundle = Path(folder) / "population.parquet", Bundle(Path(folder) / "sample")
        with DuckDBEngine() as engine:
            engine.run([Step("population", POPULATION.format(count=count))])
            engine.write(engine.relation(schema.POPULATION), path)
        with DuckDBEngine(memory_limit="2GB") as engine:
            started = time.perf_counter()
            engine.rows(f"select count(distinct incident_id), sum(score) from read_parquet('{path}')")
            scan = time.perf_counter() - started
            started = time.perf_counter()
            freeze(engine.open(schema.POPULATION, path), audit, bundle)
            frozen = time.perf_counter() - started
        started = time.perf_counter()
        draw_sample(bundle, "4 1 6 2", "dice")
        drawn = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"incidents {count:,}; plain scan {scan:.1f} s; freeze {frozen:.1f} s; draw {drawn:.1f} s")
    print(f"ratio to the scan {(frozen + drawn) / scan:.1f}; peak memory {peak:.2f} GiB")
    result = {
        "measured_on": datetime.now(UTC).date().isoformat(),
        "incidents": count,
        "scan_seconds": round(scan, 1),
        "freeze_seconds": round(frozen, 1),
        "draw_seconds": round(drawn, 1),
        "ratio": round((frozen + drawn) / scan, 1),
        "peak_gib": round(peak, 2),
    }
    place = Path(__file__).parent / "results" / f"sampling-{count}.json"
    place.parent.mkdir(exist_ok=True)
    place.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
