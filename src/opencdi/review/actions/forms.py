"""The forms about actions and the force's explanation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from opencdi.review.answers.forms import VersionedForm, longer_text
from opencdi.review.files.fields import EvidenceField
from opencdi.review.judging.forms import causes
from opencdi.review.shell.forms import DateField, PlainForm
from opencdi.review.shell.forms.dates import not_past


class RecommendationForm(PlainForm):
    what = longer_text(
        gettext_lazy("What should the force do?"),
        help_text=gettext_lazy("It is published. Name no person and nothing of a report."),
    )
    cause = forms.ChoiceField(label=gettext_lazy("Cause of error it answers"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["cause"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", ""), *causes()]


class OwnerForm(VersionedForm):
    owner = forms.CharField(
        label=gettext_lazy("Which office owns it?"),
        help_text=gettext_lazy(
            "Such as Head of contact management. It is published, so give no person's name."
        ),
        max_length=120,
    )
    due_on = DateField(label=gettext_lazy("By when is it to be done?"))

    def clean_due_on(self) -> date:
        return not_past(self.cleaned_data["due_on"])


class EvidenceForm(VersionedForm):
    words = longer_text(gettext_lazy("What shows that it is done?"))
    file = EvidenceField(label=gettext_lazy("A document that shows it"), required=False)


class ReasonForm(VersionedForm):
    words = longer_text(gettext_lazy("What did you check, and what did you find?"))


class ExplanationForm(PlainForm):
    words = longer_text(
        gettext_lazy("The force's explanation"),
        help_text=gettext_lazy(
            "It is published as it stands beside the figures. Name no person and no report."
        ),
    )
