"""What discovery keeps in the audit's folder: worklists, the control sample and the verdicts so far."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from opencdi.discovery.leads import control_sample
from opencdi.discovery.verdicts import SetAside, Verdict, Verdicts, word_of
from opencdi.errors import UserError

_VERDICTS: dict[str, Verdict] = {"missing": True, "not_missing": False, "cannot_tell": None}


@dataclass(frozen=True)
class Store:
    """``DIR/discovery``: worklists, ``control.json``, ``verdicts.csv``, ``set-aside.csv`` and the model."""

    folder: Path

    @property
    def model(self) -> Path:
        return self.folder / "model"

    @property
    def look(self) -> Path:
        return self.folder / "elusion.json"

    def control(self, incident_ids: Iterable[str], size: int, seed: str) -> frozenset[str]:
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

    def verdicts(self) -> dict[str, Verdict]:
        """Every verdict taken back so far."""
        path = self.folder / "verdicts.csv"
        if not path.exists():
            return {}
        with path.open(encoding="utf-8", newline="") as file:
            return {row["incident_id"]: _VERDICTS[row["verdict"]] for row in csv.DictReader(file)}

    def keep(self, verdicts: Verdicts) -> None:
        """Write all verdicts, whole or not at all."""
        rows = [(one, word_of(verdict)) for one, verdict in sorted(verdicts.items())]
        self._write("verdicts.csv", ("incident_id", "verdict"), rows)

    def keep_set_aside(self, rows: Iterable[SetAside]) -> None:
        """Add rows that could not be taken to ``set-aside.csv``, each once."""
        path = self.folder / "set-aside.csv"
        kept: list[tuple[str, ...]] = []
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                kept = [tuple(row) for row in list(csv.reader(file))[1:]]
        new: list[tuple[str, ...]] = [(one.file, str(one.line), one.incident, one.reason) for one in rows]
        if new:
            self._write(path.name, ("file", "line", "incident", "reason"), list(dict.fromkeys(kept + new)))

    def _write(self, name: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = self.folder / f"{name}.new"
        with beside.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(headings)
            writer.writerows(rows)
        beside.replace(self.folder / name)

    def next_batch(self) -> int:
        """The number of the next worklist: one more than the highest, also where one was deleted."""
        return max(self._batches(), default=0) + 1

    def handed_out(self) -> dict[str, int]:
        """Incident to the worklist it stands on."""
        handed: dict[str, int] = {}
        for number, path in sorted(self._batches().items()):
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    handed.setdefault(row["Incident"], number)
        return handed

    def _batches(self) -> dict[int, Path]:
        return {
            int(path.stem.removeprefix("batch-")): path
            for path in self.folder.glob("batch-*.csv")
            if path.stem.removeprefix("batch-").isdecimal()
        }
