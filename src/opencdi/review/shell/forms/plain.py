"""Forms whose errors say what to do: "Enter a reason", never "This field is required"."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _


class PlainWords:
    """Gives each field that has no words of its own the errors of the GOV.UK style."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, one in self.fields.items():
            _give_words(one, in_a_sentence(str(one.label or name.replace("_", " "))))


class PlainForm(PlainWords, forms.Form):
    """A form in plain words."""


class PlainModelForm(PlainWords, forms.ModelForm):  # type: ignore[type-arg]
    """A model's form in plain words; ``Meta.fields`` is always a list."""


def in_a_sentence(label: str) -> str:
    """A label inside a sentence: ``Crime reference`` becomes ``crime reference``, ``MO`` stays."""
    label = label.rstrip("?. ")
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _give_words(one: forms.Field, name: str) -> None:
    stock = forms.Field.default_error_messages["required"]
    if one.error_messages.get("required") == stock:
        one.error_messages["required"] = _required(one, name)
    if isinstance(one, forms.ChoiceField):
        one.error_messages["invalid_choice"] = _("Select one of the answers offered for %(name)s.") % {
            "name": name
        }
    longest = getattr(one, "max_length", None)
    if longest:
        for validator in one.validators:
            if isinstance(validator, MaxLengthValidator):
                validator.message = _("Shorten %(name)s to %(longest)s characters or fewer.") % {
                    "name": name,
                    "longest": f"{longest:,}",
                }


def _required(one: forms.Field, name: str) -> str:
    if isinstance(one, forms.FileField):
        return _("Choose a file for %(name)s.") % {"name": name}
    if isinstance(one, forms.BooleanField):
        return _("Tick the box: %(name)s.") % {"name": name}
    if isinstance(one, (forms.ChoiceField, forms.ModelChoiceField)):
        return _("Select %(name)s.") % {"name": name}
    return _("Enter %(name)s.") % {"name": name}
