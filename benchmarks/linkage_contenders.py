"""Linkage beside Splink 5 end to end and beside a linkage written by hand in SQL, on one made-up force.

    python benchmarks/linkage_contenders.py [--incidents N] [--seed S] [--only NAME] [--keep FOLDER]

The force is made, read and worn (``opencdi.linkage.wear``) once; each contender then links the same tables in
a process of its own. Splink gets what its documentation advises: merged location, u by random sampling, m by
expectation maximisation over two blocking rules, blocking rules with the same window. The best incident of
each crime counts as a link where its probability is a half or more; the hand-written SQL has a threshold in
bits. No contender was tuned on the truth.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from linkage import make
from opencdi.counting import classification
from opencdi.engine import DuckDBEngine, Relation
from opencdi.linkage import TRUTH, accuracy, calibration_error, link, reliability
from opencdi.linkage.wear import Force, worn
from opencdi.schema import CRIMES, INCIDENTS, LINKS, PARTIES
from opencdi.settings import Linkage

RESULTS = Path(__file__).parent / "results"
TABLES = (INCIDENTS, CRIMES, PARTIES)
WINDOW = "between -3600 and 2419200"

FLAT = """
create table a_incidents as
select incident_id as unique_id, any_value({digits}(incident_id, '[^0-9]', '', 'g')) as own,
       any_value({digits}(i.crime_references[1], '[^0-9]', '', 'g')) as given,
       any_value(p.surname) as surname, any_value(p.forename) as forename, any_value(p.born_on) as born_on,
       any_value(address) as address, any_value(postcode) as postcode, any_value(beat) as beat,
       any_value(cast(epoch(reported_at) as bigint)) as instant,
       any_value(cast(epoch(reported_at) as bigint)) as reported, any_value(closing_group) as family
from read_parquet('{folder}/incidents.parquet') as i
left join read_parquet('{folder}/parties.parquet') as p
  on p.record_kind = 'incident' and p.record_id = i.incident_id and p.party_no = 1
group by incident_id;
create table b_crimes as
select crime_id as unique_id, any_value({digits}(crime_id, '[^0-9]', '', 'g')) as own,
       nullif(any_value({digits}(incident_reference, '[^0-9]', '', 'g')), '') as given,
       any_value(p.surname) as surname, any_value(p.forename) as forename, any_value(p.born_on) as born_on,
       any_value(address) as address, any_value(postcode) as postcode, any_value(beat) as beat,
       any_value(cast(epoch(recorded_at) as bigint)) as instant,
       any_value(cast(epoch(reported_at) as bigint)) as reported, any_value(f.family) as family
from read_parquet('{folder}/crimes.parquet') as c
left join read_parquet('{folder}/parties.parquet') as p
  on p.record_kind = 'crime' and p.record_id = c.crime_id and p.party_no = 1
