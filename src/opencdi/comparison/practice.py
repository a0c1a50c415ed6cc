"""What a force exports of its crimes at all: an empty column accuses nobody.

These few facts hold for the whole force and every finding may rest on them, so they are told apart from the
records compared, which may be a part of the force's.
"""

from __future__ import annotations

from dataclasses import dataclass

from opencdi.comparison.candidates import DEAD
from opencdi.counting import reference
from opencdi.engine import Dialect, Engine, Relation, Step


@dataclass(frozen=True)
class Practice:
    """Whether cancellations bear a rationale and who decided, whether live records name victims (half of
    them do), and which mandatory flags any record bears."""

    rationale: bool
    authority: bool
    victims: bool
    flags: tuple[str, ...]


def practice_of(crimes: Relation, parties: Relation) -> Practice:
    """The practice that a force's crimes and their parties show."""
    counted = traits_by_part(crimes.name, parties.name, crimes.engine.dialect, "cast(0 as bigint)")
    return practice_from(crimes.engine, f"({counted})")


def traits_by_part(crimes: str, parties: str, dialect: Dialect, part: str) -> str:
    """SQL for the crimes with each trait that a practice follows from, by part: part, trait, crimes.

    ``part`` is SQL for the part of a crime. What holds for all parts is the sum of what holds for each.
    """
    mandatory = ", ".join(f"'{flag}'" for flag, each in reference.flags().items() if each.mandatory)
    counted = " union all ".join(
        f"select part, '{trait}' as trait, {trait} as crimes from told" for trait in _TRAITS
    )
    return f"""
        with told as (
            select {part} as part,
                   count(case when status in {DEAD} then cancellation_reason end) as rationale,
                   count(case when status in {DEAD} then cancelled_by end) as authority,
                   count(case when status = 'live' then 1 end) as live,
                   count(case when status = 'live' then victim.record_id end) as live_with_victim
            from {crimes} as crime
            left join (select distinct record_id from {parties}
                       where record_kind = 'crime' and role = 'victim') as victim
              on victim.record_id = crime.crime_id
            group by {part}
        )
        {counted}
        union all
        select part, 'flag ' || flag as trait, count(*) as crimes
        from (select {part} as part, {dialect.unnest("flags")} as flag from {crimes} as crime) as carried
        where flag in ({mandatory}) group by part, flag"""


_TRAITS = ("rationale", "authority", "live", "live_with_victim")


def practice_from(engine: Engine, traits: str) -> Practice:
    """The practice that the crimes of each trait show. ``traits`` is the name of a relation, or SQL in
    parentheses, with rows of ``trait`` and ``crimes``, some for each part."""
    rows = engine.rows(f"select trait, sum(crimes) as crimes from {traits} as counted group by trait")
    counts = {row["trait"]: int(row["crimes"]) for row in rows}
    flags = sorted(trait.removeprefix("flag ") for trait in counts if trait.startswith("flag "))
    return Practice(
        counts.get("rationale", 0) > 0,
        counts.get("authority", 0) > 0,
        2 * counts.get("live_with_victim", 0) > counts.get("live", 0),
        tuple(flags),
    )


def practice_tables(practice: Practice) -> list[Step]:
    """``compared_exported`` and ``compared_victims_exported`` (one row each) and ``compared_flags_used``."""
    said = {True: "true", False: "false"}
    flags = ", ".join(f"('{flag}')" for flag in practice.flags) or "(cast(null as string))"
    return [
        Step(
            "compared_exported",
            f"select {said[practice.rationale]} as has_rationale, "
            f"{said[practice.authority]} as has_authority",
        ),
        Step("compared_victims_exported", f"select {said[practice.victims]} as exported"),
        Step(
            "compared_flags_used",
            f"select flag from (values {flags}) as used(flag) where flag is not null",
        ),
    ]
