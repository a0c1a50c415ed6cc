"""What goes on the next worklist: mostly leads from the top, and a share of the control sample."""

from __future__ import annotations

from collections.abc import Sequence

from opencdi.discovery.leads import Lead, Placed

CONTROL_SHARE = 0.25
"""Share of a worklist given to the control sample until all of it is read."""

Chosen = tuple[int, Lead, str]
"""Place in the ranking, the lead, and what it is read for."""


def next_batch(top: Sequence[Placed], control: Sequence[Placed], size: int) -> list[Chosen]:
    """At most ``size`` incidents that wait to be read: leads from the top, and control incidents by number.

    ``top`` holds the first ``size`` leads that wait, control incidents apart; ``control`` all of those that
    wait. They are mixed by place, so that the list does not say which are which by their position.
    """
    random = sorted(control, key=lambda each: each[1].incident_id)
    share = min(len(random), max(1, round(size * CONTROL_SHARE)) if random else 0)
    chosen = [(place, lead, "control") for place, lead in random[:share]]
    chosen += [(place, lead, "lead") for place, lead in top[: size - share]]
    return sorted(chosen, key=lambda each: each[0])
