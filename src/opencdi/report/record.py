"""Everything the audit knows of one incident (or of a crime without one), for its page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from opencdi import linkage
from opencdi.engine import Engine, Step, sql_text
from opencdi.report.highlight import Piece, Span, pieces
from opencdi.report.summary import Tables
from opencdi.report.waterfall import Drawing, drawing

Row = Mapping[str, Any]

SHOWN = {
    "incidents": (
        "incident_id",
        "reported_at",
        "channel",
        "caller_role",
        "opening_code",
        "opening_group",
        "closing_codes",
        "closing_group",
        "flags",
        "attended_at",
        "closed_at",
        "unit",
        "address",
        "postcode",
        "crime_references",
        "narrative",
        "source_file",
        "source_line",
    ),
    "required_crimes": (
        "incident_id",
        "required_no",
        "record_as",
        "class_code",
        "victim_no",
        "deadline_at",
        "offence_nos",
        "flags_due",
        "certainty",
        "missing_facts",
        "rules",
        "edition",
    ),
    "disclosed_offences": (
        "incident_id",
        "offence_no",
        "class_code",
        "attempted",
        "concept",
        "basis",
        "assertion",
        "victim_no",
        "strength",
        "span_starts",
        "span_ends",
    ),
    "crimes": (
        "crime_id",
        "class_code",
        "status",
        "recorded_at",
        "offence_written",
        "n100_code",
        "cancelled_at",
        "cancellation_code",
        "cancelled_by",
        "cancellation_reason",
        "victim_informed",
        "flags",
        "summary",
        "source_file",
        "source_line",
    ),
    "findings": (
        "finding_id",
        "incident_id",
        "crime_id",
        "kind",
        "class_required",
        "seriousness",
        "confidence",
        "explanation",
        "settles",
        "edition",
    ),
    "matches": ("incident_id", "match_no", "crime_id", "hours_to_record"),
}
"""Columns of the tables that pages show: each is read in every part of its table."""


@dataclass(frozen=True)
class RecordedCrime:
    """A crime record with the link that brought it here and how that link was weighed."""

    crime: Row
    link: Row | None
    match: Row | None

    @property
    def waterfall(self) -> Drawing | None:
        """Drawn where the page is written: most pages stay as they were."""
        return drawing(linkage.waterfall(self.link)) if self.link else None


@dataclass(frozen=True)
class Record:
    """One page: the incident (None for a crime without one), and all that hangs on it."""

    incident: Row | None
    log: tuple[Piece, ...]
    log_cut_at: int | None
    """Characters shown, where the log is longer than is shown."""
    disclosed: tuple[Row, ...]
    required: tuple[Row, ...]
    crimes: tuple[RecordedCrime, ...]
    findings: tuple[Row, ...]

    def counts(self, piece: Piece) -> bool:
        """Does an offence that rests on these words stand as stated (and not denied or set aside)?"""
        return any(
            offence["offence_no"] in piece.offence_nos and offence["assertion"] in ("asserted", "past")
            for offence in self.disclosed
        )


def mark_crimes(engine: Engine, tables: Tables, subjects: Collection[str]) -> None:
    """``report_chosen``, the subjects of all pages, and ``report_crimes``: each with the crimes that its page
    shows."""
    engine.run(
        [
            _listed("report_chosen", subjects),
            _incidents_of("report_chosen"),
            Step(
                "report_crimes",
                f"""
                select distinct subject, crime_id from (
                    select subject, substr(subject, 2) as crime_id from report_chosen
                    where substr(subject, 1, 1) = 'c'
                    union all
                    select 'i' || l.incident_id as subject, l.crime_id
                    from {tables["links"].name} as l
                    join report_incidents as i on i.incident_id = l.incident_id
                    where l.link_class <> 'none'
                    union all
                    select 'i' || f.incident_id as subject, f.crime_id
                    from {tables["findings"].name} as f
                    join report_incidents as i on i.incident_id = f.incident_id
                    where f.crime_id is not null
                ) as every
                """,
            ),
        ]
    )


def records(
    engine: Engine, tables: Tables, log_characters: int, subjects: Collection[str]
) -> dict[str, Record]:
    """The records of some subjects; ``report_crimes`` holds their crimes, ``tables`` at least their rows."""
    if not subjects:
        return {}
    _mark_shown(engine, subjects)
    incidents = _by(_of_incidents(tables, "incidents"), "incident_id")
    disclosed = _by(_disclosed(tables), "incident_id")
    required = _by(_of_incidents(tables, "required_crimes"), "incident_id")
    findings = _by(
        _rows(
            tables,
            "findings",
            "incident_id in (select incident_id from report_incidents) "
            "or crime_id in (select crime_id from report_shown)",
            "seriousness, finding_id",
        ),
        "subject",
    )
    crimes = _crimes(tables)
    found: dict[str, Record] = {}
    for subject in sorted(subjects):
        own = subject[1:]
        incident = next(iter(incidents.get(own, [])), None) if subject.startswith("i") else None
        offences = disclosed.get(own, [])
        log, cut = _log(incident, offences, log_characters)
        found[subject] = Record(
            incident,
            log,
            cut,
            tuple(offences),
            tuple(required.get(own, [])),
            tuple(crimes.get(subject, [])),
            tuple(findings.get(subject, [])),
        )
    return found


def _mark_shown(engine: Engine, subjects: Collection[str]) -> None:
    """``report_incidents`` and ``report_shown``: the incidents and the crimes of some subjects."""
    engine.run(
        [
            _listed("report_subjects", subjects),
            _incidents_of("report_subjects"),
            Step(
                "report_shown",
                "select subject, crime_id from report_crimes "
                "where subject in (select subject from report_subjects)",
            ),
        ]
    )


def _listed(name: str, subjects: Collection[str]) -> Step:
    """A table of some subjects."""
    values = ", ".join(f"({sql_text(subject)})" for subject in sorted(subjects)) or "(null)"
    return Step(name, f"select subject from (values {values}) as listed(subject) where subject is not null")


def _incidents_of(subjects: str) -> Step:
    """``report_incidents``: the incidents among the subjects of a table."""
    return Step(
        "report_incidents",
        f"select substr(subject, 2) as incident_id from {subjects} where substr(subject, 1, 1) = 'i'",
    )


def _of_incidents(tables: Tables, name: str) -> list[Row]:
    order = ", ".join(tables[name].contract.key)
    return _rows(tables, name, "incident_id in (select incident_id from report_incidents)", order)


def _rows(tables: Tables, name: str, condition: str, order: str) -> list[Row]:
    columns = ", ".join(SHOWN[name])
    found = tables[name].engine.rows(
        f"select {columns} from {tables[name].name} where {condition} order by {order}"
    )
    return list(found)


def _disclosed(tables: Tables) -> list[Row]:
    """Disclosed offences with what became of each under the rules."""
    return list(
        tables["disclosed_offences"].engine.rows(
            f"""
            select {", ".join(f"d.{column}" for column in SHOWN["disclosed_offences"])},
                   o.outcome, o.required_no as counted_in, o.stopped_at_step
            from {tables["disclosed_offences"].name} as d
            left join (
                select incident_id, offence_no, outcome, required_no, stopped_at_step
                from {tables["offence_decisions"].name}
                where incident_id in (select incident_id from report_incidents)
            ) as o on o.incident_id = d.incident_id and o.offence_no = d.offence_no
            where d.incident_id in (select incident_id from report_incidents)
            order by d.incident_id, d.offence_no
            """
        )
    )


def _crimes(tables: Tables) -> dict[str, list[RecordedCrime]]:
    engine = tables["crimes"].engine
    rows = engine.rows(
        f"""
        select s.subject, {", ".join(f"c.{column}" for column in SHOWN["crimes"])} from report_shown as s
        join {tables["crimes"].name} as c on c.crime_id = s.crime_id
        order by s.subject, c.recorded_at, c.crime_id
        """
    )
    links = {
        row["crime_id"]: row
        for row in tables["links"].rows("where crime_id in (select crime_id from report_shown)")
    }
    matches = {
        (f"i{row['incident_id']}", row["crime_id"]): row
        for row in _rows(
            tables, "matches", "crime_id in (select crime_id from report_shown)", "incident_id, match_no"
        )
    }
    found: dict[str, list[RecordedCrime]] = {}
    for row in rows:
        crime_id = row["crime_id"]
        found.setdefault(row["subject"], []).append(
            RecordedCrime(row, links.get(crime_id), matches.get((row["subject"], crime_id)))
        )
    return found


def _by(rows: list[Row] | list[dict[str, Any]], column: str) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        if column == "subject":
            key = f"i{row['incident_id']}" if row["incident_id"] is not None else f"c{row['crime_id']}"
        else:
            key = row[column]
        grouped.setdefault(key, []).append(row)
    return grouped


def _log(incident: Row | None, offences: list[Row], most: int) -> tuple[tuple[Piece, ...], int | None]:
    text = (incident or {}).get("narrative") or ""
    spans = [
        Span(start, end, offence["offence_no"])
        for offence in offences
        for start, end in zip(offence["span_starts"], offence["span_ends"], strict=True)
    ]
    return tuple(pieces(text[:most], spans)), (most if len(text) > most else None)
