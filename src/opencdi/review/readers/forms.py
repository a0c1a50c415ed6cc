"""The form that gives cases of one reader to others."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opencdi.review.audits.models import Assignment
from opencdi.review.shell.forms import PlainForm


class Which(StrEnum):
    NOT_BEGUN = "not_begun"
    NOT_SIGNED = "not_signed"
    NAMED = "named"


WHICH = {
    Which.NOT_BEGUN: gettext_lazy("Those they have not begun"),
    Which.NOT_SIGNED: gettext_lazy("Everything they have not signed"),
    Which.NAMED: gettext_lazy("Only some"),
}

BECAUSE = {
    Assignment.Ended.REASSIGNED: gettext_lazy("They are away or have too much to read"),
    Assignment.Ended.INTEREST: gettext_lazy("They have an interest in these cases"),
}


class ReassignForm(PlainForm):
    which = forms.ChoiceField(
        label=gettext_lazy("Which of their cases does somebody else read?"),
        choices=list(WHICH.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select which cases somebody else is to read.")},
    )
    incidents = forms.CharField(
        label=gettext_lazy("Incident numbers"),
        help_text=gettext_lazy("Where only some: one a line."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=20_000,
    )
    because = forms.ChoiceField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("With an interest they never get these cases again, in any part."),
        choices=list(BECAUSE.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select why somebody else is to read them.")},
    )

    def clean_incidents(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["incidents"].splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("which") == Which.NAMED and not given.get("incidents") and "incidents" in given:
            self.add_error("incidents", _("Enter the number of each case that somebody else is to read."))
        return given
