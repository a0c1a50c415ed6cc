"""A year of reports counted at once, as named SQL steps.

The rules of ``hocr/rules`` and the mechanisms are the same that ``mechanisms.decide`` applies to one
report with its explanation; a test holds the two equal.
"""

from __future__ import annotations

from typing import NamedTuple

from opencdi import schema
from opencdi.counting import batch_offences, batch_records, traits
from opencdi.counting.batch_offences import PREFIX, Asked
from opencdi.counting.conditions import text
from opencdi.counting.editions import EDITIONS, edition
from opencdi.counting.periods import periods
from opencdi.counting.sqltext import london_midnight
from opencdi.engine import Engine, Relation, Step
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
    _refuse_unknown_classes(engine, disclosed)
    if chosen is None:
        _refuse_early_reports(engine, incidents)
    asked = Asked(disclosed.name, incidents.name, periods(chosen), engine.dialect)
    made = [*batch_offences.statements(asked), *batch_records.statements(asked)]
    results = {"required": f"{PREFIX}required{name}", "decisions": f"{PREFIX}decisions{name}"}
    for step, sql in made:
        engine.run([Step(results.get(step, PREFIX + step), sql)])
    engine.drop(PREFIX + step for step, _ in made if step not in results)
    return Counted(
        engine.relation(schema.REQUIRED_CRIMES, results["required"]),
        engine.relation(schema.OFFENCE_DECISIONS, results["decisions"]),
    )


_edition = edition


def _refuse_unknown_classes(engine: Engine, disclosed: Relation) -> None:
    known = ", ".join(sorted({text(found.class_code) for found in traits.table().values()}))
    unknown = engine.rows(
        f"select incident_id, offence_no, class_code from {disclosed.name} "
        f"where class_code not in ({known}) order by incident_id, offence_no limit 1"
    )
    for row in unknown:
        raise UserError(
            f"Disclosed offence {row['offence_no']} of incident {row['incident_id']} has the class "
            f"`{row['class_code']}`, which is not a class of the offence list. See `opencdi rules list`."
        )


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
