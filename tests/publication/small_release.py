"""Releases made from counts, without any audit behind them: quick, and of any size."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from opencdi.estimation.binomial import wilson_limits
from opencdi.publication.figures import Action, AuditResults, Count, Figure, Provenance, Release, Source
from opencdi.publication.forces import Force, force_of_name, forces

GROUPS = (
    ("all", "all crimes", 1.0, 0.0),
    ("flag", "domestic abuse", 0.2, -0.06),
    ("offence_group", "Violence against the person", 0.45, -0.04),
    ("offence_group", "Sexual offences", 0.1, 0.05),
    ("offence_group", "Robbery", 0.04, 0.03),
    ("offence_group", "Theft offences", 0.2, 0.04),
    ("offence_group", "Criminal damage and arson", 0.1, 0.03),
    ("offence_group", "Public order offences", 0.08, 0.0),
    ("offence_group", "Miscellaneous crimes against society", 0.03, 0.0),
    ("offence_subgroup", "Rape", 0.05, 0.05),
    ("offence_subgroup", "Other sexual offences", 0.05, 0.05),
    ("offence_subgroup", "Stalking and harassment", 0.12, -0.06),
    ("offence_subgroup", "Violence with injury", 0.13, -0.02),
    ("offence_subgroup", "Violence without injury", 0.2, -0.04),
)
MEASURES = ("recorded", "recorded_correctly", "in_24_hours", "right_class", "victim_told", "over_recorded")


def figure_of(count: int, of: int, measure: str, dimension: str, group: str) -> Figure:
    """A simple sample's figure."""
    lower, upper = (float(each) for each in wilson_limits(count / of, of))
    return Figure(
        *(measure, dimension, group),
        numerator=count,
        denominator=of,
        open_cases=1,
        unread=0,
        estimate=count / of,
        lower=lower,
        upper=upper,
        confidence=0.95,
        method="Wilson",
        worst_lower=max(0.0, lower - 0.01),
        worst_upper=min(1.0, upper + 0.01),
        effective_size=float(of),
        standard_error=float(np.sqrt(max(count * (of - count), 1) / of**3)),
        estimator="ratio",
        note="The interval holds sampling error only: no agreed case was read again.",
    )


def audit_of(force: Force, year: int, crimes: int = 1000, edition: str = "2023-05") -> AuditResults:
    """The audit of the six months to March of a year."""
    draws = np.random.default_rng([int(force.code[1:]), year])
    level = float(draws.normal(0.89, 0.03)) + 0.004 * (year - 2020)
    figures = []
    for dimension, group, share, better in GROUPS:
        of = max(4, int(crimes * share))
        for measure in MEASURES:
            rate = 0.02 if measure == "over_recorded" else min(0.98, level + better)
            figures.append(figure_of(int(draws.binomial(of, rate)), of, measure, dimension, group))
    return AuditResults(
        id=f"{force.code}-{year}-03-31",
        force=force,
        title="Audit of crime recording",
        first_day=date(year - 1, 10, 1),
        last_day=date(year, 3, 31),
        source=Source("An inspectorate"),
        design="proportional",
        edition=edition,
        figures=tuple(figures),
        provenance=Provenance("1 2 3", *("ab" * 32,) * 4, code_version="0.1.0"),
        incidents=30_000,
        sampled=900,
        errors=(Count("missing", 70), Count("late", 30), Count("wrong_class", None, "c")),
        causes=(Count("decision_at_first_contact", 40), Count("limited_supervision", 30)),
        not_audited=(Count("no_narrative", 120),),
        grade_rules="cdi-2017",
        grade="good",
        explanation="We accept these figures.\nWe have changed how calls are taken.",
        actions=(Action("Record at first contact", "Head of contact", date(2026, 9, 30), "open"),),
    )


def release_of(count: int = 6, years: int = 2, signed: bool = True, crimes: int = 1000) -> Release:
    """The first forces of the register, each audited yearly up to 2026."""
    audits = [
        audit_of(force, year, crimes) for force in forces()[:count] for year in range(2027 - years, 2027)
    ]
    return Release(
        title="How well the police record crime",
        publisher="An inspectorate",
        contact="statistics@example.org",
        statistician="Head of statistics",
        audits=tuple(audits),
        signed_by=("Head of statistics", "Chief inspector") if signed else (),
        made_up=True,
    )


def release_of_others() -> Release:
    """Results that an inspectorate published: one with an interval, two without, and without a period."""
    kent, gwent = force_of_name("Kent"), force_of_name("Gwent")
    figure = Figure("recorded", "all", "all crimes", estimate=0.966, marker="x", note="No interval is given.")
    held = replace(figure, lower=0.95, upper=0.98, method="as published")
    audits = tuple(
        AuditResults(
            f"{force.code}-{name}",
            force,
            f"{name} inspection",
            first,
            last,
            Source("An inspectorate", "A report", "https://example.org/report", quote="96.6 percent"),
            "as published",
            "not stated by the publisher",
            (shown,),
            results_of="publisher",
            grade="good",
        )
        for force, name, first, last, shown in (
            (kent, "2018", date(2018, 1, 1), date(2018, 6, 30), held),
            (kent, "2020", None, None, figure),
            (gwent, "2018", None, None, figure),
        )
    )
    return replace(release_of(1, 1, signed=False), audits=audits, made_up=False)
