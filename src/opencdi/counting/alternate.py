"""Another offence is charged than the one recorded: outcome 1A, or one more crime (rules, pages 18 to 22)."""

from __future__ import annotations

from collections.abc import Iterator

from opencdi.counting import classification, traits
from opencdi.counting.report import Recorded
from opencdi.counting.ruling import Ruling

FOR_MURDER = ("4.1", "4.2", "4.3", "4.7")
"""Classes that alone may be charged in place of a recorded murder (page 19)."""

THEFT_GROUPS = ("Theft", "Burglary", "Vehicle offences")


def charged_instead(recorded: Recorded, class_code: str) -> Iterator[Ruling]:
    """May the recorded crime have the outcome of a charge with an alternative offence?

    Where it may not, the crime stays with another outcome and the offence charged is recorded besides.
    """
    listed = classification.load()
    charged = listed.normalise(recorded.charged or "") or recorded.charged or ""
    charged_class = listed.class_of(charged) or charged
    may, page, decided_by, statement = _may(recorded, class_code, charged_class)
    yield _ruling("outcome 1A", may, decided_by, statement, page)
    if not may:
        yield _ruling(
            "record additionally",
            True,
            "",
            f"The crime keeps another outcome; {charged_class} is recorded besides it and has the charge.",
            "18",
        )


def _may(recorded: Recorded, class_code: str, charged: str) -> tuple[bool, str, str, str]:
    found = traits.of(class_code, None)
    advised = recorded.prosecutor_prefers == "yes"
    if class_code == "1":
        may = charged in FOR_MURDER and advised
        statement = (
            "A murder: only manslaughter, infanticide, child destruction or causing death, as advised."
        )
        return may, "19", "designated decision maker", statement
    if found.subgroup == traits.RAPE:
        sexual = charged in classification.load().classes and (
            classification.load().group_of(charged) == "Sexual offences"
        )
        young = recorded.victim_under_13 == "yes"
        statement = "A rape: another sexual offence, if the victim is under 13 or the prosecutor so advises."
        return sexual and (young or advised), "20", "registrar, for other sexual offences", statement
    same = recorded.same_material_facts == "yes"
    if class_code == "34A" and traits.of(charged, None).group in THEFT_GROUPS and not advised:
        statement = "A retail robbery: the theft charged, little force, low value, no weapon, not prolific."
        return recorded.theft_charged_low_level == "yes", "21", "", statement
    statement = "The charge must use the same material facts, the suspect being principal or accessory."
    return same, "21", "registrar oversees", statement


def _ruling(action: str, may: bool, decided_by: str, statement: str, page: str) -> Ruling:
    return Ruling(
        action=action,
        may=may,
        decided_by=decided_by,
        independent_of_investigation=False,
        victim_must_be_told_first=False,
        still_needed=[],
        statement=statement,
        page=page,
    )
