"""From the folder of an audit, once it is verified, to what is published of it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast, get_args

from opencdi.bundle.files import read_json
from opencdi.errors import UserError
from opencdi.publication.figures import Action, AuditResults, Count, Figure, Provenance, Source, Unit
from opencdi.publication.forces import Force, force_of_code, force_of_name
from opencdi.publication.settings import AuditPublication, read_audit_publication
from opencdi.publication.verified import bundle_of

NOT_ERRORS = frozenset({"correct", "nothing_required", "cannot_tell"})
CANNOT_BE_JUDGED = ("no_narrative", "not_auditable")


def read_audit(folder: Path) -> AuditResults:
    """The results of an audit's folder, or of a folder that holds a published bundle alone.

    Verify the audit first (``verified.verify_all``). Raises ``UserError`` where the force is unknown or the
    rates are of several editions.
    """
    bundle = bundle_of(folder)
    words = read_audit_publication(folder)
    design = read_json(bundle.design)
    rows = _rows(bundle.rates)
    force = _force(folder, words, str(design["force"]))
    last_day = _day(design["last_day"])
    return AuditResults(
        id=_id(force, last_day, str(rows[0]["frame_sha256"])),
        force=force,
        title=words.title or "Audit of crime recording",
        first_day=_day(design["first_day"]),
        last_day=last_day,
        source=Source(words.publisher, words.title),
        design=str(design["kind"]),
        edition=_edition(bundle.rates, rows),
        figures=tuple(_figure(row) for row in rows),
        provenance=Provenance(**{name: rows[0][name] for name in Provenance.__dataclass_fields__}),
        incidents=int(design["incidents"]),
        sampled=_lines(bundle.sample),
        errors=_errors(bundle.verdicts),
        causes=tuple(Count(each.kind, each.count) for each in words.cause),
        not_audited=_not_audited(design),
        grade_rules=words.grade_rules,
        grade=words.grade,
        explanation=words.explanation.strip(),
        actions=tuple(Action(each.what, each.owner, each.due, each.state) for each in words.action),
    )


def _force(folder: Path, words: AuditPublication, name: str) -> Force:
    if words.force_code:
        return force_of_code(words.force_code)
    try:
        return force_of_name(name)
    except UserError as error:
        raise UserError(
            f"{error} It can be given as `force_code` in {folder / 'publication.toml'}."
        ) from None


def _id(force: Force, last_day: date | None, frame_sha256: str) -> str:
    return f"{force.code}-{last_day.isoformat() if last_day else frame_sha256[:8]}"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _edition(path: Path, rows: list[dict[str, str]]) -> str:
    editions = {row["edition"] for row in rows}
    if len(editions) > 1:
        first, second = sorted(editions)[:2]
        raise UserError(
            f"{path} holds rates under two editions of the counting rules, {first} and {second}. "
            "Estimate each edition's reports as an audit of their own."
        )
    return editions.pop()


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows:
        raise UserError(f"{path} holds no rate. Estimate the audit again.")
    return rows


def _figure(row: Mapping[str, str]) -> Figure:
    def whole(name: str) -> int | None:
        return int(row[name]) if row[name] else None

    def number(name: str) -> float | None:
        return float(row[name]) if row[name] else None

    if row["unit"] not in get_args(Unit):
        raise UserError(f"rates.csv: `{row['unit']}` is no unit of a rate. Use the file as it was written.")
    return Figure(
        measure=row["measure"],
        dimension=row["dimension"],
        group=row["group_name"],
        unit=cast(Unit, row["unit"]),
        method=row["method"],
        estimator=row["estimator"],
        note=row["note"],
        numerator=whole("numerator"),
        denominator=whole("denominator"),
        open_cases=whole("open_cases"),
        unread=whole("unread"),
        estimate=number("estimate"),
        lower=number("lower"),
        upper=number("upper"),
        confidence=number("confidence"),
        worst_lower=number("worst_lower"),
        worst_upper=number("worst_upper"),
        official_lower=number("official_lower"),
        official_upper=number("official_upper"),
        standard_error=number("standard_error"),
        effective_size=number("effective_size"),
        degrees_of_freedom=number("degrees_of_freedom"),
        design_effect=number("design_effect"),
    )


def _errors(path: Path) -> tuple[Count, ...]:
    """Judged crimes of the sample by the kind of error; seeded known cases are no part of it."""
    found = Counter(row["verdict"] for row in _verdicts(path) if not row.get("known_verdict"))
    return tuple(Count(kind, found[kind]) for kind in sorted(found) if kind not in NOT_ERRORS)


def _verdicts(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _not_audited(design: Mapping[str, Any]) -> tuple[Count, ...]:
    sizes: Counter[str] = Counter()
    for each in design["strata"]:
        sizes[str(each["stratum"]).split(" / ")[0]] += int(each["population"])
    return tuple(Count(kind, sizes[kind]) for kind in CANNOT_BE_JUDGED if sizes[kind])


def _lines(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))