left join families as f on f.code = c.class_code
group by crime_id;
"""
"""One row a record with its first person, as a linkage of two flat tables wants them."""

BLOCKS = (
    "l.own = r.given",
    "l.given = r.own",
    f"l.surname = r.surname and l.forename = r.forename and r.instant - l.instant {WINDOW}",
    f"l.born_on = r.born_on and l.surname = r.surname and r.instant - l.instant {WINDOW}",
    f"l.postcode = r.postcode and r.instant - l.instant {WINDOW}",
    "l.beat = r.beat and l.family = r.family and r.instant - l.instant between -3600 and 172800",
)

BY_HAND = """
create table best as
with pair as ({pairs}),
scored as (
    select r.unique_id as crime_id, l.unique_id as incident_id,
           case when l.own = r.given or l.given = r.own then 9 when r.given is null then 0 else -3 end
         + case when l.born_on = r.born_on and l.surname = r.surname then 10
                when l.surname = r.surname and l.forename = r.forename then 8
                when l.surname is null or r.surname is null then 0 else -2 end
         + case when l.postcode = r.postcode and l.address = r.address then 9
                when l.postcode = r.postcode then 6 when l.beat = r.beat then 2
                when l.postcode is null or r.postcode is null then 0 else -3 end
         + case when abs(r.reported - l.reported) <= 120 then 8
                when abs(r.reported - l.reported) <= 3600 then 5
                when r.instant - l.instant <= 14400 then 3 when r.instant - l.instant <= 86400 then 2
                when r.instant - l.instant <= 259200 then 0 else -3 end
         + case when l.family = r.family then 2 else -1 end as bits
    from pair join a_incidents as l on l.unique_id = pair.l join b_crimes as r on r.unique_id = pair.r
),
ranked as (
    select *, row_number() over (partition by crime_id order by bits desc, incident_id) as place from scored
)
select crime_id, incident_id, bits from ranked where place = 1 and bits >= 6.5
"""


def ours(folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
    with DuckDBEngine(scratch=folder / "scratch") as engine:
        tables = [engine.open(table, folder / f"{table.name}.parquet") for table in TABLES]
        links = link(*tables, Linkage(), classification.load().families())
        engine.write(links, folder / "ours.parquet")


def by_hand(folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
    pairs = " union ".join(
        f"select l.unique_id as l, r.unique_id as r from a_incidents as l join b_crimes as r on {block}"
        for block in BLOCKS
    )
    connection.execute(BY_HAND.format(pairs=pairs))
    _keep(
        connection, "select crime_id, incident_id, null as probability from best", folder / "by_hand.parquet"
    )


def splink(folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
    from splink import DuckDBAPI, Linker, SettingsCreator
    from splink import comparison_library as cl

    place = cl.CustomComparison(
        output_column_name="place",
        comparison_levels=[
            _level("address", "postcode_l = postcode_r and address_l = address_r"),
            _level("postcode", "postcode_l = postcode_r"),
            _level("beat", "beat_l = beat_r"),
            _level("unknown", "postcode_l is null or postcode_r is null"),
            _level("else", "ELSE"),
        ],
    )
    number = cl.CustomComparison(
        output_column_name="number",
        comparison_levels=[
            _level("given", "own_l = given_r or given_l = own_r"),
            _level("slip", "levenshtein(own_l, given_r) <= 2"),
            _level("none", "given_r is null"),
            _level("else", "ELSE"),
        ],
    )
    delay = cl.CustomComparison(
        output_column_name="delay",
        comparison_levels=[
            _level("2 minutes", "abs(reported_r - reported_l) <= 120"),
            _level("1 hour", "abs(reported_r - reported_l) <= 3600"),
            *(
                _level(f"{hours} hours", f"instant_r - instant_l <= {hours * 3600}")
                for hours in (4, 24, 72, 168)
            ),
            _level("else", "ELSE"),
        ],
    )
    settings = SettingsCreator(
        link_type="link_only",
        blocking_rules_to_generate_predictions=list(BLOCKS),
        comparisons=[
            number,
            cl.ForenameSurnameComparison("forename", "surname"),
            cl.ExactMatch("born_on"),
            place,
            delay,
            cl.ExactMatch("family"),
        ],
    )
    api = DuckDBAPI(connection=connection)
    names = ("a_incidents", "b_crimes")
    linker = Linker([api.register(name, dataset_display_name=f"{name}_") for name in names], settings)
    linker.training.estimate_probability_two_random_records_match([BLOCKS[0], BLOCKS[3]], recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for block in (BLOCKS[2], BLOCKS[4]):
        linker.training.estimate_parameters_using_expectation_maximisation(block)
    predicted = linker.inference.predict(threshold_match_probability=0.01).physical_name
    best = (
        "select crime_id, incident_id, probability from (select unique_id_r as crime_id, "
        "unique_id_l as incident_id, match_probability as probability, row_number() over "
        f"(partition by unique_id_r order by match_weight desc, unique_id_l) as place from {predicted}) "
        "where place = 1 and probability >= 0.5"
    )
    _keep(connection, best, folder / "splink.parquet")


def _level(name: str, condition: str) -> dict[str, Any]:
    return {"sql_condition": condition, "label_for_charts": name}


CONTENDERS: dict[str, Callable[[Path, duckdb.DuckDBPyConnection], None]] = {
    "ours": ours,
    "by_hand": by_hand,
    "splink": splink,
}


def _keep(connection: duckdb.DuckDBPyConnection, sql: str, path: Path) -> None:
    connection.execute(f"copy ({sql}) to '{path}' (format parquet)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--incidents", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", type=Path, help="Work in this folder and leave it there")
    parser.add_argument("--only", choices=sorted(CONTENDERS), help="Measure this one, keep what others took")
    parser.add_argument("--run", choices=sorted(CONTENDERS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        run(options.keep, options.run)
        return
    folder = options.keep or Path(tempfile.mkdtemp(prefix="opencdi-bench-"))
    place = RESULTS / f"contenders-{options.incidents}.json"
    kept = json.loads(place.read_text())["contenders"] if options.only and place.exists() else []
    try:
        asked = [options.only] if options.only else list(CONTENDERS)
        result = measure(folder, options.incidents, options.seed, asked)
    finally:
        if options.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    measured = {each["name"]: each for each in (*kept, *result["contenders"])}
    result["contenders"] = [measured[name] for name in CONTENDERS if name in measured]
    RESULTS.mkdir(exist_ok=True)
    place.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def run(folder: Path, name: str) -> None:
    """One contender, from Parquet to Parquet; prints its seconds without start-up and its peak KiB."""
    connection = duckdb.connect(config={"temp_directory": str(folder / "spill")})
    started = time.perf_counter()
    if name != "ours":
        families = classification.load().families()
        connection.execute("create table families (code varchar, family varchar)")
        connection.executemany("insert into families values (?, ?)", sorted(families.items()))
        connection.execute(FLAT.format(folder=folder, digits="regexp_replace"))
    CONTENDERS[name](folder, connection)
    print(time.perf_counter() - started, _peak_kib())


def _peak_kib() -> int:
    """Most memory this process held; the parent's own, which ``wait4`` would mix in, left out."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


