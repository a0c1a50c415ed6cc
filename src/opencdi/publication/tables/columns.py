"""Every published table's columns, types and meaning, said once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from opencdi.publication.figures import AuditResults, Count, Figure, Release

Kind = Literal["text", "integer", "number", "date"]
Row = TypeVar("Row")

MARKERS = {
    "c": "confidential: withheld so that nobody can be recognised",
    "low": "rounds to zero and is not zero",
    "x": "not available",
    "z": "not applicable",
    "p": "provisional",
    "r": "revised",
}
"""Shorthand of the Analysis Function; in workbooks it stands in square brackets in place of the number."""


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: its name in files, its heading for people, and how a row gives its value."""

    name: str
    heading: str
    kind: Kind
    meaning: str
    value: Callable[[Row], Any]
    required: bool = False
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class PublishedTable(Generic[Row]):
    """One CSV file. ``row`` says what a row is, ``key`` which columns name it, ``of`` how a release gives it.

    ``refers`` is the column that refers to the table of audits.
    """

    name: str
    title: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column[Row], ...]
    of: Callable[[Release], Iterator[Row]]
    refers: str = ""

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    def rows(self, release: Release) -> Iterator[Sequence[Any]]:
        return ([column.value(row) for column in self.columns] for row in self.of(release))


Of = tuple[AuditResults, Figure]


def _audit_columns(audit: Callable[[Any], AuditResults]) -> tuple[Column[Any], ...]:
    """What every row says of the audit it belongs to."""
    return (
        Column("audit_id", "Audit", "text", "The audit", lambda row: audit(row).id, True),
        Column(
            "force_code",
            "Force code",
            "text",
            "Code of the police force area in the register of the Office for National Statistics",
            lambda row: audit(row).force.code,
            True,
        ),
        Column("force", "Force", "text", "Police force", lambda row: audit(row).force.name, True),
        Column("period", "Period", "text", "Reports of these days, as an ISO 8601 interval", _period(audit)),
    )


def _period(audit: Callable[[Any], AuditResults]) -> Callable[[Any], str | None]:
    def period(row: Any) -> str | None:
        first, last = audit(row).first_day, audit(row).last_day
        return f"{first.isoformat()}/{last.isoformat()}" if first and last else None

    return period


def _figure(
    name: str, heading: str, kind: Kind, meaning: str, required: bool = False, allowed: tuple[str, ...] = ()
) -> Column[Of]:
    field = {"group_name": "group"}.get(name, name)
    return Column(name, heading, kind, meaning, lambda row: getattr(row[1], field), required, allowed)


def _of_audit(name: str, heading: str, kind: Kind, meaning: str) -> Column[Of]:
    return Column(name, heading, kind, meaning, lambda row: getattr(row[0], name))


def _of_provenance(name: str, heading: str, meaning: str) -> Column[AuditResults]:
    return Column(name, heading, "text", meaning, lambda audit: getattr(audit.provenance, name))


SHARE_OR_COUNT = "shares from 0 to 1"

FIGURES = PublishedTable[Of](
    "figures",
    "Figures",
    "one figure of one audit, with all it needs to be understood and checked",
    ("audit_id", "measure", "dimension", "group_name"),
    (
        *_audit_columns(lambda row: row[0]),
        _of_audit("edition", "Counting rules", "text", "Edition of the counting rules"),
        _of_audit("design", "Design", "text", "Sampling design"),
        _figure("measure", "Measure", "text", "What it measures", True),
        _figure("dimension", "Kind of group", "text", "all, flag, offence_group or offence_subgroup", True),
        _figure("group_name", "Group", "text", "The group of crimes", True),
        _figure(
            "unit", "Unit", "text", "share, crimes or coefficient", True, ("share", "crimes", "coefficient")
        ),
        _figure("numerator", "Count", "integer", "Crimes read that count, unweighted"),
        _figure("denominator", "Crimes read", "integer", "Crimes read of which they count, unweighted"),
        _figure("open_cases", "Not judged", "integer", "Crimes read that could not be judged"),
        _figure("unread", "Not read", "integer", "Sampled incidents without a verdict"),
        _figure("estimate", "Estimate", "number", f"The figure for all reports; {SHARE_OR_COUNT}"),
        _figure("lower", "Lower limit", "number", "Lower limit of the interval, rounded down"),
        _figure("upper", "Upper limit", "number", "Upper limit of the interval, rounded up"),
        _figure("confidence", "Confidence", "number", "Confidence of the interval, such as 0.95"),
        _figure("method", "Method", "text", "How the interval was worked out"),
        _figure(
            "worst_lower", "Worst case, lower", "number", "Lower limit if every unjudged case were an error"
        ),
        _figure(
            "worst_upper", "Worst case, upper", "number", "Upper limit if no unjudged case were an error"
        ),
        _figure(
            "official_lower", "Simple lower limit", "number", "Lower limit as official reports work it out"
        ),
        _figure(
            "official_upper", "Simple upper limit", "number", "Upper limit as official reports work it out"
        ),
        _figure("standard_error", "Standard error", "number", "Standard error under the design"),
        _figure("effective_size", "Effective size", "number", "Independent readings worth the same"),
        _figure("degrees_of_freedom", "Degrees of freedom", "number", "Degrees of freedom of the variance"),
        _figure("design_effect", "Design effect", "number", "Crimes read / effective size"),
        _figure("estimator", "Estimator", "text", "How the figure was worked out"),
        _figure(
            "marker",
            "Marker",
            "text",
            "Why there is no number, or what to know of it: "
            + "; ".join(f"{marker} {meaning}" for marker, meaning in MARKERS.items()),
            allowed=tuple(MARKERS),
        ),
        _figure("note", "Note", "text", "What a reader must know"),
    ),
    lambda release: release.each_figure(),
    refers="audit_id",
)

