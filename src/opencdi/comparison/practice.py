"""What a force exports of its crimes at all: an empty column accuses nobody.

These few facts hold for the whole force and every finding may rest on them, so they are told apart from the
records compared, which may be a part of the force's.
"""

from __future__ import annotations

from dataclasses import dataclass

from opencdi.comparison.candidates import DEAD
from opencdi.counting import reference
from opencdi.engine import Engine, Relation, Step


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
    told = f"""
        (select {practice_told("crime", "victim.record_id")}, crime.status = 'live' as is_live
         from {crimes.name} as crime
         left join {naming_a_victim(parties)} as victim on victim.record_id = crime.crime_id)"""
    return practice_from(crimes.engine, told)


def naming_a_victim(parties: Relation) -> str:
    """SQL in parentheses for the crimes that name a victim, each once as ``record_id``."""
    return f"(select distinct record_id from {parties.name} where record_kind = 'crime' and role = 'victim')"


def practice_told(crime: str, victim: str) -> str:
    """SQL for what a crime says of practice: whether it ended with a rationale (``reasoned``) and by a name
    (``decided``), whether it names a victim (``has_victim``), and its flags. ``victim`` is SQL that is null
    where it names none."""
    ended = f"{crime}.status in {DEAD}"
    return f"""
        {ended} and {crime}.cancellation_reason is not null as reasoned,
        {ended} and {crime}.cancelled_by is not null as decided,
        {victim} is not null as has_victim, {crime}.flags"""


def practice_from(engine: Engine, crimes: str) -> Practice:
    """The practice that all crimes show; ``crimes`` names a relation of what each says of it, or is SQL in
    parentheses, with whether each stands (``is_live``)."""
    conditions = {
        "reasoned": "reasoned",
        "decided": "decided",
        "live": "is_live",
        "named": "is_live and has_victim",
    }
    counts = ", ".join(f"count(case when {sql} then 1 end) as {name}" for name, sql in conditions.items())
    found = engine.rows(f"select {counts} from {crimes} as told")[0]
    mandatory = ", ".join(f"'{flag}'" for flag, each in reference.flags().items() if each.mandatory)
    flags = engine.rows(
        f"select distinct flag from (select {engine.dialect.unnest('flags')} as flag from {crimes} as told) "
        f"as carried where flag in ({mandatory}) order by flag"
    )
    return Practice(
        found["reasoned"] > 0,
        found["decided"] > 0,
        2 * found["named"] > found["live"],
        tuple(row["flag"] for row in flags),
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
