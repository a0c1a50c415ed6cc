"""The registrar's desk: leads of the night, officers' questions with advice kept, training needs by unit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from tests.review.browsing import address, sent, signed_in
from tests.review.made_up import person

from opencdi.errors import UserError
from opencdi.review.desk import advice, leads, training
from opencdi.review.desk.models import Advice, Lead, LeadDecision, Question, TrainingNeed
from opencdi.review.desk.pages import time_left
from opencdi.review.events.chain import entries
from opencdi.review.judging.services import NotYoursError, StaleFormError
from opencdi.review.people.models import Person
from opencdi.review.policy import Role

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 5, 6, 0, tzinfo=UTC)


@pytest.fixture
def registrar() -> Person:
    return person("rhea", Role.REGISTRAR, force="Testshire")


def row(number: int, **values: Any) -> dict[str, Any]:
    return {
        "finding_id": f"F{number}",
        "incident_id": f"TS-{number:04d}",
        "kind": "missing",
        "class_required": "8N",
        "class_recorded": None,
        "crime_id": None,
        "seriousness": 10,
        "deadline_at": NOW + timedelta(hours=number),
        "explanation": "The log describes an assault and no crime was recorded.",
        "settles": None,
        "edition": "2026-04",
        "unit": "North",
        "narrative": "09:02 A TELLING NARRATIVE",
        **values,
    }


@pytest.fixture
def lead(registrar: Person) -> Lead:
    leads.take_in("Testshire", [row(1)], NOW)
    return Lead.objects.get()


# Leads --------------------------------------------------------------------------------------------


def test_a_night_adds_what_is_new_and_marks_what_is_gone() -> None:
    assert leads.take_in("Testshire", [row(1), row(2)], NOW) == leads.TakenIn(2, 0, 0)
    assert leads.take_in("Testshire", [row(2), row(3)], NOW + timedelta(days=1)) == leads.TakenIn(1, 1, 1)
    assert [each.finding_id for each in leads.waiting("Testshire")] == ["F2", "F3"]


def test_a_lead_found_again_waits_again() -> None:
    for night in ([row(1)], [], [row(1)]):
        leads.take_in("Testshire", night, NOW)
    assert [each.finding_id for each in leads.waiting("Testshire")] == ["F1"]


def test_the_nearest_deadline_comes_first_and_leads_without_one_last() -> None:
    leads.take_in("Testshire", [row(1, deadline_at=None), row(9), row(2)], NOW)
    assert [each.finding_id for each in leads.waiting("Testshire")] == ["F2", "F9", "F1"]


def test_a_decided_lead_waits_no_longer_but_one_asked_about_does(lead: Lead, registrar: Person) -> None:
    leads.decide_lead(registrar, lead, LeadDecision.Says.ASKED, "Asked the officer.")
    assert len(leads.waiting("Testshire")) == 1
    leads.decide_lead(registrar, lead, LeadDecision.Says.NO_CRIME, "A civil matter.")
    assert leads.waiting("Testshire") == []
    assert lead.decisions.count() == 2


def test_a_lead_of_another_force_is_not_found(lead: Lead) -> None:
    stranger = person("sue", Role.REGISTRAR, force="Othershire")
    with pytest.raises(NotYoursError):
        leads.lead_of(stranger, lead.key)
    client = signed_in(stranger)
    assert client.get(address("lead", lead.key)).status_code == 404
    assert b"TS-0001" not in client.get(address("desk")).content


def test_the_registrar_decides_a_lead_in_the_browser(lead: Lead, registrar: Person) -> None:
    client = signed_in(registrar)
    assert b"1 lead waits for a decision" in client.get(address("desk")).content
    assert b"A TELLING NARRATIVE" in client.get(address("lead", lead.key)).content
    fields = {"says": "record", "cause": "workload", "reason": "A crime was described."}
    page = client.post(address("lead", lead.key), sent(registrar, **fields), follow=True)
    assert b"No lead waits for a decision" in page.content


def test_opening_a_lead_is_an_event_without_its_words(lead: Lead, registrar: Person) -> None:
    signed_in(registrar).get(address("lead", lead.key))
    told = [entry.canonical.decode() for entry in entries()]
    assert any("lead-opened" in each for each in told)
    assert not any("TELLING" in each for each in told)


@pytest.mark.parametrize(
    ("hours", "words"), [(5.5, "in 5 hours"), (0.5, "in 0 hours"), (-3.2, "3 hours over"), (50, "in 2 days")]
)
def test_what_is_left_of_the_24_hours_is_said_in_whole_hours(hours: float, words: str) -> None:
    assert time_left(NOW + timedelta(hours=hours), NOW) == words


# Questions and advice -----------------------------------------------------------------------------

TOLD = {
    "When was the report received?": "2026-05-04T09:30:00",
    "Which offence does the report describe?": "8N",
    "Which of these are so, by name? Or none.": "none",
}


def told(question: Question, most: int = 80) -> Question:
    """Every question answered: the first fact that fits of those offered, or a plain one."""
    for _ in range(most):
        asked = advice.next_asked(question)
        if asked is None:
            return question
        value = TOLD.get(asked.words) or _some_value(asked.values)
        advice.tell(question, question.version, value)
    raise AssertionError("The questions do not end.")


def _some_value(values: tuple[str, ...]) -> str:
    if not values:
        return "1"
    return next((each for each in ("victim", "no") if each in values), values[0])


def test_the_questions_of_decide_lead_to_what_the_rules_say(registrar: Person) -> None:
    question = told(advice.ask(registrar, "TS-0001", "North"))
    said = advice.rules_say(question)
    assert said.edition == "2026-04"
    assert [each.class_code for each in said.required] == ["8N"]


def test_the_deadline_is_24_hours_after_the_report(registrar: Person) -> None:
    question = told(advice.ask(registrar, "TS-0001", "North"))
    assert advice.deadline_of(question) == datetime(2026, 5, 5, 8, 30, tzinfo=UTC)


def test_an_answer_that_cannot_be_is_refused_and_nothing_is_lost(registrar: Person) -> None:
    question = advice.ask(registrar, "", "")
    for number, (version, value) in enumerate(
        [(1, "2026-05-04T09:30:00"), (2, "victim"), (3, "8N")], start=1
    ):
        advice.tell(question, version, value)
        assert question.version == number + 1
    with pytest.raises(UserError):
        advice.tell(question, 4, "minus one")
    question.refresh_from_db()
    assert question.version == 4 and advice.facts_of(question)["offences"] == [{"class": "8N"}]


def test_advice_is_kept_with_the_facts_and_never_changed(registrar: Person) -> None:
    question = told(advice.ask(registrar, "TS-0001", "North"))
    given = advice.advise(registrar, question, question.version, "Record one 8N.")
    assert given.words == "Record one 8N." and "8N" in given.rules_said and given.facts == question.facts
    for forbidden in (given.delete, lambda: Advice.objects.update(edition="2018-04")):
        with pytest.raises(DatabaseError), transaction.atomic():
            forbidden()


def test_a_form_from_an_earlier_question_changes_nothing(registrar: Person) -> None:
    question = advice.ask(registrar, "", "")
    advice.tell(question, 1, "2026-05-04T09:30:00")
    with pytest.raises(StaleFormError):
        advice.tell(question, 1, "2026-05-04T10:30:00")


def test_the_registrar_asks_and_advises_in_the_browser(registrar: Person) -> None:
    client = signed_in(registrar)
    page = client.post(
        address("questions"), sent(registrar, incident_id="TS-0001", unit="North"), follow=True
    )
    assert b"When was the report received?" in page.content
    question = told(Question.objects.get())
    page = client.get(address("question", question.key))
    assert b"The 24 hours end on 5 May 2026, 09:30 BST" in page.content
    fields = {"version": str(question.version), "words": "Record one 8N."}
    page = client.post(address("question", question.key), sent(registrar, **fields), follow=True)
    assert b"Given" in page.content
    assert Advice.objects.get().words == "Record one 8N."


def test_an_answer_the_rules_refuse_is_said_beside_the_question(registrar: Person) -> None:
    question = advice.ask(registrar, "", "")
    page = signed_in(registrar).post(
        address("question", question.key), sent(registrar, version="1", value="")
    )
    assert b"error-summary" in page.content


# Training needs -----------------------------------------------------------------------------------


def test_causes_of_decided_leads_are_counted_by_unit(lead: Lead, registrar: Person) -> None:
    leads.decide_lead(registrar, lead, LeadDecision.Says.RECORD, "Yes.", cause="rules_public_order")
    (found,) = training.errors_by_unit("Testshire")
    assert (found.unit, found.cause, found.in_audits, found.in_leads) == ("North", "rules_public_order", 0, 1)


def test_a_need_is_noted_once_and_met_once(registrar: Person) -> None:
    training.note_need(registrar, "North", "rules_public_order")
    with pytest.raises(UserError, match="noted already"):
        training.note_need(registrar, "North", "rules_public_order")
    need = TrainingNeed.objects.get()
    with pytest.raises(UserError, match="still to come"):
        training.meet_need(registrar, need, timezone.localdate() + timedelta(days=1))
    training.meet_need(registrar, need, date(2026, 5, 4))
    need.refresh_from_db()
    assert need.met_on == date(2026, 5, 4)


def test_needs_are_noted_and_met_in_the_browser(registrar: Person) -> None:
    client = signed_in(registrar)
    page = client.post(
        address("needs"), sent(registrar, unit="North", cause="rules_public_order"), follow=True
    )
    assert b"North" in page.content
    need = TrainingNeed.objects.get()
    day = {"met_on_day": "4", "met_on_month": "5", "met_on_year": "2026"}
    page = client.post(address("need_met", need.key), sent(registrar, **day), follow=True)
    assert b"Met 4 May 2026" in page.content
