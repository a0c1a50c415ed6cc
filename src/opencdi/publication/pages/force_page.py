"""What stands on a force's page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from opencdi.bundle.grading import read_grade_rules
from opencdi.estimation.grades import GradeRules, towards_grade
from opencdi.estimation.interval import Interval
from opencdi.publication import charts, dates
from opencdi.publication.figures import ALL_CRIMES, DOMESTIC_ABUSE, AuditResults, Count, Figure, Release
from opencdi.publication.forces import Force
from opencdi.publication.national import Compared
from opencdi.publication.pages.shown import FiguresShown, told
from opencdi.publication.sentences.amounts import decimals_for, percent_range, to_two_figures
from opencdi.publication.sentences.changes import Comparison, change_sentence, compared
from opencdi.publication.sentences.forces import against_average, rank_sentence
from opencdi.publication.sentences.measures import cause_told, error_told, unaudited_told
from opencdi.publication.sentences.rates import went_right, went_wrong

VIOLENCE = ("offence_group", "Violence against the person")
SEXUAL = ("offence_group", "Sexual offences")
RAPE = ("offence_subgroup", "Rape")

SECTIONS = (
    ("Domestic abuse", (("recorded", *DOMESTIC_ABUSE), ("recorded_correctly", *DOMESTIC_ABUSE))),
    ("Rape", (("recorded", *RAPE), ("recorded_correctly", *RAPE))),
    (
        "Recorded in time, and in the right class",
        (("in_24_hours", *ALL_CRIMES), ("right_class", *ALL_CRIMES)),
    ),
    ("Cancelled crimes", (("cancelled_rightly", *ALL_CRIMES),)),
    ("Reported incidents of rape (N100)", (("n100_rightly", *ALL_CRIMES),)),
    ("Victims told", (("victim_told", *ALL_CRIMES),)),
    ("Recorded where no crime was required", (("over_recorded", *ALL_CRIMES),)),
)
"""Each part of the page with the figures it tells, in the order of an inspection's report."""

CHANGES = (ALL_CRIMES, VIOLENCE, SEXUAL, DOMESTIC_ABUSE)


@dataclass(frozen=True)
class Said:
    """A sentence with the figure it was made from and the rule that made it."""

    sentence: str
    figure: Figure | None = None
    how: str = ""


@dataclass(frozen=True)
class Section:
    heading: str
    sentences: tuple[Said, ...]


@dataclass(frozen=True)
class GroupRow:
    name: str
    recorded: Figure
    correctly: Figure | None


@dataclass(frozen=True)
class Changed:
    before: AuditResults
    after: AuditResults
    comparison: Comparison
    group: str

    @property
    def sentence(self) -> str:
        said = change_sentence(self.comparison)
        return said if self.group == ALL_CRIMES[1] else f"{self.group[:1].upper()}{self.group[1:]}: {said}"


@dataclass(frozen=True)
class Grade:
    """``in_force``: whether the rules were, on the last day of the audit's period."""

    rules: GradeRules
    possible: tuple[str, ...]
    in_force: bool


@dataclass(frozen=True)
class CountRow:
    """A count of the table of counts, and how it is drawn."""

    kind: str
    bar: charts.Bar


@dataclass(frozen=True)
class Unaudited:
    kind: str
    count: int | None
    sentence: str


def force_values(release: Release, force: Force, together: Compared | None) -> dict[str, Any]:
    """The values of the force's template."""
    audits = release.audits_of(force)
    audit = audits[-1]
    groups = _groups(audit)
    history = [
        (each, figure)
        for each in reversed(audits)
        if (figure := each.figure("recorded", *ALL_CRIMES)) is not None
    ]
    errors, causes = _rows(audit.errors, error_told), _rows(audit.causes, cause_told)
    return {
        "release": release,
        "root": "../",
        "page": "",
        "force": force,
        "audit": audit,
        "shown": FiguresShown(),
        "opening": _opening(audit, force, together),
        "groups": groups,
        "groups_chart": _groups_chart(force, groups),
        "sections": _sections(audit),
        "trend": _trend(force, audits),
        "history": history,
        "graded": any(each.grade for each, _ in history),
        "changes": _changes(audits),
        "errors": errors,
        "errors_chart": _bars(force, "What was found wrong", errors),
        "causes": causes,
        "causes_chart": _bars(force, "Causes of the errors", causes),
        "grade": _grade(audit),
        "unaudited": [
            Unaudited(each.kind, each.count, unaudited_told(each.kind, each.count, audit.incidents))
            for each in audit.not_audited
        ],
        "unjudged": _unjudged(audit),
        "reviewers": [
            figure
            for figure in audit.figures
            if figure.measure.startswith(("agreement_", "reviewers_", "recorded_corrected_by_"))
        ],
    }


def _opening(audit: AuditResults, force: Force, together: Compared | None) -> list[Said]:
    figure = audit.figure("recorded", *ALL_CRIMES)
    if figure is None:
        return [Said("There is no figure for all crimes in this audit.")]
    found = [Said(went_right(figure), figure, "went_right")]
    yearly = audit.figure("unrecorded_in_a_year", *ALL_CRIMES)
    if yearly is not None and yearly.estimate is not None:
        found.append(
            Said(
                yearly_sentence(yearly),
                yearly,
                "yearly",
            )
        )
    standing = together.standing(force.code) if together else None
    rank = together.rank(force.code) if together else None
    if together and standing and rank:
        others = len(together.audits)
        words = f"{against_average(standing, together.funnel.target, others)} {rank_sentence(rank, others)}"
        found.append(Said(words))
    return found


