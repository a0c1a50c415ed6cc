"""From a drawn sample through judging to rates: what comes out is what the answers say."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.review.folders import bundle_in, drawn, settings
from tests.review.made_up import (
    NOTHING,
    auditors,
    correct,
    crimes,
    found,
    judge,
    loaded,
    log,
    missing,
    number_of,
    person,
    readings,
    record,
    sign,
)

from opencdi.bundle.estimate import estimate_bundle
from opencdi.estimation.rates import RateRow
from opencdi.review.adjudication.decision import Decision
from opencdi.review.adjudication.export import export
from opencdi.review.adjudication.services import decide, dispute, save, waiting_for
from opencdi.review.audits.models import Audit
from opencdi.review.audits.states import State
from opencdi.review.judging.answers import Answers
from opencdi.review.people.models import Person
from opencdi.review.policy import Role
from opencdi.review.quality.known_cases import KnownCase

pytestmark = pytest.mark.django_db


def truth(number: int) -> Answers:
    """Incidents with a record are right, the others are missing from it."""
    if number > 9000:
        return crimes(missing())
    return correct(number) if number % 3 else crimes(missing())


def decide_for_the_truth(clara: Person) -> None:
    for adjudication in waiting_for(clara):
        seen = dispute(clara, adjudication.key)
        right = truth(number_of(seen.facts.incident_id))
        side = "a" if seen.a == right else "b"
        count = len(seen.pairs)
        decision = Decision(choices=(side,) * count, own=(None,) * count, reason="As the log says.")
        save(clara, adjudication.key, seen.version, decision)
        decide(clara, adjudication.key, seen.version + 1)


def run(audit: Audit, errors: set[tuple[int, int]]) -> None:
    """Everybody says the truth, but for (incident, place of the reader), who says nothing is required."""
    clara = person("clara", Role.ADJUDICATOR)
    for reading in readings(audit):
        number = number_of(reading.case.incident_id)
        wrong = (number, reading.slot) in errors
        judge(reading.person, reading.key, NOTHING if wrong else truth(number))
    sign(*{reading.person for reading in readings(audit)})
    decide_for_the_truth(clara)
    assert set(audit.cases.values_list("state", flat=True)) == {State.SETTLED}


def rates(rows: list[RateRow]) -> dict[str, RateRow]:
    return {row.measure: row for row in rows if row.dimension == "all"}


def test_the_rates_are_those_of_the_answers(tmp_path: Path) -> None:
    auditors("anna", "ben", "dora", "emil")
    bundle = bundle_in(tmp_path / "sample", settings(), incidents=40)
    audit = loaded(drawn(bundle, settings()), reread_chance="0.3")
    sampled = sorted(number_of(each) for each in audit.cases.values_list("incident_id", flat=True))
    run(audit, errors={(sampled[0], 1), (sampled[5], 2)})
    path = tmp_path / "verdicts.csv"
    assert export(audit, path) == 12
    found_rates = rates(estimate_bundle(bundle, path))
    recorded = sum(number % 3 > 0 for number in sampled)
    rate = found_rates["recorded"]
    assert (rate.numerator, rate.denominator) == (recorded, 12)
    assert rate.estimate == pytest.approx(recorded / 12)
    assert found_rates["agreement_raw"].estimate == pytest.approx(10 / 12)
    assert found_rates["recorded_corrected_by_rereading"].estimate == pytest.approx(recorded / 12)


def test_known_cases_are_exported_with_their_truth_and_kept_out_of_the_sample(tmp_path: Path) -> None:
    auditors("anna", "ben")
    bundle = bundle_in(tmp_path / "sample", settings(), incidents=40)
    one = log(9001)
    two = log(9002, record(9002))
    known = [
        KnownCase(facts=one.facts, log=one.text, truth=crimes(missing())),
        KnownCase(facts=two.facts, log=two.text, truth=crimes(found(9002))),
    ]
    audit = loaded(drawn(bundle, settings()), known=known, known_share=0.2)
    run(audit, errors=set())
    path = tmp_path / "verdicts.csv"
    export(audit, path)
    with path.open(newline="") as file:
        rows = {row["incident_id"]: row for row in csv.DictReader(file) if row["known_verdict"]}
    assert (rows["TS-9001"]["verdict"], rows["TS-9001"]["known_verdict"]) == ("missing", "missing")
    assert (rows["TS-9002"]["verdict"], rows["TS-9002"]["known_verdict"]) == ("missing", "correct")
    measures = rates(estimate_bundle(bundle, path))
    assert measures["recorded"].denominator == 12
    assert measures["reviewers_sensitivity"].estimate == 1
    assert measures["reviewers_specificity"].estimate == 0


def test_auditors_are_codes_that_say_nothing_of_them(tmp_path: Path) -> None:
    auditors("anna", "ben")
    bundle = bundle_in(tmp_path / "sample", settings(), incidents=40)
    audit = loaded(drawn(bundle, settings()))
    run(audit, errors=set())
    path = tmp_path / "verdicts.csv"
    export(audit, path)
    text = path.read_text()
    assert "Anna" not in text and "@" not in text
    assert {row["first_auditor"] for row in csv.DictReader(path.open(newline=""))} <= {"R01", "R02"}


def test_a_case_that_is_not_settled_counts_as_unread(tmp_path: Path) -> None:
    auditors("anna", "ben")
    bundle = bundle_in(tmp_path / "sample", settings(), incidents=40)
    audit = loaded(drawn(bundle, settings()))
    first = readings(audit)[:4]
    for reading in first:
        judge(reading.person, reading.key, truth(number_of(reading.case.incident_id)))
    sign(*{reading.person for reading in first})
    path = tmp_path / "verdicts.csv"
    assert export(audit, path) == 2
    assert rates(estimate_bundle(bundle, path))["recorded"].unread == 10
