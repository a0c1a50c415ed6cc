"""The population leaves no incident out and says where each belongs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from opencdi import schema
from opencdi.comparison.population import NO_CRIME, SCORE_WITHOUT_LEAD, population, reported_group
from opencdi.engine import DuckDBEngine, Relation, batch_of

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
INCIDENT = {
    "force": "Testshire",
    "reported_at": NOON,
    "channel": "101",
    "caller_role": "victim",
    "opening_group": "violence",
    "closing_group": "violence",
    "narrative": "a log",
    "auditable": True,
}
REQUIRED = {
    "required_no": 1,
    "record_as": "crime",
    "edition": "2026-04",
    "deadline_at": NOON,
    "certainty": "required",
}


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine() as engine:
        yield engine


def people(
    engine: DuckDBEngine,
    incidents: Sequence[Mapping[str, Any]],
    required: Sequence[Mapping[str, Any]] = (),
    links: Sequence[Mapping[str, Any]] = (),
    crimes: Sequence[Mapping[str, Any]] = (),
    findings: Sequence[Mapping[str, Any]] = (),
) -> dict[str, dict[str, Any]]:
    def made(contract: schema.Table, rows: Sequence[Mapping[str, Any]], base: Mapping[str, Any]) -> Relation:
        return engine.from_batches(contract, [batch_of(contract, [{**base, **row} for row in rows])])

    found = population(
        made(schema.INCIDENTS, incidents, INCIDENT),
        made(schema.REQUIRED_CRIMES, required, REQUIRED),
        made(schema.LINKS, links, {"link_class": "clear", "candidates": 1}),
        made(schema.CRIMES, crimes, {"status": "live", "recorded_at": NOON}),
        made(schema.FINDINGS, findings, {}),
    )
    return {row["incident_id"]: row for row in found.rows()}


def test_an_incident_with_nothing_found_has_a_group_and_a_score_above_zero(engine: DuckDBEngine) -> None:
    row = people(engine, [{"incident_id": "1", "opening_group": "anti_social_behaviour"}])["1"]
    assert row["offence_group"] == NO_CRIME
    assert row["score"] == SCORE_WITHOUT_LEAD
    assert row["kind"] == row["record"] == "ordinary"


def test_records_without_a_narrative_and_records_that_cannot_be_audited_are_kinds_of_their_own(
    engine: DuckDBEngine,
) -> None:
    rows = people(
        engine,
        [
            {"incident_id": "1", "narrative": None},
            {"incident_id": "2", "auditable": False},
            {"incident_id": "3", "narrative": "  "},
        ],
    )
    assert [rows[name]["kind"] for name in "123"] == ["no_narrative", "not_auditable", "no_narrative"]


def test_the_most_serious_required_crime_gives_the_group(engine: DuckDBEngine) -> None:
    required = [
        {"incident_id": "1", "class_code": "58D", "required_no": 1},
        {"incident_id": "1", "class_code": "19C", "required_no": 2, "flags_due": ["domestic_abuse"]},
    ]
    row = people(engine, [{"incident_id": "1"}], required)["1"]
    assert (row["offence_group"], row["required"], row["domestic_abuse"]) == ("rape", 2, True)


def test_a_cancelled_record_puts_the_incident_among_the_cancelled(engine: DuckDBEngine) -> None:
    row = people(
        engine,
        [{"incident_id": "1"}],
        links=[{"crime_id": "c", "incident_id": "1"}],
        crimes=[{"crime_id": "c", "class_code": "8N", "status": "cancelled"}],
    )["1"]
    assert (row["record"], row["offence_group"]) == ("cancelled", "violence with injury")


def test_the_score_is_that_of_the_firmest_lead(engine: DuckDBEngine) -> None:
    findings = [
        {"finding_id": name, "incident_id": "1", "kind": kind, "confidence": confidence}
        for name, kind, confidence in (("a", "missing", 0.4), ("b", "missing", 0.7), ("c", "late", 0.9))
    ]
    assert people(engine, [{"incident_id": "1"}], findings=findings)["1"]["score"] == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("group", "subgroup", "reported"),
    [
        ("Sexual offences", "Rape", "rape"),
        ("Violence against the person", "Stalking and harassment", "stalking and harassment"),
        ("Robbery", "", "robbery"),
        ("Theft offences", "Shoplifting", "theft offences"),
    ],
)
def test_violence_and_sexual_offences_are_reported_by_subgroup(
    group: str, subgroup: str, reported: str
) -> None:
    assert reported_group(group, subgroup) == reported
