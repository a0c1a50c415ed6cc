"""``make real``: audit the real logs beside this repository and write ``docs/real-logs.md``.

Only counts leave the audits: no narrative, name, address or number of a record is printed or written.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from opencdi.cli.pipeline import PIPELINE
from opencdi.engine import DuckDBEngine
from opencdi.schema import TABLES
from opencdi.workspace import Workspace

DATA = Path(__file__).parents[1].parent / "shared" / "data"
AUDITS = Path("audits/real")
PAGE = Path(__file__).parents[1] / "docs" / "real-logs.md"
CITY_NUMBER = r"\b[HJ][A-Z][ -]?[0-9]{6}\b"
EDITION = "2026-04"
"""Applied to all: the logs are older than the oldest edition known, and no English rules bound them."""
SHARES = (0.5, 0.8, 0.95)

console = Console()


@dataclass(frozen=True)
class RealLog:
    """One audit of real exports: the folder, the force's name, and files with their profiles."""

    name: str
    force: str
    exports: tuple[tuple[str, Path, str], ...]

    @property
    def folder(self) -> Path:
        return AUDITS / self.name


def main() -> None:
    if not DATA.is_dir():
        sys.exit(
            "The real logs are not beside this repository (../shared/data), so there is nothing to audit."
        )
    parts = [
        _chicago_university(),
        _nashville(),
        _san_francisco(),
    ]
    PAGE.write_text("\n\n".join([INTRODUCTION, *parts, LIMITS]) + "\n", encoding="utf-8")
    console.print(f"Written: {PAGE.relative_to(Path.cwd())}")


INTRODUCTION = """# Real logs

<!-- Written by scripts/real_logs.py (`make real`); do not edit. -->

Three public logs were audited as they are: not one is British, so the classes are the nearest Home Office
classes and the counting rules are applied as if they were. What matters here is whether real dirt is read
without loss, and whether reports of crime that sit under non-crime classes are found."""

LIMITS = """## What this cannot show

- None of these agencies counts crime by the Home Office's rules: a lead here is not an error of the agency.
- There is no reviewer's truth. A report that quotes a city police number is known to have been recorded by
  somebody; one that quotes none may have been recorded without a word of it in the log.
- The crime register of the university police is taken from the same log, so that linking it is trivial there
  and says nothing about linkage.
- Nashville and San Francisco publish no narratives of calls: only codes and outcomes are compared.
- The San Francisco calls and reports share few days, so hardly any pair can be checked."""


