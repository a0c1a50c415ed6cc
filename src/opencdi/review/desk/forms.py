"""The forms of the registrar's desk."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opencdi.counting.alternatives import question_of
from opencdi.counting.questions import FLAG_FACTS
from opencdi.counting.questions import Question as Asked
from opencdi.review.answers.forms import VersionedForm, longer_text
from opencdi.review.desk.models import LeadDecision
from opencdi.review.judging.forms import OffenceSearch, causes, classes_on
from opencdi.review.shell.forms import DateField, PlainForm
from opencdi.review.shell.forms.dates import not_to_come

NONE = "none"

FEW = 6
"""So many answers are shown as radios; more as a list."""


class BeginForm(PlainForm):
    incident_id = forms.CharField(label=gettext_lazy("Incident number"), max_length=100, required=False)
    unit = forms.CharField(label=gettext_lazy("Unit that asks"), max_length=200, required=False)


class FactForm(VersionedForm):
    """One question of the rules, in their own words."""

    value = forms.CharField(max_length=500)

    def __init__(self, asked: Asked, day: date | None, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["value"] = _field_for(asked, day)
        self.fields["value"].label = asked.words

    def told(self) -> str:
        """The answer in the form that ``counting.questions.answered`` takes."""
        value = self.cleaned_data["value"]
        return ", ".join(value) or NONE if isinstance(value, list) else str(value).strip()


def _field_for(asked: Asked, day: date | None) -> forms.Field:
    chosen = {"required": _("Select an answer.")}
    if asked.place == ("flags",):
        flags = [(name, question_of(name)) for name in FLAG_FACTS]
        return forms.MultipleChoiceField(
            choices=flags,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            help_text=_("Select all that are so."),
        )
    if asked.place[-1] == "offence" and day is not None:
        return forms.ChoiceField(
            choices=[("", ""), *classes_on(day)],
            widget=OffenceSearch,
            error_messages=chosen,
            help_text=_("Type its code or some of its words."),
        )
    if asked.values:
        widget = forms.RadioSelect if len(asked.values) <= FEW else forms.Select
        offered = [(each, each.replace("_", " ").capitalize()) for each in asked.values]
        return forms.ChoiceField(choices=offered, widget=widget, error_messages=chosen)
    return forms.CharField(
        max_length=500, help_text=asked.help, error_messages={"required": _("Enter an answer.")}
    )


class AdviceForm(VersionedForm):
    words = longer_text(
        gettext_lazy("Your advice to the officer"),
        help_text=gettext_lazy("The decision is yours. It is kept with the facts and what the rules say."),
    )


class LeadForm(PlainForm):
    says = forms.ChoiceField(
        label=gettext_lazy("What do you decide?"), choices=LeadDecision.Says.choices, widget=forms.RadioSelect
    )
    crime_id = forms.CharField(
        label=gettext_lazy("Crime reference, if there is one already"), max_length=100, required=False
    )
    cause = forms.ChoiceField(label=gettext_lazy("Most likely cause of the error"), required=False)
    reason = longer_text(gettext_lazy("Why?"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["cause"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", ""), *causes()]


class NeedForm(PlainForm):
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=200)
    cause = forms.ChoiceField(label=gettext_lazy("What is it to be taught?"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["cause"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", ""), *causes()]


class MetForm(PlainForm):
    met_on = DateField(label=gettext_lazy("When was the training held?"))

    def clean_met_on(self) -> date:
        return not_to_come(self.cleaned_data["met_on"])
