from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from opencdi.review.policy import Role


class AnswersConfig(AppConfig):
    name = "opencdi.review.answers"
    label = "answers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from opencdi.review.answers import work
        from opencdi.review.shell.work import join

        join(_("The force's answers"), Role.FORCE_LEAD, work.tasks_of_force_lead)
        join(_("Disputes"), Role.INSPECTOR, work.tasks_of_inspector)
        join(_("Corrections"), Role.REGISTRAR, work.tasks_of_registrar)
