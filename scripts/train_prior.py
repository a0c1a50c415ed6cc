"""Train the prior that OpenCDI ships: ``src/opencdi/discovery/prior.json``.

From logs of several sources, each with the same weight, so that no office's style rules. Development
rows only: the campus log to 2014, call types, and the first half of the made-up force's phrases.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
from reading_sources import SHARED, Source, call_types, simulated, ucpd

from opencdi.discovery import features, prior

OUT = Path(__file__).resolve().parent.parent / "src" / "opencdi" / "discovery" / "prior.json"
STRENGTH = 0.05


def development_sources(folder: Path) -> list[Source]:
    """What may be learned from; the study holds back the rest."""
    return [ucpd(2010, 2014), call_types(), simulated(folder, "a", "first", 8_000, 11)]


_ROWS: dict[str, features.Floats] = {}


def rows_of(source: Source) -> features.Floats:
    """The feature rows of a source, worked out once."""
    if source.name not in _ROWS:
        _ROWS[source.name] = features.of_texts(source.texts)
    return _ROWS[source.name]


def trained_on(sources: list[Source]) -> prior.Prior:
    """A prior from sources of equal weight."""
    table = np.vstack([rows_of(source) for source in sources])
    crime = np.concatenate([source.crime for source in sources])
    weight = np.concatenate([np.full(len(source.texts), 2_000 / len(source.texts)) for source in sources])
    return prior.trained(table, crime, weight, STRENGTH)


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
