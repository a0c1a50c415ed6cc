"""The plan names every group under every design, and how many readings a precision takes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from opencdi.bundle.freeze import CODED
from opencdi.bundle.plan import DOMESTIC_ABUSE, EVERYTHING, KINDS, plan, precision_of, readings_for
from opencdi.report.plan import chart, table
from opencdi.settings import Sample


def _column(name: str, values: Any) -> pa.Array:
    return pa.array(values).dictionary_encode() if name in CODED else pa.array(values)


@pytest.fixture(scope="module")
def population() -> pa.Table:
    rng = np.random.default_rng(3)
    count = 6000
    groups = rng.choice(
        ["rape", "violence with injury", "theft", "no crime disclosed"], count, p=[0.02, 0.2, 0.2, 0.58]
    )
    columns = {
        "incident_id": [f"{number:05d}" for number in range(count)],
        "kind": ["ordinary"] * count,
        "record": ["ordinary"] * count,
        "channel": rng.choice(["999", "101"], count),
        "opening_group": rng.choice(["violence", "theft"], count),
        "offence_group": groups,
        "domestic_abuse": rng.random(count) < 0.2,
        "required": np.where(groups == "no crime disclosed", 0, 1),
        "score": rng.beta(0.4, 4, count),
    }
    return pa.table({name: _column(name, values) for name, values in columns.items()})


def test_every_group_stands_under_every_design(population: pa.Table) -> None:
    found = {(each.precision.design, each.precision.group) for each in plan(population, Sample(readings=600))}
    groups = {EVERYTHING, DOMESTIC_ABUSE, "rape", "violence with injury", "theft", "no crime disclosed"}
    assert found == {(kind, group) for kind in KINDS for group in groups}


def test_the_readings_for_a_precision_reach_it_and_half_of_them_do_not(population: pa.Table) -> None:
    settings = Sample(readings=600)
    readings = readings_for(population, settings, 0.03)
    assert readings is not None

    def half_width(number: int) -> float:
        return precision_of(population, settings.model_copy(update={"readings": number}))[0].half_width

    assert half_width(readings) <= 0.03 < half_width(readings // 2)


def test_a_precision_that_no_number_of_readings_reaches_says_so(population: pa.Table) -> None:
    assert readings_for(population, Sample(), -0.01) is None


def test_the_table_and_the_chart_show_every_group(population: pa.Table) -> None:
    groups = plan(population, Sample(readings=600))
    assert table(groups).row_count == len(groups)
    drawn = chart(groups)
    assert drawn.startswith("<svg")
    assert "violence with injury" in drawn
