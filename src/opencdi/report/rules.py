"""What a rule that was applied says, and where it stands, on the day of the report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from opencdi.counting import rulebook


@dataclass(frozen=True)
class AppliedRule:
    """One rule: its id, its statement in force that day, its source and how much a person must judge."""

    rule_id: str
    statement: str
    source: str
    verified: bool
    judgement: str


def applied(rule_ids: Iterable[str], day: date) -> list[AppliedRule]:
    """The rules in the order given, as they stood on a day. Raises ``UserError`` for an unknown id."""
    book = rulebook.load()
    found = []
    for rule_id in rule_ids:
        rule = book[rule_id]
        version = rule.on(day) or rule.version[-1]
        found.append(
            AppliedRule(
                rule_id,
                version.statement,
                f"{version.cite.document}, page {version.cite.page}",
                version.verified_on(day),
                rule.judgement,
            )
        )
    return found
