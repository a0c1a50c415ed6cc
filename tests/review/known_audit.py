"""An audit's folder whose every answer is known: what reports require, and how the force recorded them.

``KINDS`` is the whole truth, one kind a last figure of the incident's number, so that the rates of any sample
can be worked out by hand.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.factories import MONDAY, Row, crime, incident, link, tables
from tests.review.folders import population, settings

from opencdi import schema
from opencdi.bundle import Bundle, draw_sample, freeze
from opencdi.engine import DuckDBEngine, batch_of

INCIDENTS = 200

Fields = dict[str, str]
"""What is answered of one crime, by the names of the form's fields."""

PUNCHED = "PUNCHED IN THE FACE"
ASSAULT: Fields = {"requires": "crime", "class_code": "8N"}
WRONG: Fields = {"words": PUNCHED, "cause": "limited_supervision"}

TOML = """\
force = "Testshire"

[[exports]]
table = "incidents"
files = ["x.csv"]
profile = "x.toml"

[sample]
design = "simple"
readings = {readings}
"""


def reference(number: int) -> str:
    return f"42/{number:05d}/26"


def truth(number: int) -> list[Fields]:
    """The right answer to each crime of an incident; empty where nothing is required."""
    record = reference(number)
    right: Fields = {**ASSAULT, "record": record, "in_time": "yes"}
    kinds: dict[int, list[Fields]] = {
        0: [{**ASSAULT, **WRONG, "record": "none"}],
        1: [{**right, "in_time": "no", "cause": "workload"}],
        2: [{**right, **WRONG}],
        3: [],
        4: [{**right, **WRONG, "cancellation_right": "no", "victim_told": "no"}],
        5: [right, {**ASSAULT, **WRONG, "class_code": "58C", "record": "none"}],
        6: [{**right, "class_code": "19C"}],
    }
    return kinds.get(number % 10, [right])


def verdicts(number: int) -> list[str]:
    """The verdict on each crime that the right answer comes to."""
    kinds = {
        0: ["missing"],
        1: ["late"],
        2: ["wrong_class"],
        3: [],
        4: ["cancelled_wrong"],
        5: ["correct", "missing"],
    }
    return kinds.get(number % 10, ["correct"])


def _rows() -> dict[str, list[Row]]:
    made: dict[str, list[Row]] = {"incidents": [], "crimes": [], "links": [], "parties": []}
    for number in range(1, INCIDENTS + 1):
        name = f"TS-{number:04d}"
        made["incidents"].append(incident(name, narrative=_log(number)))
        if number % 10 not in (0, 3):
            made["crimes"].append(crime(reference(number), **_record(number)))
            made["links"].append(link(reference(number), name))
    return made


def _log(number: int) -> str:
    if number % 10 == 3:
        return "CALLER ASKS WHEN THE FRONT COUNTER OPENS. ADVISED."
    if number % 10 == 6:
        return "INFT STATES SHE WAS RAPED LAST NIGHT BY HER EX PARTNER. SHE IS WITH A FRIEND."
    broken = "\nSHE SAYS HE ALSO BROKE HER WINDOW." if number % 10 == 5 else ""
    return f"INFT STATES SHE WAS {PUNCHED} BY A STRANGER.\nNO INJURY SEEN.{broken}"


def _record(number: int) -> Row:
    kinds: dict[int, Row] = {
        1: {"recorded_at": MONDAY + timedelta(hours=30)},
        2: {"class_code": "105A"},
        4: {"status": "cancelled", "cancelled_at": MONDAY + timedelta(days=3), "cancellation_code": "C2"},
        6: {"class_code": "19C"},
    }
    return kinds.get(number % 10, {})


def folder_in(folder: Path, readings: int, seed: str) -> Path:
    """The folder with its tables and a drawn sample, as ``opencdi review load`` takes it."""
    (folder / "tables").mkdir(parents=True)
    (folder / "audit.toml").write_text(TOML.format(readings=readings), encoding="utf-8")
    bundle = Bundle(folder / "sample")
    with DuckDBEngine() as engine:
        for name, relation in tables(engine, **_rows()).items():
            if name in ("incidents", "crimes", "links", "parties"):
                engine.write(relation, folder / "tables" / f"{name}.parquet")
    with DuckDBEngine() as engine:
        frame = engine.from_batches(schema.POPULATION, [batch_of(schema.POPULATION, population(INCIDENTS))])
        freeze(frame, settings(readings=readings), bundle)
    draw_sample(bundle, seed, "six dice before two witnesses")
    return folder
