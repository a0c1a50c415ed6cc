"""Workbooks hold what records say, and nothing of it runs or leads anywhere."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from opencdi.report.workbooks import new_workbook


@pytest.mark.parametrize("dangerous", ["=1+1", "{=1+1}", "https://example.org", "mailto:a@example.org"])
def test_a_text_stays_a_text_however_it_is_written(tmp_path: Path, dangerous: str) -> None:
    workbook = new_workbook(tmp_path / "any.xlsx", "Any", None)
    workbook.add_worksheet("Logs").write(0, 0, dangerous)
    workbook.close()
    cell = openpyxl.load_workbook(tmp_path / "any.xlsx")["Logs"]["A1"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (dangerous, "s", None)
