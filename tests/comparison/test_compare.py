"""What the comparison says of each way a report and the crime record can differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.factories import (
    Row,
    after,
    crime,
    decision,
    disclosed,
    incident,
    link,
    party,
    required,
    tables,
)

from opencdi.comparison import compare
from opencdi.comparison.offences import answering_codes
from opencdi.engine import DuckDBEngine


class Audit:
    """A small audit whose tables a test names, and what the comparison said of it."""

    def __init__(self, engine: DuckDBEngine, **rows: list[Row]) -> None:
        made = tables(engine, **rows)
        compared = compare(
            made["required_crimes"],
            made["offence_decisions"],
            made["disclosed_offences"],
            made["links"],
            made["crimes"],
            made["incidents"],
            made["parties"],
        )
        self.matches = compared.matches.rows("order by incident_id, match_no")
        self.findings = compared.findings.rows("order by finding_id")

    @property
    def kinds(self) -> list[str]:
        return sorted(finding["kind"] for finding in self.findings)

    @property
    def outcomes(self) -> list[tuple[Any, Any, str]]:
        return [(match["required_no"], match["crime_id"], match["outcome"]) for match in self.matches]

    def only(self) -> dict[str, Any]:
        assert len(self.findings) == 1, self.kinds
        return dict(self.findings[0])


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine() as made:
        yield made


def test_a_required_crime_recorded_in_time_and_class_gives_no_finding(engine: DuckDBEngine) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        required_crimes=[required("I1")],
        crimes=[crime("C1")],
        links=[link("C1", "I1")],
    )
    assert audit.outcomes == [(1, "C1", "correct")]
    assert audit.findings == []
    assert audit.matches[0]["hours_to_record"] == 2.0


def test_no_crime_at_all_is_missing(engine: DuckDBEngine) -> None:
    audit = Audit(engine, incidents=[incident("I1")], required_crimes=[required("I1")])
    finding = audit.only()
    assert finding["kind"] == "missing"
    assert finding["class_required"] == "8N" and finding["class_recorded"] is None
    assert finding["explanation"] == (
        "The report describes an offence of class 8N (Assault with Injury) and no crime was recorded from it."
    )
    assert finding["confidence"] == pytest.approx(0.9)
    assert finding["edition"] == "2025-04"


def test_a_second_victim_without_a_crime_is_an_additional_crime_missing(engine: DuckDBEngine) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        required_crimes=[required("I1", 1), required("I1", 2)],
        crimes=[crime("C1")],
        links=[link("C1", "I1")],
    )
    assert audit.outcomes == [(1, "C1", "correct"), (2, None, "missing")]
    assert audit.kinds == ["additional_missing"]


def test_a_crime_of_another_class_is_wrongly_classed_and_names_both(engine: DuckDBEngine) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        required_crimes=[required("I1", class_code="19C")],
        crimes=[crime("C1", "8N")],
        links=[link("C1", "I1")],
    )
    finding = audit.only()
    assert (finding["kind"], finding["class_required"], finding["class_recorded"]) == (
        "wrong_class",
        "19C",
        "8N",
    )
    assert finding["offence_group"] == "Sexual offences"


def test_another_subcode_of_the_same_class_is_no_error(engine: DuckDBEngine) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        required_crimes=[required("I1", subcode="008/06")],
        crimes=[crime("C1", subcode="008/01")],
        links=[link("C1", "I1")],
    )
    assert audit.findings == []


def test_a_code_that_several_classes_share_is_no_error(engine: DuckDBEngine) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        required_crimes=[required("I1", class_code="58C")],
        crimes=[crime("C1", "58A", subcode="149/00")],
        links=[link("C1", "I1")],
    )
    assert audit.findings == []


@pytest.mark.parametrize(
    ("described", "recorded", "why"),
    [
        ("19C", "19D", "the victim's age is often learnt later"),
        ("105A", "8N", "an injury is often learnt later, and makes it graver"),
        ("49", "46", "that it was a shop is a fact the log need not hold"),
    ],
)
def test_a_record_that_rests_on_facts_learnt_later_is_no_error(
    engine: DuckDBEngine, described: str, recorded: str, why: str
) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        required_crimes=[required("I1", class_code=described)],
        crimes=[crime("C1", recorded)],
        links=[link("C1", "I1")],
    )
    assert audit.findings == [], why


def _kinds(engine: DuckDBEngine, described: tuple[str, str | None], recorded: tuple[str, str]) -> list[str]:
    """The kinds of finding where a report describes one class and code, and its record has another."""
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        required_crimes=[required("I1", class_code=described[0], subcode=described[1])],
        crimes=[crime("C1", recorded[0], subcode=recorded[1])],
        links=[link("C1", "I1")],
    )
    return audit.kinds


@pytest.mark.parametrize(
    ("described", "subcode", "recorded", "recorded_subcode", "why"),
    [
        ("3B", "003/01", "8R", "005/28", "a threat of death may have been sent"),
        ("5D", "005/01", "8N", "008/01", "the same injury without intent"),
        ("5E", None, "8N", "008/02", "the same poison without danger to life"),
        ("8R", "008/72", "8L", "195/94", "a message is part of the course of conduct on record"),
        ("105A", "105/01", "8Q", "008/65", "an assault that the stalking on record takes the place of"),
        ("48", "048/01", "37.2", "037/02", "that the car was crashed is a fact the log need not hold"),
        ("8U", "008/67", "8Q", "195/12", "whether they still were a couple is often learnt later"),
    ],
)
def test_a_record_of_the_same_act_or_of_the_course_it_belongs_to_is_no_error(
    engine: DuckDBEngine, described: str, subcode: str | None, recorded: str, recorded_subcode: str, why: str
) -> None:
    assert "wrong_class" not in _kinds(engine, (described, subcode), (recorded, recorded_subcode)), why


@pytest.mark.parametrize(
    ("described", "subcode", "recorded", "recorded_subcode"),
    [
        ("5D", "005/01", "8N", "008/06"),
        ("3B", "003/01", "8R", "008/72"),
        ("5E", None, "8N", "008/06"),
        ("8L", "195/94", "8R", "008/72"),
    ],
)
def test_another_code_of_the_same_class_on_record_does_not_hide_a_wrong_class(
    engine: DuckDBEngine, described: str, subcode: str | None, recorded: str, recorded_subcode: str
) -> None:
    assert _kinds(engine, (described, subcode), (recorded, recorded_subcode)) == ["wrong_class"]


@pytest.mark.parametrize(
    ("recorded", "basis", "strength", "wrong"),
    [
        ("8R", "both", 0.86, False),
        ("8R", "both", 0.9, True),
        ("8R", "words", 0.86, True),
        ("9A", "both", 0.86, True),
    ],
)
def test_an_incident_code_does_not_tell_a_class_from_its_neighbours(
    engine: DuckDBEngine, recorded: str, basis: str, strength: float, wrong: bool
) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        disclosed_offences=[disclosed("I1", class_code="8L", basis=basis, strength=strength)],
        offence_decisions=[decision("I1", required_no=1)],
        required_crimes=[required("I1", class_code="8L", strength=strength)],
        crimes=[crime("C1", recorded)],
        links=[link("C1", "I1")],
    )
    assert ("wrong_class" in audit.kinds) is wrong


def test_a_course_of_conduct_does_not_answer_for_an_act_the_rules_except() -> None:
    rows = {(code, described): but for code, described, but in answering_codes()}
    assert "008/01" in rows["195/94", "8N"] and "008/01" not in rows["008/65", "8N"]
    assert rows["005/28", "3B"] == ""


@pytest.mark.parametrize(
    ("described", "recorded"), [("8N", "105A"), ("39", "49"), ("34B", "39"), ("105B", "105A")]
)
def test_a_record_that_lost_what_the_report_says_is_wrongly_classed(
    engine: DuckDBEngine, described: str, recorded: str
) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        required_crimes=[required("I1", class_code=described)],
        crimes=[crime("C1", recorded)],
        links=[link("C1", "I1")],
    )
    assert audit.kinds == ["wrong_class"]


@pytest.mark.parametrize(("hours", "late"), [(23.99, False), (24.0, False), (24.01, True)])
def test_late_begins_after_twenty_four_hours(engine: DuckDBEngine, hours: float, late: bool) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        required_crimes=[required("I1")],
        crimes=[crime("C1", recorded_at=after(hours))],
        links=[link("C1", "I1")],
    )
    assert audit.kinds == (["late"] if late else [])


def test_a_late_crime_tells_its_hours(engine: DuckDBEngine) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        required_crimes=[required("I1")],
        crimes=[crime("C1", recorded_at=after(30))],
        links=[link("C1", "I1")],
    )
    finding = audit.only()
    assert finding["hours_late"] == pytest.approx(6)
    assert "30 hours after the report" in finding["explanation"]


def test_an_n100_where_a_rape_is_required_is_a_finding_of_its_own(engine: DuckDBEngine) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        required_crimes=[required("I1", class_code="19C")],
        crimes=[crime("C1", class_code=None, status="n100", n100_code="N100/1")],  # type: ignore[arg-type]
        links=[link("C1", "I1")],
    )
    assert audit.kinds == ["n100_instead_of_crime"]
    assert audit.only()["details"] == "N100/1"


@pytest.mark.parametrize("doubt", [{"strength": 0.3}, {"certainty": "cannot_tell"}])
def test_an_n100_where_a_rape_is_told_too_faintly_is_a_question(
    engine: DuckDBEngine, doubt: dict[str, Any]
) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        required_crimes=[required("I1", class_code="19C", **doubt)],
        crimes=[crime("C1", class_code=None, status="n100", n100_code="N100/1")],  # type: ignore[arg-type]
        links=[link("C1", "I1")],
    )
    finding = audit.only()
    assert (finding["kind"], finding["details"]) == ("cannot_tell", "n100_on_record")
    assert "N100" in finding["settles"]


def test_an_n100_where_an_n100_is_required_is_correct(engine: DuckDBEngine) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        required_crimes=[required("I1", class_code="19C", record_as="n100", n100_code="N100/1")],
        crimes=[crime("C1", class_code=None, status="n100", n100_code="N100/1")],  # type: ignore[arg-type]
        links=[link("C1", "I1")],
    )
    assert audit.outcomes == [(1, "C1", "correct")]
    assert audit.findings == []


def cancelled(**values: Any) -> Row:
    return crime(
        "C1",
        **{
            "status": "cancelled",
            "cancellation_code": "C2",
            "cancelled_by": "DDM",
            "victim_informed": "yes",
            **values,
        },
    )


def cancelled_audit(engine: DuckDBEngine, class_code: str = "8N", **values: Any) -> Audit:
    return Audit(
        engine,
        incidents=[incident("I1")],
        required_crimes=[required("I1", class_code=class_code)],
        disclosed_offences=[disclosed("I1", class_code=class_code)],
        crimes=[cancelled(class_code=class_code, **values)],
        links=[link("C1", "I1")],
    )


def test_a_cancellation_because_the_victim_declines_is_wrong(engine: DuckDBEngine) -> None:
    audit = cancelled_audit(
        engine, cancellation_reason="Victim declines to support a prosecution, no evidence."
    )
    finding = audit.only()
    assert (finding["kind"], finding["details"]) == ("wrongly_cancelled", "rationale_weak")


def test_a_cancellation_on_verifiable_information_is_no_finding(engine: DuckDBEngine) -> None:
    audit = cancelled_audit(
        engine, cancellation_reason="CCTV footage of the whole evening shows that no assault took place."
    )
    assert audit.outcomes == [(1, "C1", "cancelled")]
    assert audit.findings == []


def test_a_rape_cancelled_by_a_supervisor_lacks_authority(engine: DuckDBEngine) -> None:
    words = "CCTV footage and phone records show that the two never met."
    by_supervisor = cancelled_audit(
        engine, "19C", cancelled_by="Supervisor", cancellation_reason=words
    ).only()
    assert by_supervisor["details"] == "authority"
    by_registrar = cancelled_audit(
        engine, "19C", cancelled_by="Force Crime Registrar", cancellation_reason=words
    )
    assert by_registrar.findings == []


def test_a_duplicate_cancelled_beside_a_live_crime_is_sound(engine: DuckDBEngine) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        required_crimes=[required("I1")],
        crimes=[
            cancelled(cancellation_code="C3", cancellation_reason="Duplicate of the other record here."),
            crime("C2"),
        ],
        links=[link("C1", "I1"), link("C2", "I1")],
    )
    assert audit.outcomes == [(1, "C2", "correct"), (None, "C1", "additional")]
    assert audit.findings == []


def test_a_duplicate_cancelled_with_no_live_crime_is_a_finding(engine: DuckDBEngine) -> None:
    audit = cancelled_audit(
        engine, cancellation_code="C3", cancellation_reason="Duplicate of another crime record."
    )
    assert audit.only()["details"] == "no_other_crime"


def test_a_transfer_is_sound_where_the_log_names_another_force(engine: DuckDBEngine) -> None:
    transferred = crime("C1", status="transferred", cancellation_code="C1")
    rows: dict[str, list[Row]] = {
        "required_crimes": [required("I1")],
        "crimes": [transferred],
        "links": [link("C1", "I1")],
    }
    named = Audit(engine, incidents=[incident("I1", other_force="Othershire")], **rows)
    assert named.findings == []
    unnamed = Audit(engine, incidents=[incident("I1")], **rows)
    assert unnamed.only()["details"] == "transfer_unsupported"


def test_self_defence_does_not_cancel_a_threat_to_kill(engine: DuckDBEngine) -> None:
    audit = cancelled_audit(
        engine, "3B", cancellation_code="C5", cancellation_reason="CCTV footage shows self-defence."
    )
    assert audit.only()["details"] == "self_defence_class"


def test_a_victim_who_was_not_told_of_a_cancellation_is_paperwork(engine: DuckDBEngine) -> None:
    audit = cancelled_audit(
        engine,
        victim_informed="no",
        cancellation_reason="CCTV footage of the whole evening shows that no assault took place.",
    )
    finding = audit.only()
    assert (finding["kind"], finding["details"]) == ("paperwork", "victim_not_told")


def test_a_force_that_exports_no_rationale_is_not_accused_of_lacking_one(engine: DuckDBEngine) -> None:
    audit = cancelled_audit(engine)
    assert audit.findings == []


def test_a_missing_domestic_abuse_flag_is_paperwork_and_marks_the_finding(engine: DuckDBEngine) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1"), incident("I2")],
        required_crimes=[required("I1", flags_due=["domestic_abuse"]), required("I2")],
        crimes=[crime("C1"), crime("C2", flags=["domestic_abuse"])],
        links=[link("C1", "I1"), link("C2", "I2")],
    )
    finding = audit.only()
    assert (finding["kind"], finding["details"], finding["crime_id"]) == ("paperwork", "flag", "C1")
    assert finding["domestic_abuse"] is True
    assert "domestic abuse flag" in finding["explanation"]


def test_a_flag_the_force_never_exports_is_not_missed(engine: DuckDBEngine) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        required_crimes=[required("I1", flags_due=["domestic_abuse"])],
        crimes=[crime("C1")],
        links=[link("C1", "I1")],
    )
    assert audit.findings == []


def test_a_crime_against_a_person_that_names_no_victim_is_paperwork(engine: DuckDBEngine) -> None:
    numbers = range(1, 5)
    audit = Audit(
        engine,
        incidents=[incident(f"I{n}") for n in numbers],
        required_crimes=[required(f"I{n}") for n in numbers],
        crimes=[crime(f"C{n}") for n in numbers],
        links=[link(f"C{n}", f"I{n}") for n in numbers],
        parties=[party("crime", f"C{n}", "victim", surname="SAMPLE") for n in (1, 2, 3)],
    )
    finding = audit.only()
    assert (finding["kind"], finding["details"], finding["crime_id"]) == ("paperwork", "victim", "C4")


@pytest.mark.parametrize(
    ("class_code", "subcode", "found"),
    [
        ("8N", "008/06", ["victim"]),
        ("66", "066/01", []),  # affray: the class may have a victim, the code has none
        ("8L", "008/31", []),  # breach of a restraining order
        ("66", None, ["victim"]),  # no code to tell, and the report names a victim
        ("79", "079/04", []),  # perverting the course of justice: the whole class is against the state
    ],
)
def test_an_offence_against_the_state_needs_no_victim(
    engine: DuckDBEngine, class_code: str, subcode: str | None, found: list[str]
) -> None:
    numbers = range(1, 5)
    audit = Audit(
        engine,
        incidents=[incident(f"I{n}") for n in numbers],
        required_crimes=[
            *(required(f"I{n}") for n in (1, 2, 3)),
            required("I4", class_code=class_code, subcode=subcode),
        ],
        crimes=[*(crime(f"C{n}") for n in (1, 2, 3)), crime("C4", class_code, subcode=subcode)],
        links=[link(f"C{n}", f"I{n}") for n in numbers],
        parties=[party("crime", f"C{n}", "victim", surname="SAMPLE") for n in (1, 2, 3)],
    )
    assert [finding["details"] for finding in audit.findings] == found


def test_a_crime_from_a_report_that_discloses_nothing_is_over_recorded_at_low_confidence(
    engine: DuckDBEngine,
) -> None:
    audit = Audit(
        engine,
        incidents=[
            incident(
                "I1",
                narrative="CALLER ASKS FOR OPENING HOURS",
                opening_group="administration",
                closing_group="administration",
            )
        ],
        crimes=[crime("C1")],
        links=[link("C1", "I1")],
    )
    finding = audit.only()
    assert (finding["kind"], finding["details"]) == ("over_recorded", "nothing_disclosed")
    assert finding["confidence"] < 0.4


def test_a_crime_the_rules_count_in_the_principal_one_is_over_recorded(engine: DuckDBEngine) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        disclosed_offences=[disclosed("I1", 1, "8Q"), disclosed("I1", 2, "58C")],
        offence_decisions=[decision("I1", 1), decision("I1", 2, "merged", required_no=1)],
        required_crimes=[required("I1", class_code="8Q")],
        crimes=[crime("C1", "8Q"), crime("C2", "58C")],
        links=[link("C1", "I1"), link("C2", "I1")],
    )
    finding = audit.only()
    assert (finding["kind"], finding["details"], finding["crime_id"]) == (
        "over_recorded",
        "counted_in_principal",
        "C2",
    )


def test_a_missing_fact_makes_cannot_tell_and_says_what_settles_it(engine: DuckDBEngine) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        required_crimes=[required("I1", certainty="cannot_tell", missing_facts=["victim_confirms"])],
    )
    finding = audit.only()
    assert finding["kind"] == "cannot_tell"
    assert finding["settles"].endswith("confirm that it happened?")


def test_a_crime_whose_code_no_list_knows_is_neither_right_nor_wrong(engine: DuckDBEngine) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        required_crimes=[required("I1")],
        crimes=[crime("C1", class_code=None, offence_written="LOCAL 77")],  # type: ignore[arg-type]
        links=[link("C1", "I1")],
    )
    assert audit.only()["details"] == "unmapped_class"


def test_a_crime_linked_in_doubt_never_makes_a_firm_missing(engine: DuckDBEngine) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1"), incident("I2", reported_at=after(-5))],
        required_crimes=[required("I1"), required("I2")],
        crimes=[crime("C1")],
        links=[link("C1", "I1", "ambiguous", runner_up_incident_id="I2")],
    )
    assert audit.kinds == ["cannot_tell"]
    finding = audit.only()
    assert (finding["incident_id"], finding["crime_id"], finding["details"]) == ("I2", "C1", "possible_crime")


def test_a_second_caller_about_one_event_does_not_make_a_second_missing_crime(
    engine: DuckDBEngine,
) -> None:
    place = "Square by the market"
    audit = Audit(
        engine,
        incidents=[
            incident("I1", address=place),
            incident("I2", address=place, reported_at=after(0.2)),
        ],
        required_crimes=[required("I1"), required("I2")],
    )
    finding = audit.only()
    assert finding["incident_id"] == "I1"
    assert "another log of the same event is counted here" in finding["explanation"]
    assert ("I2", "elsewhere") in [(match["incident_id"], match["outcome"]) for match in audit.matches]


def test_a_log_that_quotes_a_crime_linked_to_another_log_is_answered_by_it(engine: DuckDBEngine) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1"), incident("I2", crime_references=["42/1234/26"])],
        required_crimes=[required("I1"), required("I2")],
        crimes=[crime("42 1234 26")],
        links=[link("42 1234 26", "I1")],
    )
    assert audit.findings == []
    assert audit.matches[1]["outcome"] == "elsewhere"


def test_the_same_place_another_day_is_another_crime(engine: DuckDBEngine) -> None:
    place = "Square by the market"
    audit = Audit(
        engine,
        incidents=[
            incident("I1", address=place),
            incident("I2", address=place, reported_at=after(30)),
        ],
        required_crimes=[required("I1"), required("I2")],
    )
    assert audit.kinds == ["missing", "missing"]


def of_code(incident_id: str, **values: Any) -> list[Row]:
    """An offence that only the incident's code speaks of."""
    return [disclosed(incident_id, basis="code", pattern_ids=["group:violence"], **values)]


