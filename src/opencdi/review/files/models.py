"""A file somebody sent."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from opencdi.review.sealing import Sealed


class StoredFile(models.Model):
    """Name and content are sealed. It lies in the database, so that it is saved with what it belongs to or
    not at all, and one backup holds both."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    name_sealed = models.BinaryField()
    content_sealed = models.BinaryField()
    stored_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stored_at = models.DateTimeField(default=timezone.now)

    name = Sealed("name_sealed")

    class Meta:
        ordering: ClassVar = ["stored_at", "pk"]

    def __str__(self) -> str:
        return f"file {self.key}"

    @property
    def content_place(self) -> str:
        """Where the content stands, for its seal."""
        return f"StoredFile/content_sealed/{self.key}"
