from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from opencdi.review.adjudication.models import Verdict
from opencdi.review.answers.states import Standing
from opencdi.review.audits.models import Audit
from opencdi.review.files.models import StoredFile
from opencdi.review.people.models import Person
from opencdi.review.sealing import Sealed


class Deadline(models.Model):
    """The day by which a force is to answer the verdicts of an audit. A later day is one row more."""

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="deadlines")
    last_day = models.DateField()
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["set_at", "pk"]

    def __str__(self) -> str:
        return f"{self.audit}: answers by {self.last_day}"


class AdverseVerdict(models.Model):
    """A verdict that the force is asked about, and where it stands now."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    verdict = models.OneToOneField(Verdict, on_delete=models.PROTECT, related_name="adverse")
    standing = models.CharField(max_length=20, default=Standing.AWAITING)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"adverse verdict {self.key}"


class ForceAnswer(models.Model):
    """One answer of the force. A later one is added and never takes the place of this one."""

    class Says(models.TextChoices):
        ACCEPT = "accept"
        DISPUTE = "dispute"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    about = models.ForeignKey(AdverseVerdict, on_delete=models.PROTECT, related_name="answers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    says = models.CharField(max_length=10, choices=Says.choices)
    reason_sealed = models.BinaryField(default=b"")
    files = models.ManyToManyField(StoredFile, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)

    reason = Sealed("reason_sealed")

    class Meta:
        ordering: ClassVar = ["given_at", "pk"]

    def __str__(self) -> str:
        return f"{self.says} {self.about_id}"


class DisputeDecision(models.Model):
    """What the inspectorate's reviewer decided of a dispute, and why."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    about = models.OneToOneField(AdverseVerdict, on_delete=models.PROTECT, related_name="decision")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=20)
    """What stands now; the verdict before it is kept where it was."""
    reason_sealed = models.BinaryField()
    decided_at = models.DateTimeField(default=timezone.now)

    reason = Sealed("reason_sealed")

    def __str__(self) -> str:
        return f"{self.verdict} {self.about_id}"


class Correction(models.Model):
    """What the registrar put right: the crime now recorded or changed, and when."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    about = models.OneToOneField(AdverseVerdict, on_delete=models.PROTECT, related_name="correction")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    crime_id = models.CharField(max_length=100, blank=True)
    corrected_on = models.DateField()
    note_sealed = models.BinaryField(default=b"")
    entered_at = models.DateTimeField(default=timezone.now)

    note = Sealed("note_sealed")

    def __str__(self) -> str:
        return f"correction of {self.about_id}"
