"""Where the bundle's files lie and how they are written and read."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import rfc8785

from opencdi.errors import UserError

SAMPLE_COLUMNS = (
    "order",
    "incident_id",
    "stratum",
    "score_millionths",
    "machine_required",
    "ticket",
    "inclusion_probability",
    "weight",
)


@dataclass(frozen=True)
class Bundle:
    """The folder ``sample`` of an audit, or a copy of it anywhere."""

    root: Path

    @property
    def frame(self) -> Path:
        """The population list: every incident once, in order of its number, with its stratum
        the score it was planned by and the required crimes the machine expects in it."""
        return self.root / "frame.csv"

    @property
    def design(self) -> Path:
        """What was fixed before the seed, with the frame's hash. Its own hash is the commitment."""
        return self.root / "design.json"

    @property
    def seed(self) -> Path:
        return self.root / "seed.json"

    @property
    def sample(self) -> Path:
        return self.root / "sample.csv"

    @property
    def verdicts(self) -> Path:
        return self.root / "verdicts.csv"

    @property
    def rates(self) -> Path:
        return self.root / "rates.csv"

    @property
    def withheld(self) -> Path:
        """In a public copy: the files that are not in it, each with its hash and the reason."""
        return self.root / "withheld.json"

    @property
    def ledger(self) -> Path:
        return self.root / "ledger.jsonl"


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_json(path: Path, value: Mapping[str, Any]) -> str:
    """Write canonical JSON (RFC 8785) whole or not at all; give its SHA-256."""
    data = rfc8785.dumps(dict(value))
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(data)
    beside.replace(path)
    return hashlib.sha256(data).hexdigest()


def read_json(path: Path) -> dict[str, Any]:
    """Raises ``UserError`` where the file is missing or not JSON."""
    try:
        value: dict[str, Any] = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise UserError(
            f"There is no {path}. Make it with `opencdi frame` and `opencdi seed` first."
        ) from None
    except ValueError as error:
        raise UserError(f"{path} is not valid JSON ({error}). Restore it from the published copy.") from None
    return value


def write_frame(path: Path, tables: Iterable[pa.Table]) -> None:
    """Write frame.csv whole or not at all, a piece at a time."""
    beside = path.with_name(path.name + ".new")
    layout = pa.schema(
        [
            ("incident_id", pa.string()),
            ("stratum", pa.string()),
            ("score_millionths", pa.int64()),
            ("machine_required", pa.int64()),
        ]
    )
    with pacsv.CSVWriter(beside, layout) as writer:
        for table in tables:
            writer.write_table(table.cast(layout))
    beside.replace(path)


def read_frame(path: Path) -> pa.Table:
    """frame.csv as an Arrow table; the stratum as a dictionary. Identifiers stay text."""
    types = {
        "incident_id": pa.string(),
        "stratum": pa.dictionary(pa.int32(), pa.string()),
        "score_millionths": pa.int64(),
        "machine_required": pa.int64(),
    }
    table = pacsv.read_csv(
        path,
        parse_options=pacsv.ParseOptions(newlines_in_values=True),
        convert_options=pacsv.ConvertOptions(column_types=types, strings_can_be_null=False),
    )
    return table.unify_dictionaries().combine_chunks()


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV whole or not at all: UTF-8, line feeds, quotes only where needed."""
    beside = path.with_name(path.name + ".new")
    with beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    beside.replace(path)
