"""Make the linkage weights that OpenCDI ships, from made-up forces that no evaluation uses.

    python scripts/train_linkage.py

Two forces are made, one in each style, and each is taken as it is and worse kept (``linkage.wear``). The
weights are learned from the worse-kept force of style a, without its truth; the calibration is fitted on
the truth of all four.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opencdi import __version__
from opencdi.counting import classification
from opencdi.engine import DuckDBEngine
from opencdi.linkage import TRUTH, load_weights
from opencdi.linkage.em import splink_version
from opencdi.linkage.training import Pairs, calibrated, gather, train, truth_of
from opencdi.linkage.wear import Force, worn
from opencdi.linkage.weights import to_json
from opencdi.schema import CRIMES, INCIDENTS, PARTIES
from opencdi.settings import Linkage

SEEDS = {"a": 4101, "b": 4102}
INCIDENTS_A_FORCE = 100_000
TARGET = Path(__file__).parent.parent / "src" / "opencdi" / "linkage" / "weights" / "default.json"

TABLES = (INCIDENTS, CRIMES, PARTIES)
Known = tuple[Pairs, dict[int, int | None]]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        known = [found for style, seed in SEEDS.items() for found in _of_style(Path(folder), style, seed)]
    _as_it_is, (worn_a, _truth), *_style_b = known
    provenance: dict[str, str | int | float] = {
        "made_by": f"opencdi {__version__} scripts/train_linkage.py",
        "splink": splink_version(),
        "seeds": ", ".join(f"{style} {seed}" for style, seed in SEEDS.items()),
        "incidents": INCIDENTS_A_FORCE,
        "crimes": worn_a.crimes,
        "candidate_pairs": len(worn_a.candidates),
    }
    weights = calibrated(train(worn_a, load_weights("start"), provenance), known)
    TARGET.write_text(to_json(weights), encoding="utf-8")
    print(f"Written: {TARGET.name}")


def _of_style(folder: Path, style: str, seed: int) -> Iterator[Known]:
    """The force as it is, then worse kept."""
    tables, truth = simulated(folder, style, INCIDENTS_A_FORCE, seed)
    for wear in (False, True):
        with opened(tables, truth) as force:
            yield _known(worn(force, seed) if wear else force)


def _known(force: Force) -> Known:
    families = classification.load().families()
    pairs = gather(force.incidents, force.crimes, force.parties, Linkage(), families)
    return pairs, truth_of(force.truth)


def simulated(folder: Path, style: str, incidents: int, seed: int) -> tuple[Path, Path]:
    """A made-up force, read: the folder of its tables and the file of its true links."""
    force, audit = folder / f"force-{style}-{seed}", folder / f"audit-{style}-{seed}"
    exports = force / "exports"
    size = ("--incidents", str(incidents), "--seed", str(seed), "--style", style)
    _opencdi("simulate", str(force), *size)
    files = ("--incidents", str(exports / "incidents.csv"), "--crimes", str(exports / "crimes.csv"))
    _opencdi("init", str(audit), *files)
    _opencdi("audit", str(audit), "--to", "read")
    return audit / "tables", force / "truth" / "links.parquet"


@contextmanager
def opened(tables: Path, truth: Path) -> Iterator[Force]:
    with DuckDBEngine() as engine:
        read = (engine.open(table, tables / table.name) for table in (INCIDENTS, CRIMES, PARTIES))
        yield Force(*read, engine.open(TRUTH, truth))


def _opencdi(*arguments: str) -> None:
    opencdi = shutil.which("opencdi", path=str(Path(sys.executable).parent))
    subprocess.run([str(opencdi), *arguments], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
