"""Each kind of form field as the GOV.UK macros show it: label, hint, error, and a link to its input."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from opencdi.review.shell.forms import DateField, PlainForm
from opencdi.review.shell.forms.rendering import field, question
from opencdi.review.shell.forms.summary import error_summary, errors_of

ANSWERS = [("yes", "Yes"), ("no", "No"), ("cannot-tell", "Cannot tell")]


class EveryKind(PlainForm):
    words = forms.CharField(label="Crime reference", help_text="As in the crime system.", max_length=20)
    address = forms.EmailField(
        label="Email address", widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    count = forms.IntegerField(label="How many victims?", min_value=1)
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)
    reason = forms.CharField(label="Reason", widget=forms.Textarea)
    story = forms.CharField(label="Explanation", widget=forms.Textarea, max_length=4000)
    chosen = forms.ChoiceField(label="Cause", choices=[("", "Choose"), ("a", "No crime file"), ("b", "Late")])
    one_of = forms.ChoiceField(label="Was it recorded?", choices=ANSWERS, widget=forms.RadioSelect)
    some_of = forms.MultipleChoiceField(label="Flags", choices=ANSWERS, widget=forms.CheckboxSelectMultiple)
    sure = forms.BooleanField(label="I have no interest in this case")
    when = DateField(label="When was it recorded?", help_text="For example, 27 3 2026.")
    paper = forms.FileField(label="Evidence")
    known_as = forms.CharField(required=False, widget=forms.HiddenInput, initial="c1")


VISIBLE = [name for name in EveryKind.base_fields if name != "known_as"]


class Page(HTMLParser):
    """The elements of a piece of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def ids(self) -> set[str]:
        return {attrs["id"] or "" for _tag, attrs in self.elements if "id" in attrs}

    def inputs(self) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.elements if tag in ("input", "select", "textarea")]


@pytest.mark.parametrize("name", VISIBLE)
def test_a_field_without_an_answer_says_what_to_do_and_its_link_lands_on_an_input(name: str) -> None:
    form = EveryKind({})
    page = Page(field(form[name]))
    error = next(entry for entry in errors_of(form) if entry["href"].startswith(f"#id_{name}"))
    assert error["text"].startswith(("Enter", "Select", "Tick", "Choose"))
    assert "This field" not in error["text"]
    assert error["href"][1:] in {attrs.get("id") for attrs in page.inputs()}
    assert error["text"] in field(form[name]).unescape()


@pytest.mark.parametrize("name", VISIBLE)
def test_every_input_has_a_label_or_a_legend(name: str) -> None:
    page = Page(field(EveryKind()[name]))
    labelled = {attrs.get("for") for tag, attrs in page.elements if tag == "label"}
    assert page.inputs()
    assert all(attrs["id"] in labelled for attrs in page.inputs())


@pytest.mark.parametrize("name", VISIBLE)
def test_what_describes_an_input_exists(name: str) -> None:
    page = Page(field(EveryKind({})[name]))
    for _tag, attrs in page.elements:
        for named in (attrs.get("aria-describedby") or "").split():
            assert named in page.ids()


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("words", {"words": "42/1"}, {"value": "42/1", "type": "text", "name": "words"}),
        ("address", {"address": "a@b.test"}, {"value": "a@b.test", "type": "email", "autocomplete": "email"}),
        ("count", {"count": "3"}, {"value": "3", "inputmode": "numeric", "type": "text"}),
        ("one_of", {"one_of": "no"}, {"value": "no", "checked": None}),
        ("some_of", {"some_of": ["cannot-tell"]}, {"value": "cannot-tell", "checked": None}),
        ("sure", {"sure": "on"}, {"type": "checkbox", "checked": None}),
        (
            "when",
            {"when_day": "1", "when_month": "4", "when_year": "26"},
            {"name": "when_year", "value": "26"},
        ),
    ],
)
def test_an_answer_comes_back_as_it_was_given(name: str, data: dict[str, Any], found: dict[str, str]) -> None:
    page = Page(field(EveryKind(data)[name]))
    assert any(found.items() <= attrs.items() for attrs in page.inputs())


