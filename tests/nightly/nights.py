"""A small force whose exports arrive night by night."""

from __future__ import annotations

import csv
import hashlib
import random
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from opencdi.cli.init import init
from opencdi.cli.pipeline import steps_up_to
from opencdi.simulation.force import simulate
from opencdi.simulation.settings import Force
from opencdi.workspace import StepState, Workspace

Row = dict[str, str]
KEYS = {"incidents": "Incident No", "crimes": "Crime Number"}


class Nights:
    """A folder with an audit whose exports are all files of two folders, in the order of their names."""

    def __init__(self, home: Path, incidents: int, days: int, seed: int, incidents_a_part: int) -> None:
        self.home = home
        self.audit = home / "audit"
        self._number = 0
        self._chance = random.Random(seed)
        force = Force(name="Testshire", incidents=incidents, seed=seed, first_day=date(2025, 9, 1), days=days)
        simulate(force, home / "force")
        self.rows = {table: _rows(home / "force" / "exports" / f"{table}.csv") for table in KEYS}
        self._coming = {table: self._held_back(table) for table in KEYS}
        self.files: dict[str, list[list[Row]]] = {table: [list(self.rows[table])] for table in KEYS}
        for table in KEYS:
            _write(self._path(table, 0), self.files[table][0], list(self.rows[table][0]))
        paths = [[str(self._path(table, 0))] for table in KEYS]
        init(self.audit, paths[0], paths[1], "Testshire")
        toml = (self.audit / "audit.toml").read_text()
        for table in KEYS:
            toml = toml.replace(f"{table}-000.csv", f"{table}-*.csv")
        (self.audit / "audit.toml").write_text(
            f"{toml}\n[resources]\nincidents_a_part = {incidents_a_part}\n"
        )

    def _held_back(self, table: str) -> list[Row]:
        """The last tenth of the rows, which come on later nights."""
        rows = self.rows[table]
        keep = len(rows) * 9 // 10
        self.rows[table], later = rows[:keep], rows[keep:]
        return later

    def _path(self, table: str, night: int) -> Path:
        return self.home / f"{table}-{night:03d}.csv"

    # What a night may bring -------------------------------------------------------------------------

    def new_rows(self, count: int) -> None:
        """Reports and records nobody has seen, in an export of their own."""
        self.arrive({table: self._take(table, count) for table in KEYS})

    def amended_rows(self, count: int) -> None:
        """Old incidents with other codes and words, old crimes cancelled, reclassified or moved in time."""
        incidents = [
            {
                **row,
                "Closing Code 1": other["Closing Code 1"],
                "Log Text": f"{row['Log Text']} VICTIM PUNCHED, SEE {other['Incident No']}",
            }
            for row, other in self._pairs("incidents", count)
        ]
        incidents = _once("incidents", incidents)
        crimes = [
            {**row, "Status": other["Status"], "HO Code": other["HO Code"]}
            for row, other in self._pairs("crimes", count)
        ]
        moved = [{**row, "Date Recorded": other["Date Recorded"]} for row, other in self._pairs("crimes", 1)]
        self.arrive({"incidents": incidents, "crimes": _once("crimes", [*crimes, *moved])})

    def deleted_rows(self, count: int) -> None:
        """The first export again, with some rows gone."""
        for table in KEYS:
            first = self.files[table][0]
            for _ in range(count):
                first.pop(self._chance.randrange(len(first)))
            _write(self._path(table, 0), first, list(first[0]))

    def headings_alone(self, _: int) -> None:
        """A quiet night: exports without a row."""
        self._number += 1
        for table, (first, *_rest) in self.files.items():
            _write(self._path(table, self._number), [], list(first[0]))

    def nothing(self, _: int) -> None:
        """A night without an export."""

    def arrive(self, rows: dict[str, list[Row]]) -> None:
        self._number += 1
        for table, new in rows.items():
            if new:
                self.files[table].append(new)
                _write(self._path(table, self._number), new, list(new[0]))

    def _take(self, table: str, count: int) -> list[Row]:
        coming = self._coming[table]
        taken, self._coming[table] = coming[:count], coming[count:]
        return taken

    def _pairs(self, table: str, count: int) -> list[tuple[Row, Row]]:
        rows = self.files[table][0]
        return [(self._chance.choice(rows), self._chance.choice(rows)) for _ in range(count)]

    # The audit --------------------------------------------------------------------------------------

    def run(self, root: Path | None = None, to: str = "population") -> dict[str, StepState]:
        workspace = Workspace.open(root or self.audit)
        with workspace.locked():
            return {step.name: workspace.run(step) for step in steps_up_to(to)}

    def from_nothing(self, name: str, to: str = "population") -> Path:
        """The same audit made in a fresh folder."""
        root = self.home / name
        (root / "profiles").mkdir(parents=True)
        for path in ("audit.toml", "profiles/incidents.toml", "profiles/crimes.toml"):
            (root / path).write_bytes((self.audit / path).read_bytes())
        self.run(root, to)
        return root


def tables(root: Path) -> dict[str, str]:
    """The hash of every part of every table."""
    parts = sorted(path for path in (root / "tables").glob("*/*.parquet") if ".memory" not in path.parts)
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in parts}


def report(root: Path) -> dict[str, str]:
    """The hash of every document of the report, but for the morning list, which tells of the audit before."""
    paths = sorted(path for path in (root / "report").rglob("*") if path.is_file())
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if path.stem != "morning"
    }


def _once(table: str, rows: Iterable[Row]) -> list[Row]:
    return list({row[KEYS[table]]: row for row in rows}.values())


def _rows(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: list[Row], headings: list[str]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, headings)
        writer.writeheader()
        writer.writerows(rows)
