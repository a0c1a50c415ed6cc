"""How a registrar stands towards a lead, a question or a training need: by the force it is of."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db.models import Model

from opencdi.review.desk.models import Lead, Question, TrainingNeed
from opencdi.review.judging.standing import side_of
from opencdi.review.people.models import Person
from opencdi.review.policy import Standing


def _standing_to(model: type[Model]) -> Callable[[Person, UUID], Standing | None]:
    def find(person: Person, key: UUID) -> Standing | None:
        force = model._default_manager.filter(key=key).values_list("force", flat=True).first()
        return None if force is None else Standing(side=side_of(person, force))

    return find


standing_to_lead = _standing_to(Lead)
standing_to_question = _standing_to(Question)
standing_to_need = _standing_to(TrainingNeed)
