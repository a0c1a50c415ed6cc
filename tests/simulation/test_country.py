"""A country of forces: one partition each, numbers that do not clash, and the totals asked for."""

from __future__ import annotations

from pathlib import Path

import duckdb

from opencdi.simulation.country import forces_of
from opencdi.simulation.force import simulate_country
from opencdi.simulation.settings import Force


def test_forces_share_the_incidents_under_names_and_codes_of_their_own() -> None:
    forces = list(forces_of(Force(incidents=25_000_000), 43))
    assert sum(force.incidents for force in forces) == 25_000_000
    assert len({force.name for force in forces}) == len({force.code for force in forces}) == 43
    assert max(force.incidents for force in forces) > 5 * min(force.incidents for force in forces)


def test_partitions_hold_every_row_and_numbers_are_unique_across_forces(tmp_path: Path) -> None:
    made = simulate_country(forces_of(Force(incidents=3_000, seed=4), 5), tmp_path)
    for name, number, count in (
        ("incidents", "Incident No", made.incidents),
        ("crimes", "Crime Number", made.crimes),
    ):
        rows = duckdb.sql(
            f"""select count(distinct "{number}"), count(distinct force)
            from read_parquet('{tmp_path}/exports/{name}/*/*.parquet')"""
        ).fetchall()
        assert rows == [(count, 5)]
    required = duckdb.sql(f"select count(*) from read_parquet('{tmp_path}/truth/required/*/*.parquet')")
    assert required.fetchall() == [(made.required,)]
