from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from opencdi.review.policy import Role


class ReadersConfig(AppConfig):
    name = "opencdi.review.readers"
    label = "readers"

    def ready(self) -> None:
        from opencdi.review.readers.work import tasks_of_administrator
        from opencdi.review.shell.work import join

        join(_("Readers"), Role.ADMINISTRATOR, tasks_of_administrator)
