"""Which recorded crime answers which required crime, within one incident.

Classes nest in families, families in subgroups, subgroups in groups. Pairing rank by rank within the
same class, then within the same family, and so on outwards, therefore gives as many pairs of one class
as any assignment can, then as many of one family, and so on (a greedy choice is best on a nested
family of sets; a test holds this against exhaustive search).
"""

from __future__ import annotations

from dataclasses import dataclass

from opencdi.engine import Step


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


def assignment() -> list[Step]:
    """Steps that end in ``compared_assigned``: incident, required crime, crime, probability and round."""
    rounds = []
    pairs = "select incident_id, required_no, crime_id, probability, round from compared_paired"
    before = f"({pairs} where false)"
    for each in ROUNDS:
        rounds.append(_round(each, before))
        before = rounds[-1].name
    return [
        _paired(),
        *_contested(),
        *rounds,
        Step(
            "compared_assigned",
            f"{pairs} where pairs = 1 and round is not null union all select * from {before}",
        ),
    ]


def _paired() -> Step:
    """Incidents that have both required crimes and records, with the number of pairs. Of one required crime
    and one record, as most have: the first round in which the record may answer, null where none, without any
    ranking."""
    rounds = " ".join(
        f"when p.standing = '{each.standing}' and p.preference <= {each.furthest_preference} "
        f"and p.{each.shared} = r.{each.shared} then '{each.name}'"
        for each in ROUNDS
    )
    return Step(
        "compared_paired",
        f"""
        select incident_id, min(required_no) as required_no, min(crime_id) as crime_id,
               min(probability) as probability, min(round) as round, count(*) as pairs
        from (
            select r.incident_id, r.required_no, p.crime_id, p.probability, case {rounds} end as round
            from compared_required as r join compared_pool as p on p.incident_id = r.incident_id
        ) as every_pair
        group by incident_id
        """,
    )


def _contested() -> list[Step]:
    """The required crimes and the records of the incidents of several pairs."""
    shared = ", ".join(sorted({each.shared for each in ROUNDS} - {"incident_id"}))
    contested = "incident_id in (select incident_id from compared_paired where pairs > 1)"
    return [
        Step(
            "compared_asking",
            f"""
            select incident_id, required_no, certainty, seriousness, victim_no, {shared}
            from compared_required where {contested}
            """,
        ),
        Step(
            "compared_contesting",
            f"""
            select incident_id, crime_id, probability, standing, preference, recorded_at, {shared}
            from compared_pool where {contested}
            """,
        ),
    ]


def _round(each: Round, before: str) -> Step:
    """All pairs of the rounds before and of this one."""
    return Step(
        f"compared_round_{each.name}",
        f"""
        with asks as (
            select r.incident_id, r.required_no, r.{each.shared} as shared,
                   row_number() over (
                       partition by r.incident_id, r.{each.shared}
                       order by case when r.certainty = 'required' then 0 else 1 end,
                                r.seriousness, r.victim_no, r.required_no) as place
            from compared_asking as r
            left join {before} as b on b.incident_id = r.incident_id and b.required_no = r.required_no
            where b.required_no is null
        ),
        answers as (
            select p.incident_id, p.crime_id, p.probability, p.{each.shared} as shared,
                   row_number() over (
                       partition by p.incident_id, p.{each.shared}
                       order by p.preference, p.recorded_at, p.crime_id) as place
            from compared_contesting as p
            left join {before} as b on b.incident_id = p.incident_id and b.crime_id = p.crime_id
            where b.crime_id is null and p.standing = '{each.standing}'
              and p.preference <= {each.furthest_preference}
        )
        select * from {before} as b
        union all
        select a.incident_id, a.required_no, w.crime_id, w.probability, '{each.name}' as round
        from asks as a
        join answers as w
          on w.incident_id = a.incident_id and w.shared = a.shared and w.place = a.place
        """,
    )
