"""Tidy CSV files: one row an observation, UTF-8, line feeds, the same bytes for the same release."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from opencdi.publication.figures import Release
from opencdi.publication.tables.cells import in_csv
from opencdi.publication.tables.columns import PublishedTable
from opencdi.publication.tables.every import TABLES


def write_csvs(release: Release, folder: Path) -> None:
    for table in TABLES:
        write_csv(release, table, folder / table.file)


def write_csv(release: Release, table: PublishedTable[Any], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.name for column in table.columns])
        writer.writerows([in_csv(value) for value in row] for row in table.rows(release))
