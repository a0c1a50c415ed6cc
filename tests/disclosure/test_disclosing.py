"""What the table of disclosed offences holds when a whole audit's incidents are read."""

from __future__ import annotations

from datetime import UTC, date, datetime

from opencdi import schema
from opencdi.disclosure import disclose
from opencdi.disclosure.book import the_book
from opencdi.disclosure.circumstances import ANSWER_TAGS, answers
from opencdi.disclosure.disclosing import the_discloser
from opencdi.engine import DuckDBEngine, batch_of


def incident(number: int, narrative: str | None, **other: object) -> dict:
    return {
        "incident_id": f"I{number}",
        "force": "Anyshire",
        "reported_at": datetime(2026, 5, 1, 12, tzinfo=UTC),
        "channel": "101",
        "caller_role": "victim",
        "opening_group": "unknown",
        "closing_group": "unknown",
        "narrative": narrative,
        "auditable": True,
        "source_file": "a.csv",
        "source_line": number,
        **other,
    }


def disclosed(incidents: list[dict], parties: list[dict] | None = None) -> list[dict]:
    with DuckDBEngine(threads=1) as engine:
        left = engine.from_batches(schema.INCIDENTS, [batch_of(schema.INCIDENTS, incidents)])
        right = engine.from_batches(schema.PARTIES, [batch_of(schema.PARTIES, parties or [])])
        return disclose(left, right).rows("order by incident_id, offence_no")


def test_every_row_is_as_the_schema_says() -> None:
    rows = disclosed([incident(1, "Husband punched her and smashed her phone"), incident(2, "Lost keys")])
    assert {row["incident_id"] for row in rows} == {"I1"}
    for row in rows:
        for column in schema.DISCLOSED_OFFENCES:
            assert not column.required or row[column.name] is not None, column.name
            assert not column.allowed or row[column.name] is None or row[column.name] in column.allowed


def test_offences_of_one_log_are_numbered_from_one() -> None:
    rows = disclosed([incident(1, "He punched her, then set fire to the shed and raped her sister")])
    assert [row["offence_no"] for row in rows] == list(range(1, len(rows) + 1))


def test_an_empty_narrative_is_read_without_fault() -> None:
    assert disclosed([incident(1, None), incident(2, "")]) == []


def test_the_one_victim_on_record_gives_sex_and_age() -> None:
    victim = {
        "record_kind": "incident",
        "record_id": "I1",
        "party_no": 1,
        "role": "victim",
        "sex": "M",
        "born_on": date(2014, 1, 1),
    }
    (row,) = disclosed([incident(1, "Disclosed that he was raped")], [victim])
    assert (row["class_code"], row["victim_sex"], row["victim_age"]) == ("19H", "M", 12)


def test_answers_hang_on_no_tag_but_those_they_are_remembered_by() -> None:
    automaton = the_discloser().reader.automaton
    every, asked = automaton.mask(the_book().tags), automaton.mask(ANSWER_TAGS)
    for bit in automaton.bit.values():
        for mask in (bit, every & ~bit):
            whole, part = automaton.tags(mask), automaton.tags(mask & asked)
            assert answers(whole, "witness", None, ()) == answers(part, "witness", None, ())
