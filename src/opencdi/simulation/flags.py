"""The crime flags that circumstances call for (Crime Recording Rules 2026/27, pages 26 to 31)."""

from __future__ import annotations

import numpy as np

from opencdi.simulation.draws import Truths
from opencdi.simulation.events import NOT_CRIME, Events
from opencdi.simulation.offences import offences

_HATE = ("hit_hate", "injure_hate", "hate_abuse", "break_hate")
_KNIFE = ("stab", "carry_blade")


def flags_due(events: Events) -> dict[str, Truths]:
    """The flags that the circumstances call for, by their names in the schema."""
    table = offences()
    known = np.maximum(events.offence, 0)
    crime = (events.offence >= 0) & (events.verdict != NOT_CRIME)
    hate, knife = (np.isin(table.acts, acts)[known] for acts in (_HATE, _KNIFE))
    sexual = table.of_subgroups(("Rape", "Other sexual offences"))[known]
    return {
        "domestic_abuse": crime & events.domestic,
        "hate_race": crime & hate,
        "online": crime & events.online,
        "alcohol": crime & events.alcohol,
        "child_sexual_abuse": crime & sexual & (events.victim_age < 18),
        "knife": crime & knife,
    }
