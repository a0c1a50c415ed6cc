"""Reading back the tables of an earlier release: what it showed, as anyone who kept it knows it."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast

from opencdi.errors import UserError
from opencdi.publication.figures import AuditResults, Count, Figure, Marker, Provenance, Release, Source, Unit
from opencdi.publication.forces import force_of_code
from opencdi.publication.tables.columns import AUDITS, COUNTS, FIGURES, PublishedTable
from opencdi.publication.tables.metadata import DATA_PACKAGE

Row = Mapping[str, str]

_WHOLE = ("numerator", "denominator", "open_cases", "unread")
_TEXT = ("measure", "dimension", "method", "estimator", "note")


def read_earlier(site: Path) -> Release:
    """The release that stands in the folder of a site (or in its ``data`` folder).

    Raises ``UserError`` where the folder holds no release or a file of it is damaged.
    """
    folder = site / "data" if (site / "data").is_dir() else site
    try:
        package = json.loads((folder / DATA_PACKAGE).read_bytes())
        figures = _by_audit(folder, FIGURES)
        counts = _by_audit(folder, COUNTS)
        audits = tuple(_audit(row, figures, counts) for row in _rows(folder, AUDITS))
        publisher = package["contributors"][0]["title"]
        return Release(package["title"], publisher, "", "", audits, number=str(package["version"]))
    except FileNotFoundError as error:
        raise UserError(
            f"{site} holds no earlier release: there is no {Path(str(error.filename)).name}. Give the folder "
            "that `opencdi publish` wrote."
        ) from None
    except (ValueError, KeyError, IndexError) as error:
        raise UserError(
            f"The tables of the earlier release in {site} cannot be read ({type(error).__name__}). Restore "
            "them from the published copy; SHA256SUMS says which file has changed."
        ) from None


def _rows(folder: Path, table: PublishedTable[Any]) -> list[dict[str, str]]:
    with (folder / table.file).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _by_audit(folder: Path, table: PublishedTable[Any]) -> Mapping[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in _rows(folder, table):
        found[row["audit_id"]].append(row)
    return found


def _audit(row: Row, figures: Mapping[str, list[Row]], counts: Mapping[str, list[Row]]) -> AuditResults:
    name = row["audit_id"]

    def counted(what: str) -> tuple[Count, ...]:
        return tuple(
            Count(each["kind"], _whole(each["count"]), cast(Marker, each["marker"]))
            for each in counts.get(name, ())
            if each["counted"] == what
        )

    return AuditResults(
        id=name,
        force=force_of_code(row["force_code"]),
        title=row["title"],
        first_day=_day(row["first_day"]),
        last_day=_day(row["last_day"]),
        source=Source(row["publisher"], address=row["source_url"], published=_day(row["published"])),
        design=row["design"],
        edition=row["edition"],
        figures=tuple(_figure(each) for each in figures.get(name, ())),
        results_of="publisher" if row["results_of"] == "publisher" else "audit",
        provenance=Provenance(**{field: row[field] for field in Provenance.__dataclass_fields__}),
        incidents=_whole(row["incidents"]),
        sampled=_whole(row["sampled"]),
        errors=counted("errors"),
        causes=counted("causes"),
        not_audited=counted("not_audited"),
        grade=row["grade"],
    )


def _figure(row: Row) -> Figure:
    numbers = [
        column.name for column in FIGURES.columns if column.kind == "number" and column.name not in _WHOLE
    ]
    return Figure(
        group=row["group_name"],
        unit=cast(Unit, row["unit"]),
        marker=cast(Marker, row["marker"]),
        **{name: row[name] for name in _TEXT},  # type: ignore[arg-type]
        **{name: _whole(row[name]) for name in _WHOLE},  # type: ignore[arg-type]
        **{name: float(row[name]) if row[name] else None for name in numbers},  # type: ignore[arg-type]
    )


def _whole(text: str) -> int | None:
    return int(text) if text else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
