"""What goes on the next worklist: mostly leads from the top, and a share of the control sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from opencdi.discovery.leads import Lead

CONTROL_SHARE = 0.25
"""Share of a worklist given to the control sample until all of it is read."""

Chosen = tuple[int, Lead, str]
"""Place in the ranking, the lead, and what it is read for."""


def next_batch(
    order: Sequence[Lead], control: Set[str], done: Set[str] | Mapping[str, object], size: int
) -> list[Chosen]:
    """At most ``size`` incidents not yet done: leads from the top, and control incidents by number.

    They are mixed by place, so that the list does not say which are which by their position.
    """
    waiting = [(place, lead) for place, lead in enumerate(order, start=1) if lead.incident_id not in done]
    random = sorted(
        ((place, lead) for place, lead in waiting if lead.incident_id in control),
        key=lambda each: each[1].incident_id,
    )
    share = min(len(random), max(1, round(size * CONTROL_SHARE)) if random else 0)
    chosen = [(place, lead, "control") for place, lead in random[:share]]
    top = ((place, lead, "lead") for place, lead in waiting if lead.incident_id not in control)
    chosen += [each for each, _ in zip(top, range(size - len(chosen)), strict=False)]
    return sorted(chosen, key=lambda each: each[0])
