"""What waits for the force and for the reviewer, for the first page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from opencdi.review.answers.reading import audits_for
from opencdi.review.answers.states import Standing
from opencdi.review.people.models import Person
from opencdi.review.shell.work import Task, left_in_words


def tasks_of_force_lead(person: Person) -> list[Task]:
    waiting = sum(audit.counts.get(Standing.AWAITING, 0) for audit in audits_for(person) if audit.is_open)
    return [Task(_("Answer verdicts"), reverse("answers"), left_in_words(waiting))]


def tasks_of_inspector(person: Person) -> list[Task]:
    waiting = sum(audit.counts.get(Standing.DISPUTED, 0) for audit in audits_for(person))
    return [Task(_("Decide disputes"), reverse("answers"), left_in_words(waiting))]


def tasks_of_registrar(person: Person) -> list[Task]:
    open_ones = (Standing.AWAITING, Standing.ACCEPTED, Standing.UPHELD, Standing.CHANGED)
    waiting = sum(audit.counts.get(each, 0) for audit in audits_for(person) for each in open_ones)
    return [Task(_("Enter what was put right"), reverse("answers"), left_in_words(waiting))]
