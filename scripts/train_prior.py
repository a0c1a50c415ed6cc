"""Train the prior that OpenCDI ships: ``src/opencdi/discovery/prior.json``.

From logs of several sources, each with its weight whatever its size, so that no office's style rules.
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
    everyday,
    nine_styles,
    simulated,
    ten_agencies,
    told_plainly,
    ucpd,
    written,
)

from opencdi.discovery import features, prior

OUT = Path(__file__).resolve().parent.parent / "src" / "opencdi" / "discovery" / "prior.json"
STRENGTH = 0.1
WEIGHT, WEIGHT_OF_WRITTEN = 2_000, 1_000
"""Of a source. Logs written for testing are few, and by one hand."""


def development_sources(folder: Path) -> list[Source]:
    """What may be learned from; the study holds back the rest."""
    found = [ucpd(2010, 2014), call_types(), simulated(folder, "a", "first", 8_000, 11)]
    return [*found, written(0), ten_agencies(0), nine_styles(0), told_plainly(), everyday()]


_ROWS: dict[str, features.Floats] = {}


def rows_of(source: Source) -> features.Floats:
    """The feature rows of a source, worked out once."""
    if source.name not in _ROWS:
        _ROWS[source.name] = features.of_texts(source.texts)
    return _ROWS[source.name]


def trained_on(sources: list[Source]) -> prior.Prior:
    """A prior from sources, each with its weight."""
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
        made = trained_on(development_sources(Path(folder)))
    weights = dict(zip(features.names(), (round(float(value), 4) for value in made.weights), strict=True))
    OUT.write_text(json.dumps({"intercept": round(made.intercept, 4), "weights": weights}, indent=1) + "\n")
    print(f"{OUT.name}: {len(weights)} weights")


if __name__ == "__main__":
    main()
