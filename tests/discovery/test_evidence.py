"""What the tables say of each incident is gathered whole, whatever the memory takes at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests import factories

from opencdi import schema
from opencdi.discovery import evidence
from opencdi.engine import DuckDBEngine, batch_of


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine() as opened:
        yield opened


def gathered(engine: DuckDBEngine) -> list[dict[str, Any]]:
    incidents = [factories.incident(f"I{number}", narrative=f"log {number}") for number in range(40)]
    disclosed = [
        factories.disclosed(f"I{number}", offence_no, class_code=f"{offence_no}A")
        for number in range(0, 40, 2)
        for offence_no in range(1, 2 + number % 3)
    ]
    rows = {
        schema.INCIDENTS: incidents,
        schema.DISCLOSED_OFFENCES: disclosed,
        schema.LINKS: [],
        schema.REQUIRED_CRIMES: [],
        schema.MATCHES: [],
        schema.FINDINGS: [],
        schema.CRIMES: [],
    }
    tables = [engine.from_batches(table, [batch_of(table, held)]) for table, held in rows.items()]
    evidence.gather(*tables)
    return engine.rows(f"{evidence.with_logs(tables[0])} order by e.incident_id")


def test_each_incident_has_one_row_with_its_log_and_what_it_says_in_order(engine: DuckDBEngine) -> None:
    rows = gathered(engine)
    assert [row["incident_id"] for row in rows] == sorted(f"I{number}" for number in range(40))
    by_number = {row["incident_id"]: row for row in rows}
    assert by_number["I2"]["classes"] == ["1A", "2A", "3A"]
    assert by_number["I2"]["narrative"] == "log 2"
    assert by_number["I3"]["classes"] is None


@pytest.mark.parametrize("at_once", [1, 2, 3, 7, 39, 40])
def test_gathered_in_stretches_it_is_the_same(
    engine: DuckDBEngine, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    whole = gathered(engine)
    monkeypatch.setattr(evidence, "ROWS_AT_ONCE", at_once)
    monkeypatch.setattr(evidence, "ROWS_A_BATCH", 3)
    assert gathered(engine) == whole
