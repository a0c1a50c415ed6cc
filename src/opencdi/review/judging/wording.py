"""What the screens call things; one list for forms, summaries and timelines."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

REQUIRES: dict[str, Words] = {
    "crime": _("A crime"),
    "nothing": _("Nothing: no crime and no N100"),
    "n100": _("An N100 (reported incident of rape), not a crime"),
    "no_crime": _("A record exists that should not: no crime was required"),
    "cannot_tell": _("Cannot tell from what is here"),
}

SAID: dict[str, Words] = {"yes": _("Yes"), "no": _("No"), "unknown": _("Cannot tell")}

VERDICTS: dict[str, Words] = {
    "correct": _("Recorded correctly"),
    "late": _("Recorded late"),
    "wrong_class": _("Recorded in the wrong class"),
    "paperwork": _("Recorded, with faults in the paperwork"),
    "missing": _("Not recorded"),
    "n100_wrong": _("Recorded as N100 where a crime was required"),
    "cancelled_wrong": _("Wrongly cancelled"),
    "over_recorded": _("Recorded where no crime was required"),
    "nothing_required": _("No crime required"),
    "cannot_tell": _("Cannot tell"),
}

STATUSES: dict[str, Words] = {
    "live": _("Live"),
    "cancelled": _("Cancelled"),
    "transferred": _("Transferred"),
    "n100": _("N100"),
}

PAPERWORK: dict[str, Words] = {
    "victim_details": _("Details of the victim are wrong or missing"),
    "rationale": _("The rationale is missing or too thin"),
    "other": _("Something else in the paperwork"),
}

HAPPENED: dict[str, Words] = {
    "reported": _("Reported to the police"),
    "attended": _("An officer attended"),
    "closed": _("The log was closed"),
    "recorded": _("Crime recorded"),
    "cancelled": _("Crime cancelled"),
    "transferred": _("Crime transferred"),
    "live": _("Record changed"),
    "n100": _("N100 changed"),
}

FLAGS: dict[str, Words] = {
    "domestic_abuse": _("Domestic abuse"),
    "hate_race": _("Hate crime: race"),
    "hate_religion": _("Hate crime: religion"),
    "hate_sexual_orientation": _("Hate crime: sexual orientation"),
    "hate_disability": _("Hate crime: disability"),
    "hate_transgender": _("Hate crime: transgender"),
    "child_sexual_abuse": _("Child sexual abuse"),
    "child_sexual_exploitation": _("Child sexual exploitation"),
    "honour_based_abuse": _("Honour-based abuse"),
    "online": _("Online"),
    "alcohol": _("Alcohol"),
    "corrosive": _("Corrosive substance"),
    "metal_theft": _("Metal theft"),
    "spiking": _("Spiking"),
    "knife": _("Knife or sharp instrument"),
    "firearm": _("Firearm"),
    "emergency_worker": _("Emergency worker"),
    "modern_slavery": _("Modern slavery"),
    "mental_health": _("Mental health"),
    "vulnerable": _("Vulnerable person"),
    "drugs": _("Drugs"),
    "youth": _("Youth"),
}

QUESTIONS: dict[str, Words] = {
    "requires": _("What the report requires"),
    "class_code": _("Class"),
    "victim": _("Victim"),
    "record": _("Record"),
    "class_right": _("Recorded in the right class"),
    "in_time": _("Recorded in time"),
    "cancellation_right": _("Rightly cancelled"),
    "victim_told": _("Victim told"),
    "flags": _("Flags due"),
    "paperwork": _("Paperwork"),
    "words": _("Words it rests on"),
    "rule": _("Rule"),
    "cause": _("Cause"),
    "missing": _("What is missing to tell"),
    "verdict": _("Comes to"),
    "domestic_abuse": _("Domestic abuse"),
}

NO_RECORD: Words = _("None: it is not on record")
RECORD_UNKNOWN: Words = _("Cannot tell which record, or whether there is one")
