"""What waits for a member of a scrutiny panel, for the first page."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opencdi.review.people.models import Person
from opencdi.review.shell.work import Task


def tasks_of_panel_member(person: Person) -> list[Task]:
    to_come = person.panels.filter(meets_on__gte=timezone.localdate()).count()
    state = ngettext("%(num)s to come", "%(num)s to come", to_come) % {"num": to_come}
    return [Task(_("Score cases"), reverse("panels"), state if to_come else _("None to come"))]