@pytest.mark.parametrize(
    ("class_code", "recorded"), [("45", "58A"), ("34B", "46"), ("9A", "58D"), ("105A", "49"), ("28I", "39")]
)
def test_a_required_crime_known_only_from_codes_never_makes_a_wrong_class(
    engine: DuckDBEngine, class_code: str, recorded: str
) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        disclosed_offences=of_code("I1", class_code=class_code),
        offence_decisions=[decision("I1", outcome="principal", required_no=1)],
        required_crimes=[required("I1", class_code=class_code, strength=1.0)],
        crimes=[crime("C1", recorded)],
        links=[link("C1", "I1")],
    )
    assert audit.outcomes == [(1, "C1", "correct")]
    assert "wrong_class" not in audit.kinds


def test_a_record_of_what_the_report_tells_of_too_is_not_wrongly_classed(engine: DuckDBEngine) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        disclosed_offences=[disclosed("I1", 1, class_code="45"), disclosed("I1", 2, class_code="46")],
        required_crimes=[required("I1", class_code="45")],
        crimes=[crime("C1", "46")],
        links=[link("C1", "I1")],
    )
    assert "wrong_class" not in audit.kinds


@pytest.mark.parametrize(("strength", "wrong"), [(0.95, True), (0.7, False)])
def test_only_a_strongly_described_class_makes_the_recorded_one_wrong(
    engine: DuckDBEngine, strength: float, wrong: bool
) -> None:
    audit = Audit(
        engine,
        incidents=[incident("I1")],
        required_crimes=[required("I1", class_code="28I", strength=strength)],
        crimes=[crime("C1", "58A")],
        links=[link("C1", "I1")],
    )
    assert ("wrong_class" in audit.kinds) is wrong


def test_words_too_faint_for_a_missing_crime_ask_for_a_reader(engine: DuckDBEngine) -> None:
    audit = Audit(engine, incidents=[incident("I1")], required_crimes=[required("I1", strength=0.3)])
    finding = audit.only()
    assert (finding["kind"], finding["details"]) == ("cannot_tell", "faint_words")
    assert finding["settles"] == "Read the log: is an offence described at all?"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Assault in the park. SECOND CALL RE 20260401/0017", ["missing"]),
        ("Assault in the park. Seen at 20260401/0099", ["missing", "missing"]),
    ],
)
def test_a_log_that_quotes_the_number_of_an_earlier_log_is_counted_there(
    engine: DuckDBEngine, text: str, kinds: list[str]
) -> None:
    first, second = "20260401-0017", "20260401-0044"
    audit = Audit(
        engine,
        incidents=[incident(first), incident(second, narrative=text, reported_at=after(60))],
        required_crimes=[required(first), required(second, class_code="105A", deadline_at=after(84))],
    )
    assert audit.kinds == kinds
