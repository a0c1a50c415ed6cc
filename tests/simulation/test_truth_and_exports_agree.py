"""The truth and the exports tell of the same logs and crimes, and obey the counting rules."""

from __future__ import annotations

import csv
import filecmp
import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from opencdi import schema
from opencdi.simulation.force import simulate
from opencdi.simulation.settings import Force

SIZE = 4_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("force")
    simulate(Force(incidents=SIZE, seed=11), folder)
    yield folder


def exported(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "exports" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def true(folder: Path, name: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = pq.read_table(folder / "truth" / f"{name}.parquet").to_pylist()
    return rows


def test_every_crime_of_the_truth_is_exported_and_every_exported_crime_is_in_the_truth(made: Path) -> None:
    numbers = {row["Crime Number"] for row in exported(made, "crimes")}
    assert {row["crime_id"] for row in true(made, "links")} == numbers
    for table in ("required", "errors"):
        assert {row["crime_id"] for row in true(made, table)} - {None} <= numbers


def test_every_log_of_the_truth_is_exported(made: Path) -> None:
    numbers = {row["Incident No"] for row in exported(made, "incidents")}
    assert len(numbers) == SIZE
    for table in ("links", "required", "offences", "errors"):
        assert {row["incident_id"] for row in true(made, table)} - {None} <= numbers


def test_words_of_the_truth_are_those_of_the_schema(made: Path) -> None:
    assert {row["assertion"] for row in true(made, "offences")} <= set(schema.ASSERTIONS)
    assert {row["kind"] for row in true(made, "errors")} <= set(schema.FINDING_KINDS)
    assert {row["record_as"] for row in true(made, "required")} <= set(schema.RECORD_AS)


def test_a_missing_crime_has_no_number_and_any_other_has_one(made: Path) -> None:
    for row in true(made, "required"):
        unrecorded = row["error"] in ("missing", "additional_missing") or (
            row["record_as"] == "crime_related_incident"
        )
        assert (row["crime_id"] is None) == unrecorded


def test_one_victim_has_one_crime_in_one_incident(made: Path) -> None:
    seen: set[tuple[object, object]] = set()
    for row in true(made, "required"):
        if row["victim_no"]:
            assert (row["incident_id"], row["victim_no"]) not in seen
            seen.add((row["incident_id"], row["victim_no"]))


def test_the_same_seed_gives_the_same_bytes_whatever_the_chunks(made: Path, tmp_path: Path) -> None:
    simulate(Force(incidents=SIZE, seed=11), tmp_path, chunk=1_700)
    for name in ("incidents.csv", "crimes.csv"):
        assert filecmp.cmp(made / "exports" / name, tmp_path / "exports" / name, shallow=False)
    for table in ("links", "required", "offences", "errors"):
        key = ("incident_id", "crime_id", "offence_no", "required_no", "kind")
        rows, again = (
            sorted(true(folder, table), key=lambda row: [str(row.get(part)) for part in key])
            for folder in (made, tmp_path)
        )
        assert rows == again


def test_another_seed_gives_another_force(made: Path, tmp_path: Path) -> None:
    simulate(Force(incidents=500, seed=12), tmp_path)
    assert exported(tmp_path, "incidents")[:20] != exported(made, "incidents")[:20]


SITES = re.compile(r"SNAPCHAT|INSTAGRAM|WHATSAPP|TELEGRAM|DISCORD|FACEBOOK|ROBLOX|TIKTOK|DATING APP", re.I)
DRINK = re.compile(r"BOTH BEEN DRINKING|ALCOHOL INVOLVED|DRINK WAS A FACTOR", re.I)


def test_a_record_carries_the_flags_its_log_calls_for_unless_they_were_lost(made: Path) -> None:
    logs = {row["Incident No"]: row["Log Text"] for row in exported(made, "incidents")}
    lost = {row["crime_id"] for row in true(made, "errors") if row["details"] == "flag"}
    of = {row["crime_id"]: row["incident_id"] for row in true(made, "links")}
    course = {"8L", "8Q"}
    classes = {row["crime_id"]: row["class_code"] for row in true(made, "required")}
    seen = 0
    for row in exported(made, "crimes"):
        number, flags = row["Crime Number"], row["Flags"]
        text = logs.get(of.get(number) or "", "")
        if number in lost:
            continue
        if classes.get(number) in course and SITES.search(text.split("\n")[0]):
            assert "Online" in flags, text
            seen += 1
        if classes.get(number) and DRINK.search(text):
            assert "Alcohol" in flags, text
            seen += 1
    assert lost and seen > 20
