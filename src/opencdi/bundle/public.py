"""The public copy of a bundle: what anyone may have, and hashes of the rest.

A row of the frame, the sample or the verdicts is one report: whoever knows its number (who reported, who is
suspected, an officer) would learn what became of it, and anyone could count what disclosure control
withholds. So these stay with the publisher and the inspectorate, and their hashes bind the publisher to them.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from opencdi.bundle.files import Bundle, read_json, sha256_of, write_json

ONE_REPORT = "each row is one report, and whoever knows its number would learn what became of it"
FULL_PRECISION = "it holds figures that are withheld; the published ones are in the tables of the release"
SMALL_STRATA = "a stratum in it holds so few reports that they could be recognised"

_NEVER_PUBLIC = {
    "frame.csv": ONE_REPORT,
    "sample.csv": ONE_REPORT,
    "verdicts.csv": ONE_REPORT,
    "rates.csv": FULL_PRECISION,
}


def write_public_copy(bundle: Bundle, folder: Path, smallest_stratum: int) -> None:
    """Copy the history, the seed and, where no stratum is smaller than ``smallest_stratum``, the design.

    ``withheld.json`` names each other file with its hash and the reason.
    """
    folder.mkdir(parents=True, exist_ok=True)
    small = not _strata_are_large(bundle, smallest_stratum)
    reasons = _NEVER_PUBLIC | ({"design.json": SMALL_STRATA} if small else {})
    for path in (bundle.ledger, bundle.seed, bundle.design):
        if path.name not in reasons:
            shutil.copyfile(path, folder / path.name)
    stated = [
        {"file": name, "sha256": sha256_of(bundle.root / name), "reason": reason}
        for name, reason in sorted(reasons.items())
        if (bundle.root / name).exists()
    ]
    write_json(Bundle(folder).withheld, {"format": 1, "withheld": stated})


def withheld_files(bundle: Bundle) -> Mapping[str, Mapping[str, str]]:
    """Each withheld file of a public copy with its hash and reason; nothing for a whole bundle."""
    if not bundle.withheld.exists():
        return {}
    stated = read_json(bundle.withheld)["withheld"]
    return {each["file"]: each for each in stated if not (bundle.root / each["file"]).exists()}


def _strata_are_large(bundle: Bundle, smallest: int) -> bool:
    sizes = [int(each["population"]) for each in read_json(bundle.design)["strata"]]
    return all(size >= smallest for size in sizes if size)
