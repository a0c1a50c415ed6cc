"""Primary suppression: counts too small to be shown by themselves, and how unsure each must stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from opencdi.publication.control.cells import ERRORS, AuditCounts, Cell
from opencdi.publication.control.protection import Need
from opencdi.publication.control.rules import ClassOfCounts, Rules


@dataclass(frozen=True)
class Small:
    """Why a count is not shown, and what an attacker must not be able to rule out."""

    need: Need
    reason: str


def class_of(cell: Cell, rules: Rules) -> ClassOfCounts:
    if cell.measure == ERRORS:
        return rules.class_of_error(cell.group)
    return rules.class_of(cell.measure, cell.group)


def small_counts(audit: AuditCounts, rules: Rules) -> Mapping[int, Small]:
    """Every small count by its place: of few crimes read, or a few crimes on either side of a rate."""
    found: dict[int, Small] = {}
    for place, cell in enumerate(audit.cells):
        least = _least(cell, rules)
        if 0 < audit.counts.values[place] < least:
            what = "crimes read" if cell.part == "read" else "a count"
            found[place] = Small(
                Need(1, least), f"{what} below {least} ({class_of(cell, rules).name.lower()})"
            )
    return found


def _least(cell: Cell, rules: Rules) -> int:
    counts = class_of(cell, rules)
    return counts.least_read if cell.part == "read" else counts.least_count
