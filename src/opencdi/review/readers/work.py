"""What waits for an administrator, for the first page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opencdi.review.people.models import Person
from opencdi.review.readers.workload import audits_for
from opencdi.review.shell.work import Task


def tasks_of_administrator(person: Person) -> list[Task]:
    lacking = sum(audit.lacking for audit in audits_for(person))
    state = ngettext("%(num)s place without a reader", "%(num)s places without a reader", lacking)
    return [
        Task(
            _("See who reads what"),
            reverse("readers"),
            state % {"num": lacking} if lacking else _("All given"),
        )
    ]
