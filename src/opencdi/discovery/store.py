"""What discovery keeps in the audit's folder: the control sample and the verdicts so far."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from opencdi.discovery.leads import control_sample
from opencdi.errors import UserError


@dataclass(frozen=True)
class Store:
    """``DIR/discovery``: batches, ``control.json``, ``verdicts.csv`` and the model."""

    folder: Path

    @property
    def model(self) -> Path:
        return self.folder / "model"

    @property
    def look(self) -> Path:
        return self.folder / "elusion.json"

    def control(self, incident_ids: Sequence[str], size: int, seed: str) -> frozenset[str]:
        """The control sample: the one drawn before, else a new one that is kept.

        Raises ``UserError`` where another size or seed is asked for after it was drawn.
        """
        path = self.folder / "control.json"
        if path.exists():
            held = json.loads(path.read_text(encoding="utf-8"))
            if (held["size"], held["seed"]) != (size, seed):
                raise UserError(
                    f"{path}: the control sample was drawn with --control {held['size']} "
                    f"--seed {held['seed']}. Give the same, or delete that file and its promise."
                )
            return frozenset(held["incidents"])
        drawn = control_sample(incident_ids, size, seed)
        self.folder.mkdir(parents=True, exist_ok=True)
        path.write_text(
            json.dumps({"size": size, "seed": seed, "incidents": sorted(drawn)}, indent=1), encoding="utf-8"
        )
        return drawn

    def verdicts(self) -> dict[str, bool]:
        """Every verdict taken back so far."""
        path = self.folder / "verdicts.csv"
        if not path.exists():
            return {}
        with path.open(encoding="utf-8", newline="") as file:
            return {row["incident_id"]: row["verdict"] == "missing" for row in csv.DictReader(file)}

    def keep(self, verdicts: Mapping[str, bool]) -> None:
        """Write all verdicts, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = self.folder / "verdicts.csv.new"
        with beside.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["incident_id", "verdict"])
            writer.writerows(
                (one, "missing" if found else "not_missing") for one, found in sorted(verdicts.items())
            )
        beside.replace(self.folder / "verdicts.csv")

    def next_batch(self) -> int:
        """The number of the next worklist."""
        return len(list(self.folder.glob("batch-*.csv"))) + 1

    def handed_out(self) -> dict[str, int]:
        """Incident to the worklist it stands on."""
        handed: dict[str, int] = {}
        for number, path in enumerate(sorted(self.folder.glob("batch-*.csv")), start=1):
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    handed.setdefault(row["Incident"], number)
        return handed


def merged(before: Mapping[str, bool], new: Mapping[str, bool], path: Path) -> dict[str, bool]:
    """Verdicts with those of one more file. Raises ``UserError`` for one that says the opposite of before."""
    for incident, found in new.items():
        if before.get(incident, found) != found:
            raise UserError(
                f"{path} gives an incident another verdict than an earlier file did. "
                "Settle which stands, correct the file or the line in discovery/verdicts.csv, and run again."
            )
    return {**before, **new}
