"""The adjudicator's form: a choice for each crime on which the judgements differ, and the reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opencdi.review.adjudication.decision import Choice, Decision
from opencdi.review.adjudication.pairing import differences
from opencdi.review.adjudication.services import Dispute
from opencdi.review.judging.answers import MOST_TEXT
from opencdi.review.shell.forms import PlainForm

CHOICES: list[tuple[str, Any]] = [
    ("a", gettext_lazy("As judgement A has it")),
    ("b", gettext_lazy("As judgement B has it")),
    ("own", gettext_lazy("Neither: I answer it myself")),
]


class DecisionForm(PlainForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Both readers and the force will read it."),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        max_length=MOST_TEXT,
    )

    def __init__(self, dispute: Dispute, data: Any = None) -> None:
        decision = dispute.decision
        initial: dict[str, Any] = {"version": dispute.version, "reason": decision.reason}
        super().__init__(data, initial=initial)
        self._dispute = dispute
        for place, pair in enumerate(dispute.pairs):
            if differences(pair, dispute.facts):
                self.fields[f"choice_{place}"] = forms.ChoiceField(
                    label=_("What stands for crime %(number)s?") % {"number": place + 1},
                    choices=CHOICES,
                    widget=forms.RadioSelect,
                    required=False,
                    initial=decision.choices[place],
                )
        for field in self.fields.values():
            field.asked_of_everybody = True  # type: ignore[attr-defined]

    def decision(self) -> Decision:
        """The decision as given, beside own answers given before. Only after ``is_valid``."""
        choices: tuple[Choice, ...] = tuple(
            self.cleaned_data.get(f"choice_{place}", "") for place in range(len(self._dispute.pairs))
        )
        return self._dispute.decision.model_copy(
            update={"choices": choices, "reason": self.cleaned_data["reason"].strip()}
        )

    def add_faults(self, places: list[int]) -> None:
        """Show which crimes still want a choice, and that a reason is wanted."""
        for place in places:
            name = f"choice_{place}"
            if name in self.fields and not self.cleaned_data.get(name):
                self.add_error(name, _("Select what stands for crime %(number)s") % {"number": place + 1})
        if not self.cleaned_data["reason"].strip():
            self.add_error("reason", _("Enter the reason"))
