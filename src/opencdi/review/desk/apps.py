from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from opencdi.review.policy import Role


class DeskConfig(AppConfig):
    name = "opencdi.review.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from opencdi.review.desk.work import tasks_of_registrar
        from opencdi.review.shell.work import join

        join(_("Registrar's desk"), Role.REGISTRAR, tasks_of_registrar)
