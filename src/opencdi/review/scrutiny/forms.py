"""The forms of scrutiny panels."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opencdi.review.answers.forms import VersionedForm, longer_text
from opencdi.review.people.models import Person
from opencdi.review.policy import Role
from opencdi.review.scrutiny.models import Panel, Score
from opencdi.review.shell.forms import DateField, PlainForm
from opencdi.review.shell.forms.dates import not_past

LONGEST_LOG = 1_000_000


class PanelForm(PlainForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("What is the panel about?"), choices=Panel.Kind.choices, widget=forms.RadioSelect
    )
    meets_on = DateField(label=gettext_lazy("When does it meet?"))
    most = forms.IntegerField(
        label=gettext_lazy("How many cases at most?"),
        min_value=1,
        max_value=50,
        initial=8,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
    )
    members = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Who sits on it?"),
        queryset=Person.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Select at least one member.")},
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        able = Person.objects.filter(
            is_active=True,
            memberships__role=Role.PANEL_MEMBER,
            memberships__confirmed_at__isnull=False,
            memberships__ended_at__isnull=True,
        ).order_by("name")
        field = self.fields["members"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = able

    def clean_meets_on(self) -> date:
        return not_past(self.cleaned_data["meets_on"])


class RedactionForm(VersionedForm):
    words = forms.CharField(
        label=gettext_lazy("The log as the panel sees it"),
        help_text=gettext_lazy("Blank whatever could still tell who or where. No machine finds every name."),
        widget=forms.Textarea(attrs={"rows": 16}),
        max_length=LONGEST_LOG,
        required=False,
    )


class ConflictForm(PlainForm):
    has_conflict = forms.TypedChoiceField(
        label=gettext_lazy("Do you have a conflict of interest?"),
        help_text=gettext_lazy(
            "You know somebody in these reports, or worked on them, or for the unit that did."
        ),
        choices=[("no", gettext_lazy("No")), ("yes", gettext_lazy("Yes"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class ScoreForm(PlainForm):
    value = forms.TypedChoiceField(
        label=gettext_lazy("How was this report recorded and handled?"),
        choices=Score.Value.choices,
        coerce=int,
        widget=forms.RadioSelect,
    )
    remark = longer_text(
        gettext_lazy("Observations"),
        help_text=gettext_lazy("What should be learned from it. Required unless the score is 1."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        wants_words = given.get("value") not in (None, "", Score.Value.CONSISTENT)
        if wants_words and not given.get("remark", "").strip():
            self.add_error("remark", _("Enter what you observed."))
        return given
