"""One plain sentence why an incident is thought to miss a crime; never the words of its log."""

from __future__ import annotations

_ARTICLES = {
    "assault_injury": "an assault with injury",
    "rape": "a rape",
    "public_order": "threatening or abusive behaviour",
    "malicious_communications": "malicious communications",
    "theft_from_vehicle": "a theft from a vehicle",
    "theft_of_vehicle": "the taking of a vehicle",
    "theft_person": "a theft from a person",
    "breach_order": "the breach of an order",
    "coercive_control": "controlling or coercive behaviour",
    "threats_to_kill": "threats to kill",
    "drug_possession": "possession of drugs",
    "drug_supply": "supply of drugs",
    "weapon": "a weapon carried",
    "child_sexual": "sexual activity with a child",
    "image_abuse": "intimate images shared",
    "wounding": "a wounding",
}
RECENT_HOURS = 24.0


def kind_in_words(kind: str) -> str:
    """A kind of offence in plain words."""
    return _ARTICLES.get(kind, kind.replace("_", " "))


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