def audit(log: RealLog) -> Workspace:
    """Make the audit's folder and bring it up to date."""
    log.folder.mkdir(parents=True, exist_ok=True)
    lines = [f'force = "{log.force}"']
    for table, path, profile in log.exports:
        lines += [
            "",
            "[[exports]]",
            f'table = "{table}"',
            f'files = ["{path.resolve()}"]',
            f'profile = "{profile}"',
        ]
    lines += ["", "[counting]", f'edition = "{EDITION}"']
    (log.folder / "audit.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    workspace = Workspace.open(log.folder)
    with workspace.locked():
        for step in PIPELINE:
            with console.status(f"{log.force}: {step.name}"):
                workspace.run(step)
    return workspace


class Answers:
    """Questions to the tables of one audit."""

    def __init__(self, workspace: Workspace) -> None:
        self._engine = DuckDBEngine()
        workspace.opened(self._engine, [name for name in TABLES if workspace.table(name).exists()])

    def rows(self, sql: str) -> list[dict[str, Any]]:
        return self._engine.rows(sql)

    def one(self, sql: str) -> Any:
        return next(iter(self.rows(sql)[0].values()))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown; the first column to the left, the others to the right."""
    lines = ["| " + " | ".join(columns) + " |", "|---|" + "---:|" * (len(columns) - 1)]
    lines += [
        "| " + " | ".join(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row) + " |"
        for row in rows
    ]
    return "\n".join(lines)


def reconciliation(answers: Answers) -> str:
    rows = answers.rows(
        "select table_name, rows_in, accepted, rejected, skipped, exact_duplicates, repeated_numbers "
        "from reconciliation order by table_name desc"
    )
    for row in rows:
        assert row["rows_in"] == row["accepted"] + row["rejected"] + row["skipped"]
    columns = ("table", "rows in", "accepted", "rejected", "skipped", "exact duplicates", "repeated numbers")
    return table(columns, (tuple(row.values()) for row in rows))


def reject_reasons(answers: Answers) -> str:
    rows = answers.rows("select reason, count(*) as n from rejects group by reason order by n desc, reason")
    if not rows:
        return "Every row was accepted or skipped by a rule of the profile."
    return table(("why a row or a value was not accepted", "count"), (tuple(row.values()) for row in rows))


# The university log -----------------------------------------------------------------------------


def _chicago_university() -> str:
    source = DATA / "ucpd-incident-log" / "incident_log_2010-2016.csv.gz"
    hidden = _with_numbers_hidden(source, AUDITS / "incident_log_without_city_numbers.csv.gz")
    open_log = _university_log("ucpd", source)
    hidden_log = _university_log("ucpd-hidden", hidden)
    seen, blind = Answers(audit(open_log)), Answers(audit(hidden_log))
    return "\n\n".join(
        [
            "## University of Chicago Police, 2010 to 2016",
            reconciliation(seen),
            reject_reasons(seen),
            "### Leads under non-crime classes",
            "Rows whose class is no crime, and those of them whose log describes one. *Quotes a number*: the "
            "log or the disposition quotes a record number of the city police.",
            _leads_by_class(seen),
            "### The city's numbers hidden",
            "The quoted numbers were taken out of every log, the audit was run again, and all rows with a "
            "non-crime class were ranked by how far the words support a crime. How many must be read to find "
            "the rows that had quoted a number?",
            _reads_needed(seen, blind),
        ]
    )


def _university_log(name: str, path: Path) -> RealLog:
    exports = (("incidents", path, "builtin:ucpd-incidents"), ("crimes", path, "builtin:ucpd-crimes"))
    return RealLog(name, "University of Chicago Police", exports)


def _with_numbers_hidden(source: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    number = re.compile(CITY_NUMBER, re.IGNORECASE)
    with gzip.open(source, "rt", encoding="utf-8", newline="") as file:
        rows = [[number.sub("", cell) for cell in row] for row in csv.reader(file)]
    target.write_bytes(gzip.compress(_as_csv(rows), mtime=0))
    return target


def _as_csv(rows: Iterable[Sequence[str]]) -> bytes:

    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


NON_CRIME = """
select incidents.incident_id, incidents.opening_code, len(crime_references) > 0 as quotes,
    regexp_extract(lower(trim(incidents.opening_code)), '^[a-z]+( [a-z]+)?') as opening
from incidents
where not exists (select 1 from crimes where crimes.crime_id = incidents.incident_id)
"""

LED = """
select incident_id, max(confidence) as confidence, max(case when kind = 'missing' then 1 else 0 end) as firm
from findings where kind in ('missing', 'cannot_tell') and incident_id is not null group by incident_id
"""


def _leads_by_class(answers: Answers) -> str:
    rows = answers.rows(
        f"""
        with non_crime as ({NON_CRIME}), led as ({LED})
        select
            case when opening like 'information%' then 'Information ...' else opening end as class,
            count(*) as n,
            sum(case when quotes then 1 else 0 end) as quoting,
            count(led.incident_id) as leads,
            sum(case when quotes and led.incident_id is not null then 1 else 0 end) as leads_quoting,
            sum(case when not quotes and led.incident_id is not null then 1 else 0 end) as leads_silent
        from non_crime left join led on led.incident_id = non_crime.incident_id
        group by 1 order by leads desc, n desc, 1
        """
    )
    shown, rest = rows[:12], rows[12:]
    total = ["all", *(sum(row[key] for row in rows) for key in list(rows[0])[1:])]
    other = [f"{len(rest)} other classes", *(sum(row[key] for row in rest) for key in list(rows[0])[1:])]
    columns = (
        "class in the log",
        "rows",
        "quote a number",
        "leads",
        "leads that quote one",
        "leads that do not",
    )
    return table(columns, [*(tuple(row.values()) for row in shown), other, total])


def _reads_needed(seen: Answers, blind: Answers) -> str:
    targets = {row["incident_id"] for row in seen.rows(f"select incident_id from ({NON_CRIME}) where quotes")}
    ranked = blind.rows(
        f"""
        with non_crime as ({NON_CRIME}), led as ({LED})
        select non_crime.incident_id, coalesce(confidence, 0) as confidence
        from non_crime left join led on led.incident_id = non_crime.incident_id
        order by coalesce(firm, -1) desc, confidence desc, non_crime.incident_id
        """
    )
    found, reads = 0, dict[float, int]()
    for number, row in enumerate(ranked, start=1):
        found += row["incident_id"] in targets
        for share in SHARES:
            if found >= share * len(targets):
                reads.setdefault(share, number)
    leads = [row for row in ranked if row["confidence"] > 0]
    among = sum(row["incident_id"] in targets for row in leads)
    first = (
        f"{len(targets):,} of {len(ranked):,} rows with a non-crime class had quoted a number. "
        f"{among:,} of them ({among / len(targets):.0%}) are leads, among {len(leads):,} leads in all."
    )
    rows = [
        (
            f"{share:.0%} of them",
            reads[share],
            round(share * len(ranked)),
            f"{reads[share] / (share * len(ranked)):.2f}",
        )
        for share in SHARES
    ]
    columns = ("to find", "reads in this order", "reads in random order", "ratio")
    return first + "\n\n" + table(columns, rows)


# Nashville ----------------------------------------------------------------------------------------


def _nashville() -> str:
    path = DATA / "nashville-calls-2024" / "calls_2024.csv.gz"
    exports = (("incidents", path, "builtin:nashville-calls"), ("crimes", path, "builtin:nashville-reports"))
    answers = Answers(audit(RealLog("nashville", "Metro Nashville Police", exports)))
    return "\n\n".join(
        [
            "## Nashville, January to August 2024: calls for service",
            reconciliation(answers),
            reject_reasons(answers),
            "### Calls closed as a report made, without a report's number",
            _completed(answers),
        ]
    )


def _completed(answers: Answers) -> str:
    """Calls whose disposition says that a report was made, with and without its number, by type."""
    path = DATA / "nashville-calls-2024" / "calls_2024.csv.gz"
    source = f"read_csv('{path}', all_varchar = true, header = true)"

    def by(column: str, most: int) -> str:
        rows = answers.rows(
            f"""
            select coalesce({column}, '(none)') as kind, count(*) as closed,
                sum(case when "Complaint Number" is null then 1 else 0 end) as without
            from {source}
            where lower("Disposition Description") like '%report%'
                and lower("Disposition Description") not like '%no report%'
            group by 1 order by without desc, kind limit {most}
            """
        )
        named = (
            (row["kind"], row["closed"], row["without"], f"{row['without'] / row['closed']:.0%}")
            for row in rows
        )
        return table((column.strip('"').lower(), "closed as report made", "without a number", "share"), named)

    return by('"Tencode Description"', 12) + "\n\n" + by('"Shift"', 8)


# San Francisco ------------------------------------------------------------------------------------


def _san_francisco() -> str:
    folder = DATA / "sf-police-2018"
    calls, reports = folder / "calls_for_service_2018-11.json.gz", folder / "incident_reports_2018-12.csv.gz"
    exports = (("incidents", calls, "builtin:sf-calls"), ("crimes", reports, "builtin:sf-reports"))
    answers = Answers(audit(RealLog("san-francisco", "San Francisco Police", exports)))
    return "\n\n".join(
        [
            "## San Francisco, November and December 2018",
            reconciliation(answers),
            reject_reasons(answers),
            "### Reports classed again, and reports closed as unfounded",
            _reclassified(answers, reports),
            "### Calls and reports that share a number",
            _keyed_pairs(answers, reports),
        ]
    )


def _reclassified(answers: Answers, reports: Path) -> str:
    source = f"read_csv('{reports}', all_varchar = true, header = true)"
    changed = answers.rows(
        f"""
        with classes as (
            select "Incident Number" as number, count(distinct "Report Datetime") as times,
                count(distinct "Incident Category") as categories,
                max(case when "Resolution" = 'Unfounded' then 1 else 0 end) as unfounded
            from {source} group by 1)
        select count(*) as reports, sum(case when times > 1 then 1 else 0 end) as updated,
            sum(case when times > 1 and categories > 1 then 1 else 0 end) as with_another_category,
            sum(unfounded) as unfounded
        from classes
        """
    )[0]
    reported = "strptime(\"Report Datetime\", '%Y/%m/%d %I:%M:%S %p')"
    weeks = answers.rows(
        f"""
        select 'week of ' || strftime(date_trunc('week', {reported}), '%d %B %Y') as week,
            min({reported}) as first, count(*) as rows,
            sum(case when "Resolution" = 'Unfounded' then 1 else 0 end) as unfounded
        from {source} group by 1 order by 2
        """
    )
    counted = table(
        ("reports in December 2018", "count"), [(key.replace("_", " "), int(n)) for key, n in changed.items()]
    )
    over_time = table(
        ("reported in the", "rows", "unfounded"),
        ((row["week"], row["rows"], row["unfounded"]) for row in weeks),
    )
    return counted + "\n\n" + over_time


def _keyed_pairs(answers: Answers, reports: Path) -> str:
    """Calls whose number stands on a report, and what became of those reports here."""
    found = answers.rows(
        f"""
        with reports as (
            select distinct "CAD Number" as call, "Row ID" as report
            from read_csv('{reports}', all_varchar = true, header = true))
        select count(distinct reports.call) as calls, count(*) as report_rows,
            count(crimes.crime_id) as crimes, count(links.incident_id) as linked
        from reports join incidents on incidents.incident_id = reports.call
        left join crimes on crimes.crime_id = reports.report
        left join links on links.crime_id = crimes.crime_id and links.incident_id = reports.call
        """
    )[0]
    columns = ("calls and reports with one number", "count")
    names = ("calls", "rows of reports", "of these a crime by its class", "linked to that call")
    return table(columns, zip(names, found.values(), strict=True))


if __name__ == "__main__":
    main()