AUDITS = PublishedTable[AuditResults](
    "audits",
    "Audits",
    "one audit of one force",
    ("audit_id",),
    (
        *_audit_columns(lambda audit: audit),
        Column("title", "Title", "text", "What the audit is called", lambda audit: audit.title),
        Column("first_day", "First day", "date", "First day of the reports", lambda audit: audit.first_day),
        Column("last_day", "Last day", "date", "Last day of the reports", lambda audit: audit.last_day),
        Column(
            "results_of",
            "Results of",
            "text",
            "audit: of our own, with its verification files; publisher: published by others",
            lambda audit: audit.results_of,
            True,
            ("audit", "publisher"),
        ),
        Column("publisher", "Publisher", "text", "Who published it", lambda audit: audit.source.publisher),
        Column("source_url", "Address", "text", "Where it was published", lambda audit: audit.source.address),
        Column(
            "published", "Published", "date", "When it was published", lambda audit: audit.source.published
        ),
        Column(
            "edition", "Counting rules", "text", "Edition of the counting rules", lambda audit: audit.edition
        ),
        Column("design", "Design", "text", "Sampling design", lambda audit: audit.design),
        Column(
            "incidents", "Incidents", "integer", "Incidents in the population", lambda audit: audit.incidents
        ),
        Column(
            "sampled", "Incidents read", "integer", "Incidents drawn and read", lambda audit: audit.sampled
        ),
        Column("grade", "Grade", "text", "The grade that was given, if any", lambda audit: audit.grade),
        _of_provenance("seed", "Seed", "The public seed of the sample"),
        _of_provenance("frame_sha256", "Hash of the frame", "SHA-256 of the frozen list of incidents"),
        _of_provenance("commitment", "Commitment", "SHA-256 of the design, published before the seed"),
        _of_provenance("sample_sha256", "Hash of the sample", "SHA-256 of the sample as drawn"),
        _of_provenance("verdicts_sha256", "Hash of the verdicts", "SHA-256 of the verdicts"),
        _of_provenance("code_version", "Version", "Version of OpenCDI"),
    ),
    lambda release: iter(release.audits),
)

OfCount = tuple[AuditResults, str, Count]


def _counts(release: Release) -> Iterator[OfCount]:
    for audit in release.audits:
        for name in ("errors", "causes", "not_audited"):
            yield from ((audit, name, each) for each in getattr(audit, name))


COUNTS = PublishedTable[OfCount](
    "counts",
    "Errors, causes and what was not auditable",
    "one count of errors by kind, of errors by cause, or of incidents that could not be judged",
    ("audit_id", "counted", "kind"),
    (
        *_audit_columns(lambda row: row[0]),
        Column(
            "counted",
            "What is counted",
            "text",
            "errors, causes or not_audited",
            lambda row: row[1],
            True,
            ("errors", "causes", "not_audited"),
        ),
        Column("kind", "Kind", "text", "Kind of error, cause, or reason", lambda row: row[2].kind, True),
        Column(
            "count", "Count", "integer", "Crimes read (errors, causes) or incidents", lambda row: row[2].count
        ),
        Column(
            "marker",
            "Marker",
            "text",
            "As in the table of figures",
            lambda row: row[2].marker,
            False,
            tuple(MARKERS),
        ),
    ),
    _counts,
    refers="audit_id",
)
