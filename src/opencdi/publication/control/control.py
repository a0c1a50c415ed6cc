"""Disclosure control of a whole release: what goes out, and what the two who sign it off must know."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Literal

import numpy as np

from opencdi.estimation.measures import RECORDING_RATE
from opencdi.publication.control import shown
from opencdi.publication.control.attack import ranges
from opencdi.publication.control.cells import (
    CAUSES,
    ERRORS,
    NOT_AUDITED,
    OF_VERDICTS,
    PARTS,
    AuditCounts,
    Cell,
)
from opencdi.publication.control.counts import Ints
from opencdi.publication.control.differencing import earlier, small_changes, with_earlier
from opencdi.publication.control.pooling import WithheldCount, safely_pooled
from opencdi.publication.control.primary import Small, small_counts
from opencdi.publication.control.protection import Plan, Protection, protect
from opencdi.publication.control.rules import Rules, read_rules
from opencdi.publication.figures import AuditResults, Count, Figure, Release

Kind = Literal["primary", "complementary", "derived"]

YEARLY = "unrecorded_in_a_year"
CORRECTED = "recorded_corrected_by_"

FEW = 24
"""Audits up to which starting more processes would cost more than it saves."""


@dataclass(frozen=True)
class Withheld:
    """One figure or count that is not shown, for the person who signs off; never published.

    ``yes`` of ``read`` are the true counts where it has any; ``protects`` names what a complementary
    suppression is for, and ``can_be`` between which counts an attacker can place the small one.
    """

    audit: str
    measure: str
    dimension: str
    group: str
    kind: Kind
    reason: str
    protects: str = ""
    yes: int | None = None
    read: int | None = None


@dataclass(frozen=True)
class Controlled:
    """A release that may be published, with what was withheld and which rules did it.

    ``exposed`` names small counts that no withholding protects, because an earlier release gave them away.
    """

    release: Release
    withheld: tuple[Withheld, ...]
    exposed: tuple[str, ...]
    rules: Rules


def control(
    release: Release,
    before: Sequence[Release] = (),
    rules: Rules | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Controlled:
    """The release after disclosure control. Results that others published are public and stay as they are.

    ``before`` are earlier releases as published, the oldest first.
    """
    applied = rules or read_rules()
    published = [audit for each in before for audit in each.audits]
    own = [audit for audit in release.audits if audit.results_of == "audit"]
    found: dict[str, ControlledAudit] = {}
    for each in _controlled(own, published, applied):
        progress(each.audit.id)
        found[each.audit.id] = each
    audits = tuple(found[each.id].audit if each.id in found else each for each in release.audits)
    pooled = tuple(safely_pooled(release, _hidden_counts(found.values()), applied))
    return Controlled(
        replace(release, audits=audits, pooled=pooled),
        tuple(line for each in found.values() for line in each.withheld),
        tuple(line for each in found.values() for line in each.exposed),
        applied,
    )


def _controlled(
    audits: Sequence[AuditResults], published: Sequence[AuditResults], rules: Rules
) -> Iterator[ControlledAudit]:
    """Each audit after control, in order; many are shared among all cores."""
    before = [[each for each in published if each.force == audit.force] for audit in audits]
    if len(audits) <= FEW:
        yield from map(control_audit, audits, before, repeat(rules))
        return
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(control_audit, audits, before, repeat(rules), chunksize=8)


def _hidden_counts(audits: Iterable[ControlledAudit]) -> dict[tuple[str, Cell], WithheldCount]:
    return {
        (each.audit.id, each.counts.cells[place]): WithheldCount(
            int(each.counts.counts.values[place]),
            each.small[place].need if place in each.small else None,
        )
        for each in audits
        for place in each.hidden
    }


@dataclass(frozen=True)
class ControlledAudit:
    """One audit after control, with the counts and the hidden cells that the attack is tried on."""

    audit: AuditResults
    withheld: tuple[Withheld, ...]
    exposed: tuple[str, ...]
    counts: AuditCounts
    hidden: frozenset[int]
    small: Mapping[int, Small]


def control_audit(audit: AuditResults, published: Sequence[AuditResults], rules: Rules) -> ControlledAudit:
    """One audit after disclosure control."""
    wanted = replace(
        audit,
        figures=tuple(each for each in audit.figures if _is_published(each, rules)),
    )
    lying_beside = earlier(audit, published)
    counts, known = with_earlier(wanted, lying_beside)
    small = {**small_changes(wanted, counts, lying_beside, rules), **small_counts(counts, rules)}
    protection = protect(
        counts.counts, {cell: each.need for cell, each in small.items()}, _plan(counts, known, rules)
    )
    hidden = {counts.cells[place] for place in protection.hidden} - {
        counts.cells[place] for place in counts.never_shown
    }
    withheld = tuple(_withheld(wanted, counts, small, protection))
    return ControlledAudit(
        _after(wanted, hidden, rules),
        withheld,
        tuple(f"{audit.id}: {_named(counts.cells[place])}" for place in protection.unprotected),
        counts,
        (frozenset(protection.hidden) | counts.never_shown) - known,
        small,
    )


def recoverable(found: ControlledAudit) -> tuple[str, ...]:
    """The attack on one audit after control: small counts that can be told to be small. Must be empty."""
    wanted = found.small.keys() & found.hidden
    known = ranges(found.counts.counts, found.hidden, wanted)
    return tuple(
        _named(found.counts.cells[place])
        for place in sorted(wanted)
        if not known[place].covers(found.small[place].need.low, found.small[place].need.high)
    )


def _is_published(figure: Figure, rules: Rules) -> bool:
    measure = RECORDING_RATE.name if _basis(figure) else figure.measure
    return rules.publishes(measure, figure.dimension, figure.group)


def _basis(figure: Figure) -> bool:
    """Worked out from the recording rate of the same group, so that it gives that away."""
    return figure.measure == YEARLY or figure.measure.startswith(CORRECTED)


def _plan(counts: AuditCounts, known: frozenset[int], rules: Rules) -> Plan:
    cost = np.array([rules.cost_of(cell.measure, cell.dimension) for cell in counts.cells])
    cost[list(counts.never_shown)] = 0
    cost[list(known - counts.never_shown)] = np.inf
    everything = np.arange(len(counts.cells), dtype=np.int64)

    def together(place: int) -> Iterator[int]:
        cell = counts.cells[place]
        if cell.is_of_a_figure:
            yield from (
                found for part in PARTS if (found := counts.place.get(Cell(*cell.key, part))) is not None
            )

    def near(_: int) -> Iterator[Ints]:
        yield everything

    return Plan(cost, together, near)


def _after(audit: AuditResults, hidden: set[Cell], rules: Rules) -> AuditResults:
    keys = {cell.key for cell in hidden if cell.is_of_a_figure}

    def is_hidden(figure: Figure) -> bool:
        return figure.key in keys or (
            _basis(figure) and (RECORDING_RATE.name, figure.dimension, figure.group) in keys
        )

    def after(name: str, each: Count) -> Count:
        return Count(each.kind, None, "c") if Cell(name, "kind", each.kind) in hidden else each

    return replace(
        audit,
        figures=tuple(
            shown.withheld(each) if is_hidden(each) else shown.rounded(each, rules) for each in audit.figures
        ),
        errors=tuple(after(ERRORS, each) for each in audit.errors),
        causes=tuple(after(CAUSES, each) for each in audit.causes),
        not_audited=tuple(after(NOT_AUDITED, each) for each in audit.not_audited),
    )


def _withheld(
    audit: AuditResults, counts: AuditCounts, small: Mapping[int, Small], protection: Protection
) -> Iterator[Withheld]:
    """One line a figure or count, in the order of the audit's cells."""
    told: set[tuple[str, str, str]] = set()
    reasons: dict[tuple[str, str, str], str] = {}
    for place, each in small.items():
        reasons.setdefault(counts.cells[place].key, each.reason)
    for place in sorted(protection.hidden):
        cell = counts.cells[place]
        if cell.key in told or place in counts.never_shown:
            continue
        told.add(cell.key)
        for_whom = counts.cells[protection.hidden[place]]
        primary = cell.key in reasons
        figure = audit.figure(*cell.key)
        yield Withheld(
            audit.id,
            *cell.key,
            kind="primary" if primary else "complementary",
            reason=reasons[cell.key] if primary else "a small count could be worked out from it",
            protects="" if primary else _named(for_whom),
            yes=figure.numerator if figure else counts.value(cell),
            read=figure.denominator if figure else None,
        )
        if cell.measure == RECORDING_RATE.name:
            yield from _derived(audit, cell)


def _derived(audit: AuditResults, cell: Cell) -> Iterator[Withheld]:
    for figure in audit.figures:
        if _basis(figure) and (figure.dimension, figure.group) == (cell.dimension, cell.group):
            reason = "it gives the recording rate of the group away"
            yield Withheld(audit.id, *figure.key, kind="derived", reason=reason, protects=_named(cell))


def _named(cell: Cell) -> str:
    if cell.measure in OF_VERDICTS:
        return f"{cell.measure} / {cell.group} ({cell.part})"
    return f"{cell.measure} / {cell.group}"
