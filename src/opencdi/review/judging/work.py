"""What waits for an auditor, for the first page: counts of their own queue and of nothing else."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opencdi.review.judging.models import Judgement
from opencdi.review.judging.reading import NOT_STARTED, queue
from opencdi.review.people.models import Person
from opencdi.review.shell.work import Task


def tasks_of_auditor(person: Person) -> list[Task]:
    stages = [item.stage for item in queue(person)]
    to_judge = sum(stage in (NOT_STARTED, Judgement.Stage.DRAFT) for stage in stages)
    to_sign = stages.count(Judgement.Stage.SUBMITTED)
    return [
        Task(_("Judge reports"), reverse("queue"), _left(to_judge)),
        Task(_("Sign off what you submitted"), reverse("sign_off"), _left(to_sign)),
        Task(_("See what stands on your reports"), reverse("revealed")),
    ]


def _left(count: int) -> str:
    return ngettext("%(num)s left", "%(num)s left", count) % {"num": count} if count else _("Nothing left")
