from __future__ import annotations

from django.apps import AppConfig


class AdjudicationConfig(AppConfig):
    name = "opencdi.review.adjudication"
    label = "adjudication"
    default_auto_field = "django.db.models.BigAutoField"
