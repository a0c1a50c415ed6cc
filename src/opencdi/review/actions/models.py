from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from opencdi.review.actions.states import ActionState
from opencdi.review.audits.models import Audit
from opencdi.review.files.models import StoredFile
from opencdi.review.people.models import Person
from opencdi.review.sealing import Sealed


class Action(models.Model):
    """A recommendation, and what became of it. Its state follows from its steps."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="actions")
    cause = models.CharField(max_length=50, blank=True)
    """The cause of error it answers (``judging.causes``), where it answers one."""
    from_panel = models.BooleanField(default=False)
    what_sealed = models.BinaryField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=20, default=ActionState.RECOMMENDED)
    version = models.PositiveIntegerField(default=1)

    what = Sealed("what_sealed")

    class Meta:
        ordering: ClassVar = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"action {self.key}"


class ActionStep(models.Model):
    """One thing that happened to an action. Added, never changed."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="steps")
    move = models.CharField(max_length=20)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    owner = models.CharField(max_length=120, blank=True)
    """The office that owns it, such as Head of contact management: published, so never a person."""
    due_on = models.DateField(null=True)
    words_sealed = models.BinaryField(default=b"")
    files = models.ManyToManyField(StoredFile, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    words = Sealed("words_sealed")

    class Meta:
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.move} {self.action_id}"


class Explanation(models.Model):
    """The force's own words on its figures, which are published beside them. The latest one counts."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="explanations")
    words = models.TextField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["given_at", "pk"]

    def __str__(self) -> str:
        return f"explanation of {self.audit_id}"
