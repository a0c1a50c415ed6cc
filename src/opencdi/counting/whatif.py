"""What if: how many crimes the same incidents require under two editions of the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from opencdi.counting.batch import count
from opencdi.counting.batch_facts import PREFIX
from opencdi.counting.editions import edition
from opencdi.engine import Engine, Relation, Step

DIFFERENCES = f"{PREFIX}differences"


@dataclass(frozen=True)
class ClassDifference:
    """One class of required crimes: how many under each edition, and in how many incidents they differ."""

    class_code: str
    older: int
    newer: int
    incidents: int


@dataclass(frozen=True)
class IncidentDifference:
    """One incident that requires another number of crimes of a class."""

    incident_id: str
    class_code: str
    older: int
    newer: int
    rules: tuple[str, ...]
    """Rules that led to the crimes under the edition that requires more of them."""


@dataclass(frozen=True)
class Comparison:
    """The whole of it. ``incidents`` reads the incidents behind the differences from the engine."""

    engine: Engine
    older: str
    newer: str
    totals: tuple[int, int]
    classes: tuple[ClassDifference, ...]

    def incidents(self, most: int | None = None) -> Iterator[IncidentDifference]:
        """Incidents whose required crimes differ, in order; at most so many."""
        limit = "" if most is None else f" limit {most}"
        sql = f"select * from {DIFFERENCES} where older <> newer order by incident_id, class_code{limit}"
        for batch in self.engine.batches(sql):
            for row in batch.to_pylist():
                yield IncidentDifference(
                    row["incident_id"],
                    row["class_code"],
                    int(row["older"]),
                    int(row["newer"]),
                    tuple(rule for rule in row["rules"].split(",") if rule),
                )


def compare(disclosed: Relation, incidents: Relation, older: str, newer: str) -> Comparison:
    """Count the same disclosed offences under two editions and set the required crimes side by side.

    Raises ``UserError`` for an edition that does not exist.
    """
    edition(older)
    edition(newer)
    engine = disclosed.engine
    first = count(disclosed, incidents, older, "_older").required_crimes
    second = count(disclosed, incidents, newer, "_newer").required_crimes
    engine.run([Step(DIFFERENCES, _differences(first, second))])
    classes = tuple(
        ClassDifference(row["class_code"], int(row["older"]), int(row["newer"]), int(row["incidents"]))
        for row in engine.rows(
            "select class_code, sum(older) as older, sum(newer) as newer, "
            "sum(case when older <> newer then 1 else 0 end) as incidents "
            f"from {DIFFERENCES} group by class_code order by class_code"
        )
    )
    totals = (sum(one.older for one in classes), sum(one.newer for one in classes))
    return Comparison(engine, older, newer, totals, classes)


def _differences(first: Relation, second: Relation) -> str:
    """Each incident and class with the crimes either edition requires, those that cannot be told left out."""

    def counted(relation: Relation) -> str:
        rules = relation.engine.dialect.joined("rules", ",")
        return (
            f"select incident_id, class_code, count(*) as crimes, min({rules}) as rules "
            f"from {relation.name} where record_as = 'crime' and certainty = 'required' "
            "group by incident_id, class_code"
        )

    return (
        "select coalesce(a.incident_id, b.incident_id) as incident_id, "
        "coalesce(a.class_code, b.class_code) as class_code, "
        "coalesce(a.crimes, 0) as older, coalesce(b.crimes, 0) as newer, "
        "case when coalesce(a.crimes, 0) > coalesce(b.crimes, 0) then a.rules "
        "else coalesce(b.rules, a.rules) end as rules "
        f"from ({counted(first)}) a full outer join ({counted(second)}) b "
        "on a.incident_id = b.incident_id and a.class_code = b.class_code"
    )
