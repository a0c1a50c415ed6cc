"""Train the prior that OpenCDI ships: ``src/opencdi/discovery/prior.json``.

From logs of several sources, each with its weight whatever its size, so that no office's style rules; drawn
together by as much as each source shows to be needed when the prior is learned without it.
Development rows only: the campus log to 2014, call types, the first half of the made-up force's phrases,
and the halves of the logs written for testing that may be tuned on.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
from reading_sources import (
    SHARED,
    Source,
    call_types,
    eleven_offices,
    everyday,
    nine_styles,
    simulated,
    ten_agencies,
    told_plainly,
    ucpd,
    written,
)

from opencdi.discovery import features, prior
from opencdi.discovery.calibration import cautious_slope, confidence_of

OUT = Path(__file__).resolve().parent.parent / "src" / "opencdi" / "discovery" / "prior.json"
STRENGTH = 0.1
WEIGHT, WEIGHT_OF_WRITTEN = 2_000, 1_000
"""Of a source. Logs written for testing are few, and by one hand."""


def development_sources(folder: Path) -> list[Source]:
    """What may be learned from; the study holds back the rest."""
    found = [ucpd(2010, 2014), call_types(), simulated(folder, "a", "first", 8_000, 11)]
    tuned_on = [written(0), ten_agencies(0), nine_styles(0), eleven_offices(0), told_plainly(), everyday()]
    return [*found, *tuned_on]


_ROWS: dict[str, features.Floats] = {}


def rows_of(source: Source) -> features.Floats:
    """The feature rows of a source, worked out once."""
    if source.name not in _ROWS:
        _ROWS[source.name] = features.of_texts(source.texts)
    return _ROWS[source.name]


_PRIORS: dict[tuple[str, ...], prior.Prior] = {}


def trained_on(sources: list[Source]) -> prior.Prior:
    """A prior from sources, as sure of itself as it proves to be on each of them when left out."""
    return learned_from(sources).shrunk(shrinkage(sources))


def shrinkage(sources: list[Source]) -> float:
    """What to multiply log odds by, from the calibration of each source under what the others teach."""
    lines = []
    for source in sources:
        without = learned_from([other for other in sources if sort_of(other) != sort_of(source)])
        lines.append(confidence_of(without.probability(rows_of(source)), source.crime))
    return cautious_slope(lines)


def sort_of(source: Source) -> str:
    """Sources of one sort are left out together: all that were written for testing, all made-up forces."""
    return source.name[:7]


def learned_from(sources: list[Source]) -> prior.Prior:
    """A prior from sources, each with its weight, worked out once."""
    names = tuple(source.name for source in sources)
    if names not in _PRIORS:
        _PRIORS[names] = _learned(sources)
    return _PRIORS[names]


def _learned(sources: list[Source]) -> prior.Prior:
    table = np.vstack([rows_of(source) for source in sources])
    crime = np.concatenate([source.crime for source in sources])
    weight = np.concatenate(
        [np.full(len(source.texts), weight_of(source) / len(source.texts)) for source in sources]
    )
    return prior.trained(table, crime, weight, STRENGTH)


def weight_of(source: Source) -> int:
    """How much all logs of a source count together."""
    return WEIGHT_OF_WRITTEN if source.name.startswith("written") else WEIGHT


def main() -> None:
    if not SHARED.exists():
        raise SystemExit(f"The reference data is not there ({SHARED}); the shipped prior stays as it is.")
    with tempfile.TemporaryDirectory() as folder:
        sources = development_sources(Path(folder))
        made, by = trained_on(sources), shrinkage(sources)
    weights = dict(zip(features.names(), (round(float(value), 4) for value in made.weights), strict=True))
    OUT.write_text(json.dumps({"intercept": round(made.intercept, 4), "weights": weights}, indent=1) + "\n")
    print(f"{OUT.name}: {len(weights)} weights, drawn together by {by:.2f}")


if __name__ == "__main__":
    main()
