from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencdi.review.audits.states import State
from opencdi.review.people.models import Person
from opencdi.review.sealing import Sealed


class Audit(models.Model):
    """One audit's drawn sample as it was loaded, with the hashes it was checked against."""

    class Kind(models.TextChoices):
        INSPECTION = "inspection", _("Inspection: nobody of the audited force reads")
        IN_FORCE = "in_force", _("The force's own audit")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.INSPECTION)
    force = models.CharField(max_length=100)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    edition = models.CharField(max_length=40)
    commitment = models.CharField(max_length=64)
    frame_sha256 = models.CharField(max_length=64)
    sample_sha256 = models.CharField(max_length=64)
    purpose = models.CharField(max_length=40)
    reread_chance = models.DecimalField(max_digits=5, decimal_places=4)
    secret_sealed = models.BinaryField()
    loaded_at = models.DateTimeField(default=timezone.now)

    secret = Sealed("secret_sealed")
    """The seed of who reads what, and of what is read again: it must not be guessed before the end."""

    def __str__(self) -> str:
        return self.name


class Case(models.Model):
    """One incident to be judged. It holds nothing of what a machine thinks of it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="cases")
    incident_id = models.CharField(max_length=100)
    state = models.CharField(max_length=20, default=State.READING)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["audit", "incident_id"], name="one_case_an_incident")
        ]

    def __str__(self) -> str:
        return f"case {self.key}"


class Material(models.Model):
    """What a reader is shown: the log, its facts and the crime records linked to it, all sealed."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="material")
    log_sealed = models.BinaryField()
    facts_sealed = models.BinaryField()
    unit = models.CharField(max_length=200, blank=True)

    log = Sealed("log_sealed")
    facts = Sealed("facts_sealed")

    def __str__(self) -> str:
        return f"material of {self.case_id}"


class Assignment(models.Model):
    """One person who is to judge one case. Who hands back a case never gets it again."""

    class Ended(models.TextChoices):
        HANDED_BACK = "handed_back", _("Handed back")
        INTEREST = "interest", _("Interest declared")
        REASSIGNED = "reassigned", _("Given to somebody else")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assignments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assignments")
    slot = models.PositiveSmallIntegerField()
    """1 and 2 are the blind pair, 3 is the third reading."""
    number = models.PositiveIntegerField()
    """Place in the person's own queue, from 1."""
    assigned_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=20, choices=Ended.choices, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "slot"], condition=models.Q(ended_at__isnull=True), name="one_reader_a_slot"
            ),
            models.UniqueConstraint(fields=["case", "person"], name="nobody_reads_a_case_twice"),
        ]

    def __str__(self) -> str:
        return f"{self.person} reads {self.case}"
