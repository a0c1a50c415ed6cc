"""What the exports look like: layouts, formats, times, and the same rows whatever the file."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from opencdi import cli
from opencdi.cli import commands
from opencdi.errors import UserError
from opencdi.simulation.force import simulate
from opencdi.simulation.layouts import LAYOUTS
from opencdi.simulation.settings import Force, Style

SIZE = 1_000


def rows_of(path: Path, delimiter: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


@pytest.mark.parametrize("style", ["a", "b"])
def test_headings_and_dates_are_those_of_the_style(style: Style, tmp_path: Path) -> None:
    simulate(Force(incidents=SIZE, style=style), tmp_path)
    layout = LAYOUTS[style]
    logs = rows_of(tmp_path / "exports" / "incidents.csv", layout.delimiter)
    crimes = rows_of(tmp_path / "exports" / "crimes.csv", layout.delimiter)
    assert list(logs[0]) == list(layout.incidents.values())
    assert list(crimes[0]) == list(layout.crimes.values())
    pattern = layout.day + layout.gap + layout.clock
    called = [datetime.strptime(row[layout.incidents["reported"]], pattern) for row in logs]
    recorded = [datetime.strptime(row[layout.crimes["recorded"]], pattern) for row in crimes]
    assert datetime(2025, 10, 1) <= min(called) and max(called) < datetime(2026, 10, 1)
    assert max(recorded) < datetime(2026, 11, 1)
    assert not [time for time in called if time.date().isoformat() == "2026-03-29" and time.hour == 1]


def test_logs_hold_no_slot_that_was_left_open(tmp_path: Path) -> None:
    for style in ("a", "b"):
        simulate(Force(incidents=SIZE, style=style), tmp_path / style)
        layout = LAYOUTS[style]
        for name, heading in (("incidents", layout.incidents["log"]), ("crimes", layout.crimes["summary"])):
            texts = [
                row[heading]
                for row in rows_of(tmp_path / style / "exports" / f"{name}.csv", layout.delimiter)
            ]
            assert all(texts)
            assert not [place for place, text in enumerate(texts) if "{" in text or "}" in text]


def test_parquet_holds_the_same_rows_as_csv(tmp_path: Path) -> None:
    simulate(Force(incidents=SIZE), tmp_path / "csv")
    simulate(Force(incidents=SIZE), tmp_path / "parquet", as_parquet=True)
    for name in ("incidents", "crimes"):
        table = pq.read_table(tmp_path / "parquet" / "exports" / f"{name}.parquet").to_pylist()
        written = rows_of(tmp_path / "csv" / "exports" / f"{name}.csv", ",")
        assert [{key: value or "" for key, value in row.items()} for row in table] == written


def test_a_deadline_is_twenty_four_hours_after_the_call_on_the_day_the_clocks_change(tmp_path: Path) -> None:
    force = Force(incidents=400, first_day=datetime(2026, 3, 28).date(), days=2)
    simulate(force, tmp_path)
    calls = {
        row["Incident No"]: datetime.strptime(row["Call Received"], "%d/%m/%Y %H:%M:%S")
        for row in rows_of(tmp_path / "exports" / "incidents.csv", ",")
    }
    changed = datetime(2026, 3, 29, 1)
    ahead = set()
    for row in pq.read_table(tmp_path / "truth" / "required.parquet").to_pylist():
        called = calls[row["incident_id"]]
        summer = called >= changed
        ahead.add(round((row["deadline"].replace(tzinfo=None) - called).total_seconds() / 3600))
        assert round((row["deadline"].replace(tzinfo=None) - called).total_seconds()) == 3600 * (
            23 if summer else 24
        )
    assert ahead == {23, 24}


def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    commands.register(cli.app)
    done = CliRunner().invoke(
        cli.app, ["simulate", str(tmp_path / "out"), "--incidents", "300", "--seed", "9"]
    )
    assert done.exit_code == 0
    assert "300 incidents and" in done.stdout
    assert (tmp_path / "out" / "truth" / "required.parquet").exists()


@pytest.mark.parametrize("place", ["a-file", "a-file/below"])
def test_a_place_that_is_no_folder_gets_a_sentence(place: str, tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("here first")
    commands.register(cli.app)
    done = CliRunner().invoke(cli.app, ["simulate", str(tmp_path / place), "--incidents", "50"])
    assert isinstance(done.exception, UserError)
    assert str(tmp_path / place) in str(done.exception)
    assert (tmp_path / "a-file").read_text() == "here first"
