"""The form for one crime, and the way between it and an answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opencdi import schema
from opencdi.counting import classification, reference, rulebook
from opencdi.review.audits.material import Facts, RecordedCrime
from opencdi.review.judging import wording
from opencdi.review.judging.answers import MOST_TEXT, NO_RECORD, RECORD_UNKNOWN, CrimeAnswer
from opencdi.review.judging.causes import CAUSES, LEVELS
from opencdi.review.judging.words import WordsNotFoundError, quoted, spans_of
from opencdi.review.shell.forms import PlainForm
from opencdi.review.shell.times import moment

Choices = list[tuple[str, Any]]

NOTHING = "nothing"

ASKED = (
    "requires",
    "class_code",
    "record",
    "in_time",
    "cancellation_right",
    "victim_told",
    "words",
    "cause",
    "missing",
    "victim",
)
"""What is asked where it arises; the others may always be left."""


class FirstInFocus(forms.RadioSelect):
    """Radios of which the first has the keyboard when the page opens: a practised reader goes straight on."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        if option["index"] == "0":
            option["attrs"]["autofocus"] = "autofocus"
        return option


class OffenceSearch(forms.Select):
    """A plain list of classes that scripts turn into a search."""

    def __init__(self) -> None:
        super().__init__(
            attrs={
                "data-module": "offence-search",
                "data-none": gettext_lazy("No class has these words"),
                "data-too-short": gettext_lazy("Type %s letters or more"),
                "data-results": gettext_lazy("%s classes found"),
            }
        )


def _radios(label: Any, choices: Iterable[tuple[str, Any]], **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=list(choices), widget=forms.RadioSelect, required=False, **more
    )


class CrimeForm(PlainForm):
    """One crime. Nothing is required of a draft; what a submission lacks is said by ``completeness``."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    requires = forms.ChoiceField(
        label=gettext_lazy("What does the report require?"), widget=FirstInFocus, required=False
    )
    class_code = forms.ChoiceField(
        label=gettext_lazy("Class of the crime"),
        help_text=gettext_lazy("Type its code or some of its words."),
        widget=OffenceSearch,
        required=False,
    )
    record = _radios(gettext_lazy("Which record answers it?"), [])
    in_time = _radios(
        gettext_lazy("Was it recorded in time?"),
        wording.SAID.items(),
        help_text=gettext_lazy("Within 24 hours of the report, or of a later deadline the rules give."),
    )
    cancellation_right = _radios(gettext_lazy("Was it rightly cancelled?"), wording.SAID.items())
    victim_told = _radios(gettext_lazy("Was the victim told of the cancellation?"), wording.SAID.items())
    words = forms.CharField(
        label=gettext_lazy("Words of the log it rests on"),
        help_text=gettext_lazy("Copy them from the log, one quotation a line."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=MOST_TEXT,
    )
    cause = forms.ChoiceField(label=gettext_lazy("Most likely cause of the error"), required=False)
    missing = forms.CharField(
        label=gettext_lazy("What is missing to tell?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=MOST_TEXT,
    )
    class_right = _radios(
        gettext_lazy("Is the class on record right?"),
        wording.SAID.items(),
        help_text=gettext_lazy("Leave this, and it is right where it is the class you chose."),
    )
    victim = forms.IntegerField(
        label=gettext_lazy("Which victim?"),
        help_text=gettext_lazy("Number them from 1; 0 for an offence against the state."),
        min_value=0,
        max_value=99,
        required=False,
        initial=1,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
    )
    flags = forms.MultipleChoiceField(
        label=gettext_lazy("Flags the record should carry"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
        required=False,
    )
    paperwork = forms.MultipleChoiceField(
        label=gettext_lazy("Faults in the paperwork"),
        choices=list(wording.PAPERWORK.items()),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
        required=False,
    )
    rule = forms.ChoiceField(label=gettext_lazy("Rule it rests on"), required=False)

    def __init__(
        self, facts: Facts, log: str, is_first: bool, data: Any = None, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self._log = log
        offered = self.fields
        if self.is_bound:
            # Of a form that comes back the error summary has the keyboard.
            offered["requires"].widget = forms.RadioSelect()
        for name in ASKED:
            offered[name].asked_of_everybody = True  # type: ignore[attr-defined]
        self._offer("requires", [each for each in wording.REQUIRES.items() if is_first or each[0] != NOTHING])
        self._offer("class_code", [("", ""), *classes(facts)])
        self._offer("record", records(facts))
        self._offer("flags", list(_flags()))
        self._offer("rule", [("", ""), *rules(facts)])
        self._offer("cause", [("", ""), *causes()])
        if not any(each.status == "cancelled" for each in facts.records):
            del offered["cancellation_right"], offered["victim_told"]
        if not facts.records:
            del offered["in_time"], offered["class_right"], offered["paperwork"]

    def _offer(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        try:
            spans_of(words, self._log)
        except WordsNotFoundError as told:
            raise forms.ValidationError(
                _("Line %(line)s does not stand in the log. Copy the words exactly.") % {"line": told.line}
            ) from None
        return words

    def answer(self) -> CrimeAnswer:
        """The answer as given. Only after ``is_valid``, and not where nothing is required."""
        given = {name: value for name, value in self.cleaned_data.items() if name in CrimeAnswer.model_fields}
        victim = self.cleaned_data.get("victim")
        return CrimeAnswer.model_validate(
            {
                **given,
                "victim": 1 if victim is None else victim,
                "flags": tuple(given["flags"]),
                "paperwork": tuple(given.get("paperwork", ())),
                "spans": spans_of(self.cleaned_data["words"], self._log),
            }
        )

    def add_faults(self, faults: dict[str, str]) -> None:
        """Show what is still to be answered, at the field where it is answered."""
        for name, sentence in faults.items():
            self.add_error(name if name in self.fields else None, sentence)


def initial_of(answer: CrimeAnswer, log: str, version: int) -> dict[str, Any]:
    """The form's values for an answer given before."""
    return {**answer.model_dump(), "words": quoted(answer.spans, log), "version": version}


