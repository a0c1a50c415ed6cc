from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencdi.review.people.models import Person
from opencdi.review.sealing import Sealed


class Question(models.Model):
    """A report an officer asks about: its facts as told so far, and the registrar's advice once given."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    force = models.CharField(max_length=100)
    incident_id = models.CharField(max_length=100, blank=True)
    unit = models.CharField(max_length=200, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)
    facts_sealed = models.BinaryField(default=b"")
    """The facts of a report as ``counting.questions`` asks for them, as JSON."""

    facts = Sealed("facts_sealed")

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"question {self.key}"


class Advice(models.Model):
    """What the registrar told the officer, with what the rules said to these facts. Added, never changed."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="advice")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    edition = models.CharField(max_length=20)
    deadline_at = models.DateTimeField()
    facts_sealed = models.BinaryField()
    rules_said_sealed = models.BinaryField()
    words_sealed = models.BinaryField()
    given_at = models.DateTimeField(default=timezone.now)

    facts = Sealed("facts_sealed")
    rules_said = Sealed("rules_said_sealed")
    words = Sealed("words_sealed")

    class Meta:
        ordering: ClassVar = ["given_at", "pk"]

    def __str__(self) -> str:
        return f"advice {self.key}"


class Lead(models.Model):
    """A finding of the force's nightly audit, as it was last seen. It waits until the registrar decides."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    force = models.CharField(max_length=100)
    finding_id = models.CharField(max_length=100)
    incident_id = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=40)
    class_required = models.CharField(max_length=10, blank=True)
    unit = models.CharField(max_length=200, blank=True)
    seriousness = models.IntegerField()
    deadline_at = models.DateTimeField(null=True)
    content_sealed = models.BinaryField()
    """``leads.LeadContent`` as JSON."""
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)
    """When a night no longer held it: the records were put right, or the log was amended."""

    content = Sealed("content_sealed")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["force", "finding_id"], name="one_lead_a_finding")
        ]

    def __str__(self) -> str:
        return f"lead {self.key}"


class LeadDecision(models.Model):
    """What the registrar decided of a lead. A later one is added; the latest counts."""

    class Says(models.TextChoices):
        RECORD = "record", _("A crime is to be recorded, or the record put right")
        NO_CRIME = "no_crime", _("The record is right as it is")
        ASKED = "asked", _("More is needed from the officer before this can be decided")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="decisions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    says = models.CharField(max_length=10, choices=Says.choices)
    crime_id = models.CharField(max_length=100, blank=True)
    cause = models.CharField(max_length=50, blank=True)
    reason_sealed = models.BinaryField()
    decided_at = models.DateTimeField(default=timezone.now)

    reason = Sealed("reason_sealed")

    class Meta:
        ordering: ClassVar = ["decided_at", "pk"]

    def __str__(self) -> str:
        return f"{self.says} {self.lead_id}"


class TrainingNeed(models.Model):
    """Something a unit is to be taught, and when it was."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    force = models.CharField(max_length=100)
    unit = models.CharField(max_length=200)
    cause = models.CharField(max_length=50)
    noted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)
    met_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    met_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["unit", "noted_at", "pk"]

    def __str__(self) -> str:
        return f"{self.unit}: {self.cause}"