def measure(folder: Path, incidents: int, seed: int, names: list[str]) -> dict[str, Any]:
    if not (folder / "truth.parquet").exists():
        if not (folder / "audit").exists():
            make(folder, incidents, seed)
        _wear(folder, seed)
    contenders = [_contender(folder, name) for name in names]
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "duckdb": duckdb.__version__,
        "splink": version("splink"),
        "incidents": incidents,
        "contenders": contenders,
    }


def _wear(folder: Path, seed: int) -> None:
    tables = folder / "audit" / "tables"
    with DuckDBEngine(scratch=folder / "scratch") as engine:
        read = [engine.open(table, tables / table.name) for table in TABLES]
        truth = engine.open(TRUTH, folder / "force" / "truth" / "links.parquet")
        worse = worn(Force(*read, truth), seed)
        engine.write(worse.truth, folder / "truth.parquet")
        for relation in (worse.incidents, worse.crimes, worse.parties):
            engine.write(relation, folder / f"{relation.contract.name}.parquet")


def _contender(folder: Path, name: str) -> dict[str, Any]:
    load = round(os.getloadavg()[0], 1)
    command = [sys.executable, __file__, "--keep", str(folder), "--run", name]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    printed = process.stdout.read().split()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{name} failed; run it alone with --run {name} to see why.")
    seconds, peak = float(printed[-2]), int(printed[-1]) / 2**20
    processor = usage.ru_utime + usage.ru_stime
    with DuckDBEngine(scratch=folder / "scratch") as engine:
        links, truth = (
            _links(engine, folder / f"{name}.parquet"),
            engine.open(TRUTH, folder / "truth.parquet"),
        )
        groups = accuracy(links, truth)
        bands = reliability(links, truth) if name != "by_hand" else ()
    print(f"{name:<8} {seconds:7.1f} s {processor:7.1f} s of processor {peak:5.2f} GiB", flush=True)
    for group in groups:
        found = f"P {group.precision or 0:.4f}  R {group.recall or 0:.4f}"
        print(f"    {group.group:<12} {found}  linked {group.linked:,} of {group.crimes:,}")
    return {
        "name": name,
        "measured_on": datetime.now(UTC).date().isoformat(),
        "load_before": load,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(processor, 2),
        "peak_gib": round(peak, 2),
        "calibration_error": round(calibration_error(bands), 4) if bands else None,
        "groups": [asdict(group) for group in groups],
    }


def _links(engine: DuckDBEngine, path: Path) -> Relation:
    """Any contender's links as ``schema.LINKS``; a crime it left out is linked to none."""
    if path.name == "ours.parquet":
        return engine.open(LINKS, path)
    columns = (
        "c.crime_id, b.incident_id, cast(null as varchar) as runner_up_incident_id, "
        "cast(b.probability as double) as probability"
    )
    linked = "case when b.incident_id is null then 'none' else 'clear' end as link_class"
    engine.connection.execute(
        f"create table contender as select {columns}, {linked} "
        f"from read_parquet('{path.parent / 'crimes.parquet'}') as c "
        f"left join read_parquet('{path}') as b on b.crime_id = c.crime_id"
    )
    return engine.relation(LINKS, "contender")


if __name__ == "__main__":
    main()
