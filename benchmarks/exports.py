"""What reading costs: three CSV readers, and the whole of `records.read`, as a page of documentation.

Times are seconds of processor time, which a busy machine changes little. Run
`python benchmarks/exports.py [ROWS]`; it writes docs/reading-exports-speed.md.
"""

from __future__ import annotations

import csv
import itertools
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa

from opencdi.engine import DuckDBEngine
from opencdi.records import read
from opencdi.records.profile import Layout
from opencdi.records.readers import rows_of
from opencdi.records.sources import expanded
from opencdi.settings import Audit

PAGE = Path(__file__).parent.parent / "docs" / "reading-exports-speed.md"
ROWS_A_BATCH = 20_000
WORDS = (
    *("INFT", "STATES", "MALE", "AT", "DOOR", "SHOUTING", "HAS", "PUSHED", "HER", "SUSP", "LEFT"),
    *("ON", "FOOT", "NFA", "UNIT", "SENT", "CALLER", "UPSET"),
)

INCIDENTS = """\
table = "incidents"
formats = ["%d/%m/%Y %H:%M:%S", "%d/%m/%Y"]
[columns]
incident_id = "Incident No"
reported_at = "Call Received"
channel = "Contact Method"
caller_role = "Caller Type"
opening_code = "Opening Code"
closing_codes = ["Closing Code 1", "Closing Code 2"]
flags = { columns = ["Qualifiers"], separator = ";" }
attended_at = "Attended"
closed_at = "Closed"
unit = "Unit"
address = "Location"
postcode = "Postcode"
beat = "Beat"
latitude = "Latitude"
longitude = "Longitude"
narrative = "Log Text"
[codes.opening_group]
"110" = "violence"
[codes.closing_group]
"110" = "violence"
[codes.flags]
DA = "domestic_abuse"
ALC = "alcohol"
[[party]]
role = "caller"
surname = "Caller Surname"
forename = "Caller Forename"
born_on = "Caller DOB"
telephone = "Caller Tel"
"""

CRIMES = """\
table = "crimes"
formats = ["%d/%m/%Y"]
[columns]
crime_id = "Crime Number"
recorded_at = "Date Recorded"
"""


def write_incidents(path: Path, rows: int) -> None:
    """Incident logs of four hundred characters over two lines, as a control room exports them."""
    chance = random.Random(1)
    logs = [" ".join(chance.choices(WORDS, k=75))[:400] for _ in range(500)]
    columns = (
        "Incident No|Call Received|Contact Method|Caller Type|Caller Surname|Caller Forename|Caller DOB"
        "|Caller Tel|Opening Code|Closing Code 1|Closing Code 2|Qualifiers|Attended|Closed|Unit|Location"
        "|Postcode|Beat|Latitude|Longitude|Log Text"
    )
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns.split("|"))
        for row in range(rows):
            when = f"{row % 28 + 1:02}/{row % 12 + 1:02}/2024 {row % 24:02}:{row % 60:02}:{row % 59:02}"
            log = logs[row % 500]
            person = ("SMITH", "JANE", "03/04/1980", "07700 900123")
            place = (f"{row % 200} HIGH STREET", "OX1 1AA", "B12", "51.75", "-1.25")
            coded = ("110", "110", "", "DA;ALC")
            text = f"{log[:200]}\n{log[200:]}"
            writer.writerow(
                [f"TV-2024-{row:07}", when, "999", "Victim", *person, *coded, when, when, "P12", *place, text]
            )


def by_duckdb(path: Path) -> int:
    """DuckDB's own scan: the yardstick. It gives no line numbers."""
    scanned = duckdb.sql(
        f"select count(columns(*)) from read_csv('{path}', all_varchar = true, header = true)"
    )
    return len(scanned.fetchall())


def by_python(path: Path) -> int:
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        columns = len(next(reader))
        count = 0
        while chunk := list(itertools.islice(reader, ROWS_A_BATCH)):
            arrays = [pa.array(values) for values in zip(*chunk, strict=True)]
            count += len(arrays[0]) if len(arrays) == columns else 0
    return count


def by_arrow(path: Path) -> int:
    (source,) = expanded([path.name], path.parent)
    return sum(batch.num_rows for batch in rows_of(source, Layout()).batches())


def whole(root: Path) -> int:
    audit = Audit.model_validate(
        {
            "force": "Bench",
            "exports": [
                {"table": "incidents", "files": ["incidents.csv"], "profile": "incidents.toml"},
                {"table": "crimes", "files": ["crimes.csv"], "profile": "crimes.toml"},
            ],
        }
    )
    with DuckDBEngine(memory_limit="2GB", scratch=root / "scratch") as engine:
        return read(engine, audit, root, {})["incidents"].count()


def seconds(work: Callable[[], int]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_incidents(root / "incidents.csv", rows)
        (root / "incidents.toml").write_text(INCIDENTS)
        (root / "crimes.toml").write_text(CRIMES)
        (root / "crimes.csv").write_text("Crime Number,Date Recorded\n1,13/06/2024\n")
        size = (root / "incidents.csv").stat().st_size / 2**20
        scan = seconds(lambda: by_duckdb(root / "incidents.csv"))
        measured = {
            "DuckDB's scan (no lines, ragged rows unseen)": scan,
            "Arrow with lines and ragged rows (used)": seconds(lambda: by_arrow(root / "incidents.csv")),
            "Python's csv module into Arrow": seconds(lambda: by_python(root / "incidents.csv")),
            "the whole of reading, to typed tables": seconds(lambda: whole(root)),
        }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = [f"| {name} | {cost:.1f} | {cost / scan:.1f} |" for name, cost in measured.items()]
    page = [
        "# What reading costs",
        "",
        f"Measured by `benchmarks/exports.py` on {rows:,} incidents with logs of four hundred characters",
        f"over two lines ({size:,.0f} MB). Processor seconds, on all cores together; the engine was held to",
        f"2 GB, and the process reached {peak:,.0f} MB.",
        "",
        "| | processor seconds | times DuckDB's scan |",
        "|---|---:|---:|",
        *lines,
        "",
    ]
    PAGE.write_text("\n".join(page), encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
