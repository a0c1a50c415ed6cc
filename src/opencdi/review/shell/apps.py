"""The shell as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "opencdi.review.shell"
    label = "shell"
    default_auto_field = "django.db.models.BigAutoField"
