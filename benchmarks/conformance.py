"""The same tables from DuckDB and Spark: every step of an audit, row by row.

    python benchmarks/conformance.py --incidents 100000 [--only link]

makes a force, audits it on DuckDB, computes every step again on Spark from the same input tables, and
compares each output table row by row. What it found is stored, with the date, under benchmarks/results after
every step, so that a run that is cut short leaves what it had; a run of some steps renews those alone.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from opencdi import comparison, counting, disclosure, linkage, records, schema
from opencdi.comparison.population import population
from opencdi.counting import classification
from opencdi.discovery.scoring import score
from opencdi.engine import Engine, Relation
from opencdi.engine.spark import SparkEngine
from opencdi.workspace import Workspace

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Compared:
    """One table from both engines: rows, and rows that only one of them has."""

    step: str
    table: str
    rows: int
    only_duckdb: int
    only_spark: int
    first: tuple[Mapping[str, Any], ...] = field(default=())

    @property
    def equal(self) -> bool:
        return self.only_duckdb == self.only_spark == 0


def made_audit(folder: Path, incidents: int, seed: int) -> Workspace:
    """A made-up force of so many incidents, audited on DuckDB, in a folder."""
    force, audit = folder / "force", folder / "audit"
    run = ("simulate", str(force), "--incidents", str(incidents), "--seed", str(seed))
    _opencdi(*run, "--force", "Thamesmere")
    exports = [str(force / "exports" / f"{table}.csv") for table in ("incidents", "crimes")]
    _opencdi("init", str(audit), "--incidents", exports[0], "--crimes", exports[1])
    _opencdi("audit", str(audit), "--to", "population")
    return Workspace.open(audit)


def compared_steps(
    workspace: Workspace, spark: Engine, folder: Path, only: Sequence[str] = ()
) -> Iterator[tuple[list[Compared], float]]:
    """Each step that makes tables, computed on ``spark`` from DuckDB's inputs: what differs, and seconds."""
    for name, step in STEPS.items():
        if only and name not in only:
            continue
        began = time.perf_counter()
        made = step(workspace, spark, workspace.opened(spark, _READ if name != "read" else ()))
        for table, relation in made.items():
            spark.write(relation, folder / f"{table}.parquet")
        took = time.perf_counter() - began
        yield (
            [compared(name, table, _by_duckdb(workspace, name, table, folder), folder) for table in made],
            took,
        )


def _by_duckdb(workspace: Workspace, name: str, table: str, folder: Path) -> Path:
    """A table as DuckDB makes it: the audit's own, or made now where an audit has none or makes it otherwise.

    An audit links part by part, with habits learned from whole parts; here all crimes are linked in one go.
    """
    if name != "link" and workspace.table(table).exists():
        return workspace.table(table)
    path = folder / f"{table}-by-duckdb.parquet"
    with workspace.desk() as engine:
        made = STEPS[name](workspace, engine, workspace.opened(engine, _READ))
        engine.write(made[table], path)
    return path


_READ = (
    *("incidents", "crimes", "parties", "links", "disclosed_offences"),
    *("required_crimes", "offence_decisions", "matches", "findings"),
)

Tables = Mapping[str, Relation]


def _read(workspace: Workspace, spark: Engine, _: Tables) -> Tables:
    return records.read(spark, workspace.audit, workspace.root, classification.load().offence_list())


def _link(workspace: Workspace, _: Engine, tables: Tables) -> Tables:
    families = classification.load().families()
    parties = tables["parties"]
    return {
        "links": linkage.link(tables["incidents"], tables["crimes"], parties, workspace.linkage, families)
    }


def _disclose(_: Workspace, __: Engine, tables: Tables) -> Tables:
    return {"disclosed_offences": disclosure.disclose(tables["incidents"], tables["parties"])}


def _count(workspace: Workspace, _: Engine, tables: Tables) -> Tables:
    edition = workspace.audit.counting.edition
    return counting.count(tables["disclosed_offences"], tables["incidents"], edition)._asdict()


def _compare(_: Workspace, __: Engine, tables: Tables) -> Tables:
    made = comparison.compare(
        required=tables["required_crimes"],
        decisions=tables["offence_decisions"],
        disclosed=tables["disclosed_offences"],
        links=tables["links"],
        crimes=tables["crimes"],
        incidents=tables["incidents"],
        parties=tables["parties"],
    )
    return {"matches": made.matches, "findings": made.findings}


