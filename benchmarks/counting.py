"""Counting at a national size: time and memory, as a ratio to a plain scan of the same tables.

Run ``python benchmarks/counting.py [INCIDENTS]``. Made-up offences, a million and a half to a million
incidents, with the mixture of classes, facts and victims that logs show.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from opencdi import schema
from opencdi.counting import count
from opencdi.engine import DuckDBEngine

CLASSES = (
    "8N", "105A", "8L", "8Q", "8R", "8U", "58C", "58A", "46", "45", "48", "28I", "30C", "39", "49", "34B",
    "9A", "92E", "92D", "10D", "20A", "19C", "3B", "44", "66",
)  # fmt: skip

FACTS = ("points_to_prove=yes", "racially_or_religiously_aggravated=yes", "supporting_evidence=yes")


def incidents_sql(number: int) -> str:
    roles = ", ".join(f"'{role}'" for role in schema.CALLER_ROLES)
    return f"""
    select 'I' || lpad(cast(n as varchar), 8, '0') as incident_id,
      timestamptz '2017-01-01 00:00:00+00'
        + to_seconds(cast(floor(random() * 300000000) as bigint)) as reported_at,
      [{roles}][1 + cast(floor(random() * {len(schema.CALLER_ROLES)}) as integer)] as caller_role
    from generate_series(1, {number}) as s(n)"""


def disclosed_sql(number: int) -> str:
    classes = ", ".join(f"'{name}'" for name in CLASSES)
    facts = ", ".join(f"'{fact}'" for fact in FACTS)
    return f"""
    with offences as (
      select n, cast(floor(random() * {number}) as bigint) + 1 as i, random() as r1, random() as r2,
        random() as r3, random() as r4, random() as r5, random() as r6
      from generate_series(1, {number * 3 // 2}) as s(n)),
    numbered as (select *, row_number() over (partition by i order by n) as offence_no,
      [{classes}][1 + cast(floor(r1 * {len(CLASSES)}) as integer)] as class_code from offences)
    select 'I' || lpad(cast(i as varchar), 8, '0') as incident_id, offence_no, class_code,
      cast(null as varchar) as subcode, 'any' as concept,
      case when r2 < 0.85 then 'asserted' when r2 < 0.95 then 'negated' else 'past' end as assertion,
      r3 < 0.05 as attempted, 1 + cast(floor(r4 * 1.3) as integer) as victim_no,
      case when class_code in ('92E', '92D', '10D', '66') then 'state' else 'person' end as victim_kind,
      case when r5 < 0.4 then 'F' when r5 < 0.8 then 'M' end as victim_sex,
      case when r6 < 0.5 then cast(floor(r6 * 160) as integer) end as victim_age,
      cast(floor(r5 * 2.2) as integer) as suspect_group,
      case when r4 < 0.2 then 'partner' when r4 < 0.3 then 'family' else 'unknown' end as relationship,
      cast(null as date) as occurred_on,
      case when r6 < 0.6 then 'yes' when r6 < 0.7 then 'no' else 'unknown' end as victim_confirms,
      case when r3 < 0.9 then 'yes' else 'unknown' end as victim_traced,
      'unknown' as evidence_to_contrary, case when r3 > 0.98 then 'yes' else 'no' end as other_force_records,
      'no' as school_deals, cast(null as integer) as offenders, cast(null as integer) as property_no,
      cast(null as integer) as finished_incident,
      case when r2 < 0.1 then [[{facts}][1 + cast(floor(r2 * 30) as integer)]] else [] end as facts,
      case when r4 < 0.2 then ['domestic_abuse'] else [] end as flags_due, r2 as strength, 'words' as basis
    from numbered"""


def main(number: int) -> None:
    with tempfile.TemporaryDirectory() as folder, DuckDBEngine(memory_limit="2GB") as engine:
        engine.connection.execute("select setseed(0.26)")
        for table, sql in (
            ("incidents", incidents_sql(number)),
            ("disclosed_offences", disclosed_sql(number)),
        ):
            engine.connection.execute(f"copy ({sql}) to '{folder}/{table}.parquet' (format parquet)")
        incidents = engine.open(schema.INCIDENTS, Path(folder) / "incidents.parquet")
        disclosed = engine.open(schema.DISCLOSED_OFFENCES, Path(folder) / "disclosed_offences.parquet")
        started = time.perf_counter()
        engine.rows(f"select count(*), max(hash(d)) from {disclosed.name} d")
        engine.rows(f"select count(*), max(hash(i)) from {incidents.name} i")
        scan = time.perf_counter() - started
        started, busy = time.perf_counter(), sum(os.times()[:2])
        counted = count(disclosed, incidents)
        taken = time.perf_counter() - started
        busy = sum(os.times()[:2]) - busy
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000_000
        print(
            f"{number:,} incidents, {disclosed.count():,} disclosed offences: "
            f"{counted.required_crimes.count():,} records with reasons in {taken:.1f} s "
            f"({busy:.1f} s of processor time) "
            f"({taken / scan:.0f} x a plain scan of {scan:.2f} s), peak {peak:.2f} GB"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
