"""Forms in plain words, shown with the GOV.UK macros."""

from opencdi.review.shell.forms.dates import DateField, DateParts
from opencdi.review.shell.forms.plain import PlainForm, PlainModelForm

__all__ = ["DateField", "DateParts", "PlainForm", "PlainModelForm"]