def yearly_sentence(figure: Figure) -> str:
    """How many crimes went unrecorded in a year, to two figures."""
    said = f"That would be about {to_two_figures(figure.estimate or 0)} crimes not recorded in a year"
    if figure.lower is None or figure.upper is None:
        return f"{said}, and how many more there may be cannot be said."
    return f"{said} (likely {to_two_figures(figure.lower)} to {to_two_figures(figure.upper)})."


def _groups(audit: AuditResults) -> list[GroupRow]:
    """All crimes, domestic abuse, then groups and subgroups in order of name."""
    order = {"all": 0, "flag": 1, "offence_group": 2, "offence_subgroup": 3}
    recorded = [figure for figure in audit.figures if figure.measure in ("recorded", "records_to_standard")]
    ordered = sorted(recorded, key=lambda each: (order.get(each.dimension, 4), each.group))
    groups = {each.group for each in recorded if each.dimension == "offence_group"}
    return [
        GroupRow(
            f"{figure.group[:1].upper()}{figure.group[1:]}",
            figure,
            audit.figure("recorded_correctly", figure.dimension, figure.group),
        )
        for figure in ordered
        if figure.dimension != "offence_subgroup" or figure.group not in groups
    ]


def _groups_chart(force: Force, groups: Sequence[GroupRow]) -> charts.Chart | None:
    rows = [
        charts.IntervalRow(
            row.name, row.recorded.estimate, row.recorded.lower, row.recorded.upper, told(row.recorded)
        )
        for row in groups
    ]
    if not any(row.estimate is not None for row in rows):
        return None
    described = "; ".join(f"{row.label} {row.told}" for row in rows)
    return charts.intervals(f"{force.name}: recording rate by kind of crime", described, rows)


def _sections(audit: AuditResults) -> list[Section]:
    return [Section(heading, said) for heading, keys in SECTIONS if (said := tuple(_told(audit, keys)))]


def _told(audit: AuditResults, keys: Sequence[tuple[str, str, str]]) -> Iterator[Said]:
    for key in keys:
        figure = audit.figure(*key)
        if figure is not None:
            yield Said(went_wrong(figure), figure, "went_wrong")


def _trend(force: Force, audits: Sequence[AuditResults]) -> charts.Chart | None:
    points = []
    for audit in audits:
        figure = audit.figure("recorded", *ALL_CRIMES)
        when = audit.last_day or audit.source.published
        if figure is not None and figure.estimate is not None and when is not None:
            points.append(
                charts.TrendPoint(
                    dates.year_of(when),
                    f"{when:%b %Y}" if len(audits) < 8 else f"{when.year}",
                    figure.estimate,
                    figure.lower,
                    figure.upper,
                    told(figure),
                    audit.edition if audit.results_of == "audit" else audit.id,
                )
            )
    if len(points) < 2:
        return None
    described = "; ".join(f"{point.label} {point.told}" for point in points)
    return charts.trend(f"{force.name}: recording rate over time", described, points)


def _changes(audits: Sequence[AuditResults]) -> list[Changed]:
    if len(audits) < 2:
        return []
    before, after = audits[-2:]
    found = []
    for key in CHANGES:
        old, new = before.figure("recorded", *key), after.figure("recorded", *key)
        if old is not None and new is not None:
            found.append(Changed(before, after, compared(before, old, after, new), key[1]))
    return found


def _rows(counts: Sequence[Count], words: Callable[[str], str]) -> list[CountRow]:
    """Largest first; those not shown last."""
    ordered = sorted(counts, key=lambda each: (each.count is None, -(each.count or 0), each.kind))
    return [
        CountRow(each.kind, charts.Bar(words(each.kind), each.count, _count_told(each))) for each in ordered
    ]


def _count_told(count: Count) -> str:
    return f"[{count.marker or 'x'}]" if count.count is None else f"{count.count:,}"


def _bars(force: Force, what: str, rows: Sequence[CountRow]) -> charts.Chart | None:
    if not rows:
        return None
    bars = [row.bar for row in rows]
    described = "; ".join(f"{bar.label} {bar.told}" for bar in bars)
    return charts.bars(f"{force.name}: {what[:1].lower()}{what[1:]}", described, bars)


def _grade(audit: AuditResults) -> Grade | None:
    if not audit.grade_rules:
        return None
    rules = read_grade_rules(audit.grade_rules)
    figure = audit.figure(rules.measure, *ALL_CRIMES)
    if figure is None or figure.estimate is None or figure.lower is None or figure.upper is None:
        return None
    found = towards_grade(rules, figure.estimate, Interval(figure.lower, figure.upper, figure.method))
    return Grade(rules, found.possible, _in_force(rules, audit.last_day))


def _in_force(rules: GradeRules, day: date | None) -> bool:
    return day is None or rules.in_force_from <= day <= (rules.in_force_to or date.max)


def _unjudged(audit: AuditResults) -> Said | None:
    figure = audit.figure("recorded", *ALL_CRIMES)
    if figure is None or not figure.open_cases:
        return None
    return Said(unjudged_told(figure), figure, "unjudged")


def unjudged_told(figure: Figure) -> str:
    """How many crimes could not be judged, and what that could do to the rate."""
    number = figure.open_cases or 0
    said = f"{number:,} crime{' was' if number == 1 else 's were'} read and could not be judged."
    if figure.worst_lower is None or figure.worst_upper is None:
        return said
    low, high = percent_range(figure.worst_lower, figure.worst_upper, decimals_for(figure.denominator))
    chance = "If it were an error, or not" if number == 1 else "If all of them were errors, or none"
    return f"{said} {chance}, the rate would lie between {low} and {high}."
