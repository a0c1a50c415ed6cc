"""The journalists' file: a CSV with a row a force, and a paragraph a force that can be printed as it is."""

from __future__ import annotations

import csv
from pathlib import Path

from opencdi.publication import dates
from opencdi.publication.figures import ALL_CRIMES, AuditResults, Figure, Release
from opencdi.publication.national import Compared, compare_forces, pooled
from opencdi.publication.pages.about_pages import citation
from opencdi.publication.pages.force_page import RAPE
from opencdi.publication.sentences.changes import change_sentence, compared
from opencdi.publication.sentences.forces import against_average, rank_sentence
from opencdi.publication.sentences.pooled import headline, rule_sentence
from opencdi.publication.sentences.rates import went_right, went_wrong

COLUMNS = (
    "force_code",
    "force",
    "audit",
    "period_start",
    "period_end",
    "measure",
    "group",
    "recorded",
    "audited",
    "rate",
    "lower",
    "upper",
    "confidence",
    "best_place",
    "worst_place",
    "paragraph",
)


def write_press(release: Release, folder: Path) -> None:
    """``press.csv`` and ``press.txt``."""
    folder.mkdir(parents=True, exist_ok=True)
    together = compare_forces(release)
    with (folder / "press.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_row(release, audit, together) for audit in _latest(release))
    (folder / "press.txt").write_text(press_text(release), encoding="utf-8", newline="\n")


def press_text(release: Release) -> str:
    """The embargo, the headline with its rule, a paragraph a force, contact and citation."""
    together = compare_forces(release)
    parts = [embargo_line(release), release.title]
    pools = pooled(release, "recorded", *ALL_CRIMES) + pooled(release, "recorded_correctly", *RAPE)
    parts += [f"{headline(pool)}. {rule_sentence(pool)}" for pool in pools]
    parts += [
        f"{audit.force.name} ({audit.force.code})\n{paragraph(release, audit, together)}"
        for audit in _latest(release)
    ]
    parts += [
        "Notes\nA rate may be quoted only with its counts and its interval. “Likely” means 95% confidence. "
        "Places are ranges: a force's exact place is not known.",
        f"Contact: {release.contact}\nCite as: {citation(release)}",
    ]
    return "\n\n".join(parts) + "\n"


def embargo_line(release: Release) -> str:
    if release.embargo is not None:
        return (
            f"EMBARGOED until {dates.moment(release.embargo)}. Not for publication or broadcast before then."
        )
    return "DRAFT. Not for publication." if release.is_draft else "For immediate release."


def paragraph(release: Release, audit: AuditResults, together: Compared | None) -> str:
    """What a newspaper may print of a force as it stands."""
    figure = audit.figure("recorded", *ALL_CRIMES)
    if figure is None:
        return "No figure for all crimes was published in the latest audit."
    said = [f"Audit of {dates.span(audit.first_day, audit.last_day)}. {went_right(figure)}"]
    rape = audit.figure("recorded_correctly", *RAPE)
    if rape is not None:
        said.append(went_wrong(rape))
    said += _changed(release, audit, figure)
    standing = together.standing(audit.force.code) if together else None
    rank = together.rank(audit.force.code) if together else None
    if together and standing and rank:
        number = len(together.audits)
        said += [against_average(standing, together.funnel.target, number), rank_sentence(rank, number)]
    if audit.results_of == "publisher":
        said.append(f"Source: {audit.source.publisher}, {audit.source.address}")
    return " ".join(said)


def _changed(release: Release, audit: AuditResults, figure: Figure) -> list[str]:
    earlier = release.audits_of(audit.force)[:-1]
    before = earlier[-1].figure("recorded", *ALL_CRIMES) if earlier else None
    return [change_sentence(compared(earlier[-1], before, audit, figure))] if before else []


def _latest(release: Release) -> list[AuditResults]:
    return [audit for audit in release.latest() if audit.force.is_territorial]


def _row(release: Release, audit: AuditResults, together: Compared | None) -> list[object]:
    figure = audit.figure("recorded", *ALL_CRIMES) or Figure("recorded", *ALL_CRIMES, marker="x")
    rank = together.rank(audit.force.code) if together else None
    missing = f"[{figure.marker or 'x'}]"
    numbers = (figure.numerator, figure.denominator, figure.estimate, figure.lower, figure.upper)
    return [
        audit.force.code,
        audit.force.name,
        audit.id,
        audit.first_day or "",
        audit.last_day or "",
        figure.measure,
        figure.group,
        *(missing if value is None else value for value in numbers),
        figure.confidence or "",
        rank.best if rank else "",
        rank.worst if rank else "",
        paragraph(release, audit, together),
    ]
