from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencdi.review.audits.models import Case
from opencdi.review.people.models import Person
from opencdi.review.sealing import Sealed


class Adjudication(models.Model):
    """One person's decision between two judgements of a case, with its reason."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="adjudications")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="adjudications")
    version = models.PositiveIntegerField(default=1)
    content_sealed = models.BinaryField(default=b"")
    """``adjudication.decision.Decision`` as JSON: the draft, then what was decided."""
    assigned_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    content = Sealed("content_sealed")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(ended_at__isnull=True), name="one_adjudicator_a_case"
            ),
            models.UniqueConstraint(fields=["case", "person"], name="nobody_adjudicates_a_case_twice"),
        ]

    def __str__(self) -> str:
        return f"{self.person} decides {self.case}"


class Settlement(models.Model):
    """That a verdict stands on a case, and how it came about."""

    class How(models.TextChoices):
        AGREEMENT = "agreement", _("Both readers agreed")
        ADJUDICATION = "adjudication", _("Adjudicated")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="settlement")
    how = models.CharField(max_length=20, choices=How.choices)
    adjudication = models.OneToOneField(Adjudication, on_delete=models.PROTECT, null=True)
    reread_chance = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    """With which the final authority read it too: 1 where the pair differed, null where it did not read."""
    settled_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"settlement of {self.case_id}"


class Verdict(models.Model):
    """What stands for one required crime of a case; the columns of ``schema.VERDICTS``."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="verdicts")
    number = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=20)
    """What the blind pair came to (or the adjudicator, where they differed)."""
    first_verdict = models.CharField(max_length=20)
    second_verdict = models.CharField(max_length=20)
    reread_verdict = models.CharField(max_length=20, blank=True)
    """What the final authority came to, where the case was read again; it then stands."""
    class_required = models.CharField(max_length=10, blank=True)
    class_recorded = models.CharField(max_length=10, blank=True)
    crime_id = models.CharField(max_length=100, blank=True)
    offence_group = models.CharField(max_length=100, blank=True)
    offence_subgroup = models.CharField(max_length=100, blank=True)
    domestic_abuse = models.BooleanField(default=False)
    edition = models.CharField(max_length=20)
    within_24_hours = models.CharField(max_length=10, blank=True)
    class_right = models.CharField(max_length=10, blank=True)
    cancellation_right = models.CharField(max_length=10, blank=True)
    n100_right = models.CharField(max_length=10, blank=True)
    victim_told = models.CharField(max_length=10, blank=True)
    cause = models.CharField(max_length=50, blank=True)
    answer_sealed = models.BinaryField(default=b"")
    """``judging.answers.CrimeAnswer`` as JSON: the answer that stands, with its words and rule."""

    answer = Sealed("answer_sealed")

    class Meta:
        ordering: ClassVar = ["settlement", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["settlement", "number"], name="one_verdict_a_crime")
        ]

    def __str__(self) -> str:
        return f"{self.verdict} ({self.number})"

    @property
    def stands(self) -> str:
        """The verdict after every reading: what the force is told."""
        return self.reread_verdict or self.verdict
