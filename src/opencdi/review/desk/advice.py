"""An officer's question about a report: facts asked one by one, what the rules say, a person's advice."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from opencdi.counting.answer import Answer, answer
from opencdi.counting.questions import Question as Asked
from opencdi.counting.questions import answered, next_question
from opencdi.counting.report_reading import checked
from opencdi.counting.wording import in_words
from opencdi.review.desk.models import Advice, Question
from opencdi.review.events.chain import digest, record, writing
from opencdi.review.events.kinds import Kind
from opencdi.review.judging.services import NotYoursError, StaleFormError
from opencdi.review.people.models import Person

HOURS_TO_RECORD = timedelta(hours=24)
"""Crime Recording Rules, April 2026, section on recording: within 24 hours of the report."""


def ask(person: Person, incident_id: str, unit: str) -> Question:
    """Begin with a report of the person's own force."""
    question = Question(force=person.force, person=person, incident_id=incident_id, unit=unit)
    question.facts = "{}"
    question.save()
    return question


def question_of(person: Person, key: UUID) -> Question:
    """Raises ``NotYoursError`` where it is no question of the person's own force."""
    found = Question.objects.filter(key=key, force__iexact=person.force).first() if person.force else None
    if found is None:
        raise NotYoursError
    return found


def facts_of(question: Question) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(question.facts)
    return facts


def next_asked(question: Question) -> Asked | None:
    """What to ask next; None where nothing more would change the answer."""
    return next_question(facts_of(question))


def day_of(question: Question) -> date | None:
    """The day of the report, once it was told."""
    told = facts_of(question).get("reported_at")
    try:
        return datetime.fromisoformat(told).date() if told else None
    except ValueError:
        return None


def tell(question: Question, version: int, value: str) -> None:
    """Take the answer to what is asked next.

    Raises ``UserError`` for an answer that cannot be, ``StaleFormError`` where the question has gone on.
    """
    with writing():
        _refuse_stale(question, version)
        asked = next_asked(question)
        if asked is None:
            raise StaleFormError
        attempt = answered(facts_of(question), asked, value)
        next_question(attempt)
        _keep(question, attempt)


def start_again(question: Question, version: int) -> None:
    """Forget the facts told so far."""
    with writing():
        _refuse_stale(question, version)
        _keep(question, {})


def rules_say(question: Question) -> Answer:
    """What the rules say to the facts told. Raises ``UserError`` while facts are missing."""
    return answer(checked(_plain(facts_of(question)), "the answers"))


def advise(person: Person, question: Question, version: int, words: str) -> Advice:
    """Keep the advice with the facts and what the rules said to them."""
    with writing():
        _refuse_stale(question, version)
        said = rules_say(question)
        advice = Advice(
            question=question, person=person, edition=said.edition, deadline_at=deadline_of(question)
        )
        advice.facts, advice.rules_said, advice.words = question.facts, in_words(said), words
        advice.save()
        record(
            Kind.ADVICE_GIVEN,
            person,
            question=question.key,
            advice=advice.key,
            edition=advice.edition,
            words=digest(advice.key, words),
        )
    return advice


def deadline_of(question: Question) -> datetime:
    """24 hours after the report, on the clock of the world."""
    return checked(_plain(facts_of(question)), "the answers").at + HOURS_TO_RECORD


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name != "asked_for_more"}


def _refuse_stale(question: Question, version: int) -> None:
    question.refresh_from_db()
    if question.version != version:
        raise StaleFormError


def _keep(question: Question, facts: dict[str, Any]) -> None:
    question.facts = json.dumps(facts, default=str)
    question.version += 1
    question.save()
