from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from opencdi.review.policy import Role


class ScrutinyConfig(AppConfig):
    name = "opencdi.review.scrutiny"
    label = "scrutiny"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from opencdi.review.scrutiny.work import tasks_of_panel_member
        from opencdi.review.shell.work import join

        join(_("Scrutiny panel"), Role.PANEL_MEMBER, tasks_of_panel_member)
