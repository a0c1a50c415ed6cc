"""The field's words, as every table spells them."""

from __future__ import annotations

CHANNELS = (
    "999",
    "101",
    "online",
    "front_counter",
    "officer",
    "agency_referral",
    "crime_bureau",
    "other",
    "unknown",
)

CALLER_ROLES = ("victim", "third_party", "professional", "witness", "officer", "suspect", "unknown")
"""Who reported. ``third_party`` is a lay person acting for the victim (a parent, a carer);
``professional`` is a third party acting in the victim's interest (doctor, teacher, social worker)."""

INCIDENT_GROUPS = (
    "violence",
    "domestic",
    "sexual",
    "stalking_harassment",
    "robbery",
    "burglary",
    "vehicle_crime",
    "theft",
    "damage",
    "drugs",
    "weapons",
    "public_order",
    "fraud",
    "other_crime",
    "crime_related_incident",
    "anti_social_behaviour",
    "suspicious",
    "welfare",
    "missing_person",
    "transport",
    "administration",
    "other",
    "unknown",
)
"""What an opening or closing code says the incident is, in a vocabulary all forces share."""

CRIME_GROUPS = frozenset(INCIDENT_GROUPS[: INCIDENT_GROUPS.index("crime_related_incident")])
"""The incident groups whose codes name a crime."""

PARTY_ROLES = ("victim", "suspect", "caller", "witness", "other")

CRIME_STATUSES = ("live", "cancelled", "transferred", "n100")

FLAGS = (
    "domestic_abuse",
    "hate_race",
    "hate_religion",
    "hate_sexual_orientation",
    "hate_disability",
    "hate_transgender",
    "child_sexual_abuse",
    "child_sexual_exploitation",
    "honour_based_abuse",
    "online",
    "alcohol",
    "corrosive",
    "metal_theft",
    "spiking",
    "knife",
    "firearm",
    "emergency_worker",
    "modern_slavery",
    "mental_health",
    "vulnerable",
    "drugs",
    "youth",
)
"""Crime flags and incident qualifiers, mapped to one vocabulary."""

LINK_CLASSES = ("clear", "ambiguous", "weak", "none")

ASSERTIONS = ("asserted", "negated", "hypothetical", "retracted", "past", "other_incident")
"""How a log speaks of an offence. Only ``asserted`` ones can require a crime; ``past`` ones may."""

ANSWERS = ("yes", "no", "unknown")

RECORD_AS = ("crime", "n100", "n300", "crime_related_incident", "none")

OFFENCE_OUTCOMES = (
    "principal",
    "merged",
    "n100",
    "n300",
    "crime_related_incident",
    "not_recorded",
    "cannot_tell",
)

MATCH_OUTCOMES = (
    "correct",
    "late",
    "wrong_class",
    "n100",
    "cancelled",
    "missing",
    "additional",
    "elsewhere",
    "cannot_tell",
)
"""``additional``: a linked crime that nothing required. ``elsewhere``: a further log of an event whose
crime is recorded from, or looked for on, another log."""

FINDING_KINDS = (
    "missing",
    "additional_missing",
    "wrong_class",
    "late",
    "n100_instead_of_crime",
    "wrongly_cancelled",
    "over_recorded",
    "paperwork",
    "cannot_tell",
)


REJECT_EFFECTS = ("row_rejected", "value_dropped", "noted")
"""What an unacceptable row or value led to: the whole row was left out, the value alone was made null,
or the value was taken and how it was understood is stated."""

VERDICTS_ON_A_CRIME = (
    "correct",
    "late",
    "wrong_class",
    "paperwork",
    "missing",
    "n100_wrong",
    "cancelled_wrong",
    "over_recorded",
    "nothing_required",
    "cannot_tell",
)
"""What an auditor may decide of one required crime; ``nothing_required`` is said of a whole incident."""
