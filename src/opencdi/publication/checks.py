"""What is refused before anything is published, each with a sentence that names it."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from opencdi.errors import UserError
from opencdi.publication.figures import AuditResults, Figure, Release


def check(release: Release) -> Release:
    """The release as it is. Raises ``UserError`` for the first thing that may not be published."""
    if not release.audits:
        raise UserError("There is nothing to publish. Give the folder of an audit, or --published FILE.csv.")
    _refuse_twice(release)
    for force in release.forces:
        _refuse_overlap(release.audits_of(force))
    for audit in release.audits:
        _refuse_unfounded(audit)
    _refuse_mixed_editions(release)
    return release


def _refuse_twice(release: Release) -> None:
    twice = [audit for audit, times in Counter(each.id for each in release.audits).items() if times > 1]
    if twice:
        audit = next(each for each in release.audits if each.id == twice[0])
        raise UserError(
            f"{audit.force.name} is given twice for one audit ({audit.id}). Give each audit once."
        )


def _refuse_overlap(audits: tuple[AuditResults, ...]) -> None:
    for results_of in ("audit", "publisher"):
        dated = [
            each for each in audits if each.results_of == results_of and each.first_day and each.last_day
        ]
        for earlier, later in pairwise(dated):
            assert earlier.last_day and later.first_day
            if later.first_day <= earlier.last_day:
                raise UserError(
                    f"Two audits of {later.force.name} overlap: {earlier.id} runs to {earlier.last_day} and "
                    f"{later.id} starts on {later.first_day}. A report may stand in one audit only; leave "
                    "one out."
                )


def _refuse_unfounded(audit: AuditResults) -> None:
    for figure in audit.figures:
        where = f"{audit.force.name}, {audit.id}: {figure.measure} / {figure.group}"
        is_rate = figure.unit == "share" and figure.estimate is not None
        if audit.results_of == "publisher" and not (audit.source.publisher and audit.source.address):
            raise UserError(f"{where} has no source. A published figure needs its publisher and address.")
        if is_rate and audit.results_of == "audit" and not _basis(audit, figure).denominator:
            raise UserError(
                f"{where} is a rate without a denominator. A rate is published only with the crimes it "
                "is of; estimate the audit again."
            )


def _basis(audit: AuditResults, figure: Figure) -> Figure:
    """The figure itself; a rate corrected for reviewers' mistakes rests on the plain recording rate."""
    corrected = figure.measure.startswith("recorded_corrected_by_")
    return (audit.figure("recorded") or figure) if corrected else figure


def _refuse_mixed_editions(release: Release) -> None:
    compared = [each for each in release.latest() if each.results_of == "audit" and each.force.is_territorial]
    editions: dict[str, AuditResults] = {}
    for audit in compared:
        editions.setdefault(audit.edition, audit)
    if len(editions) > 1 and not release.mixed_editions:
        (first, one), (second, other) = sorted(editions.items())[:2]
        raise UserError(
            f"{one.force.name} was audited under edition {first} and {other.force.name} under {second}: "
            "what must be recorded differs, so their rates may not stand in one comparison. Publish them "
            "apart, or give `mixed_editions` in the release's settings with the reason readers will see."
        )
