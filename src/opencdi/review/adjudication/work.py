"""What waits for an adjudicator, for the first page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opencdi.review.adjudication.services import waiting_for
from opencdi.review.people.models import Person
from opencdi.review.shell.work import Task


def tasks_of_adjudicator(person: Person) -> list[Task]:
    count = len(waiting_for(person))
    left = ngettext("%(num)s left", "%(num)s left", count) % {"num": count} if count else _("Nothing left")
    return [Task(_("Decide where two judgements differ"), reverse("differing"), left)]
