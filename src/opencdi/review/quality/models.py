from __future__ import annotations

import uuid

from django.db import models

from opencdi.review.audits.models import Case
from opencdi.review.sealing import Sealed


class KnownTruth(models.Model):
    """The settled answer of a seeded case, which is no part of the sample. No reader ever sees it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="known_truth")
    content_sealed = models.BinaryField()
    """``judging.answers.Answers`` as JSON."""

    content = Sealed("content_sealed")

    def __str__(self) -> str:
        return f"truth of {self.case_id}"


class PlannedRereading(models.Model):
    """A case that a third person reads blind, drawn when the sample was loaded."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="planned_rereading")

    def __str__(self) -> str:
        return f"third reading of {self.case_id}"
