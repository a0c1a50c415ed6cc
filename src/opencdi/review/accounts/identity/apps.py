from __future__ import annotations

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "opencdi.review.accounts.identity"
    label = "force_identity"
    default_auto_field = "django.db.models.BigAutoField"
