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


def assignment() -> list[Step]:
    """Steps that end in ``compared_assigned``: incident, required crime, crime and round."""
    steps = [
        Step(
            "compared_contested",
            """
            select * from compared_required
            where incident_id in (select incident_id from compared_pool)
            """,
        )
    ]
    for number, each in enumerate(ROUNDS):
        steps.append(_round(each, ROUNDS[:number]))
    steps.append(Step("compared_assigned", _union(ROUNDS)))
    return steps


def _round(each: Round, before: tuple[Round, ...]) -> Step:
    return Step(
        f"compared_round_{each.name}",
        f"""
        with before as ({_union(before)}),
        asks as (
            select r.incident_id, r.required_no, r.{each.shared} as shared,
                   row_number() over (
                       partition by r.incident_id, r.{each.shared}
                       order by case when r.certainty = 'required' then 0 else 1 end,
                                r.seriousness, r.victim_no, r.required_no) as place
            from compared_contested as r
            left join before as b on b.incident_id = r.incident_id and b.required_no = r.required_no
            where b.required_no is null
        ),
        answers as (
            select p.incident_id, p.crime_id, p.{each.shared} as shared,
                   row_number() over (
                       partition by p.incident_id, p.{each.shared}
                       order by p.preference, p.recorded_at, p.crime_id) as place
            from compared_pool as p
            left join before as b on b.incident_id = p.incident_id and b.crime_id = p.crime_id
            where b.crime_id is null and p.standing = '{each.standing}'
              and p.preference <= {each.furthest_preference}
        )
        select a.incident_id, a.required_no, w.crime_id, '{each.name}' as round
        from asks as a
        join answers as w
          on w.incident_id = a.incident_id and w.shared = a.shared and w.place = a.place
        """,
    )


def _union(rounds: tuple[Round, ...]) -> str:
    if not rounds:
        return (
            "select incident_id, required_no, cast(null as string) as crime_id, "
            "'none' as round from compared_contested where false"
        )
    return " union all ".join(f"select * from compared_round_{each.name}" for each in rounds)
