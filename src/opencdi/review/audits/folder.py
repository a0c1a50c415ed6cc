"""An audit's drawn sample as its folder holds it, checked before anything of it is believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from opencdi.bundle import Bundle
from opencdi.bundle.files import read_json, sha256_of
from opencdi.bundle.sample_file import read_sample
from opencdi.bundle.verify import verify
from opencdi.engine import Relation
from opencdi.errors import UserError
from opencdi.review.audits.material import Facts, RecordedCrime
from opencdi.settings import Audit

NOT_ASKED = frozenset({"The sample was drawn once", "The rates are those of the verdicts"})
"""What ``verify`` says besides: a second draw is told of in every publication, rates come after judging."""


@dataclass(frozen=True)
class Log:
    """One sampled incident with its text."""

    facts: Facts
    text: str


@dataclass(frozen=True)
class DrawnSample:
    """A sample that was checked against its frame, its commitment and its seed."""

    name: str
    force: str
    first_day: date | None
    last_day: date | None
    edition: str
    commitment: str
    frame_sha256: str
    sample_sha256: str
    purpose: str
    logs: tuple[Log, ...]
    findings: Mapping[str, tuple[dict[str, Any], ...]]
    """By incident: kind, and a plain explanation with classes and crime reference."""


def drawn_sample(name: str, bundle: Bundle, audit: Audit, tables: Mapping[str, Relation]) -> DrawnSample:
    """The sample with what is to be read of each incident.

    Raises ``UserError`` where the draw does not check, or the sample is of another audit.
    """
    sample = read_sample(bundle)
    for check in verify(bundle):
        if not check.holds and check.name not in NOT_ASKED:
            raise UserError(
                f"The sample in {bundle.root} cannot be loaded: {check.problem} Restore it from the copy "
                "that was published."
            )
    record = read_json(bundle.design)
    _check_it_is_of_this_audit(bundle, record, audit)
    logs = logs_of(sample.incident_id, tables)
    missing = next((each for each in sample.incident_id if each not in logs), None)
    if missing is not None:
        raise UserError(
            f"The sample in {bundle.root} holds incident {missing}, which this audit does not have: it is "
            "the sample of another audit. Load the folder it was drawn in."
        )
    return DrawnSample(
        name=name,
        force=audit.force,
        first_day=_day(record["first_day"]),
        last_day=_day(record["last_day"]),
        edition=str(record["edition"]),
        commitment=sha256_of(bundle.design),
        frame_sha256=str(record["frame_sha256"]),
        sample_sha256=sha256_of(bundle.sample),
        purpose=str(read_json(bundle.seed)["purpose"]),
        logs=tuple(logs[each] for each in sample.incident_id),
        findings=_findings(sample.incident_id, tables),
    )


def _check_it_is_of_this_audit(bundle: Bundle, record: Mapping[str, Any], audit: Audit) -> None:
    period = audit.period
    mine = (
        audit.force,
        period.first_day.isoformat() if period else "",
        period.last_day.isoformat() if period else "",
    )
    drawn = (record["force"], record["first_day"], record["last_day"])
    if mine != drawn:
        raise UserError(
            f"The sample in {bundle.root} was drawn for {_named(drawn)}, and this audit is of "
            f"{_named(mine)}: it is the sample of another audit. Load the folder it was drawn in."
        )


def _named(audit: tuple[str, str, str]) -> str:
    force, first, last = audit
    return f"{force}, {first} to {last}" if first else force


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def logs_of(incidents: tuple[str, ...], tables: Mapping[str, Relation]) -> dict[str, Log]:
    """What is to be read of each incident, by its number; one that the audit does not have is left out."""
    records = _records(incidents, tables)
    people = _people(incidents, tables) if "parties" in tables else {}
    names = ", ".join(name for name in Facts.model_fields if name not in ("records", "people"))
    relation = tables["incidents"]
    rows = relation.engine.rows(
        f"select {names}, narrative from {relation.name} where incident_id in {_texts(incidents)}"
    )
    found = {}
    for row in rows:
        text = row.pop("narrative") or ""
        incident = row["incident_id"]
        beside = {"records": tuple(records.get(incident, ())), "people": tuple(people.get(incident, ()))}
        facts = Facts.model_validate({**_listed(row), **beside})
        found[facts.incident_id] = Log(facts, text)
    return found


def _records(incidents: tuple[str, ...], tables: Mapping[str, Relation]) -> dict[str, list[RecordedCrime]]:
    crimes, links = tables["crimes"], tables["links"]
    columns = ", ".join(f"crimes.{name}" for name in RecordedCrime.model_fields)
    rows = crimes.engine.rows(
        f"select links.incident_id as of_incident, {columns} from {links.name} as links "
        f"join {crimes.name} as crimes on crimes.crime_id = links.crime_id "
        f"where links.incident_id in {_texts(incidents)} and links.link_class in ('clear', 'ambiguous') "
        "order by crimes.recorded_at, crimes.crime_id"
    )
    found: dict[str, list[RecordedCrime]] = {}
    for row in rows:
        incident = row.pop("of_incident")
        found.setdefault(incident, []).append(RecordedCrime.model_validate(_listed(row)))
    return found


def _people(incidents: tuple[str, ...], tables: Mapping[str, Relation]) -> dict[str, list[str]]:
    """What is known of the parties of each incident and of the crimes linked to it, each value once."""
    parties, links = tables["parties"], tables["links"]
    values = "surname, forename, telephone, cast(born_on as varchar) as born_on"
    rows = parties.engine.rows(
        f"select record_id as of_incident, {values} from {parties.name} "
        f"where record_kind = 'incident' and record_id in {_texts(incidents)} "
        f"union select links.incident_id as of_incident, {values} from {parties.name} as parties "
        f"join {links.name} as links on parties.record_kind = 'crime' and links.crime_id = parties.record_id "
        f"where links.incident_id in {_texts(incidents)}"
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        incident = row.pop("of_incident")
        found.setdefault(incident, set()).update(value for value in row.values() if value)
    return {incident: sorted(values) for incident, values in found.items()}


def _findings(
    incidents: tuple[str, ...], tables: Mapping[str, Relation]
) -> dict[str, tuple[dict[str, Any], ...]]:
    if "findings" not in tables:
        return {}
    relation = tables["findings"]
    rows = relation.engine.rows(
        "select incident_id, kind, class_required, class_recorded, crime_id, explanation "
        f"from {relation.name} where incident_id in {_texts(incidents)} order by finding_id"
    )
    found: dict[str, tuple[dict[str, Any], ...]] = {}
    for row in rows:
        incident = row.pop("incident_id")
        found[incident] = (*found.get(incident, ()), row)
    return found


def _listed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def _texts(values: tuple[str, ...]) -> str:
    return "(" + ", ".join("'" + value.replace("'", "''") + "'" for value in values) + ")"
