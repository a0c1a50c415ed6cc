"""Earlier releases: what they gave away, and what a change between two releases would.

Whoever attacks keeps every release. They take a figure that is the same in both to be about the same crimes,
and what was withheld in the earlier one not to have changed since: with that they may subtract one release
from the other, under another grouping or over a period that overlaps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from opencdi.publication.control.cells import PARTS, AuditCounts, Cell, audit_counts, is_counted
from opencdi.publication.control.counts import Counts, Relation
from opencdi.publication.control.primary import Small, class_of
from opencdi.publication.control.protection import Need
from opencdi.publication.control.rules import Rules
from opencdi.publication.figures import AuditResults, Figure, Key


@dataclass(frozen=True)
class Earlier:
    """What earlier releases showed of an audit's crimes: the audit itself, and others of overlapping days."""

    same: tuple[AuditResults, ...] = ()
    overlapping: tuple[AuditResults, ...] = ()


def earlier(audit: AuditResults, before: Sequence[AuditResults]) -> Earlier:
    """The audits of earlier releases that an attacker would lay beside this one."""
    mine = [each for each in before if each.force == audit.force and each.results_of == audit.results_of]
    same = tuple(each for each in mine if each.id == audit.id)
    return Earlier(same, tuple(each for each in mine if each.id != audit.id and _overlap(each, audit)))


def _overlap(one: AuditResults, other: AuditResults) -> bool:
    days = (one.first_day, one.last_day, other.first_day, other.last_day)
    if None in days:
        return False
    return bool(one.first_day <= other.last_day and other.first_day <= one.last_day)  # type: ignore[operator]


def with_earlier(audit: AuditResults, found: Earlier) -> tuple[AuditCounts, frozenset[int]]:
    """The audit's counts with the groups that only an earlier release showed, and the cells known from it."""
    shown = _shown(found.same)
    gone = [figure for key, figure in shown.items() if audit.figure(*key) is None]
    counts = audit_counts(replace(audit, figures=(*audit.figures, *gone)))
    known = frozenset(
        counts.place[cell]
        for key, figure in shown.items()
        for cell, value in _cells(key, figure)
        if counts.place.get(cell) is not None and counts.value(cell) == value
    )
    return replace(counts, counts=_with_old_sums(counts, known, bool(shown))), known


def _with_old_sums(counts: AuditCounts, known: frozenset[int], published_before: bool) -> Counts:
    """What an earlier release withheld from a sum is known together, by subtraction."""
    if not published_before:
        return counts.counts
    old = [
        Relation.that_holds(counts.counts.values, rest).give_or_take(relation.slack)
        for relation in counts.counts.relations
        if 0 < len(rest := [term for term in relation.terms if term[0] not in known]) < len(relation.terms)
    ]
    return Counts(counts.counts.values, (*counts.counts.relations, *old))


def small_changes(
    audit: AuditResults, counts: AuditCounts, found: Earlier, rules: Rules
) -> Mapping[int, Small]:
    """Counts that differ by a few crimes from what was published, so that the change tells of single cases.

    A change over all crimes tells nothing of whom it is about and is let be.
    """
    small: dict[int, Small] = {}
    for key, cell, value in _published_counts(found):
        place = counts.place.get(cell)
        if place is None or key[1] == "all" or audit.figure(*key) is None:
            continue
        least, now = class_of(cell, rules).least_change, counts.value(cell)
        if 0 < abs(now - value) < least:
            reason = f"differs by fewer than {least} crimes from what was published before"
            small[place] = Small(Need(max(now - least, 0), now + least), reason)
    return small


def _published_counts(found: Earlier) -> Iterator[tuple[Key, Cell, int]]:
    for audits in (found.same, found.overlapping):
        for key, figure in _shown(audits).items():
            for cell, value in _cells(key, figure):
                yield key, cell, value


def _shown(audits: Sequence[AuditResults]) -> dict[Key, Figure]:
    """The last shown figure of every key."""
    return {figure.key: figure for audit in audits for figure in audit.figures if is_counted(figure)}


def _cells(key: Key, figure: Figure) -> Iterator[tuple[Cell, int]]:
    assert figure.numerator is not None and figure.denominator is not None
    counts = (figure.numerator, figure.denominator - figure.numerator, figure.denominator)
    return ((Cell(*key, part), count) for part, count in zip(PARTS, counts, strict=True))
