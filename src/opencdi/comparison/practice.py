"""What a force exports of its crimes at all: an empty column accuses nobody.

These few facts hold for the whole force and every finding may rest on them, so they are told apart from the
records compared, which may be a part of the force's.
"""

from __future__ import annotations

from dataclasses import dataclass

from opencdi.comparison.candidates import DEAD
from opencdi.counting import reference
from opencdi.engine import Relation, Step


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
    engine = crimes.engine
    row = engine.rows(
        f"""
        select count(case when status in {DEAD} then cancellation_reason end) > 0 as rationale,
               count(case when status in {DEAD} then cancelled_by end) > 0 as authority,
               2 * count(case when status = 'live' then victim.record_id end)
                   > count(case when status = 'live' then 1 end) as victims
        from {crimes.name} as crime
        left join (select distinct record_id from {parties.name}
                   where record_kind = 'crime' and role = 'victim') as victim
          on victim.record_id = crime.crime_id
        """
    )[0]
    mandatory = ", ".join(f"'{flag}'" for flag, each in reference.flags().items() if each.mandatory)
    flags = engine.rows(
        f"select distinct flag from (select {engine.dialect.unnest('flags')} as flag from {crimes.name}) "
        f"as carried where flag in ({mandatory}) order by flag"
    )
    return Practice(
        bool(row["rationale"]),
        bool(row["authority"]),
        bool(row["victims"]),
        tuple(each["flag"] for each in flags),
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
