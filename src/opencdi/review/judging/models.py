from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from opencdi.review.audits.models import Assignment
from opencdi.review.sealing import Sealed


class Judgement(models.Model):
    """One person's answers to one case: a draft, then submitted, then signed and final."""

    class Stage(models.TextChoices):
        DRAFT = "draft"
        SUBMITTED = "submitted"
        SIGNED = "signed"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="judgement")
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.DRAFT)
    version = models.PositiveIntegerField(default=1)
    content_sealed = models.BinaryField(default=b"")
    """``judging.answers.Answers`` as JSON."""
    saved_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)

    content = Sealed("content_sealed")

    def __str__(self) -> str:
        return f"judgement {self.key}"
