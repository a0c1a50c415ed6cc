"""The force accepts or disputes adverse verdicts; the reviewer decides; the registrar puts records right."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from tests.review.browsing import address, sent, signed_in
from tests.review.made_up import (
    auditors,
    correct,
    crimes,
    found,
    judge,
    loaded,
    missing,
    number_of,
    person,
    readings,
    recorded_sample,
    sign,
)

from opencdi.errors import UserError
from opencdi.review.adjudication.export import rows
from opencdi.review.answers import services
from opencdi.review.answers.decided import decided_columns
from opencdi.review.answers.models import AdverseVerdict, Correction, DisputeDecision, ForceAnswer
from opencdi.review.answers.states import WAYS, Standing, Step, WayNotOpenError, after, steps_from
from opencdi.review.audits.models import Audit
from opencdi.review.events.chain import entries, verify
from opencdi.review.judging.services import StaleFormError
from opencdi.review.people.models import Person
from opencdi.review.people.services import grant
from opencdi.review.policy import Role

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4 made up"


def next_week() -> date:
    return timezone.localdate() + timedelta(days=7)


@pytest.fixture
def audit() -> Audit:
    """Three settled cases: one right, one late, one missing a second crime."""
    pair = auditors("anna", "ben")
    audit = loaded(recorded_sample(3))
    for reading in readings(audit):
        number = number_of(reading.case.incident_id)
        answers = {
            1: correct(1),
            2: crimes(found(2, in_time="no", cause="workload")),
            3: crimes(found(3), missing(victim=2)),
        }[number]
        judge(reading.person, reading.key, answers)
    sign(*pair)
    return audit


@pytest.fixture
def inspector() -> Person:
    return person("iris", Role.INSPECTOR)


@pytest.fixture
def lead() -> Person:
    return person("luca", Role.FORCE_LEAD, force="Testshire")


@pytest.fixture
def registrar() -> Person:
    return person("rhea", Role.REGISTRAR, force="Testshire")


@pytest.fixture
def late(audit: Audit, inspector: Person) -> AdverseVerdict:
    """The verdict on the late record, after the force was asked."""
    services.open_answers(audit, next_week(), inspector)
    return AdverseVerdict.objects.get(verdict__verdict="late")


def test_the_force_is_asked_about_adverse_verdicts_alone(audit: Audit, inspector: Person) -> None:
    assert services.open_answers(audit, next_week(), inspector) == 2
    assert sorted(AdverseVerdict.objects.values_list("verdict__verdict", flat=True)) == ["late", "missing"]


def test_answers_are_not_asked_for_while_a_case_is_being_judged(inspector: Person) -> None:
    auditors("anna", "ben")
    audit = loaded(recorded_sample(1))
    with pytest.raises(UserError, match="1 cases of this audit have no verdict yet"):
        services.open_answers(audit, next_week(), inspector)


def test_a_deadline_in_the_past_is_refused(audit: Audit, inspector: Person) -> None:
    with pytest.raises(UserError, match="is past"):
        services.open_answers(audit, timezone.localdate() - timedelta(days=1), inspector)


def test_a_deadline_is_only_ever_moved_later(audit: Audit, inspector: Person) -> None:
    services.open_answers(audit, next_week(), inspector)
    with pytest.raises(UserError, match="Give a later day"):
        services.extend_deadline(audit, next_week(), inspector)
    later = next_week() + timedelta(days=1)
    services.extend_deadline(audit, later, inspector)
    assert services.deadline_of(audit) == later
    assert audit.deadlines.count() == 2


def test_an_answer_after_the_deadline_is_not_taken(
    late: AdverseVerdict, lead: Person, time_machine: Any
) -> None:
    time_machine.move_to(timezone.now() + timedelta(days=8))
    with pytest.raises(StaleFormError):
        services.accept(lead, late.key, late.version)


def test_a_dispute_with_a_file_goes_to_the_reviewer_who_changes_the_verdict(
    late: AdverseVerdict, lead: Person, inspector: Person, audit: Audit
) -> None:
    sheet = SimpleUploadedFile("memo.pdf", PDF)
    services.dispute(lead, late.key, 1, "The report was made an hour later.", [sheet])
    services.decide(inspector, late.key, 2, "correct", "The log shows the later time.")
    late.refresh_from_db()
    assert late.standing == Standing.CHANGED
    assert late.verdict.verdict == "late", "the earlier verdict stays where it was"
    exported = {row["incident_id"]: row for row in rows(audit, decided_columns(audit))}
    assert exported["TS-0002"]["verdict"] == "correct"
    assert exported["TS-0002"]["within_24_hours"] == "yes"


def test_a_verdict_upheld_is_exported_as_it_was(
    late: AdverseVerdict, lead: Person, inspector: Person, audit: Audit
) -> None:
    services.dispute(lead, late.key, 1, "We disagree.")
    services.decide(inspector, late.key, 2, "late", "The log is plain.")
    assert decided_columns(audit) == {}


def test_what_the_force_said_before_is_kept(late: AdverseVerdict, lead: Person) -> None:
    services.dispute(lead, late.key, 1, "First reason.")
    services.dispute(lead, late.key, 2, "And another.")
    services.accept(lead, late.key, 3)
    assert [answer.says for answer in late.answers.all()] == ["dispute", "dispute", "accept"]
    assert [answer.reason for answer in late.answers.all()] == ["First reason.", "And another.", ""]


def test_the_registrars_correction_closes_a_verdict(late: AdverseVerdict, registrar: Person) -> None:
    services.correct(registrar, late.key, 1, "42/00002/26", timezone.localdate(), "Time put right.")
    late.refresh_from_db()
    assert late.standing == Standing.CORRECTED
    with pytest.raises(StaleFormError):
        services.correct(registrar, late.key, 2, "42/00002/26", timezone.localdate(), "")


def test_a_disputed_verdict_is_not_corrected_before_it_is_decided(
    late: AdverseVerdict, lead: Person, registrar: Person
) -> None:
    services.dispute(lead, late.key, 1, "We disagree.")
    with pytest.raises(StaleFormError):
        services.correct(registrar, late.key, 2, "42/00002/26", timezone.localdate(), "")


def test_a_form_from_an_older_version_changes_nothing(late: AdverseVerdict, lead: Person) -> None:
    services.accept(lead, late.key, 1)
    with pytest.raises(StaleFormError):
        services.dispute(lead, late.key, 1, "Too late.")
    assert late.answers.count() == 1


def test_every_answer_is_an_event_without_its_words(late: AdverseVerdict, lead: Person) -> None:
    services.dispute(lead, late.key, 1, "A very telling reason.")
    assert verify() == []
    told = [entry.canonical.decode() for entry in entries()]
    assert any("force-answered" in each for each in told)
    assert not any("telling" in each for each in told)


@pytest.mark.parametrize("model", [ForceAnswer, DisputeDecision, Correction])
def test_the_database_refuses_to_change_or_delete_what_was_said(
    model: Any, late: AdverseVerdict, lead: Person, inspector: Person, registrar: Person
) -> None:
    services.dispute(lead, late.key, 1, "We disagree.")
    services.decide(inspector, late.key, 2, "late", "The log is plain.")
    services.correct(registrar, late.key, 3, "42/00002/26", timezone.localdate(), "")
    row = model.objects.get()
    for forbidden in (row.delete, lambda: model.objects.update(person=inspector)):
        with pytest.raises(DatabaseError), transaction.atomic():
            forbidden()


# The table of standings ---------------------------------------------------------------------------


class Verdicts(RuleBasedStateMachine):
    """Whatever steps are tried, a verdict only ever goes a way of the table, and is closed for good."""

    def __init__(self) -> None:
        super().__init__()
        self.standing = after(None, Step.OPENED)

    @rule(step=st.sampled_from(list(Step)))
    def try_a_step(self, step: Step) -> None:
        if step in steps_from(self.standing):
            self.standing = after(self.standing, step)
        else:
            with pytest.raises(WayNotOpenError):
                after(self.standing, step)

    @precondition(lambda self: self.standing == Standing.CORRECTED)
    @rule(step=st.sampled_from(list(Step)))
    def nothing_follows_a_correction(self, step: Step) -> None:
        with pytest.raises(WayNotOpenError):
            after(self.standing, step)


TestVerdicts = Verdicts.TestCase


def test_every_standing_can_be_reached() -> None:
    assert {way.target for way in WAYS} == set(Standing)


# The pages ----------------------------------------------------------------------------------------


def test_the_force_disputes_the_reviewer_upholds_and_the_registrar_corrects_in_the_browser(
    late: AdverseVerdict, lead: Person, inspector: Person, registrar: Person
) -> None:
    page = signed_in(lead).get(address("adverse_verdict", late.key)).content
    assert b"Recorded late" in page and b"Answer this verdict" in page and b"Decide this dispute" not in page
    fields = {
        "version": "1",
        "says": "dispute",
        "reason": "An hour later.",
        "file": SimpleUploadedFile("m.pdf", PDF),
    }
    answered = signed_in(lead).post(address("answer_verdict", late.key), sent(lead, **fields), follow=True)
    assert b"The force disputes the verdict" in answered.content and b"m.pdf" in answered.content
    decided = {"version": "2", "verdict": "late", "reason": "The log is plain."}
    shown = signed_in(inspector).post(
        address("decide_dispute", late.key), sent(inspector, **decided), follow=True
    )
    assert b"The reviewer decided: Recorded late" in shown.content
    day = timezone.localdate()
    correction = {
        "version": "3",
        "crime_id": "42/00002/26",
        "corrected_on_day": str(day.day),
        "corrected_on_month": str(day.month),
        "corrected_on_year": str(day.year),
    }
    closed = signed_in(registrar).post(
        address("correct_record", late.key), sent(registrar, **correction), follow=True
    )
    assert b"The record has been put right" in closed.content


def test_a_file_given_as_evidence_comes_back_as_an_attachment(late: AdverseVerdict, lead: Person) -> None:
    services.dispute(lead, late.key, 1, "See the memo.", [SimpleUploadedFile("memo.pdf", PDF)])
    file = late.answers.get().files.get()
    response = signed_in(lead).get(address("evidence", late.key, file=file.key))
    assert response.content == PDF
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_a_dispute_without_a_reason_is_sent_back_with_words(late: AdverseVerdict, lead: Person) -> None:
    fields = {"version": "1", "says": "dispute"}
    page = signed_in(lead).post(address("answer_verdict", late.key), sent(lead, **fields))
    assert b"Enter why you dispute it." in page.content
    assert late.answers.count() == 0


def test_a_stale_answer_is_kept_and_a_page_says_so(late: AdverseVerdict, lead: Person) -> None:
    services.dispute(lead, late.key, 1, "Someone was quicker.")
    fields = {"version": "1", "says": "dispute", "reason": "A long reason."}
    page = signed_in(lead).post(address("answer_verdict", late.key), sent(lead, **fields))
    assert page.status_code == 409


@pytest.mark.parametrize("route", ["adverse_verdict", "answer_verdict", "decide_dispute", "correct_record"])
def test_another_forces_people_and_auditors_find_nothing(route: str, late: AdverseVerdict) -> None:
    strangers = [
        person("sam", Role.FORCE_LEAD, force="Othershire"),
        person("sue", Role.REGISTRAR, force="Othershire"),
        person("own", Role.INSPECTOR, force="Testshire"),
        person("ada", Role.AUDITOR),
    ]
    for stranger in strangers:
        assert signed_in(stranger).get(address(route, late.key)).status_code == 404


def test_an_auditor_is_given_no_role_that_shows_verdicts() -> None:
    anna = person("anna", Role.AUDITOR)
    for role in (Role.INSPECTOR, Role.REGISTRAR, Role.FORCE_LEAD, Role.PANEL_MEMBER):
        with pytest.raises(UserError, match="may learn nothing of verdicts"):
            grant(anna, role)
