"""Comparing published rates: two audits of one force, several forces, and a threshold."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from opencdi.bundle.files import Bundle, read_json
from opencdi.bundle.sample_file import read_sample
from opencdi.bundle.verdict_file import read_verdicts
from opencdi.errors import UserError
from opencdi.estimation.change import Change, change
from opencdi.estimation.funnel import Funnel, funnel
from opencdi.estimation.interval import Interval
from opencdi.estimation.measures import RECORDING_RATE, reading
from opencdi.estimation.ranks import Ranking, ranking
from opencdi.estimation.shrinkage import Shrinkage, shrunken
from opencdi.estimation.threshold import Decision, decide, decide_clusters
from opencdi.estimation.verdicts import check_verdicts

Key = tuple[str, str, str]


@dataclass(frozen=True)
class ForcesCompared:
    """Forces beside each other, never as a bare league table."""

    funnel: Funnel
    shrinkage: Shrinkage
    ranking: Ranking


def changes(first: Path, second: Path) -> dict[Key, Change]:
    """The change of every share that two rates.csv files both give, by measure, dimension and group."""
    old, new = read_rates(first), read_rates(second)
    return {key: _change(old[key], new[key]) for key in new if key in old and _comparable(old[key], new[key])}


def forces(path: Path) -> ForcesCompared:
    """Compare forces from a CSV of force, rate (0 to 1) and effective_size.

    Raises ``UserError`` naming the line, or where fewer than three forces are given.
    """
    rows = _rows(path, ("force", "rate", "effective_size"))
    names = [row["force"] for row in rows]
    rates, sizes = (
        np.array([_number(path, line, row, name) for line, row in enumerate(rows, start=2)])
        for name in ("rate", "effective_size")
    )
    if np.any((rates < 0) | (rates > 1)) or np.any(sizes <= 0):
        raise UserError(f"{path}: rates lie between 0 and 1 and effective sizes above 0. Correct the file.")
    centre = float(np.average(rates, weights=sizes))
    errors = np.sqrt(centre * (1 - centre) / sizes)
    return ForcesCompared(
        funnel(names, rates, errors), shrunken(names, rates, errors**2), ranking(names, rates, errors)
    )


def decide_threshold(
    bundle: Bundle, threshold: float, looks: Sequence[int], most: int, risk: float = 0.05
) -> Decision:
    """Is the recording rate above or below ``threshold``, from incidents judged in ticket order?

    Raises ``UserError`` for any design but a simple one, whose reading order is a random order of the whole,
    and for a gap in the incidents judged.
    """
    record = read_json(bundle.design)
    if record["kind"] != "simple":
        raise UserError(
            f"A threshold is decided on a simple sample in ticket order; this one is {record['kind']}. "
            "Use the interval of the rate instead."
        )
    sample = read_sample(bundle)
    verdicts = [
        each for each in read_verdicts(bundle.verdicts, frozenset(sample.incident_id)) if each.known is None
    ]
    check_verdicts(verdicts, sample.incident_id)
    found = reading(verdicts, sample.incident_id, RECORDING_RATE)
    judged = int(found.read.sum())
    if not found.read[:judged].all():
        raise UserError(
            "The incidents were not judged in ticket order: one was left out. Judge it, then decide."
        )
    if found.open_cases.any():
        raise UserError("A threshold cannot be decided over cases that could not be judged. Settle them.")
    successes, required = found.numerator[:judged], found.denominator[:judged]
    if np.all(required == 1):
        return decide(successes.astype(int).tolist(), sample.population, threshold, looks, risk)
    return decide_clusters(successes, required, sample.population, threshold, most, looks, risk)


def read_rates(path: Path) -> dict[Key, dict[str, str]]:
    """A rates.csv by measure, dimension and group. Raises ``UserError`` where it is not one."""
    rows = _rows(path, ("measure", "dimension", "group_name", "estimate", "effective_size"))
    return {(row["measure"], row["dimension"], row["group_name"]): row for row in rows}


def _comparable(*rows: dict[str, str]) -> bool:
    return all(row["unit"] == "share" and row["estimate"] and row["effective_size"] for row in rows)


def _change(old: dict[str, str], new: dict[str, str]) -> Change:
    first, second = (
        (
            float(row["estimate"]),
            Interval(float(row["lower"]), float(row["upper"]), row["method"], float(row["confidence"])),
            float(row["effective_size"]),
        )
        for row in (old, new)
    )
    return change(*first, *second)


def _rows(path: Path, needed: Sequence[str]) -> list[dict[str, str]]:
    if not path.exists():
        raise UserError(f"There is no {path}. Check the name.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = next((name for name in needed if name not in (reader.fieldnames or ())), None)
        if missing is not None:
            raise UserError(f"{path} has no column `{missing}`. Add it.")
        return list(reader)


def _number(path: Path, line: int, row: dict[str, str], name: str) -> float:
    try:
        return float(row[name])
    except ValueError:
        raise UserError(f"{path}, line {line}: `{name}` is not a number. Correct the cell.") from None
