from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from opencdi.review.audits.models import Assignment
from opencdi.review.people.models import Person
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


class KeptAnswer(models.Model):
    """What somebody sent that could not be taken: they were signed out, or the form was stale."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=100)
    content_sealed = models.BinaryField()
    kept_at = models.DateTimeField(default=timezone.now)

    content = Sealed("content_sealed")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "about"], name="one_kept_answer_a_form")
        ]

    def __str__(self) -> str:
        return f"kept answer about {self.about}"
