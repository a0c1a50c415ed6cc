from __future__ import annotations

import uuid

from django.db import models

from opencdi.review.audits.models import Case
from opencdi.review.sealing import Sealed


class MachineFinding(models.Model):
    """A lead of the comparison on a sampled incident."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="machine_findings")
    kind = models.CharField(max_length=40)
    content_sealed = models.BinaryField()
    """Class required and recorded, crime reference and explanation, as JSON."""

    content = Sealed("content_sealed")

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id}"
