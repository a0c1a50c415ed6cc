"""What the page of a record rests on, and what it does not."""

from __future__ import annotations

from pathlib import Path

from nights import Nights

from opencdi.engine import Relation
from opencdi.nightly.sources import PartsOfRecords
from opencdi.report import REPORT_TABLES
from opencdi.report.record import mark_crimes
from opencdi.workspace import Workspace


def test_a_page_rests_on_its_own_matches_and_not_on_those_that_lie_beside_them(tmp_path: Path) -> None:
    nights = Nights(tmp_path, 60, 10, seed=3, incidents_a_part=40)
    nights.run()
    workspace = Workspace.open(nights.audit)
    with workspace.desk() as engine:
        opened = workspace.opened(engine, REPORT_TABLES)
        matches = opened["matches"]
        timed = matches.rows("where crime_id is not null and hours_to_record is not null order by crime_id")
        incident = timed[0]["incident_id"]
        subject = f"i{incident}"
        mark_crimes(engine, opened, [subject])

        def rests_on(slower: str) -> str:
            hours = f"hours_to_record + case when {slower} then 1 else 0 end as hours_to_record"
            changed = f"(select incident_id, match_no, required_no, crime_id, outcome, {hours} from matches)"
            relation = Relation(engine, changed, matches.contract)
            return PartsOfRecords(workspace, engine, {**opened, "matches": relation}).rest_on()[subject]

        as_it_is = rests_on("false")
        assert rests_on(f"incident_id <> '{incident}'") == as_it_is
        assert rests_on(f"incident_id = '{incident}'") != as_it_is
