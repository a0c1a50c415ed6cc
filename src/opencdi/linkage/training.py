"""Weights learned from a force's own records, without anybody saying which links are right.

1. How wrong pairs agree (``chance``): counted in a world where no pair can be right.
2. How right pairs agree: m by Splink's expectation maximisation, once on the candidates that people
   propose and once on those that places propose. Each run learns the comparisons its own rule does not
   use, against wrong pairs of that same rule; what both learn is averaged.
3. How often wrong numbers are given, and how many crimes come from an incident at all: from the links
   that the first two lead to.
4. Where the truth of some crimes is known (a reviewed sample, a made-up force), what the odds are worth.

A small part of every share stays as it was at the start, so that a level never seen keeps its weight and
none becomes certain: the next year, or the next force, will not be quite like this one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opencdi.engine import Relation
from opencdi.linkage.calibration import fit
from opencdi.linkage.candidates import NOBODY, rule_bits
from opencdi.linkage.chance import (
    Vectors,
    candidates_of,
    enter_impossible_world,
    impossible_candidates,
    impossible_sample,
)
from opencdi.linkage.density import Density
from opencdi.linkage.em import Shares, train_m
from opencdi.linkage.levels import LEVELS, SAID_BY_THE_NUMBER
from opencdi.linkage.linking import compare
from opencdi.linkage.weights import LevelWeight, Weights
from opencdi.settings import Linkage

PERSON_RULES = ("name", "born", "phone", "organisation")
PLACE_RULES = ("postcode", "address", "cell")
_HELD = 0.03
"""Part of every learned share that stays as it was at the start."""

_SEEN_ENOUGH = 30
_ROUNDS = 30


@dataclass(frozen=True)
class Pairs:
    """All that is learned from: the candidates, and pairs that cannot be right."""

    candidates: Vectors
    impossible: Vectors
    sampled: Vectors
    crimes: int
    incidents: int
    here: Density
    bits: Mapping[str, int]

    def proposed_by(self, pairs: Vectors, rules: tuple[str, ...]) -> Vectors:
        mask = sum(self.bits[rule] for rule in rules)
        return pairs.where((pairs.via & mask) > 0)


def gather(
    incidents: Relation,
    crimes: Relation,
    parties: Relation,
    settings: Linkage,
    families: Mapping[str, str],
    sampled_pairs: int = 2_000_000,
) -> Pairs:
    """Candidates and impossible pairs of a force, as arrays."""
    engine = crimes.engine
    known = compare(incidents, crimes, parties, settings, families, settled=NOBODY)
    candidates = candidates_of(engine)
    enter_impossible_world(engine, settings)
    impossible = impossible_candidates(engine, settings, known.formats)
    sampled = impossible_sample(engine, settings, sampled_pairs)
    bits = rule_bits(settings)
    return Pairs(candidates, impossible, sampled, crimes.count(), incidents.count(), known.here, bits)


def train(pairs: Pairs, start: Weights, provenance: Mapping[str, str | int | float]) -> Weights:
    """Weights from a force's pairs; thresholds and calibration stay those of ``start``.

    Raises ``UserError`` where there are too few pairs, or Splink is not installed.
    """
    others = _others(pairs, start)
    m = _right_shares(pairs, start)
    comparisons = {
        name: {
            level: _level(start.comparisons[name][level], m[name][number], others[name][number], pairs)
            for number, level in enumerate(LEVELS[name])
        }
        for name in LEVELS
    }
    learned = {"comparisons": comparisons, "crowds": pairs.here.crowds, "provenance": dict(provenance)}
    draft = start.model_copy(update=learned)
    for _ in range(3):
        draft = _with_wrong_references(_with_incident_share(draft, pairs), start, pairs)
    return _with_incident_share(draft, pairs)


def calibrated(weights: Weights, known: Sequence[tuple[Pairs, Mapping[int, int | None]]]) -> Weights:
    """The weights with a calibration fitted on crimes whose incident is known.

    Each force's truth gives ``incident_no`` (None for none) by ``crime_no``; other crimes are left out.
    """
    said, right = [], []
    for pairs, truth in known:
        best = _best(weights, pairs)
        for crime, incident, odds in zip(
            best.crime.tolist(), best.incident.tolist(), best.said.tolist(), strict=True
        ):
            if crime in truth:
                said.append(odds)
                right.append(truth[crime] == incident)
    return weights.model_copy(update={"calibration": fit(np.array(said), np.array(right, dtype=bool))})


def truth_of(truth: Relation) -> dict[int, int | None]:
    """``incident_no`` by ``crime_no``, from a table of ``accuracy.TRUTH``; ``gather`` must have run."""
    rows = truth.engine.rows(
        f"select crime.crime_no, incident.incident_no from {truth.name} as truth "
        "join link_crime as crime on crime.crime_id = truth.crime_id "
        "left join link_incident as incident on incident.incident_id = truth.incident_id"
    )
    return {row["crime_no"]: row["incident_no"] for row in rows}


def _level(start: LevelWeight, m: float, others: float, pairs: Pairs) -> LevelWeight:
    """A learned level, in the terms (``u`` or ``others``) that it had at the start."""
    if start.others is not None:
        return LevelWeight(m=_rounded(m), others=_rounded(others), crowd=start.crowd)
    return LevelWeight(m=_rounded(m), u=_rounded(min(1.0, others / pairs.here.window)))


def _rounded(share: float) -> float:
    return float(f"{share:.4g}")


# Wrong pairs ---------------------------------------------------------------------------------------


def _others(pairs: Pairs, start: Weights) -> dict[str, Shares]:
    """Wrong incidents in a crime's window at each level, a crime: counted where rules find them all."""
    a_crime = pairs.crimes * pairs.here.window / max(1, len(pairs.sampled))
    found: dict[str, Shares] = {}
    for name in LEVELS:
        sampled = pairs.sampled.counts(name)
        counted = pairs.impossible.counts(name)
        wrong = np.where(sampled >= _SEEN_ENOUGH, sampled * a_crime, np.maximum(counted, sampled * a_crime))
        found[name] = _held(wrong / pairs.crimes, _start_others(start, name, pairs))
    return found


