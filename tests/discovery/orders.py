"""What progress asks of a ranking, from leads in a list."""

from __future__ import annotations

from collections.abc import Sequence, Set

from opencdi.discovery.leads import Lead, Standing
from opencdi.discovery.verdicts import Verdicts


def standing(order: Sequence[Lead], control: Set[str], verdicts: Verdicts) -> Standing:
    """The standing of a ranking that is given as a list of all its leads."""
    known = {
        lead.incident_id: (place, lead)
        for place, lead in enumerate(order, start=1)
        if lead.incident_id in control or lead.incident_id in verdicts
    }
    gap = (place for place, lead in enumerate(order) if lead.incident_id not in known)
    unread = [lead.probability for lead in order if lead.incident_id not in verdicts]
    return Standing(len(order), sum(unread), next(gap, len(order)), known)
