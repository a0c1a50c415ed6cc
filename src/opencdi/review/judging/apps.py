from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from opencdi.review.policy import Role


class JudgingConfig(AppConfig):
    name = "opencdi.review.judging"
    label = "judging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from opencdi.review.judging.work import tasks_of_auditor
        from opencdi.review.shell.work import join

        join(_("Judging"), Role.AUDITOR, tasks_of_auditor)
