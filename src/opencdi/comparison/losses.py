"""Where findings of missing crimes go wrong on a made-up force: which room made or lost them.

Each false finding and each missed error is put down to the first reason that holds, in the order in which
data walks through the rooms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from opencdi.engine import Engine, Relation, Step
from opencdi.schema import RECORD_AS, Column, Table

TRUE_REQUIRED = Table(
    "true_required",
    "one record that the rules require of a made-up force",
    ("incident_id", "required_no"),
    (
        Column("incident_id", "text", "The incident; null where there is none"),
        Column("required_no", "integer", "Number within the incident"),
        Column("record_as", "text", "What should be on record", required=True, allowed=RECORD_AS),
        Column("class_code", "text", "Home Office class"),
        Column("crime_id", "text", "The record made; null where there is none"),
    ),
)

FALSE_REASONS = {
    "no_crime_required": ("disclosure, counting", "The report requires no crime."),
    "link_lost": ("linkage", "A crime that came from the report is not linked to it."),
    "too_many_required": ("disclosure, counting", "More crimes are called for than are required."),
    "not_known": ("comparison", "None of these."),
}
MISSED_REASONS = {
    "nothing_disclosed": ("disclosure", "Nothing that the report describes was read as an offence."),
    "not_required": ("disclosure, counting", "Something was read, but no crime is called for."),
    "cannot_tell": ("counting, linkage", "The finding says that it cannot tell."),
    "another_log": ("comparison", "The log was taken for a further report of another log's event."),
    "answered_wrongly": ("linkage", "A crime that did not come from the report was taken for the answer."),
    "too_few_required": ("disclosure, counting", "Fewer crimes are called for than are required."),
    "not_known": ("comparison", "None of these."),
}


@dataclass(frozen=True)
class Loss:
    """So many findings or errors, put down to one reason in one or more rooms."""

    reason: str
    room: str
    sentence: str
    count: int


@dataclass(frozen=True)
class Confusion:
    """A class read for another, in findings of a wrong class whose recorded class is right."""

    read: str
    true: str
    count: int


@dataclass(frozen=True)
class Losses:
    """False findings of missing crimes, missed ones, and the classes read wrongly."""

    false: tuple[Loss, ...]
    missed: tuple[Loss, ...]
    confusions: tuple[Confusion, ...]


def losses(tables: Mapping[str, Relation], truth: Mapping[str, Relation], most: int = 12) -> Losses:
    """Put down what went wrong to rooms.

    ``tables`` holds ``findings``, ``matches``, ``required_crimes``, ``disclosed_offences`` and ``links``;
    ``truth`` holds ``errors``, ``required`` and ``links``. ``most`` confusions are given.
    """
    engine = tables["findings"].engine
    engine.run([_counts(tables, truth), _links_lost(tables, truth), _strangers(tables, truth)])
    return Losses(
        _reasons(engine, "found > wrong", "found - wrong", _FALSE, FALSE_REASONS),
        _reasons(engine, "wrong > found", "wrong - found", _MISSED, MISSED_REASONS),
        _confusions(tables, truth, most),
    )


_FALSE = """
    case when true_required = 0 then 'no_crime_required'
         when links_lost > 0 then 'link_lost'
         when required > true_required then 'too_many_required'
         else 'not_known' end
"""
_MISSED = """
    case when disclosed = 0 then 'nothing_disclosed'
         when required = 0 and doubts = 0 then 'not_required'
         when doubts > 0 then 'cannot_tell'
         when elsewhere > 0 then 'another_log'
         when strangers > 0 then 'answered_wrongly'
         when required < true_required then 'too_few_required'
         else 'not_known' end
