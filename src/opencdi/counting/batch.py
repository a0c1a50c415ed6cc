"""A year of reports counted at once, as named SQL steps.

The rules of ``hocr/rules`` and the mechanisms are the same that ``mechanisms.decide`` applies to one
report with its explanation; a test holds the two equal.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from opencdi import schema
from opencdi.counting import batch_offences, batch_records, batch_tables, traits
from opencdi.counting.batch_facts import PREFIX, Asked
from opencdi.counting.conditions import text
from opencdi.counting.editions import EDITIONS, edition
from opencdi.counting.periods import periods
from opencdi.counting.sqltext import london_midnight
from opencdi.engine import Engine, Relation
from opencdi.errors import UserError

BY_DATE = "by-date"
"""The edition in force on the date of each report (Europe/London)."""


class Counted(NamedTuple):
    """What the rules require (``schema.REQUIRED_CRIMES``), and what became of each disclosed offence."""

    required_crimes: Relation
    offence_decisions: Relation


def count(disclosed: Relation, incidents: Relation, edition: str = BY_DATE, name: str = "") -> Counted:
    """The crimes that disclosed offences require, with the rules that led there.

    ``edition`` is ``by-date`` or the name of an edition to apply to every report (what if). ``name``
    marks the results, so that two countings can stand side by side on one engine.
    Raises ``UserError`` for an edition or a class that does not exist, and for a report before the
    first edition known.
    """
    engine = disclosed.engine
    chosen = None if edition == BY_DATE else _edition(edition)
    if chosen is None:
        _refuse_early_reports(engine, incidents)
    classes = _classes(engine, disclosed)
    facts = _facts(engine, disclosed)
    asked = Asked(disclosed.name, incidents.name, periods(chosen), engine.dialect, classes, facts)
    made = [
        *batch_offences.statements(asked),
        *batch_records.statements(asked),
        *batch_tables.statements(asked),
    ]
    results = {"required": f"{PREFIX}required{name}", "decisions": f"{PREFIX}decisions{name}"}
    for step in made:
        engine.run([replace(step, name=results.get(step.name, PREFIX + step.name))])
    engine.drop(PREFIX + step.name for step in made if step.name not in results)
    return Counted(
        engine.relation(schema.REQUIRED_CRIMES, results["required"]),
        engine.relation(schema.OFFENCE_DECISIONS, results["decisions"]),
    )


_edition = edition


def _classes(engine: Engine, disclosed: Relation) -> frozenset[tuple[str, str | None]]:
    """The classes with codes that occur. Raises ``UserError`` for one that is not on the offence list."""
    rows = engine.rows(f"select distinct class_code, subcode from {disclosed.name}")
    found = frozenset((row["class_code"], row["subcode"]) for row in rows)
    known = {class_code for class_code, _ in traits.table()}
    for unknown in sorted({class_code for class_code, _ in found} - known):
        first = engine.rows(
            f"select incident_id, offence_no from {disclosed.name} where class_code = {text(unknown)} "
            "order by incident_id, offence_no limit 1"
        )[0]
        raise UserError(
            f"Disclosed offence {first['offence_no']} of incident {first['incident_id']} has the class "
            f"`{unknown}`, which is not a class of the offence list. See `opencdi rules list`."
        )
    return found


def _facts(engine: Engine, disclosed: Relation) -> frozenset[str]:
    """The facts that offences list, as ``name=value``: most readers of logs list none."""
    each = engine.dialect.unnest("facts")
    rows = engine.rows(
        f"select distinct fact from (select {each} as fact from {disclosed.name} where facts is not null) e"
    )
    return frozenset(row["fact"] for row in rows)


def _refuse_early_reports(engine: Engine, incidents: Relation) -> None:
    first = EDITIONS[0]
    seconds = engine.dialect.epoch_seconds("reported_at")
    early = engine.rows(
        f"select incident_id from {incidents.name} where {seconds} < {london_midnight(first.valid_from)} "
        "order by incident_id limit 1"
    )
    for row in early:
        raise UserError(
            f"Incident {row['incident_id']} was reported before {first.valid_from.isoformat()}, the first "
            "day of the oldest edition known. Leave such reports out, or name an edition to apply to all."
        )
