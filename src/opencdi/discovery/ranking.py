"""The order in which reading pays, as the engine holds it: ten million incidents are never a list.

Likely before unlikely, and among equals the gravest harm first: by band of probability, then harm group in
the user's order, then probability, seriousness and number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from opencdi import schema
from opencdi.discovery.chosen import chosen
from opencdi.discovery.leads import Placed, Standing, lead_of
from opencdi.discovery.verdicts import Verdicts, word_of
from opencdi.engine import Engine, Relation, Step, batch_of
from opencdi.schema import Column, Table

BANDS = (0.5, 0.2, 0.05)
"""Probability bands: within one, the harm groups go in the user's order, then probability."""

_MARKS = Table(
    "lead_marks",
    "one incident of which something is known beside its score",
    ("incident_id",),
    (
        Column("incident_id", "text", "The incident"),
        Column("batch", "integer", "Worklist it was written to"),
        Column("control", "boolean", "In the random control sample"),
        Column("verdict", "text", "Verdict of the reader"),
    ),
)
_OF_A_LEAD = "s.incident_id, s.seriousness, s.missing, s.harm_group, s.telling_words, s.why"


@dataclass(frozen=True)
class Ranking:
    """Places from 1 to ``incidents``, one each; made by ``ranked``."""

    scores: Relation
    incidents: int
    expected: float
    """Sum of all probabilities."""

    @property
    def engine(self) -> Engine:
        return self.scores.engine

    def ids(self, without: Iterable[str]) -> Iterator[str]:
        """The numbers of all incidents but a few, in no order."""
        passed = chosen(self.engine, without)
        for batch in self.engine.batches(f"select p.incident_id from {_all_but(passed)}"):
            yield from batch.column("incident_id").to_pylist()

    def top(self, without: Iterable[str], most: int) -> list[Placed]:
        """The first leads of those that are not passed over, in order."""
        first = f"select p.* from {_all_but(chosen(self.engine, without))} order by p.place limit {most}"
        return self._placed(f"({first})")

    def of(self, incidents: Iterable[str]) -> list[Placed]:
        """The leads of a few incidents, in order."""
        few = chosen(self.engine, incidents)
        return self._placed(
            f"(select p.* from discovery_places p join {few.name} c on c.incident_id = p.incident_id)"
        )

    def standing(self, control: Set[str], verdicts: Verdicts) -> Standing:
        """What progress down the ranking asks of it."""
        known = self.of(control | verdicts.keys())
        return Standing(
            self.incidents,
            self.expected - sum(lead.probability for _, lead in known if lead.incident_id in verdicts),
            _without_a_gap(place for place, _ in known),
            {lead.incident_id: (place, lead) for place, lead in known},
        )

    def leads(self, control: Set[str], verdicts: Verdicts, handed: Mapping[str, int]) -> Relation:
        """The table ``leads``. ``handed`` gives the worklist an incident stands on."""
        marks = self.engine.from_batches(_MARKS, [batch_of(_MARKS, _marks(control, verdicts, handed))])
        columns = ("incident_id", "seriousness", "harm_group", "why")
        self.engine.run(
            [
                Step(
                    "discovery_ranked",
                    f"select p.place as rank, {', '.join(f's.{name}' for name in columns)},"
                    " s.missing as probability, m.batch, coalesce(m.control, false) as control, m.verdict"
                    f" from discovery_places p join {self.scores.name} s on s.incident_id = p.incident_id"
                    f" left join {marks.name} m on m.incident_id = p.incident_id",
                )
            ]
        )
        return self.engine.relation(schema.LEADS, "discovery_ranked")

    def _placed(self, places: str) -> list[Placed]:
        rows = self.engine.rows(
            f"select p.place, {_OF_A_LEAD} from {places} p"
            f" join {self.scores.name} s on s.incident_id = p.incident_id order by p.place"
        )
        return [(int(row["place"]), lead_of(row)) for row in rows]


def ranked(scores: Relation, harm_order: Mapping[str, int]) -> Ranking:
    """All incidents of ``scores`` in reading order."""
    edges = " + ".join(f"case when missing < {edge} then 1 else 0 end" for edge in BANDS)
    groups = " ".join(f"when '{group}' then {place}" for group, place in harm_order.items())
    order = f"{edges}, case harm_group {groups} end, missing desc, seriousness, incident_id"
    scores.engine.run(
        [
            Step(
                "discovery_places",
                f"select incident_id, row_number() over (order by {order}) as place from {scores.name}",
            )
        ]
    )
    total = scores.engine.rows(
        f"select count(*) as incidents, coalesce(sum(missing), 0.0) as expected from {scores.name}"
    )[0]
    return Ranking(scores, int(total["incidents"]), float(total["expected"]))


def _all_but(passed: Relation) -> str:
    return (
        f"(select p.* from discovery_places p left join {passed.name} c on c.incident_id = p.incident_id"
        " where c.incident_id is null) p"
    )


def _without_a_gap(places: Iterable[int]) -> int:
    """How many places from the first on are all among the given ones (in order)."""
    return next((before for before, place in pairwise((0, *places, -1)) if place != before + 1), 0)


def _marks(control: Set[str], verdicts: Verdicts, handed: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "incident_id": incident,
            "batch": handed.get(incident),
            "control": incident in control,
            "verdict": word_of(verdicts[incident]) if incident in verdicts else None,
        }
        for incident in sorted(control | verdicts.keys() | handed.keys())
    ]