"""


def _counts(tables: Mapping[str, Relation], truth: Mapping[str, Relation]) -> Step:
    missing = "kind in ('missing', 'additional_missing')"
    parts = {
        "found": (tables["findings"], missing),
        "wrong": (truth["errors"], missing),
        "doubts": (tables["findings"], "kind = 'cannot_tell'"),
        "required": (tables["required_crimes"], "record_as in ('crime', 'n100')"),
        "true_required": (truth["required"], "record_as in ('crime', 'n100')"),
        "disclosed": (tables["disclosed_offences"], "assertion in ('asserted', 'past')"),
        "elsewhere": (tables["matches"], "outcome = 'elsewhere'"),
    }
    united = " union all ".join(
        f"select incident_id, '{part}' as part from {relation.name} "
        f"where {condition} and incident_id is not null"
        for part, (relation, condition) in parts.items()
    )
    sums = ", ".join(f"sum(case when part = '{part}' then 1 else 0 end) as {part}" for part in parts)
    return Step("losses_counts", f"select incident_id, {sums} from ({united}) as parts group by incident_id")


def _links_lost(tables: Mapping[str, Relation], truth: Mapping[str, Relation]) -> Step:
    return Step(
        "losses_links",
        f"""
        select t.incident_id, count(*) as links_lost
        from {truth["links"].name} as t
        left join {tables["links"].name} as l
          on l.crime_id = t.crime_id and l.incident_id = t.incident_id
         and l.link_class in ('clear', 'ambiguous')
        where t.incident_id is not null and l.crime_id is null
        group by t.incident_id
        """,
    )


def _strangers(tables: Mapping[str, Relation], truth: Mapping[str, Relation]) -> Step:
    return Step(
        "losses_strangers",
        f"""
        select m.incident_id, count(*) as strangers
        from {tables["matches"].name} as m
        join {truth["links"].name} as t on t.crime_id = m.crime_id
        where m.required_no is not null and coalesce(t.incident_id, '') <> m.incident_id
        group by m.incident_id
        """,
    )


def _reasons(
    engine: Engine, condition: str, count: str, case: str, words: Mapping[str, tuple[str, str]]
) -> tuple[Loss, ...]:
    rows = engine.rows(
        f"""
        select {case} as reason, sum({count}) as n
        from (
            select c.*, coalesce(l.links_lost, 0) as links_lost, coalesce(s.strangers, 0) as strangers
            from losses_counts as c
            left join losses_links as l on l.incident_id = c.incident_id
            left join losses_strangers as s on s.incident_id = c.incident_id
        ) as counts
        where {condition}
        group by {case}
        """
    )
    found = {row["reason"]: int(row["n"]) for row in rows}
    return tuple(Loss(reason, *said, found.get(reason, 0)) for reason, said in words.items())


def _confusions(
    tables: Mapping[str, Relation], truth: Mapping[str, Relation], most: int
) -> tuple[Confusion, ...]:
    rows = tables["findings"].engine.rows(
        f"""
        select f.class_required as as_read, t.class_code as as_true, count(*) as n
        from {tables["findings"].name} as f
        join {truth["required"].name} as t on t.crime_id = f.crime_id
        where f.kind = 'wrong_class' and f.class_recorded = t.class_code
        group by f.class_required, t.class_code
        order by n desc, as_read, as_true limit {most}
        """
    )
    return tuple(Confusion(row["as_read"], row["as_true"], int(row["n"])) for row in rows)


def pooled_losses(runs: Sequence[Losses], most: int = 12) -> Losses:
    """Several made-up forces taken as one."""
    confusions: Counter[tuple[str, str]] = Counter()
    for run in runs:
        confusions.update({(each.read, each.true): each.count for each in run.confusions})
    ordered = sorted(confusions.items(), key=lambda item: (-item[1], item[0]))[:most]
    return Losses(
        _added([run.false for run in runs]),
        _added([run.missed for run in runs]),
        tuple(Confusion(read, true, count) for (read, true), count in ordered),
    )


def _added(parts: Sequence[tuple[Loss, ...]]) -> tuple[Loss, ...]:
    return tuple(
        replace(same[0], count=sum(loss.count for loss in same)) for same in zip(*parts, strict=True)
    )
