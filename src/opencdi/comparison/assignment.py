"""Which recorded crime answers which required crime, within one incident.

Classes nest in families, families in subgroups, subgroups in groups. Pairing first within the same class,
then within the same family, and so on outwards, therefore gives as many pairs of one class as any
assignment can, then as many of one family, and so on (a greedy choice is best on a nested family of sets; a
test holds this against exhaustive search).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa

from opencdi.engine import Engine, Step
from opencdi.schema import Column, Table


@dataclass(frozen=True)
class Round:
    """One round of pairing: which records take part and what the two sides must share."""

    name: str
    standing: str
    shared: str
    furthest_preference: int


_LINKED, _WEAK, _QUOTED = 2, 3, 4

ROUNDS: tuple[Round, ...] = (
    Round("class", "live", "answer_class", _LINKED),
    Round("n100", "n100", "answer_class", _LINKED),
    Round("family", "live", "family", _LINKED),
    Round("cancelled_class", "dead", "family", _LINKED),
    Round("subgroup", "live", "offence_subgroup", _LINKED),
    Round("rape_as_n100", "n100", "offence_subgroup", _LINKED),
    Round("cancelled_subgroup", "dead", "offence_subgroup", _LINKED),
    Round("group", "live", "offence_group", _LINKED),
    Round("quoted", "live", "offence_subgroup", _QUOTED),
    Round("quoted_group", "live", "offence_group", _QUOTED),
    Round("any", "live", "incident_id", _LINKED),
    Round("n100_group", "n100", "offence_group", _LINKED),
    Round("cancelled_any", "dead", "incident_id", _LINKED),
    Round("n100_any", "n100", "incident_id", _LINKED),
    Round("weak", "live", "offence_subgroup", _WEAK),
)
"""The rounds, in order. A record whose link is weak answers only after all that are surer."""


SAME_FAMILY = tuple(each.name for each in ROUNDS if each.shared in ("answer_class", "family"))
"""The rounds whose pairs are of one family of offence."""


_PAIRS = Table(
    "compared_contested",
    "one required crime with the record that answers it",
    ("incident_id", "required_no"),
    (
        Column("incident_id", "text", "The incident"),
        Column("required_no", "integer", "The required crime"),
        Column("crime_id", "text", "The record"),
        Column("probability", "number", "That the record is of the incident"),
        Column("round", "integer", "Place of the round that pairs them"),
    ),
)


def assign(engine: Engine) -> None:
    """``compared_assigned``: incident, required crime, crime, probability and round."""
    engine.run([_paired()])
    contested = engine.from_batches(_PAIRS, answers(engine.batches(_contested())))
    names = " ".join(f"when {place} then '{each.name}'" for place, each in enumerate(ROUNDS))
    pairs = "select incident_id, required_no, crime_id, probability, round from"
    engine.run(
        [
            Step(
                "compared_assigned",
                f"""
                select incident_id, required_no, crime_id, probability, case round {names} end as round
                from ({pairs} compared_paired where pairs = 1 and round is not null
                      union all {pairs} {contested.name}) as paired
                """,
            )
        ]
    )


def _paired() -> Step:
    """Incidents that have both required crimes and records, with the number of pairs. Of one required crime
    and one record, as most have: the round in which the record answers, null where in none."""
    return Step(
        "compared_paired",
        f"""
        select incident_id, min(required_no) as required_no, min(crime_id) as crime_id,
               min(probability) as probability, min(round) as round, count(*) as pairs
        from (
            select r.incident_id, r.required_no, p.crime_id, p.probability, {_first_round()} as round
            from compared_required as r join compared_pool as p on p.incident_id = r.incident_id
        ) as every_pair
        group by incident_id
        """,
    )


def _contested() -> str:
    """SQL for the pairs of incidents that have several, those to be made first coming first: by the round,
    then the required crime that is surer and graver, then the record that is surer and older."""
    return f"""
        select incident_id, required_no, crime_id, probability, round
        from (
            select r.incident_id, r.required_no, p.crime_id, p.probability, {_first_round()} as round,
                   case when r.certainty = 'required' then 0 else 1 end as doubt,
                   r.seriousness, r.victim_no, p.preference, p.recorded_at
            from compared_required as r join compared_pool as p on p.incident_id = r.incident_id
            where r.incident_id in (select incident_id from compared_paired where pairs > 1)
        ) as every_pair
        where round is not null
        order by incident_id, round, doubt, seriousness, victim_no, required_no,
                 preference, recorded_at, crime_id"""


def _first_round() -> str:
    """SQL for the place of the first round in which the record ``p`` may answer the required crime ``r``."""
    rounds = " ".join(
        f"when p.standing = '{each.standing}' and p.preference <= {each.furthest_preference} "
        f"and p.{each.shared} = r.{each.shared} then {place}"
        for place, each in enumerate(ROUNDS)
    )
    return f"case {rounds} end"


def answers(pairs: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Those of some pairs (incident, required crime, record) that are made: each incident's in their order,
    unless the required crime has an answer or the record is one.

    A pair that its first round does not make is made in none: that round ends when all the required crimes
    that share a class (or what it asks for) are answered, or no record that does is left.
    """
    incident, answered, answering = None, set[int](), set[str]()
    for batch in pairs:
        made = []
        numbers, required, crimes = (batch.column(place).to_pylist() for place in range(3))
        for place, (incident_id, required_no, crime_id) in enumerate(
            zip(numbers, required, crimes, strict=True)
        ):
            if incident_id != incident:
                incident, answered, answering = incident_id, set(), set()
            if required_no not in answered and crime_id not in answering:
                answered.add(required_no)
                answering.add(crime_id)
                made.append(place)
        yield batch.take(pa.array(made, pa.int64()))