def test_a_password_never_comes_back() -> None:
    assert "plum lantern" not in field(EveryKind({"secret": "plum lantern"})["secret"])


def test_a_long_answer_counts_its_characters_and_a_select_keeps_its_choice() -> None:
    shown = field(EveryKind({"story": "What happened", "chosen": "b"})["story"])
    assert 'data-maxlength="4000"' in shown
    assert "You can enter up to 4000 characters" in shown
    chosen = field(EveryKind({"chosen": "b"})["chosen"])
    assert [attrs["value"] for tag, attrs in Page(chosen).elements if "selected" in attrs] == ["b"]


def test_the_one_question_of_a_page_is_its_heading() -> None:
    for name in ("words", "one_of", "when", "story"):
        assert [tag for tag, _ in Page(question(EveryKind()[name])).elements].count("h1") == 1


def test_an_answer_reveals_the_fields_that_depend_on_it() -> None:
    form = EveryKind()
    shown = Page(field(form["one_of"], reveals={"yes": [form["words"]]}))
    radio = next(attrs for attrs in shown.inputs() if attrs.get("value") == "yes")
    assert radio["data-aria-controls"] in shown.ids()
    assert "id_words" in shown.ids()


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        (("", "3", "2026"), "day"),
        (("27", "", "2026"), "month"),
        (("27", "3", ""), "year"),
        (("27", "3", "26"), "year"),
        (("31", "2", "2026"), "day"),
    ],
)
def test_the_error_of_a_date_leads_to_the_part_to_mend(typed: tuple[str, str, str], part: str) -> None:
    form = EveryKind(dict(zip(("when_day", "when_month", "when_year"), typed, strict=True)))
    assert f"#id_when_{part}" in [entry.get("href") for entry in errors_of(form)]


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2999, 12, 31)))
def test_every_date_typed_in_parts_is_that_date(when: date) -> None:
    parts = {"when_day": str(when.day), "when_month": str(when.month), "when_year": str(when.year)}
    form = EveryKind(parts)
    form.is_valid()
    assert form.cleaned_data["when"] == when


def test_a_month_may_be_typed_as_a_word() -> None:
    form = EveryKind({"when_day": "27", "when_month": "March", "when_year": "2026"})
    form.is_valid()
    assert form.cleaned_data["when"] == date(2026, 3, 27)


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60))
def test_text_of_any_kind_makes_no_new_element(text: str) -> None:
    hostile = f'"><script>x</script>{text}'
    plain = Page(field(EveryKind({"reason": "plain", "words": "plain"})["reason"]))
    shown = Page(field(EveryKind({"reason": hostile, "words": hostile})["reason"]))
    assert [tag for tag, _ in shown.elements] == [tag for tag, _ in plain.elements]


def test_the_summary_lists_each_error_once_in_the_order_of_the_fields() -> None:
    hrefs = [entry["href"] for entry in errors_of(EveryKind({}))]
    assert len(hrefs) == len(set(hrefs)) == len(VISIBLE)
    assert [href.removeprefix("#id_").removesuffix("_day") for href in hrefs] == VISIBLE


def test_a_form_nobody_has_sent_has_no_summary() -> None:
    assert error_summary(EveryKind()) == ""
    assert error_summary(EveryKind({"one_of": "maybe"})).count("govuk-error-summary__title") == 1


def test_too_long_an_answer_is_told_how_long_it_may_be() -> None:
    form = EveryKind({"words": "x" * 21})
    assert "Shorten crime reference to 20 characters or fewer." in str(form.errors["words"])


def test_a_widget_nobody_knows_is_an_error_of_the_programmer() -> None:
    class Odd(PlainForm):
        odd = forms.CharField(widget=forms.MultiWidget(widgets=[forms.TextInput]))

    with pytest.raises(TypeError, match="MultiWidget"):
        field(Odd()["odd"])
