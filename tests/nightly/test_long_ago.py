"""A crime may name a report from before its window: what that says is remembered, and seen when amended."""

from __future__ import annotations

from pathlib import Path

import pytest
from nights import Nights

from opencdi.nightly import long_ago
from opencdi.storage import kept_notes
from opencdi.workspace import Workspace


@pytest.fixture
def force(tmp_path: Path) -> Nights:
    """Five months of 3,000 incidents, in parts of a week or two, read and not linked."""
    nights = Nights(tmp_path, 3000, 150, seed=7, incidents_a_part=40)
    nights.run(to="read")
    return nights


def digests(force: Nights) -> dict[str, str]:
    workspace = Workspace.open(force.audit)
    with workspace.engine() as engine:
        return long_ago.digests_long_ago(workspace, engine)


def a_report_named_long_ago(force: Nights) -> str:
    workspace = Workspace.open(force.audit)
    with workspace.engine() as engine:
        incidents, crimes = workspace.opened(engine, ("incidents", "crimes")).values()
        rows = engine.rows(
            f"select i.incident_id from {incidents.name} as i "
            f"join {crimes.name} as c on c.incident_reference = i.incident_id "
            "where c.recorded_at - i.reported_at > interval 28 days order by i.incident_id"
        )
    return str(rows[0]["incident_id"])


def amended(force: Nights, number: str, column: str, value: str) -> None:
    row = next(row for row in force.rows["incidents"] if row["Incident No"] == number)
    row[column] = value
    force.arrive({"incidents": [row]})
    force.run(to="read")


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [part for part in before if after[part] != before[part]]


def test_what_reports_of_long_ago_say_is_not_looked_up_before_any_changes(
    force: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: object, __: object, ___: object, parts: list[str]) -> dict[str, str]:
        assert not parts
        return {}

    monkeypatch.setattr(long_ago, "_looked_up", refused)
    first = digests(force)
    assert first
    assert digests(force) == first


def test_where_reports_of_long_ago_lie_is_found_again_in_parts_that_changed_as_from_nothing(
    force: Nights,
) -> None:
    digests(force)
    force.amended_rows(20)
    force.run(to="read")
    digests(force)
    page = force.audit / "tables" / ".memory" / "named.json"
    kept = kept_notes(page)
    page.unlink()
    digests(force)
    assert kept and kept["named"]
    assert kept == kept_notes(page)


def test_an_amended_report_of_long_ago_is_seen_by_the_crimes_that_name_it(force: Nights) -> None:
    named, first = a_report_named_long_ago(force), digests(force)
    amended(force, named, "Location", "1 QUITE ANOTHER STREET")
    looked_up = digests(force)
    amended(force, named, "Location", "2 QUITE ANOTHER STREET")
    assert changed(first, looked_up)
    assert 1 <= len(changed(looked_up, digests(force))) < len(first)


def test_more_of_its_log_is_no_news_once_a_report_was_looked_up(force: Nights) -> None:
    named = a_report_named_long_ago(force)
    digests(force)
    amended(force, named, "Log Text", "CALLED AGAIN")
    looked_up = digests(force)
    amended(force, named, "Log Text", "CALLED AGAIN AND AGAIN")
    assert digests(force) == looked_up
