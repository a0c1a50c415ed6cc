"""The sample to read: the same audit and sample give the same bytes, on whichever day they are written."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
from tests.factories import tables

from opencdi.engine import DuckDBEngine
from opencdi.report.reading import OF_ONE_FORCE, write_reading_sheet


def test_a_sample_does_not_carry_the_moment_it_was_written(tmp_path: Path) -> None:
    with DuckDBEngine() as engine:
        found = tables(engine)
        write_reading_sheet(
            tmp_path / "sample.xlsx",
            "Testshire",
            ["I1"],
            found["incidents"],
            found["crimes"],
            found["links"],
            OF_ONE_FORCE,
        )
    assert openpyxl.load_workbook(tmp_path / "sample.xlsx").properties.created == datetime(2000, 1, 1)
