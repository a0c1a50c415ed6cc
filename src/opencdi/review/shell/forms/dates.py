"""A date typed as day, month and year, as the GOV.UK date input asks for it."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

PARTS = ("day", "month", "year")
MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
}


class Typed(NamedTuple):
    """What was typed, as typed."""

    day: str
    month: str
    year: str


class DateParts(forms.Widget):
    """Three text inputs, ``NAME_day``, ``NAME_month`` and ``NAME_year``."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Typed:
        return Typed(*(str(data.get(f"{name}_{part}", "")).strip() for part in PARTS))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(f"{name}_{part}" in data for part in PARTS)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}_day" if id_ else id_


class DateField(forms.Field):
    """A real date, from three typed parts. The error's code is the part to mend: day, month or year."""

    widget = DateParts
    default_error_messages = {
        "required": _("Enter a date, for example 27 3 2026."),
        "day": _("The date must include a day."),
        "month": _("The date must include a month."),
        "year": _("The date must include a year with four numbers, for example 2026."),
        "real": _("The date must be a real date, for example 27 3 2026."),
    }

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        typed = Typed(*value)
        if not any(typed):
            return None
        for part in PARTS:
            if not getattr(typed, part):
                raise ValidationError(self.error_messages[part], code=part)
        return self._real(typed)

    def prepare_value(self, value: Any) -> Typed:
        if isinstance(value, date):
            return Typed(str(value.day), str(value.month), str(value.year))
        return Typed(*value) if value else Typed("", "", "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != self.prepare_value(data)

    def _real(self, typed: Typed) -> date:
        if not (typed.year.isascii() and typed.year.isdigit() and len(typed.year) == 4):
            raise ValidationError(self.error_messages["year"], code="year")
        month = MONTHS.get(typed.month.lower(), typed.month)
        try:
            return date(int(typed.year), int(month), int(typed.day))
        except ValueError:
            raise ValidationError(self.error_messages["real"], code="day") from None


def not_past(day: date) -> date:
    """The day, for a field's clean method. Raises ``ValidationError`` where it lies before today."""
    if day < timezone.localdate():
        raise ValidationError(_("The date must be today or later."), code="real")
    return day


def not_to_come(day: date) -> date:
    """The day, for a field's clean method. Raises ``ValidationError`` where it lies after today."""
    if day > timezone.localdate():
        raise ValidationError(_("The date must not be in the future."), code="real")
    return day
