"""A registrar's morning list: what is close to 24 hours, what is new, and what was put right.

The hour is that of the last report in the exports. *New* and *put right* are told against the leads of the
last audit that had other findings; without one, every lead is new and the list says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opencdi.engine import Relation
from opencdi.report.summary import Tables

if TYPE_CHECKING:
    from rich.console import Group

MORNING_TABLES = ("incidents", "findings", "matches")
"""Tables the morning list reads."""

STILL_TO_RECORD = ("missing", "additional_missing", "n100_instead_of_crime")
"""Kinds of lead that a record made in time would answer."""

ROWS_SHOWN = 200
"""Rows of each list on the page."""

ROWS_LISTED = 5_000
"""Rows of each list in the workbook."""

_DAY = timedelta(hours=24)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Listed:
    """Some leads of many: ``rows`` holds the first, ``count`` says how many there are."""

    count: int
    rows: Sequence[Row]

    @property
    def shown(self) -> Sequence[Row]:
        """Those on the page."""
        return self.rows[:ROWS_SHOWN]


@dataclass(frozen=True)
class Morning:
    """``at`` is the last report in the exports; ``since`` that of the audit compared with, if any."""

    at: datetime | None
    since: datetime | None
    close: Listed
    passed: Listed
    new: Listed
    new_kinds: Mapping[str, int]
    put_right: Listed

    def __rich__(self) -> Group:
        from rich.console import Group

        return Group(*self.sentences())

    def sentences(self) -> list[str]:
        """What a registrar reads before opening anything."""
        if self.at is None:
            return ["This morning: no reports."]
        told = [
            f"This morning: {_counted(self.close.count, 'report')} with a crime still to record within 24 "
            f"hours, {self.passed.count:,} whose 24 hours ended since yesterday."
        ]
        if self.since is None:
            return [*told, "This is the first audit of this folder: nothing to compare with yet."]
        return [
            *told,
            f"Since the last audit: {_counted(self.new.count, 'new lead')}, "
            f"{self.put_right.count:,} no longer leads.",
        ]


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def morning(tables: Tables, before: Relation | None, since: datetime | None) -> Morning:
    """The list for ``tables`` (those of ``MORNING_TABLES``). ``before`` holds the findings of the audit
    before, whose last report came at ``since``."""
    findings, incidents = tables["findings"], tables["incidents"]
    engine = findings.engine
    at = engine.rows(f"select max(reported_at) as at from {incidents.name}")[0]["at"]
    if at is None:
        nothing = Listed(0, ())
        return Morning(None, since, nothing, nothing, nothing, {}, nothing)
    kinds = ", ".join(f"'{kind}'" for kind in STILL_TO_RECORD)
    due = f"kind in ({kinds}) and deadline_at"
    fresh = "finding_id not in (select finding_id from " + (before.name if before else "") + ")"
    new = fresh if before else "1 = 0"
    by_kind = (
        f"select kind, count(*) as n from {findings.name} where {new} group by kind order by n desc, kind"
    )
    return Morning(
        at,
        since if before else None,
        _listed(findings, f"{due} > {_moment(at)}", "deadline_at, finding_id"),
        _listed(
            findings,
            f"{due} > {_moment(at - _DAY)} and deadline_at <= {_moment(at)}",
            "seriousness, deadline_at, finding_id",
        ),
        _listed(findings, new, "seriousness, deadline_at, finding_id"),
        {row["kind"]: int(row["n"]) for row in engine.rows(by_kind)},
        _put_right(tables, before) if before else Listed(0, ()),
    )


def _listed(findings: Relation, condition: str, order: str) -> Listed:
    where = f"where {condition}"
    count = int(findings.engine.rows(f"select count(*) as n from {findings.name} {where}")[0]["n"])
    return Listed(count, findings.rows(f"{where} order by {order} limit {ROWS_LISTED}"))


def _put_right(tables: Tables, before: Relation) -> Listed:
    """Leads that are none any more, with the crime that answers the same required crime now, if one does."""
    findings, matches = tables["findings"], tables["matches"]
    gone = (
        f"from {before.name} as old left join {matches.name} as match "
        "on match.incident_id = old.incident_id and match.required_no = old.required_no "
        f"where old.finding_id not in (select finding_id from {findings.name})"
    )
    engine = findings.engine
    count = int(
        engine.rows(
            f"select count(*) as n from {before.name} "
            f"where finding_id not in (select finding_id from {findings.name})"
        )[0]["n"]
    )
    rows = engine.rows(
        "select old.*, match.crime_id as answered_by, match.hours_to_record, match.outcome "
        f"{gone} order by old.seriousness, old.finding_id limit {ROWS_LISTED}"
    )
    return Listed(count, rows)


def _moment(instant: datetime) -> str:
    return f"timestamptz '{instant:%Y-%m-%d %H:%M:%S}+00'"


def write_morning(folder: Path, force: str, found: Morning, editions: Sequence[str]) -> None:
    """Write ``morning.html`` and ``morning.xlsx`` into an existing folder."""
    from opencdi import __version__
    from opencdi.report.morning_sheet import write_sheet
    from opencdi.report.pages import write_page
    from opencdi.report.summary import LEADS_NOT_RATES

    write_page(
        folder / "morning.html",
        "morning.html.jinja",
        force=force,
        morning=found,
        reach={"editions": editions},
        version=__version__,
        leads_not_rates=LEADS_NOT_RATES,
    )
    write_sheet(folder / "morning.xlsx", force, found)
