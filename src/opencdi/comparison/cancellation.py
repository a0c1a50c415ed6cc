"""Whether the cancellation or transfer of a recorded crime looks sound on its face.

Source: Crime Recording Rules, April 2026, "Cancellations", pages 25 and 26. The words of a rationale are
weighed by the phrases in ``cancellation.toml``; a person decides.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from opencdi.comparison.beside import Beside
from opencdi.counting import classification, reference
from opencdi.engine import Relation, Step


class CancellationWords(BaseModel):
    """``cancellation.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    shortest_rationale: int
    weak: tuple[str, ...]
    sound: tuple[str, ...]
    registrar: tuple[str, ...]
    not_independent: tuple[str, ...]
    grounds: dict[str, tuple[str, ...]]


@cache
def words() -> CancellationWords:
    text = files("opencdi.comparison").joinpath("cancellation.toml").read_text(encoding="utf-8")
    return CancellationWords.model_validate(tomllib.loads(text))


def self_defence_classes() -> tuple[str, ...]:
    """Classes that a claim of self-defence (C5) may cancel."""
    known = classification.load()
    codes = [ground.applies_to for ground in reference.cancellations() if ground.code == "C5"]
    return tuple(sorted({name for code in codes if (name := known.class_of(code))}))


def registrars_own() -> tuple[str, ...]:
    """Subgroups in which only the registrar may decide that no crime occurred (C2)."""
    grounds = [ground for ground in reference.cancellations() if ground.code == "C2"]
    return tuple(sorted(ground.applies_to for ground in grounds if "registrar on" in ground.decided_by))


def to_be_told() -> tuple[str, ...]:
    """Cancellation codes of which the victim must be told beforehand."""
    return tuple(sorted({ground.code for ground in reference.cancellations() if ground.victim_told}))


def cancellations(incidents: Relation, disclosed: Relation, beside: Beside) -> Step:
    """``compared_cancellations``: each cancelled or transferred crime that is not beside a live record of the
    same event, and its ``fault`` (null where it looks sound)."""
    return _judged((_elsewhere_named(incidents, disclosed), _twins(beside.twins), _weighed()))


def _elsewhere_named(incidents: Relation, disclosed: Relation) -> Step:
    return Step(
        "compared_other_force",
        f"""
        select incident_id from {incidents.name} where other_force is not null
        union
        select incident_id from {disclosed.name} where other_force_records = 'yes'
        """,
    )


def _twins(twins: str) -> Step:
    """Records cancelled as duplicates for which a live record of the same subgroup and place, made
    within four weeks, is there: on another log of the same event, say."""
    return Step(
        "compared_twins",
        f"""
        select distinct dead.crime_id
        from {twins} as twin
        join compared_crimes as dead on dead.crime_id = twin.crime_id
        join compared_crimes as live
          on live.crime_id = twin.twin_id and live.offence_subgroup = dead.offence_subgroup
        """,
    )


def _weighed() -> Step:
    known = words()
    rationale = "lower(coalesce(c.cancellation_reason, ''))"
    authority = "lower(coalesce(c.cancelled_by, ''))"
    return Step(
        "compared_weighed",
        f"""
        select c.crime_id, p.incident_id, c.status, c.cancellation_code, c.class_code, c.offence_subgroup,
               length({rationale}) >= {known.shortest_rationale} as has_words,
               {_any_of(rationale, known.weak)} as weak_words,
               {_any_of(f"replace({rationale}, 'no cctv', '')", known.sound)} as sound_words,
               {_own_words(rationale, known.grounds)} as ground_words,
               {authority} <> '' as has_authority,
               {_any_of(authority, known.registrar)} as by_registrar,
               {_any_of(authority, known.not_independent)} as by_investigator,
               f.incident_id is not null as other_force, t.crime_id is not null as repeats_another
        from compared_crimes as c
        left join (select * from compared_pairs where route = 'link') as p on p.crime_id = c.crime_id
        left join compared_superseded as s on s.crime_id = c.crime_id
        left join compared_other_force as f on f.incident_id = p.incident_id
        left join compared_twins as t on t.crime_id = c.crime_id
        where c.standing = 'dead' and s.crime_id is null
        """,
    )


def _judged(stages: tuple[Step, ...]) -> Step:
    allowed = _listed(self_defence_classes())
    registrars = _listed(registrars_own())
    return Step(
        "compared_cancellations",
        f"""
        select w.crime_id, w.incident_id,
               case
                 when w.status = 'transferred' or w.cancellation_code = 'C1' then
                   case when w.other_force or w.ground_words then null else 'transfer_unsupported' end
                 when w.cancellation_code = 'C3' then
                   case when w.repeats_another then null else 'no_other_crime' end
                 when w.cancellation_code = 'C5' and w.class_code not in ({allowed})
                   then 'self_defence_class'
                 when e.has_authority and w.has_authority and w.by_investigator then 'not_independent'
                 when w.offence_subgroup in ({registrars}) and w.cancellation_code = 'C2'
                      and e.has_authority and not w.by_registrar then 'authority'
                 when e.has_rationale and not w.has_words then 'rationale_missing'
                 when w.weak_words and not w.sound_words and not w.ground_words then 'rationale_weak'
                 when e.has_rationale and not w.sound_words and not w.ground_words then 'rationale_unverified'
               end as fault
        from compared_weighed as w cross join compared_exported as e
        """,
        stages,
    )


def _listed(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _own_words(text: str, grounds: Mapping[str, Iterable[str]]) -> str:
    cases = " ".join(f"when '{code}' then {_any_of(text, phrases)}" for code, phrases in grounds.items())
    return f"case coalesce(c.cancellation_code, 'C1') {cases} else false end"


def _any_of(text: str, phrases: Iterable[str]) -> str:
    quoted = (phrase.replace("'", "''") for phrase in phrases)
    return "(" + " or ".join(f"{text} like '%{phrase}%'" for phrase in quoted) + ")"
