from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencdi.review.audits.models import Audit, Case
from opencdi.review.people.models import Person
from opencdi.review.sealing import Sealed


class Panel(models.Model):
    """One meeting of a scrutiny panel on settled cases of an audit."""

    class Kind(models.TextChoices):
        RAPE = "rape", _("Rape and other sexual offences")
        DOMESTIC_ABUSE = "domestic_abuse", _("Domestic abuse")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="panels")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    meets_on = models.DateField()
    called_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField(default=timezone.now)
    members = models.ManyToManyField(Person, related_name="panels")

    class Meta:
        ordering: ClassVar = ["meets_on", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} panel of {self.meets_on}"


class PanelCase(models.Model):
    """One case of a panel, in the order it was drawn. The panel sees it once its redaction is confirmed."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="cases")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    redacted_sealed = models.BinaryField(default=b"")
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    redacted = Sealed("redacted_sealed")

    class Meta:
        ordering: ClassVar = ["panel", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["panel", "case"], name="a_panel_sees_a_case_once"),
            models.UniqueConstraint(fields=["panel", "number"], name="one_panel_case_a_number"),
        ]

    def __str__(self) -> str:
        return f"case {self.number} of panel {self.panel_id}"


class Declaration(models.Model):
    """A member's word on conflicts of interest: with a whole panel, or with one of its cases."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="declarations")
    case = models.ForeignKey(PanelCase, on_delete=models.PROTECT, null=True, related_name="declarations")
    """None: of the panel as a whole."""
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    has_conflict = models.BooleanField()
    declared_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["declared_at", "pk"]

    def __str__(self) -> str:
        return f"declaration of {self.person_id}"


class Score(models.Model):
    """One member's view of one case. A later one is added; the latest counts."""

    class Value(models.IntegerChoices):
        CONSISTENT = 1, _("1: Recorded and handled as the rules ask")
        WITH_REMARKS = 2, _("2: Right in the end, with observations")
        WRONG = 3, _("3: Not as the rules ask")
        CANNOT_SAY = 4, _("4: No conclusion; more information is needed")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(PanelCase, on_delete=models.PROTECT, related_name="scores")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField(choices=Value.choices)
    remark_sealed = models.BinaryField(default=b"")
    scored_at = models.DateTimeField(default=timezone.now)

    remark = Sealed("remark_sealed")

    class Meta:
        ordering: ClassVar = ["scored_at", "pk"]

    def __str__(self) -> str:
        return f"score of {self.case_id}"
