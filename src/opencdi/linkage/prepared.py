"""Incidents, crimes and their people, made ready to compare: numbered, in seconds, in plain dress."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from opencdi.engine import Dialect, Relation, Step
from opencdi.linkage.references import NumberFormats, own_number
from opencdi.linkage.sql import known, literal, lookup, seconds
from opencdi.schema import INCIDENT_GROUPS

_SHORT_STREETS = (
    ("STREET", "ST"),
    ("ROAD", "RD"),
    ("AVENUE", "AVE"),
    ("LANE", "LN"),
    ("DRIVE", "DR"),
    ("CLOSE", "CL"),
)
_COMMON_MARKS = " ,"
_RARE_MARKS = "./'-"
_LONGEST_ADDRESS = 40
ADDRESS_HEAD = 10
"""Letters at the front of an address that must agree before the rest is looked at."""

GROUP_BITS = {group: 1 << place for place, group in enumerate(INCIDENT_GROUPS)}
"""An incident group as one bit, so that sets of groups compare as numbers."""

_KNOWN_GROUPS = {group: bit for group, bit in GROUP_BITS.items() if group != "unknown"}

PEOPLE_A_RECORD = 6
"""Only the first so many people of a record are compared: a record of a crowd would swamp the rest."""

_RARE_SHARE = 20_000
"""A name is rare where no more than one entry in so many (or only three in all) bears it."""


def prepared_steps(
    incidents: Relation,
    crimes: Relation,
    parties: Relation,
    families: Mapping[str, str],
    formats: NumberFormats,
) -> list[Step]:
    """Tables ``link_incident`` and ``link_crime`` (numbered in key order) and their people.

    ``link_common`` must hold the names that are not rare (see ``habits``).
    """
    dialect = crimes.engine.dialect
    return [
        Step("link_incident", _incident_sql(dialect, incidents.name, formats)),
        Step("link_crime", _crime_sql(dialect, crimes.name, families, formats)),
        Step("link_crime_person", _with_rarity(_people_of("crime", "recorded", dialect, parties.name))),
        Step("link_incident_person", _people_of("incident", "reported", dialect, parties.name)),
    ]


def _incident_sql(dialect: Dialect, source: str, formats: NumberFormats) -> str:
    groups = lookup(_KNOWN_GROUPS, "name", "bit")
    cleaned = f"""
        select incident.incident_no, incident.incident_id,
               {own_number("incident.incident_id", formats.incident)} as number,
               {seconds(dialect.epoch_seconds("reported_at"))} as reported,
               opening.bit as opening, closing.bit as closing,
               {_place()}
        from {_in_key_order(dialect, "incident", source)} as incident
        left join {groups} as opening on opening.name = incident.opening_group
        left join {groups} as closing on closing.name = incident.closing_group"""
    return _with_starts(cleaned)


def _crime_sql(dialect: Dialect, source: str, families: Mapping[str, str], formats: NumberFormats) -> str:
    bits = {code: _KNOWN_GROUPS[group] for code, group in families.items() if group in _KNOWN_GROUPS}
    cleaned = f"""
        select crime.crime_no, crime.crime_id,
               {own_number("crime.crime_id", formats.crime)} as number,
               {seconds(dialect.epoch_seconds("recorded_at"))} as recorded,
               {seconds(dialect.epoch_seconds("reported_at"))} as reported,
               family.bit as family, crime.incident_reference as named,
               {_place()}
        from {_in_key_order(dialect, "crime", source)} as crime
        left join {lookup(bits, "code", "bit")} as family on family.code = crime.class_code"""
    return _with_starts(cleaned)


def _with_starts(cleaned: str) -> str:
    """Adds how an address begins and the sector of a postcode (all but its last two letters)."""
    return f"""
        select cleaned.*, substr(address, 1, {ADDRESS_HEAD}) as address_head,
               {_SECTOR} as sector
        from ({cleaned}) as cleaned"""


def _in_key_order(dialect: Dialect, kind: str, source: str) -> str:
    """Records, each with its place in key order and the digits of its number, without the commonest mark."""
    digits = dialect.digits(f"replace({kind}_id, '-', '')")
    return (
        f"(select *, row_number() over (order by {kind}_id) as {kind}_no, {digits} as digits from {source})"
    )


def _address() -> str:
    """An address in capitals without spaces and punctuation, with street words shortened."""
    plain = _replaced("upper(address)", _nothing_for(_COMMON_MARKS))
    has_more = " or ".join(f"address like {literal(f'%{mark}%')}" for mark in _RARE_MARKS)
    text = f"case when {has_more} then {_replaced(plain, _nothing_for(_RARE_MARKS))} else {plain} end"
    return known(f"substr({_replaced(text, _SHORT_STREETS)}, 1, {_LONGEST_ADDRESS})")


def _nothing_for(marks: str) -> list[tuple[str, str]]:
    return [(mark, "") for mark in marks]


def _replaced(text: str, instead: Iterable[tuple[str, str]]) -> str:
    for written, short in instead:
        text = f"replace({text}, {literal(written)}, {literal(short)})"
    return text


_POSTCODE = known("replace(upper(postcode), ' ', '')")
_BEAT = known("upper(trim(beat))")
_SECTOR = "substr(postcode, 1, length(postcode) - 2)"


def _place() -> str:
    return f"""{_address()} as address, {_POSTCODE} as postcode, {_BEAT} as beat,
        latitude, longitude"""


def _people_sql(dialect: Dialect, source: str) -> str:
    surname = known(dialect.replace_all("upper(surname)", "[^A-Z0-9]+", ""))
    forename = known(dialect.replace_all("upper(forename)", "[^A-Z]+", ""))
    return f"""
        select record_kind, record_id, party_no,
               {surname} as surname, {forename} as forename, born_on,
               {known("telephone")} as telephone
        from {source}
        where party_no <= {PEOPLE_A_RECORD}
          and (surname is not null or forename is not null or telephone is not null)"""


def early_steps(incidents: Relation, parties: Relation) -> list[Step]:
    """Tables ``link_early``, the places and times of some incidents, and ``link_common``, the names that are
    not rare among some people."""
    dialect = incidents.engine.dialect
    placed = f"""
        select {seconds(dialect.epoch_seconds("reported_at"))} as reported, {_POSTCODE} as postcode,
               {_BEAT} as beat
        from {incidents.name}"""
    return [
        Step("link_early", f"select placed.*, {_SECTOR} as sector from ({placed}) as placed"),
        Step("link_person_all", _people_sql(dialect, parties.name)),
        Step("link_common", _COMMON_NAMES),
    ]


_COMMON_NAMES = f"""
    select surname, coalesce(forename, '') as forename
    from link_person_all
    where surname is not null
    group by surname, coalesce(forename, '')
    having count(*) > greatest(
        3, (select count(*) from link_person_all) / {_RARE_SHARE})"""


def _people_of(kind: str, instant: str, dialect: Dialect, source: str) -> str:
    return f"""
        select record.{kind}_no, record.{instant}, person.surname, person.forename, person.born_on,
               person.telephone
        from ({_people_sql(dialect, source)} and record_kind = '{kind}') as person
        join link_{kind} as record on record.{kind}_id = person.record_id"""


def _with_rarity(people: str) -> str:
    return f"""
        select person.*, person.surname is not null and common.surname is null as rare
        from ({people}) as person
        left join link_common as common
          on common.surname = person.surname and common.forename = coalesce(person.forename, '')"""
