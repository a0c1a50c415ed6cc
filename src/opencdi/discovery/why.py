"""One plain sentence why an incident is thought to miss a crime; never the words of its log."""

from __future__ import annotations

_IN_WORDS = {
    "assault": "an assault",
    "assault_injury": "an assault with injury",
    "attempted_murder": "an attempted murder",
    "bicycle_theft": "the theft of a bicycle",
    "bomb_hoax": "a bomb hoax",
    "breach_order": "the breach of an order",
    "burglary": "a burglary",
    "burglary_attempt": "an attempted burglary",
    "child_images": "indecent images of children",
    "child_sexual": "sexual activity with a child",
    "coercive_control": "controlling or coercive behaviour",
    "cse": "sexual exploitation of a child",
    "dangerous_dog": "a dangerous dog",
    "distraction_burglary": "a distraction burglary",
    "drug_possession": "possession of drugs",
    "drug_supply": "supply of drugs",
    "electricity": "the taking of electricity",
    "entry": "an entry into a building",
    "exposure": "indecent exposure",
    "handling": "handling stolen goods",
    "image_abuse": "intimate images shared",
    "injury": "an injury done to someone",
    "justice": "an offence against justice",
    "machine_theft": "theft from a machine",
    "mail_theft": "theft of mail",
    "making_off": "making off without payment",
    "malicious_communications": "malicious communications",
    "obstruct": "obstruction of an officer",
    "penetration": "a sexual assault by penetration",
    "public_order": "threatening or abusive behaviour",
    "rape": "a rape",
    "robbery": "a robbery",
    "sexual_assault": "a sexual assault",
    "theft": "a theft",
    "theft_dwelling": "a theft in a dwelling",
    "theft_employee": "a theft by an employee",
    "theft_from_vehicle": "a theft from a vehicle",
    "theft_of_vehicle": "the taking of a vehicle",
    "theft_person": "a theft from a person",
    "threat_damage": "a threat to damage something",
    "threats_to_kill": "threats to kill",
    "vehicle_entry": "an entry into a vehicle",
    "weapon": "a weapon carried",
    "wounding": "a wounding",
}
"""Kinds whose name is not yet a phrase; any other is said as it is called."""

RECENT_HOURS = 24.0
NOBODY_CAN_SAY = {
    "no_narrative": "There is no log text, so nobody can say from here whether a crime was disclosed.",
    "not_readable": "The log text holds hardly a word in Latin letters, so a person must read it.",
}


def kind_in_words(kind: str) -> str:
    """A kind of offence in plain words."""
    return _IN_WORDS.get(kind, kind.replace("_", " "))


def sentence(
    kinds: list[str],
    crime: float,
    linked: bool,
    unanswered: int,
    closing_group: str,
    hours_since: float | None,
) -> str:
    """What the log describes, how it was closed, and what is on record."""
    closed = "" if closing_group == "unknown" else f", was closed as {closing_group.replace('_', ' ')}"
    if kinds:
        described = "The log describes " + " and ".join(kind_in_words(kind) for kind in kinds[:2])
    elif crime >= 0.5:
        described = (
            "The log names no offence in words the patterns know, but reads like those that became crimes"
        )
    else:
        described = "The log describes no offence in words the patterns know"
    if linked and unanswered > 0:
        record = (
            f"and {unanswered} of the crimes it requires {'is' if unanswered == 1 else 'are'} not on record"
        )
    elif linked:
        record = "and a crime on record answers it"
    else:
        record = "and no crime on record came from it"
    late = ""
    if hours_since is not None and hours_since < RECENT_HOURS:
        late = " It was reported less than 24 hours before the last crime recorded, so it may not be due yet."
    return f"{described}{closed}, {record}.{late}"