def classes(facts: Facts) -> Choices:
    """Every class of the offence list that was in force on the day of the report."""
    return classes_on(facts.reported_at.date())


def classes_on(day: date) -> Choices:
    return list(_classes_on(day))


@lru_cache(maxsize=400)
def _classes_on(day: date) -> tuple[tuple[str, str], ...]:
    listed = classification.load().classes.values()
    return tuple(
        (each.class_code, f"{each.class_code} {each.title}") for each in listed if each.valid_on(day)
    )


def records(facts: Facts) -> Choices:
    shown = [(each.crime_id, record_in_words(each)) for each in facts.records]
    return [*shown, (NO_RECORD, wording.NO_RECORD), (RECORD_UNKNOWN, wording.RECORD_UNKNOWN)]


def record_in_words(record: RecordedCrime) -> str:
    what = record.class_code or record.n100_code or record.offence_written or ""
    return f"{record.crime_id}: {what}, {wording.STATUSES[record.status]}, {moment(record.recorded_at)}"


def rules(facts: Facts) -> Choices:
    return list(_rules_on(facts.reported_at.date().isoformat()))


@lru_cache(maxsize=400)
def _rules_on(day: str) -> tuple[tuple[str, str], ...]:
    found = rulebook.load().rules
    on = classification.day(day)
    in_force = [rule for rule in found if on is not None and rule.on(on) is not None]
    return tuple(sorted(((rule.id, rule.title) for rule in in_force), key=lambda each: each[1]))


def causes() -> Choices:
    return [(each.code, f"{LEVELS[each.level]}: {each.words}") for each in CAUSES]


def _flags() -> Iterable[tuple[str, Any]]:
    """The mandatory flags before the others."""
    mandatory = [name for name, flag in reference.flags().items() if flag.mandatory]
    order = [name for name in mandatory if name in wording.FLAGS]
    order += [name for name in schema.FLAGS if name not in order]
    return ((name, wording.FLAGS[name]) for name in order)
