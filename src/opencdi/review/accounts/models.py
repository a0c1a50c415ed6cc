"""An answer that was being sent when its author's session ended."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class KeptAnswer(models.Model):
    """The latest unsent answer of one person to one address, sealed. Removed once sent, or after a day."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=300)
    sealed = models.BinaryField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "path"], name="one_kept_answer_an_address")
        ]

    def __str__(self) -> str:
        return f"Kept answer of {self.kept_at:%Y-%m-%d %H:%M}"
