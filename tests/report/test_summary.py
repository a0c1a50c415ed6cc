"""The summary counts what came in and what was found, and never prints a rate."""

from __future__ import annotations

from rich.console import Console
from tests.factories import crime, disclosed, finding, incident, required, tables

from opencdi import report
from opencdi.engine import DuckDBEngine


def _summary() -> report.Summary:
    with DuckDBEngine() as engine:
        return report.summary(
            tables(
                engine,
                reconciliation=[
                    {
                        "source_file": "incidents.csv",
                        "table_name": "incidents",
                        "rows_in": 1203,
                        "accepted": 1200,
                        "rejected": 2,
                        "skipped": 1,
                    }
                ],
                incidents=[incident("I1"), incident("I2")],
                crimes=[crime("C1"), crime("C2", "46", status="cancelled"), crime("C3", class_code="?")],
                disclosed_offences=[disclosed("I1"), disclosed("I2", assertion="negated")],
                required_crimes=[required("I1"), required("I1", 2, certainty="cannot_tell")],
                findings=[
                    finding("missing", "I1"),
                    finding("additional_missing", "I1", required_no=2),
                    finding("late", "I2", offence_group="Theft"),
                ],
            )
        )


def test_counts_stand_by_offence_group_in_the_order_of_the_offence_list() -> None:
    found = _summary()
    assert [line.offence_group for line in found.groups] == [
        "Violence against the person",
        "Theft",
        "Not classified",
    ]
    violence = found.groups[0]
    assert (violence.disclosed, violence.required, violence.recorded, violence.missing) == (1, 1, 1, 2)
    assert found.groups[1].leads == {"late": 1}
    assert found.total.recorded == 2
    assert found.leads == 3


def test_the_screen_shows_the_reconciliation_and_says_leads_are_no_rates() -> None:
    console = Console(width=120, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as captured:
        console.print(_summary())
    text = captured.get()
    assert "Rows in 1,203 = accepted 1,200 + rejected 2 + skipped 1." in text
    assert "Violence against the person" in text
    assert "They are not verdicts" in text
    assert "%" not in text
