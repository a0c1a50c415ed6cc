from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from opencdi.review.policy import Role


class AdjudicationConfig(AppConfig):
    name = "opencdi.review.adjudication"
    label = "adjudication"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from opencdi.review.adjudication.work import tasks_of_adjudicator
        from opencdi.review.shell.work import join

        join(_("Deciding"), Role.ADJUDICATOR, tasks_of_adjudicator)