def _population(_: Workspace, __: Engine, tables: Tables) -> Tables:
    names = ("incidents", "required_crimes", "links", "crimes", "findings")
    return {"population": population(*(tables[name] for name in names))}


def _discover(_: Workspace, __: Engine, tables: Tables) -> Tables:
    scores, _learned = score(
        incidents=tables["incidents"],
        disclosed=tables["disclosed_offences"],
        links=tables["links"],
        required=tables["required_crimes"],
        matches=tables["matches"],
        findings=tables["findings"],
        crimes=tables["crimes"],
        verdicts={},
    )
    return {"scores": scores}


STEPS: Mapping[str, Callable[[Workspace, Engine, Tables], Tables]] = {
    "read": _read,
    "link": _link,
    "disclose": _disclose,
    "count": _count,
    "compare": _compare,
    "population": _population,
    "discover": _discover,
}


def compared(step: str, table: str, duckdb_made: Path, folder: Path) -> Compared:
    """The rows of one table from both engines, each with the times it occurs."""
    left, right = _source(duckdb_made), _source(folder / f"{table}.parquet")
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        rows = _number(connection, f"select count(*) from {left}")
        only_left = f"(select * from {left} except all select * from {right})"
        only_right = f"(select * from {right} except all select * from {left})"
        counts = [_number(connection, f"select count(*) from {each}") for each in (only_left, only_right)]
        first = _first(connection, table, only_left, only_right) if any(counts) else ()
    return Compared(step, table, rows, *counts, first)


def _source(path: Path) -> str:
    files = path / "**" / "*.parquet" if path.is_dir() else path
    return f"read_parquet('{files}')"


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(connection.execute(sql).fetchall()[0][0])


def _first(
    connection: duckdb.DuckDBPyConnection, table: str, only_left: str, only_right: str
) -> tuple[Mapping[str, Any], ...]:
    """The columns in which a few rows of one key differ; never what stands in them."""
    key = schema.TABLES[table].key
    same = " and ".join(f"l.{name} is not distinct from r.{name}" for name in key)
    differs = ", ".join(
        f"sum(case when l.{name} is distinct from r.{name} then 1 else 0 end) as {name}"
        for name in schema.TABLES[table].names
    )
    cursor = connection.execute(
        f"select count(*) as rows_of_one_key, {differs} from {only_left} l join {only_right} r on {same}"
    )
    names = [column[0] for column in cursor.description or ()]
    return tuple(
        {name: value for name, value in zip(names, row, strict=True) if value} for row in cursor.fetchall()
    )


def _opencdi(*arguments: str) -> None:
    program = Path(sys.executable).with_name("opencdi")
    subprocess.run([str(program), *arguments], check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="8GB", help="of Spark's process")
    parser.add_argument("--only", nargs="*", default=[], choices=STEPS, help="Compare these steps alone")
    asked = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"conformance-{asked.incidents}.json"
    before = json.loads(path.read_text()) if asked.only and path.exists() else {}
    tables = [table for table in before.get("tables", []) if table["step"] not in asked.only]
    seconds: dict[str, float] = before.get("spark_seconds", {})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workspace = made_audit(folder, asked.incidents, asked.seed)
        (folder / "spark").mkdir()
        with SparkEngine(asked.memory, asked.threads, folder / "scratch") as spark:
            for each, took in compared_steps(workspace, spark, folder / "spark", asked.only):
                seconds[each[0].step] = round(took, 1)
                for table in each:
                    print(_line(table), flush=True)
                    tables.append({**asdict(table), "equal": table.equal})
                tables.sort(key=lambda table: list(STEPS).index(table["step"]))
                path.write_text(
                    json.dumps(_record(asked, tables, seconds), indent=1) + "\n", encoding="utf-8"
                )
    print(f"Stored in {path.name}")
    if not all(table["equal"] for table in tables):
        sys.exit("The engines differ.")


def _line(table: Compared) -> str:
    said = (
        "equal" if table.equal else f"DIFFER: {table.only_duckdb} and {table.only_spark} rows {table.first}"
    )
    return f"{table.step:<11} {table.table:<20} {table.rows:>10,} rows  {said}"


def _record(
    asked: argparse.Namespace, tables: list[dict[str, Any]], seconds: Mapping[str, float]
) -> dict[str, Any]:
    import pyspark

    return {
        "measured": datetime.now(UTC).date().isoformat(),
        "incidents": asked.incidents,
        "seed": asked.seed,
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "pyspark": pyspark.__version__,
        "threads": asked.threads,
        "spark_seconds": seconds,
        "tables": tables,
    }


if __name__ == "__main__":
    main()
