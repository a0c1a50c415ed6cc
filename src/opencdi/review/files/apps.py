from __future__ import annotations

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "opencdi.review.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
