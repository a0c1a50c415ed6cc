"""What changed since the last release: the corrections with their reasons, and every figure that differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from opencdi.publication.figures import AuditResults, Figure, Release

FIELDS = ("numerator", "denominator", "estimate", "lower", "upper")


@dataclass(frozen=True)
class Changed:
    """One figure that stood in both releases and differs; a figure withheld in either has no number there."""

    audit: AuditResults
    before: Figure
    now: Figure


def changed(release: Release, before: Release) -> Iterator[Changed]:
    """Figures of audits in both releases whose counts, rate or limits differ, in the order of the release."""
    earlier = {(audit.id, figure.key): figure for audit, figure in before.each_figure()}
    for audit, figure in release.each_figure():
        old = earlier.get((audit.id, figure.key))
        if old is not None and any(getattr(old, name) != getattr(figure, name) for name in FIELDS):
            yield Changed(audit, old, figure)


def changelog(release: Release, before: Release | None) -> str:
    """The changelog as text, in Markdown."""
    lines = [f"# Changes in release {release.number}", ""]
    if before is None:
        lines += ["This is the first release with these tables.", ""]
    else:
        lines += [*_compared(release, before), ""]
    lines += ["## Corrections", ""]
    lines += [f"- {each.on.isoformat()}: {each.what} Why: {each.why}" for each in release.corrections] or [
        "None."
    ]
    return "\n".join(lines) + "\n"


def _compared(release: Release, before: Release) -> Iterator[str]:
    old = {audit.id for audit in before.audits}
    new = {audit.id for audit in release.audits}
    differing = list(changed(release, before))
    yield f"Compared with release {before.number}:"
    yield ""
    yield f"- audits added: {len(new - old)}; no longer in it: {len(old - new)}"
    yield f"- figures that differ: {len(differing)}"
    yield from (
        f"  - {each.audit.force.name}, {each.audit.id}: {each.now.measure} / {each.now.group}: "
        f"{_told(each.before)} is now {_told(each.now)}"
        for each in differing
    )


def _told(figure: Figure) -> str:
    if figure.estimate is None:
        return f"[{figure.marker or 'x'}]"
    rate = f"{100 * figure.estimate:.1f}%" if figure.unit == "share" else f"{figure.estimate:,.0f}"
    if figure.numerator is None or figure.denominator is None:
        return rate
    return f"{rate} ({figure.numerator:,} of {figure.denominator:,})"