def _held(learned: Any, start: Any) -> Shares:
    return np.asarray((1 - _HELD) * learned + _HELD * start, dtype=np.float64)


def _start_others(start: Weights, name: str, pairs: Pairs) -> Shares:
    found: Shares = np.array(
        [
            level.others if level.others is not None else (level.u or 0) * pairs.here.window
            for level in start.comparisons[name].values()
        ]
    )
    return found


# Right pairs ---------------------------------------------------------------------------------------


def _right_shares(pairs: Pairs, start: Weights) -> dict[str, Shares]:
    sessions = (
        _session(pairs, start, PERSON_RULES, without="person"),
        _session(pairs, start, PLACE_RULES, without="place"),
    )
    learned: dict[str, Shares] = {}
    for name in LEVELS:
        runs = [session[name] / session[name].sum() for session in sessions if name in session]
        learned[name] = _held(np.mean(runs, axis=0), _start_m(start, name))
    return learned


def _session(pairs: Pairs, start: Weights, rules: tuple[str, ...], without: str) -> dict[str, Shares]:
    candidates = pairs.proposed_by(pairs.candidates, rules)
    wrong = pairs.proposed_by(pairs.impossible, rules)
    names = [name for name in LEVELS if name != without]
    u = {name: (wrong.counts(name) + 1) / (len(wrong) + len(LEVELS[name])) for name in names}
    u["reference"] = _start_u(start, "reference", pairs)
    return train_m(candidates, u, {name: _start_m(start, name) for name in names})


def _start_m(start: Weights, name: str) -> Shares:
    shares: Shares = np.array([level.m for level in start.comparisons[name].values()], dtype=np.float64)
    shares /= shares.sum()
    return shares


def _start_u(start: Weights, name: str, pairs: Pairs) -> Shares:
    """Where the shares of wrong pairs begin among candidates, of which there are few a crime."""
    wrong = np.minimum(_start_others(start, name, pairs), pairs.here.window)
    few = wrong / max(1.0, len(pairs.candidates) / pairs.crimes)
    shares: Shares = np.where(wrong > 0.5 * pairs.here.window, 0.5, np.clip(few, 0.001, 0.5))
    shares /= shares.sum()
    return shares


