"""What the desk calls the kinds of finding."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, str | Promise] = {
    "missing": _("Crime missing"),
    "additional_missing": _("Additional crime missing"),
    "wrong_class": _("Wrong class"),
    "late": _("Recorded late"),
    "n100_instead_of_crime": _("N100 where a crime is required"),
    "wrongly_cancelled": _("Wrongly cancelled or transferred"),
    "over_recorded": _("Over-recorded"),
    "paperwork": _("Paperwork"),
    "cannot_tell": _("Cannot tell"),
}
