"""How far discovery has come: what was found, what is believed to remain, and whether reading may stop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from opencdi.discovery import stopping
from opencdi.discovery.leads import Standing
from opencdi.discovery.verdicts import Verdicts, told
from opencdi.schema import HARM_GROUPS


@dataclass(frozen=True)
class GroupRecall:
    """One harm group: found in it so far, control positives in it, and how many of those were passed.

    ``at_least`` is the one-sided lower bound of its recall, 0 where there are no control positives.
    """

    harm_group: str
    found: int
    control_positives: int
    passed: int
    at_least: float


@dataclass(frozen=True)
class Progress:
    """Where reading stands."""

    incidents: int
    read: int
    found: int
    untold: int
    """Read, but the reader could not tell."""
    believed_to_remain: float
    remain_at_most: int | None
    """Exact 95 % upper bound from the control sample; None until all of it is read."""
    depth: int
    """Down to which place the ranking has been read without a gap (control incidents apart)."""
    control_read: int
    control_size: int
    control_positives: int
    may_stop_at: int | None
    """Place at which QBCB stops; None where the control sample cannot promise the target yet."""
    promise: float
    by_group: tuple[GroupRecall, ...]

    @property
    def may_stop(self) -> bool:
        return self.may_stop_at is not None and self.depth >= self.may_stop_at


def progress(
    standing: Standing, control: Set[str], verdicts: Verdicts, target: float, confidence: float
) -> Progress:
    """Progress down a ranking, from verdicts and the control sample.

    Control incidents are read whatever their place; QBCB asks which of its positives the ranking would
    have reached by ``depth``. Its promise is about crimes that a reader can tell are missing; the bound on
    what remains counts control incidents that could not be told as missing.
    """
    place = {incident: placed for incident, (placed, _) in standing.known.items()}
    group = {incident: lead.harm_group for incident, (_, lead) in standing.known.items()}
    depth = standing.depth
    known = told(verdicts)
    read = [one for one in control if one in verdicts]
    answered = [one for one in read if one in known]
    positives = sorted(place[one] for one in answered if known[one])
    complete = len(read) == len(control) and bool(control)
    beyond = [verdicts[one] for one in read if place[one] > depth]
    return Progress(
        standing.incidents,
        len(verdicts),
        sum(known.values()),
        len(verdicts) - len(known),
        standing.expected,
        _remain_at_most(beyond, standing.incidents - depth, confidence) if complete else None,
        depth,
        len(read),
        len(control),
        len(positives),
        stopping.qbcb_depth(positives, target, confidence) if complete else None,
        stopping.best_promise(len(positives), confidence),
        _by_group(group, answered, known, place, depth, confidence),
    )


def _remain_at_most(beyond: Iterable[bool | None], unread: int, confidence: float) -> int:
    """The bound on missing crimes beyond the depth that no one has read.

    The control incidents beyond the depth are a random sample of what lies there.
    """
    answers = list(beyond)
    found = answers.count(True)
    most = stopping.largest_plausible(unread, len(answers), found + answers.count(None), confidence)
    return most - found


def _by_group(
    group: Mapping[str, str],
    answered: Sequence[str],
    verdicts: Mapping[str, bool],
    place: Mapping[str, int],
    depth: int,
    confidence: float,
) -> tuple[GroupRecall, ...]:
    """Recall of each harm group, also of those of which nothing was found."""
    found = Counter(group[one] for one, positive in verdicts.items() if positive and one in group)
    positives = Counter(group[one] for one in answered if verdicts[one])
    passed = Counter(group[one] for one in answered if verdicts[one] and place[one] <= depth)
    return tuple(
        GroupRecall(
            name,
            found[name],
            positives[name],
            passed[name],
            stopping.recall_at_least(passed[name], positives[name], confidence),
        )
        for name in HARM_GROUPS
    )
