"""The forms of the force, the reviewer and the registrar."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opencdi.review.answers.services import DECIDABLE
from opencdi.review.files.fields import EvidenceField
from opencdi.review.judging.answers import MOST_TEXT
from opencdi.review.judging.wording import VERDICTS
from opencdi.review.shell.forms import DateField, PlainForm
from opencdi.review.shell.forms.dates import not_past, not_to_come

ACCEPT, DISPUTE = "accept", "dispute"


class VersionedForm(PlainForm):
    """A form about something that somebody else may change meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def longer_text(label: Any, **more: Any) -> forms.CharField:
    """A few paragraphs."""
    return forms.CharField(
        label=label, widget=forms.Textarea(attrs={"rows": 5}), max_length=MOST_TEXT, **more
    )


class AnswerForm(VersionedForm):
    says = forms.ChoiceField(
        label=gettext_lazy("What does the force say to this verdict?"),
        choices=[(ACCEPT, gettext_lazy("We accept it")), (DISPUTE, gettext_lazy("We dispute it"))],
        widget=forms.RadioSelect,
    )
    reason = longer_text(
        gettext_lazy("Why do you dispute it, if you do?"),
        help_text=gettext_lazy("Name the rule and what in the log or the record shows it."),
        required=False,
    )
    file = EvidenceField(
        label=gettext_lazy("A document that shows it"),
        help_text=gettext_lazy("You can add further ones with a further answer."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("says") == DISPUTE and not given.get("reason", "").strip():
            self.add_error("reason", _("Enter why you dispute it."))
        return given


class DecisionForm(VersionedForm):
    verdict = forms.ChoiceField(label=gettext_lazy("Which verdict stands?"), widget=forms.RadioSelect)
    reason = longer_text(gettext_lazy("Why?"), help_text=gettext_lazy("The force reads this."))

    def __init__(self, before: str, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        offered = [before, *(each for each in DECIDABLE if each != before)]
        field = self.fields["verdict"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each, VERDICTS[each]) for each in offered]


class CorrectionForm(VersionedForm):
    crime_id = forms.CharField(
        label=gettext_lazy("Crime reference"),
        help_text=gettext_lazy("Of the crime now recorded, or of the record that was put right."),
        max_length=100,
    )
    corrected_on = DateField(label=gettext_lazy("When was it put right?"))
    note = longer_text(gettext_lazy("What was done"), required=False)

    def clean_corrected_on(self) -> date:
        return not_to_come(self.cleaned_data["corrected_on"])


class DeadlineForm(PlainForm):
    last_day = DateField(label=gettext_lazy("Last day for the force's answers"))

    def clean_last_day(self) -> date:
        return not_past(self.cleaned_data["last_day"])