# Together ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Best:
    """The best candidate of each crime: who, and the model's log odds before calibration."""

    crime: NDArray[np.int64]
    incident: NDArray[np.int64]
    said: NDArray[np.float64]


def _bits(weights: Weights, pairs: Pairs, without: str = "") -> NDArray[np.float64]:
    total = np.zeros(len(pairs.candidates))
    for name in LEVELS:
        if name != without:
            table = np.array(list(weights.bits(name, pairs.here).values()))
            total += table[pairs.candidates.levels[name]]
    return total


def _said_twice(weights: Weights, pairs: Pairs) -> NDArray[np.float64]:
    """Bits of each candidate's delay that its number says already; see ``levels.SAID_BY_THE_NUMBER``."""
    bits = weights.bits("delay", pairs.here)
    twice = np.array([bits[level] - bits[SAID_BY_THE_NUMBER.get(level, level)] for level in LEVELS["delay"]])
    typed = list(LEVELS["reference"]).index("typed")
    named = pairs.candidates.levels["reference"] == typed
    return np.where(named, twice[pairs.candidates.levels["delay"]], 0.0)


def _odds(weights: Weights, pairs: Pairs, without: str = "") -> NDArray[np.float64]:
    """Each candidate's odds against its crime coming from no incident."""
    return np.exp2(np.clip(weights.prior(pairs.here) + _bits(weights, pairs, without), -60, 60))


def _a_crime(values: NDArray[np.float64], pairs: Pairs) -> NDArray[np.float64]:
    """Sums by crime; crimes are numbered from 1."""
    sums = np.bincount(pairs.candidates.crime, weights=values, minlength=pairs.crimes + 1)
    return sums[1:].astype(np.float64)


def _with_incident_share(weights: Weights, pairs: Pairs) -> Weights:
    """The share of crimes that come from an incident, by expectation maximisation over crimes."""
    share = weights.incident_share
    against = _a_crime(_odds(weights, pairs), pairs) * (1 - share) / share
    for _ in range(_ROUNDS):
        share = float(np.mean(share * against / (share * against + 1 - share)))
        share = min(0.995, max(0.005, share))
    return weights.model_copy(update={"incident_share": _rounded(share)})


def _with_wrong_references(weights: Weights, start: Weights, pairs: Pairs) -> Weights:
    """How often a number names a wrong incident, from what the other four comparisons hold wrong."""
    odds = _odds(weights, pairs, without="reference")
    rivals = _a_crime(odds, pairs)[pairs.candidates.crime - 1]
    wrong = 1 - odds / (1 + rivals)
    numbers = pairs.candidates.levels["reference"]
    counted = np.bincount(numbers, weights=wrong, minlength=len(LEVELS["reference"]))
    shares = counted / max(1.0, float(wrong.sum()))
    levels: dict[str, LevelWeight] = {}
    for number, (name, begin) in enumerate(start.comparisons["reference"].items()):
        m = weights.comparisons["reference"][name].m
        if begin.others is not None:
            others = _held(counted[number] / pairs.crimes, begin.others)
            levels[name] = LevelWeight(m=m, others=_rounded(float(others)))
        else:
            u = _held(shares[number], begin.u or 0.0)
            levels[name] = LevelWeight(m=m, u=_rounded(min(1.0, float(u))))
    return weights.model_copy(update={"comparisons": {**weights.comparisons, "reference": levels}})


def _best(weights: Weights, pairs: Pairs) -> Best:
    odds = _odds(weights, pairs)
    total = _a_crime(odds, pairs)
    crime, incident = pairs.candidates.crime, pairs.candidates.incident
    order = np.lexsort((incident, -odds, crime))
    first = order[np.append(True, np.diff(crime[order]) > 0)] if len(order) else order
    none = np.exp2(_said_twice(weights, pairs)[first])
    rest = np.maximum(none + total[crime[first] - 1] - odds[first], 1e-9)
    said: Shares = np.log(odds[first] / rest)
    return Best(crime[first], incident[first], said)
