"""What discovery tells whoever runs it: what came back, where reading stands, and whether it may stop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from opencdi.discovery.calibration import Confidence
from opencdi.discovery.progress import Progress
from opencdi.discovery.stopping import positives_needed
from opencdi.discovery.training import Learned
from opencdi.discovery.verdicts import Returned, Verdicts

MOST_ROWS_TOLD = 5
"""Rows set aside that are told one by one; all of them stand in ``set-aside.csv``."""


def back(brought: Iterable[Returned]) -> list[str]:
    """What each file of verdicts brought, every row counted once, and why rows were set aside."""
    said: list[str] = []
    for one in brought:
        known = f" + {one.known_cases:,} known cases of the review" if one.known_cases else ""
        said.append(
            f"{one.file}: {one.rows:,} rows = {one.taken:,} with a verdict + {one.empty:,} left empty{known}"
            f" + {len(one.set_aside):,} set aside."
        )
        said += [f"  line {row.line}: {row.reason}" for row in one.set_aside[:MOST_ROWS_TOLD]]
        more = len(one.set_aside) - MOST_ROWS_TOLD
        if more > 0:
            said.append(f"  {more:,} more rows were set aside; all stand in discovery/set-aside.csv.")
    return said


def outstanding(handed: Mapping[str, int], verdicts: Verdicts) -> list[str]:
    """Which worklists still hold incidents without an answer. ``handed`` gives each incident's worklist."""
    waiting = Counter(number for incident, number in handed.items() if incident not in verdicts)
    if not waiting:
        return []
    lists = ", ".join(f"{number} ({count:,})" for number, count in sorted(waiting.items()))
    return [
        f"Handed out and without an answer, by worklist: {lists}. Where a worklist is lost, delete its files "
        "under discovery/ and its incidents are handed out again."
    ]


def sentences(state: Progress, target: float, confidence: float, learned: Learned) -> list[str]:
    """What a reader needs to know before going on."""
    said = [
        f"{state.read:,} of {state.incidents:,} incidents read; {state.found:,} with a missing crime. "
        f"The scores expect about {state.believed_to_remain:,.0f} more among the unread."
    ]
    if state.untold:
        said.append(
            f"Of {state.untold:,} that were read nobody could tell. They teach the ranking nothing, and a "
            "bound counts those of its sample as missing."
        )
    if learned.confidence is not None:
        said.append(_confidence(learned.confidence))
    return [*said, *_control(state, target, confidence)]


def _confidence(confidence: Confidence) -> str:
    """Whether the learned score means what it says."""
    slope = f"calibration slope {confidence.slope:.2f} ± {1.96 * confidence.standard_error:.2f}, 1 is perfect"
    if confidence.over_confident:
        return f"The learned score is over-confident ({slope}): trust its order more than its probabilities."
    return f"The learned score is not over-confident ({slope})."


def _control(state: Progress, target: float, confidence: float) -> list[str]:
    if state.read == state.incidents:
        return ["Every incident is read, so that nothing is left to find."]
    if not state.control_size:
        return ["There is no control sample, so nothing can be promised. Start again with --control."]
    if state.remain_at_most is None:
        return [
            f"{state.control_read:,} of the {state.control_size:,} control incidents are read; "
            "a bound on what remains follows when all are."
        ]
    return [
        f"At most {state.remain_at_most:,} remain ({confidence:.0%} bound from the control sample).",
        _stop(state, target, confidence),
    ]


def _stop(state: Progress, target: float, confidence: float) -> str:
    if state.may_stop_at is None:
        return (
            f"The control sample holds {state.control_positives:,} missing crimes; "
            f"{positives_needed(target, confidence):,} are needed to promise {target:.0%}. "
            f"With these, at most {state.promise:.0%} can be promised."
        )
    if state.may_stop:
        return f"You may stop: at least {target:.0%} of the missing crimes are found ({confidence:.0%} sure)."
    return f"Read on to place {state.may_stop_at:,} (you are at {state.depth:,}) to promise {target:.0%}."
