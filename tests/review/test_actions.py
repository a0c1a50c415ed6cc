"""Recommendations become actions with owner, day and evidence, and somebody else closes them."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.review.browsing import address, sent, signed_in
from tests.review.made_up import (
    auditors,
    crimes,
    judge,
    loaded,
    missing,
    person,
    readings,
    recorded_sample,
    sign,
)

from opencdi.errors import UserError
from opencdi.publication.settings import read_audit_publication
from opencdi.review.actions import services
from opencdi.review.actions.causes import errors_by_cause
from opencdi.review.actions.models import Action, ActionStep, Explanation
from opencdi.review.actions.publication import write_publication
from opencdi.review.actions.states import WAYS, ActionState, Move, WayNotOpenError, after, moves_from
from opencdi.review.answers import services as answers
from opencdi.review.answers.models import AdverseVerdict
from opencdi.review.audits.models import Audit
from opencdi.review.judging.services import StaleFormError
from opencdi.review.people.models import Person
from opencdi.review.policy import Role

pytestmark = pytest.mark.django_db


def next_month() -> date:
    return timezone.localdate() + timedelta(days=30)


@pytest.fixture
def audit() -> Audit:
    """Two incidents whose crime is missing, for one cause."""
    pair = auditors("anna", "ben")
    audit = loaded(recorded_sample(2))
    for reading in readings(audit):
        judge(reading.person, reading.key, crimes(missing(cause="workload")))
    sign(*pair)
    return audit


@pytest.fixture
def inspector() -> Person:
    return person("iris", Role.INSPECTOR)


@pytest.fixture
def lead() -> Person:
    return person("luca", Role.FORCE_LEAD, force="Testshire")


@pytest.fixture
def action(audit: Audit, inspector: Person) -> Action:
    return services.recommend(audit, "Check every log closed without a crime.", inspector, "workload")


def done(action: Action, lead: Person) -> None:
    services.take_on(lead, action.key, 1, "Head of contact", next_month())
    services.add_evidence(
        lead, action.key, 2, "A daily check runs.", [SimpleUploadedFile("c.txt", b"checked")]
    )
    services.say_done(lead, action.key, 3)


def test_an_action_goes_from_recommendation_to_closure(
    action: Action, lead: Person, inspector: Person
) -> None:
    done(action, lead)
    services.close(inspector, action.key, 4, "Seen on three days.")
    action.refresh_from_db()
    assert action.state == ActionState.CLOSED
    assert [step.move for step in action.steps.all()] == ["taken_on", "evidence_added", "said_done", "closed"]


def test_nobody_closes_an_action_they_worked_on(action: Action, lead: Person) -> None:
    done(action, lead)
    with pytest.raises(UserError, match="Somebody else has to check it"):
        services.close(lead, action.key, 4, "I say so.")


def test_an_action_is_not_said_to_be_done_without_evidence(action: Action, lead: Person) -> None:
    services.take_on(lead, action.key, 1, "Head of contact", next_month())
    with pytest.raises(UserError, match="Add evidence first"):
        services.say_done(lead, action.key, 2)


def test_a_day_in_the_past_is_refused(action: Action, lead: Person) -> None:
    with pytest.raises(UserError, match="is past"):
        services.take_on(lead, action.key, 1, "Head of contact", date(2020, 1, 1))


def test_two_people_at_one_action_do_not_overwrite_each_other(action: Action, lead: Person) -> None:
    services.take_on(lead, action.key, 1, "Head of contact", next_month())
    with pytest.raises(StaleFormError):
        services.take_on(lead, action.key, 1, "Head of crime", next_month())


@pytest.mark.parametrize("model", [ActionStep, Explanation])
def test_the_database_refuses_to_change_what_was_said(
    model: Any, action: Action, audit: Audit, lead: Person
) -> None:
    services.take_on(lead, action.key, 1, "Head of contact", next_month())
    services.explain(audit, "We were short of people.", lead)
    for forbidden in (model.objects.get().delete, lambda: model.objects.update(person=lead)):
        with pytest.raises(DatabaseError), transaction.atomic():
            forbidden()


def test_every_state_can_be_reached_and_left_only_by_the_table() -> None:
    assert {way.target for way in WAYS} == set(ActionState)
    for state in ActionState:
        for move in set(Move) - moves_from(state):
            with pytest.raises(WayNotOpenError):
                after(state, move)


def test_errors_are_counted_by_cause_and_a_dispute_won_is_none(
    audit: Audit, inspector: Person, lead: Person
) -> None:
    assert [(each.code, each.count) for each in errors_by_cause(audit)] == [("workload", 2)]
    answers.open_answers(audit, next_month(), inspector)
    first = AdverseVerdict.objects.order_by("pk")[0]
    answers.dispute(lead, first.key, 1, "It is on record.")
    answers.decide(inspector, first.key, 2, "correct", "It is.")
    assert [(each.code, each.count) for each in errors_by_cause(audit)] == [("workload", 1)]


def test_what_is_published_in_words_is_read_back_as_it_was_written(
    audit: Audit, action: Action, lead: Person, tmp_path: Path
) -> None:
    done(action, lead)
    services.explain(audit, "First.", lead)
    services.explain(audit, 'We were "short" of people.\nWe are not now.', lead)
    path = tmp_path / "review-words.toml"
    write_publication(audit, path)
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    assert said["explanation"] == 'We were "short" of people.\nWe are not now.'
    assert said["cause"] == [{"kind": "Workload", "count": 2}]
    assert said["action"] == [
        {
            "what": "Check every log closed without a crime.",
            "owner": "Head of contact",
            "due": next_month(),
            "state": "done",
        }
    ]


class AnyWords(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(words=st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), min_size=1, max_size=200))
    def test_any_explanation_survives_the_way_into_toml(self, words: str) -> None:
        from opencdi.review.actions.publication import _text

        assert tomllib.loads(f"said = {_text(words)}")["said"] == words


def test_the_force_works_on_an_action_and_the_inspector_closes_it_in_the_browser(
    action: Action, audit: Audit, lead: Person, inspector: Person
) -> None:
    due = next_month()
    owner = {
        "version": "1",
        "owner": "Head of contact",
        "due_on_day": str(due.day),
        "due_on_month": str(due.month),
        "due_on_year": str(due.year),
    }
    force = signed_in(lead)
    assert (
        b"Head of contact"
        in force.post(address("take_on", action.key), sent(lead, **owner), follow=True).content
    )
    evidence = {"version": "2", "words": "A daily check.", "file": SimpleUploadedFile("c.txt", b"checked")}
    assert (
        b"c.txt"
        in force.post(address("add_evidence", action.key), sent(lead, **evidence), follow=True).content
    )
    force.post(address("say_done", action.key), sent(lead, version="3"))
    closing = {"version": "4", "words": "Seen on three days."}
    page = signed_in(inspector).post(
        address("check_action", action.key, move="closed"), sent(inspector, **closing), follow=True
    )
    assert b"Checked and closed" in page.content
    listed = signed_in(inspector).get(address("audit_actions", audit.key)).content
    assert b"Workload" in listed and b"Closed" in listed


def test_the_force_writes_its_explanation_in_the_browser(audit: Audit, lead: Person) -> None:
    page = signed_in(lead).post(
        address("explain", audit.key), sent(lead, words="We were short of people."), follow=True
    )
    assert b"We were short of people." in page.content


def test_another_force_sees_no_actions(action: Action, audit: Audit) -> None:
    stranger = signed_in(person("sam", Role.FORCE_LEAD, force="Othershire"))
    assert stranger.get(address("action", action.key)).status_code == 404
    assert stranger.get(address("audit_actions", audit.key)).status_code == 404
    assert b"Testshire" not in stranger.get(address("actions")).content


def test_the_published_page_takes_the_words_of_the_review_over_those_of_its_own_file(
    audit: Audit, lead: Person, tmp_path: Path
) -> None:
    (tmp_path / "publication.toml").write_text('grade = "good"\nexplanation = "An old one."\n')
    services.explain(audit, "We were short of people.", lead)
    write_publication(audit, tmp_path / "review-words.toml")
    said = read_audit_publication(tmp_path)
    assert (said.grade, said.explanation) == ("good", "We were short of people.")
    assert [(each.kind, each.count) for each in said.cause] == [("Workload", 2)]
