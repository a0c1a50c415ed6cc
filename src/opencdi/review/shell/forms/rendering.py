"""A Django field as the parameters of the GOV.UK macro that shows it.

In a template, ``{{ field(form["reason"]) }}`` shows a field and ``{{ question(form["reason"]) }}`` shows it
as the one question of a page, its label the page's heading. ``reveals={"yes": [form["reference"]]}`` shows
further fields under one answer of radios or checkboxes. Everything typed passes through the macros'
``text`` keys, which are escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.widgets import Input
from django.template import engines
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from opencdi.review.shell.forms.dates import PARTS, DateParts

Params = dict[str, Any]
Component = tuple[str, Params]
Reveals = Mapping[str, Sequence[BoundField]]

SELECTED = " selected"
INPUT_TYPES = {"email": "email", "url": "url", "search": "search"}


def field(bound: BoundField, *, size: str = "s", reveals: Reveals | None = None, **more: Any) -> Markup:
    """The field with its label (``size``: s, m, l or xl), hint and error; ``more`` goes to the macro."""
    return _show(bound, {"classes": size}, reveals or {}, more)


def question(bound: BoundField, *, size: str = "l", reveals: Reveals | None = None, **more: Any) -> Markup:
    """The field as the page's one question: its label or legend is the page's ``h1``."""
    return _show(bound, {"classes": size, "isPageHeading": True}, reveals or {}, more)


def _show(bound: BoundField, title: Params, reveals: Reveals, more: Params) -> Markup:
    widget = bound.field.widget
    if widget.is_hidden:
        return Markup(str(bound))
    for kind, build in _KINDS:
        if isinstance(widget, kind):
            component, params = build(bound, title)
            _reveal(params, reveals)
            shown = _macro(component)(params | more)
            return _filled(shown, bound) if component == "select" else shown
    raise TypeError(f"No GOV.UK component is known for the widget {type(widget).__name__}.")


def _macro(component: str) -> Callable[[Params], Markup]:
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    name = "govuk" + "".join(part.capitalize() for part in component.split("-"))
    module = env.get_template(f"govuk_frontend_jinja/components/{component}/macro.html").module
    shown: Callable[[Params], Markup] = getattr(module, name)
    return shown


def _reveal(params: Params, reveals: Reveals) -> None:
    for item in params.get("items", ()):
        if item.get("value") in reveals:
            shown = Markup("").join(field(one, size="") for one in reveals[item["value"]])
            item["conditional"] = {"html": shown}


def _common(bound: BoundField) -> Params:
    params: Params = {"name": bound.html_name}
    if bound.help_text:
        params["hint"] = {"text": str(bound.help_text)}
    if bound.errors:
        params["errorMessage"] = {
            "text": " ".join(str(error) for error in bound.errors),
            "visuallyHiddenText": _("Error"),
        }
    return params


def _labelled(bound: BoundField, title: Params) -> Params:
    return _common(bound) | {"id": bound.auto_id, "label": _title("label", bound, title)}


def _title(kind: str, bound: BoundField, title: Params) -> Params:
    size = title["classes"]
    return title | {"text": _label(bound), "classes": f"govuk-{kind}--{size}" if size else ""}


def _label(bound: BoundField) -> str:
    """Marked as optional where it is; ``asked_of_everybody`` is set on what only a draft may leave open."""
    label = str(bound.label)
    asked = bound.field.required or getattr(bound.field, "asked_of_everybody", False)
    if asked or label.endswith(_("(optional)")) or isinstance(bound.field, forms.BooleanField):
        return label
    return _("%(label)s (optional)") % {"label": label}


def _legend(bound: BoundField, title: Params) -> Params:
    return {"legend": _title("fieldset__legend", bound, title)}


def _attributes(bound: BoundField) -> Params:
    """What the form's author put on the widget; what the macros set themselves is left to them."""
    ours = {"class", "rows", "cols", "type", "autocomplete", "inputmode", "spellcheck", "maxlength"}
    return {name: value for name, value in bound.field.widget.attrs.items() if name not in ours}


def _value(bound: BoundField) -> str:
    value = bound.value()
    return "" if value is None else str(value)


def _input(bound: BoundField, title: Params) -> Component:
    widget = bound.field.widget
    attrs = widget.attrs
    params = _labelled(bound, title) | {
        "value": bound.field.widget.format_value(bound.value()) or "",
        "classes": attrs.get("class", ""),
        "attributes": _attributes(bound),
    }
    kind = getattr(widget, "input_type", "text")
    if kind in INPUT_TYPES:
        params["type"] = INPUT_TYPES[kind]
    if kind == "number" or "inputmode" in attrs:
        params["inputmode"] = attrs.get("inputmode", "numeric")
    if "autocomplete" in attrs:
        params["autocomplete"] = attrs["autocomplete"]
    if "spellcheck" in attrs:
        params["spellcheck"] = attrs["spellcheck"] in (True, "true")
    return "input", params


def _password(bound: BoundField, title: Params) -> Component:
    return "password-input", _labelled(bound, title) | {
        "autocomplete": bound.field.widget.attrs.get("autocomplete", "current-password"),
        "showPasswordText": _("Show"),
        "hidePasswordText": _("Hide"),
        "showPasswordAriaLabelText": _("Show password"),
        "hidePasswordAriaLabelText": _("Hide password"),
        "passwordShownAnnouncementText": _("Your password is shown"),
        "passwordHiddenAnnouncementText": _("Your password is hidden"),
    }


