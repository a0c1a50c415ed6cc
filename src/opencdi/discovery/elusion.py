"""The one planned look at what was not read: drawn once, read whole, and judged once.

Whoever stops reading draws a simple random sample of the unread, has all of it read, and bounds what was
missed exactly (``stopping.elusion_test``). Looking again after a disappointing answer would break the
promise, so that the look is kept in ``elusion.json`` and cannot be drawn twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from opencdi.discovery import stopping
from opencdi.discovery.leads import control_sample
from opencdi.discovery.stopping import Elusion
from opencdi.discovery.verdicts import Verdicts
from opencdi.errors import UserError

MOST_OF_THE_UNREAD = 0.5


@dataclass(frozen=True)
class Look:
    """A planned look: the sample, and how reading stood when it was drawn."""

    incidents: tuple[str, ...]
    unread: int
    found: int
    """Incidents with a missing crime that reading had found by then."""
    target: float
    confidence: float
    seed: str


def planned(
    unread: Iterable[str],
    count: int,
    found: int,
    size: int,
    target: float,
    confidence: float,
    seed: str,
) -> Look:
    """The look at the ``count`` incidents without a verdict, where ``found`` have a missing crime so far.

    ``size`` 0 takes the least that can certify ``target``.

    Raises ``UserError`` where nothing is left to sample, or no sample could certify the target.
    """
    if not count:
        raise UserError("Every incident has a verdict, so that nothing is left for an elusion test.")
    least = stopping.elusion_sample_size(found, count, target, confidence)
    if least is None or least > MOST_OF_THE_UNREAD * count:
        raise UserError(
            f"With {found:,} found, only a sample of most of the {count:,} unread could promise "
            f"{target:.0%}. Read further down the ranking first, or set a lower --target."
        )
    if 0 < size < least:
        raise UserError(
            f"A sample of {size:,} cannot promise {target:.0%} even if it finds nothing; "
            f"it takes at least {least:,}."
        )
    chosen = control_sample(unread, min(size or max(1, least), count), f"elusion {seed}")
    return Look(tuple(sorted(chosen)), count, found, target, confidence, seed)


def result(look: Look, verdicts: Verdicts) -> Elusion | None:
    """What the look says; None until every incident of it was read."""
    answers = [verdicts[one] for one in look.incidents if one in verdicts]
    if len(answers) < len(look.incidents):
        return None
    return stopping.elusion_test(
        look.found,
        look.unread,
        len(answers),
        answers.count(True),
        look.target,
        look.confidence,
        answers.count(None),
    )


def read(path: Path) -> Look | None:
    """The look that was drawn before, if there is one."""
    if not path.exists():
        return None
    held = json.loads(path.read_text(encoding="utf-8"))
    return Look(**{**held, "incidents": tuple(held["incidents"])})


def keep(look: Look, path: Path) -> None:
    """Write a look that was just drawn.

    Raises ``UserError`` where one was drawn before: a second look would keep no promise.
    """
    if path.exists():
        raise UserError(
            f"{path}: the elusion test was drawn before, and it is one look only. Read its worklist and "
            "give it back; if reading went on since, use the control sample instead."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(look), indent=1), encoding="utf-8")


def sentence(look: Look, verdicts: Verdicts) -> str:
    """Where the look stands, in words."""
    outcome = result(look, verdicts)
    if outcome is None:
        waiting = sum(one not in verdicts for one in look.incidents)
        return (
            f"Elusion test: {waiting:,} of its {len(look.incidents):,} incidents have no verdict yet; "
            "it says nothing before all have one."
        )
    untold = [verdicts[one] for one in look.incidents].count(None)
    said = (
        f"Elusion test: {outcome.found:,} missing crimes in a sample of {outcome.sampled:,} of "
        f"{outcome.unread:,} unread. At most {outcome.missed_at_most:,} incidents with one remain, so that "
        f"at least {outcome.recall_at_least:.1%} were found ({look.confidence:.0%} sure)."
    )
    if untold:
        said += f" The {untold:,} that could not be told count as missed."
    if outcome.certified:
        return said + f" The target of {look.target:.0%} is reached: you may stop."
    return said + f" That does not promise {look.target:.0%}. Read on; the test cannot be made again."
