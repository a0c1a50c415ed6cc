"""Methods, quality, revisions, releases, accessibility, about: from the same sources as the figures."""

from __future__ import annotations

from collections import Counter
from typing import Any

from opencdi.bundle.grading import read_grade_rules
from opencdi.estimation.funnel import ACT, LOOK
from opencdi.estimation.measures import MEASURES
from opencdi.publication import dates
from opencdi.publication.control.rules import read_rules
from opencdi.publication.figures import Release, Source
from opencdi.publication.sentences.amounts import FINE
from opencdi.publication.sentences.fractions import CLOSE
from opencdi.publication.sentences.rates import FEW


def about_pages(release: Release, files: list[tuple[str, str]]) -> dict[str, dict[str, Any]]:
    """The values of each template, by page."""
    return {
        "methods.html": _methods(release),
        "quality.html": {"facts": _facts(release)},
        "revisions.html": {},
        "releases.html": {},
        "accessibility.html": {},
        "about.html": {"citation": citation(release), "sources": _sources(release)},
        "data.html": {"files": files},
    }


def citation(release: Release) -> str:
    """How to cite the release."""
    when = f", {dates.day(dates.in_london(release.released).date())}" if release.released else ", draft"
    return f"{release.publisher}, {release.title}, release {release.number}{when}."


def _methods(release: Release) -> dict[str, Any]:
    used = sorted({audit.grade_rules for audit in release.audits if audit.grade_rules})
    return {
        "editions": sorted({audit.edition for audit in release.audits}),
        "measures": [(measure.name, measure.meaning) for measure in MEASURES],
        "designs": sorted(Counter(audit.design for audit in release.audits).items()),
        "methods": sorted(Counter(f.method for _, f in release.each_figure() if f.method).items()),
        "few": FEW,
        "fine": FINE,
        "close": CLOSE,
        "look": LOOK,
        "act": ACT,
        "rules": [read_grade_rules(name) for name in used],
        "control": read_rules(),
    }


def _facts(release: Release) -> list[tuple[str, str]]:
    own = [audit for audit in release.audits if audit.results_of == "audit"]
    recorded = [figure for audit in own if (figure := audit.figure("recorded")) is not None]
    audited = [figure.denominator for figure in recorded if figure.denominator]
    agreed = [
        figure.estimate for audit in own if (figure := audit.figure("agreement_raw")) and figure.estimate
    ]
    facts = [
        ("Forces", f"{sum(force.is_territorial for force in release.forces)} of 43"),
        (
            "Audits",
            f"{len(release.audits)}, of which {len(release.audits) - len(own)} were published by others",
        ),
        ("Figures", f"{sum(len(audit.figures) for audit in release.audits):,}"),
        ("Figures not shown", f"{sum(figure.is_suppressed for _, figure in release.each_figure()):,}"),
    ]
    if audited:
        facts += [
            ("Crimes audited in one audit", f"{min(audited):,} to {max(audited):,}"),
            ("Crimes that could not be judged", f"{sum(figure.open_cases or 0 for figure in recorded):,}"),
            (
                "Verified",
                "Every audit was recomputed from its frame, seed, sample and verdicts before publishing",
            ),
        ]
    if agreed:
        ends = f"{100 * min(agreed):.0f}% to {100 * max(agreed):.0f}%"
        facts.append(("Judgements on which two auditors agreed", ends))
    without = sum(
        figure.estimate is not None and not figure.has_interval for _, figure in release.each_figure()
    )
    if without:
        facts.append(("Published figures without an interval", f"{without:,}"))
    return facts


def _sources(release: Release) -> list[Source]:
    seen: dict[tuple[str, str], Source] = {}
    for audit in release.audits:
        seen.setdefault((audit.source.title, audit.source.publisher), audit.source)
    return [seen[key] for key in sorted(seen)]
