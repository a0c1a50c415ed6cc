"""The error summary at the head of a page: every error once, each linked to the input that mends it."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template import engines
from django.utils.translation import gettext as _
from markupsafe import Markup

from opencdi.review.shell.forms.dates import DateParts
from opencdi.review.shell.forms.rendering import wrong_part


def error_summary(*forms: BaseForm | None) -> Markup:
    """The summary over one or several forms; empty where none has an error."""
    listed = [error for form in forms if form is not None and form.is_bound for error in errors_of(form)]
    if not listed:
        return Markup("")
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    macro = env.get_template("govuk_frontend_jinja/components/error-summary/macro.html").module
    shown: Markup = macro.govukErrorSummary({"titleText": _("There is a problem"), "errorList": listed})
    return shown


def errors_of(form: BaseForm) -> list[dict[str, Any]]:
    """Errors of the whole form first, then of its fields in the order they stand."""
    whole = [{"text": str(error)} for error in form.non_field_errors()]
    hidden = [{"text": str(error)} for one in form.hidden_fields() for error in one.errors]
    fields = [
        {"text": str(error), "href": f"#{first_input(one)}"}
        for one in form.visible_fields()
        for error in one.errors
    ]
    return whole + hidden + fields


def first_input(bound: BoundField) -> str:
    """The id of the input to go to: of a date, the part its error names."""
    if isinstance(bound.field.widget, DateParts):
        part = wrong_part(bound)
        return f"{bound.auto_id}_{part if part in ('day', 'month', 'year') else 'day'}"
    return str(bound.auto_id)
