"""Reports drawn at random, and the two ways of counting them, for the tests of this room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from opencdi import schema
from opencdi.counting import count, mechanisms, traits
from opencdi.counting.derive import london_day
from opencdi.counting.editions import edition_on
from opencdi.counting.facts import LISTED
from opencdi.engine import Engine, Relation, batch_of

Row = dict[str, Any]

TELLING_CLASSES = (
    "1", "3B", "5D", "8L", "8M", "8N", "8Q", "8R", "8U", "9A", "10D", "11A", "19C", "19D", "19J", "20A",
    "22B", "28I", "28M", "30C", "33", "34A", "34B", "35", "36", "37.2", "39", "4.4", "45", "46", "48", "49A",
    "54", "56A", "58A", "58C", "62A", "66", "79", "802", "86", "88A", "88E", "92A", "92D", "92E", "104",
    "105A", "106", "NFIB1A", "NFIB52E", "N300",
)  # fmt: skip
"""Classes that between them meet every mechanism."""


RELATIONSHIPS = ("partner", "family", "acquaintance", "stranger", "unknown")


def codes_of(class_code: str) -> list[str]:
    return sorted(subcode for name, subcode in traits.table() if name == class_code and subcode)


def fact_items() -> st.SearchStrategy[list[str]]:
    """Mostly nothing; now and then a few listed facts, of one value each."""
    one = st.sampled_from(LISTED).flatmap(
        lambda fact: st.sampled_from(fact.values).map(lambda value: f"{fact.name}={value}")
    )
    several = st.lists(one, max_size=4, unique_by=lambda item: item.split("=")[0])
    return st.one_of(st.just([]), several)


@st.composite
def offences(draw: st.DrawFn, offence_no: int) -> Row:
    class_code = draw(
        st.sampled_from(TELLING_CLASSES) | st.sampled_from(sorted({c for c, _ in traits.table()}))
    )
    state = traits.of(class_code, None).victim_or_state == "S"
    kind = "state" if state else draw(st.sampled_from(["person", "person", "organisation", "state"]))
    mostly_yes = st.sampled_from(["yes"] * 6 + ["no", "unknown"])
    mostly_unknown = st.sampled_from(["unknown"] * 6 + ["no", "yes"])
    return {
        "offence_no": offence_no,
        "class_code": class_code,
        "subcode": draw(st.none() | st.sampled_from(codes_of(class_code) or ["001/01"])),
        "concept": "any",
        "assertion": draw(st.sampled_from(["asserted"] * 20 + list(schema.ASSERTIONS))),
        "attempted": draw(st.booleans()),
        "victim_no": 0 if kind == "state" else draw(st.sampled_from([1, 1, 2, 3])),
        "victim_kind": kind,
        "victim_sex": draw(st.sampled_from([None, "F", "M"])),
        "victim_age": draw(st.sampled_from([None, 5, 12, 13, 15, 16, 17, 18, 40])),
        "suspect_group": draw(st.sampled_from([0, 1, 1, 1, 2])),
        "relationship": draw(st.sampled_from([None, *RELATIONSHIPS])),
        "occurred_on": draw(st.none() | st.dates(date(2010, 1, 1), date(2026, 6, 1))),
        "victim_confirms": draw(mostly_yes),
        "victim_traced": draw(mostly_yes),
        "evidence_to_contrary": draw(mostly_unknown),
        "other_force_records": draw(mostly_unknown),
        "school_deals": draw(mostly_unknown),
        "offenders": draw(st.sampled_from([None, 1, 2, 3])),
        "property_no": draw(st.sampled_from([None, 1, 2])),
        "finished_incident": draw(st.sampled_from([None, None, None, 1, 1, 2])),
        "facts": draw(fact_items()),
        "flags_due": draw(st.lists(st.sampled_from(schema.FLAGS), max_size=2, unique=True)),
        "strength": 0.5,
        "basis": "words",
    }  # fmt: skip


@st.composite
def reports(draw: st.DrawFn) -> tuple[Row, list[Row]]:
    """One incident and what it discloses."""
    reported_at = draw(
        st.datetimes(datetime(2015, 4, 2), datetime(2026, 12, 31), timezones=st.just(UTC))
        | st.sampled_from(
            [datetime(2026, 3, 31, 22, 59, tzinfo=UTC), datetime(2026, 3, 31, 23, 0, tzinfo=UTC)]
        )
    )
    incident = {
        "reported_at": reported_at.replace(microsecond=0),
        "caller_role": draw(st.sampled_from(schema.CALLER_ROLES)),
    }
    number = draw(st.integers(0, 5))
    return incident, [draw(offences(place)) for place in range(1, number + 1)]


def relations(engine: Engine, drawn: Sequence[tuple[Row, list[Row]]]) -> tuple[Relation, Relation]:
    """Reports as the two tables that counting takes; the first report is ``I0``."""
    incidents = [
        {
            "incident_id": f"I{number}", "force": "Testshire", "channel": "101", "opening_group": "unknown",
            "closing_group": "unknown", "auditable": True, "source_file": "a.csv", "source_line": 1,
            **incident,
        }
        for number, (incident, _) in enumerate(drawn)
    ]  # fmt: skip
    disclosed = [
        {"incident_id": f"I{number}", **offence}
        for number, (_, offences) in enumerate(drawn)
        for offence in offences
    ]
    return (
        engine.from_batches(schema.DISCLOSED_OFFENCES, [batch_of(schema.DISCLOSED_OFFENCES, disclosed)]),
        engine.from_batches(schema.INCIDENTS, [batch_of(schema.INCIDENTS, incidents)]),
    )


def counted_in_batch(
    engine: Engine, drawn: Sequence[tuple[Row, list[Row]]], edition: str = "by-date"
) -> tuple[list[Row], list[Row]]:
    """Both tables as rows, in key order."""
    counted = count(*relations(engine, drawn), edition)
    return (
        counted.required_crimes.rows("order by incident_id, required_no"),
        counted.offence_decisions.rows("order by incident_id, offence_no"),
    )


def decided_alone(incident: Row, offences: Sequence[Row]) -> mechanisms.Decision:
    """The answer for one report, by the edition in force on its day."""
    day = london_day(incident["reported_at"])
    return mechanisms.decide(incident, offences, edition_on(day), day)


def as_rows(incident_id: str, decision: mechanisms.Decision) -> tuple[list[Row], list[Row]]:
    """A decision as rows of the two tables."""
    required: list[Row] = []
    for crime in decision.required:
        for _ in range(crime.copies):
            required.append(
                {
                    "incident_id": incident_id,
                    "required_no": len(required) + 1,
                    "edition": decision.edition.name,
                    "record_as": crime.record_as,
                    "n100_code": crime.n100_code,
                    "class_code": crime.class_code,
                    "subcode": crime.subcode,
                    "offence_group": crime.traits.group,
                    "offence_subgroup": crime.traits.subgroup,
                    "victim_no": crime.principal.victim,
                    "suspect_group": crime.principal.suspects,
                    "offence_nos": list(crime.offence_nos),
                    "deadline_at": decision.deadline_at,
                    "flags_due": list(crime.flags_due),
                    "strength": crime.principal.considered.offence["strength"],
                    "certainty": "required" if crime.certain else "cannot_tell",
                    "missing_facts": list(crime.missing_facts),
                    "rules": list(crime.rules),
                }
            )
    outcomes = [
        {
            "incident_id": incident_id,
            "offence_no": outcome.offence_no,
            "outcome": outcome.outcome,
            "required_no": outcome.required_no,
            "stopped_at_step": outcome.stopped_at_step,
            "rules": list(outcome.rules),
        }
        for outcome in decision.outcomes
    ]
    return required, outcomes
