"""What waits for an auditor, for the first page: counts of their own queue and of nothing else."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from opencdi.review.judging.models import Judgement
from opencdi.review.judging.reading import NOT_STARTED, queue
from opencdi.review.people.models import Person
from opencdi.review.shell.work import Task, left_in_words


def tasks_of_auditor(person: Person) -> list[Task]:
    stages = [item.stage for item in queue(person)]
    to_judge = sum(stage in (NOT_STARTED, Judgement.Stage.DRAFT) for stage in stages)
    to_sign = stages.count(Judgement.Stage.SUBMITTED)
    return [
        Task(_("Judge reports"), reverse("queue"), left_in_words(to_judge)),
        Task(_("Sign off what you submitted"), reverse("sign_off"), left_in_words(to_sign)),
        Task(_("See what stands on your reports"), reverse("revealed")),
    ]