def _text(bound: BoundField, title: Params) -> Component:
    attrs = bound.field.widget.attrs
    params = _labelled(bound, title) | {
        "value": _value(bound),
        "rows": attrs.get("rows", 5),
        "attributes": _attributes(bound),
    }
    longest = getattr(bound.field, "max_length", None)
    if not longest:
        return "textarea", params
    return "character-count", params | {
        "maxlength": longest,
        "textareaDescriptionText": _("You can enter up to %{count} characters"),
        "charactersUnderLimitText": {
            "one": _("You have %{count} character remaining"),
            "other": _("You have %{count} characters remaining"),
        },
        "charactersAtLimitText": _("You have 0 characters remaining"),
        "charactersOverLimitText": {
            "one": _("You have %{count} character too many"),
            "other": _("You have %{count} characters too many"),
        },
    }


def _select(bound: BoundField, title: Params) -> Component:
    return "select", _labelled(bound, title) | {"attributes": _attributes(bound)}


def _filled(select: Markup, bound: BoundField) -> Markup:
    """The macro's select with its options. The macro itself takes 0.1 ms for each, and there are hundreds."""
    chosen = {str(value) for value in _chosen(bound)}
    choice: Any = bound.field
    offered: Any = flatten_choices(choice.choices)
    options = "".join(
        f'<option value="{escape(value)}"{SELECTED if str(value) in chosen else ""}>{escape(words)}</option>'
        for value, words in offered
    )
    return Markup(str(select).replace("</select>", f"{options}</select>", 1))


def _choices(bound: BoundField, title: Params) -> Params:
    chosen = {str(value) for value in _chosen(bound)}
    hints: Mapping[str, str] = getattr(bound.field, "hints", {})
    items: list[Params] = []
    for option in _options(bound):
        item: Params = {
            "value": option["value"],
            "text": option["label"],
            "checked": option["value"] in chosen,
        }
        if option["value"] in hints:
            item["hint"] = {"text": str(hints[option["value"]])}
        if option["attrs"]:
            item["attributes"] = option["attrs"]
        items.append(item)
    return _common(bound) | {
        "idPrefix": bound.auto_id,
        "fieldset": _legend(bound, title),
        "items": items,
        "classes": bound.field.widget.attrs.get("class", ""),
    }


def _tick(bound: BoundField, title: Params) -> Component:
    common = _common(bound)
    item: Params = {"value": "on", "text": str(bound.label), "checked": bool(bound.value())}
    if "hint" in common:
        item["hint"] = common.pop("hint")
    return "checkboxes", common | {"idPrefix": bound.auto_id, "items": [item]}


def _date(bound: BoundField, title: Params) -> Component:
    typed = bound.field.prepare_value(bound.value())
    wrong = wrong_part(bound)
    labels = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
    items = []
    for part in PARTS:
        width = 4 if part == "year" else 2
        error = " govuk-input--error" if wrong and wrong in (part, "all") else ""
        items.append(
            {
                "id": f"{bound.auto_id}_{part}",
                "name": f"{bound.html_name}_{part}",
                "label": labels[part],
                "value": getattr(typed, part),
                "classes": f"govuk-input--width-{width}{error}",
            }
        )
    return "date-input", _common(bound) | {
        "id": bound.auto_id,
        "fieldset": _legend(bound, title),
        "items": items,
    }


def wrong_part(bound: BoundField) -> str:
    """The part of a date that its error names: day, month, year or ``all``; nothing without an error."""
    for error in bound.errors.as_data() if bound.errors else ():
        return error.code if error.code in PARTS else "all"
    return ""


def _file(bound: BoundField, title: Params) -> Component:
    """No browser puts a file back into a form that returns, so the form says it."""
    params = _labelled(bound, title) | {"attributes": _attributes(bound)}
    if bound.form.is_bound:
        lost = _("If you had chosen a file, choose it again: files are not kept with the rest of an answer.")
        params["hint"] = {"text": " ".join([*params.pop("hint", {}).values(), lost])}
    return "file-upload", params


def _chosen(bound: BoundField) -> Sequence[Any]:
    value = bound.value()
    if value is None:
        return ()
    return tuple(value) if isinstance(value, (list, tuple, set)) else (value,)


def _options(bound: BoundField) -> list[Params]:
    """Every option, groups laid flat, with the attributes the widget gives it."""
    widget = bound.field.widget
    found: list[Params] = []
    for _group, options, _index in widget.optgroups(bound.html_name, [str(one) for one in _chosen(bound)]):
        for option in options:
            attrs = {
                name: value
                for name, value in option["attrs"].items()
                if name not in ("id", "selected", "checked", *widget.attrs)
            }
            found.append({"value": str(option["value"]), "label": str(option["label"]), "attrs": attrs})
    return found


def _radios(bound: BoundField, title: Params) -> Component:
    return "radios", _choices(bound, title)


def _checkboxes(bound: BoundField, title: Params) -> Component:
    return "checkboxes", _choices(bound, title)


# The first kind that the widget is: a special widget stands before the one it is made from.
_KINDS: tuple[tuple[type[forms.Widget], Callable[[BoundField, Params], Component]], ...] = (
    (DateParts, _date),
    (forms.CheckboxSelectMultiple, _checkboxes),
    (forms.RadioSelect, _radios),
    (forms.Select, _select),
    (forms.CheckboxInput, _tick),
    (forms.FileInput, _file),
    (forms.Textarea, _text),
    (forms.PasswordInput, _password),
    (Input, _input),
)
