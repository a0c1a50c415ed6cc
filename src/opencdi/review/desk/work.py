"""What waits on the registrar's desk, for the first page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from opencdi.review.desk.leads import waiting
from opencdi.review.desk.models import Question
from opencdi.review.people.models import Person
from opencdi.review.shell.work import Task, left_in_words


def tasks_of_registrar(person: Person) -> list[Task]:
    leads = len(waiting(person.force)) if person.force else 0
    asked = Question.objects.filter(force__iexact=person.force, advice__isnull=True).count()
    return [
        Task(_("Decide leads of the night"), reverse("desk"), left_in_words(leads)),
        Task(_("Answer officers' questions"), reverse("questions"), left_in_words(asked)),
    ]
