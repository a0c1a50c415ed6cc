"""The same incidents under two editions: what differs, by class and by incident."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.factories import disclosed, incident, tables
from typer.testing import CliRunner

from opencdi.cli import rules
from opencdi.counting import whatif
from opencdi.engine import DuckDBEngine
from opencdi.errors import UserError
from opencdi.workspace import write_whole

STALKED_AND_HIT = [
    disclosed("I1", 1, "8Q", subcode="008/65", victim_confirms="yes"),
    disclosed("I1", 2, "8N", subcode="008/06", victim_confirms="yes"),
    disclosed("I2", 1, "46", victim_confirms="yes"),
]


def compared(engine: DuckDBEngine, older: str, newer: str) -> whatif.Comparison:
    made = tables(engine, incidents=[incident("I1"), incident("I2")], disclosed_offences=STALKED_AND_HIT)
    return whatif.compare(made["disclosed_offences"], made["incidents"], older, newer)


def test_stalking_with_assault_was_two_crimes_and_has_been_one_since_2023() -> None:
    with DuckDBEngine() as engine:
        found = compared(engine, "2018-04", "2023-05")
        assert found.totals == (3, 2)
        assert {one.class_code: (one.older, one.newer) for one in found.classes} == {
            "46": (1, 1),
            "8N": (1, 0),
            "8Q": (1, 1),
        }
        (behind,) = found.incidents()
    assert (behind.incident_id, behind.class_code, behind.older, behind.newer) == ("I1", "8N", 1, 0)
    assert "record-crime" in behind.rules


def test_an_edition_compared_with_itself_shows_no_difference() -> None:
    with DuckDBEngine() as engine:
        found = compared(engine, "2026-04", "2026-04")
        assert list(found.incidents()) == []
        assert found.totals[0] == found.totals[1] == 2


def test_an_edition_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with DuckDBEngine() as engine, pytest.raises(UserError, match="2018-04, 2023-05"):
        compared(engine, "2018-04", "2019-01")


AUDIT = """
force = "Testshire"
[[exports]]
table = "incidents"
files = ["incidents.csv"]
profile = "incidents.toml"
"""


def test_the_command_compares_an_audits_folder(tmp_path: Path) -> None:
    write_whole(tmp_path / "audit.toml", AUDIT)
    (tmp_path / "tables").mkdir()
    with DuckDBEngine() as engine:
        made = tables(engine, incidents=[incident("I1"), incident("I2")], disclosed_offences=STALKED_AND_HIT)
        for name in ("incidents", "disclosed_offences"):
            engine.write(made[name], tmp_path / "tables" / f"{name}.parquet")
    out = tmp_path / "behind.csv"
    arguments = ["compare", str(tmp_path), "2018-04", "2023-05", "--json", "--out", str(out)]
    result = CliRunner().invoke(rules.app, arguments)
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["crimes"] == {"2018-04": 3, "2023-05": 2}
    assert out.read_text().splitlines()[1].startswith("I1,8N,1,0,")
