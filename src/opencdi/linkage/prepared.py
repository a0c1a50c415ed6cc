"""Incidents, crimes and their people, made ready to compare: numbered, in seconds, in plain dress."""

from __future__ import annotations

from collections.abc import Mapping

from opencdi.engine import Dialect, Relation, Step
from opencdi.linkage.sql import known, lookup, seconds

_SHORT_STREETS = (
    ("STREET", "ST"),
    ("ROAD", "RD"),
    ("AVENUE", "AVE"),
    ("LANE", "LN"),
    ("DRIVE", "DR"),
    ("CLOSE", "CL"),
    ("CRESCENT", "CRES"),
    ("TERRACE", "TCE"),
    ("PLACE", "PL"),
    ("COURT", "CT"),
    ("APARTMENT", "FLAT"),
)
_LONGEST_ADDRESS_KEY = 40
PEOPLE_A_RECORD = 6
"""Only the first so many people of a record are compared: a record of a crowd would swamp the rest."""

_RARE_SHARE = 20_000
"""A name is rare where no more than one entry in so many (or only three in all) bears it."""


def prepared_steps(
    incidents: Relation, crimes: Relation, parties: Relation, families: Mapping[str, str]
) -> list[Step]:
    """Tables ``link_incident``, ``link_crime``, ``link_person`` and ``link_name``."""
    dialect = crimes.engine.dialect
    return [
        Step("link_incident", _incident_sql(dialect, incidents.name)),
        Step("link_crime", _crime_sql(dialect, crimes.name, families)),
        Step("link_person_all", _people_sql(dialect, parties.name)),
        Step("link_name", _RARE_NAMES),
        Step("link_crime_person", _with_rarity("crime")),
        Step("link_incident_person", _with_rarity("incident")),
    ]


def _incident_sql(dialect: Dialect, source: str) -> str:
    return f"""
        select row_number() over (order by incident_id) as incident_no,
               incident_id,
               {seconds(dialect.epoch_seconds("reported_at"))} as reported,
               opening_group, closing_group,
               {_place_sql(dialect)}
        from {source}"""


def _crime_sql(dialect: Dialect, source: str, families: Mapping[str, str]) -> str:
    return f"""
        select row_number() over (order by crime_id) as crime_no,
               crime_id,
               {seconds(dialect.epoch_seconds("recorded_at"))} as recorded,
               {seconds(dialect.epoch_seconds("reported_at"))} as reported,
               family.family as family,
               {_place_sql(dialect)}
        from {source} as crime
        left join {lookup(families, "code", "family")} as family on family.code = crime.class_code"""


def _place_sql(dialect: Dialect) -> str:
    return f"""{address_key(dialect, "address")} as address,
               {known("replace(upper(postcode), ' ', '')")} as postcode,
               {known("upper(trim(beat))")} as beat,
               latitude, longitude"""


def address_key(dialect: Dialect, column: str) -> str:
    """An address in capitals without punctuation or spaces, with street words shortened."""
    text = f"upper({column})"
    for long, short in _SHORT_STREETS:
        text = f"replace({text}, '{long}', '{short}')"
    return known(f"substr({dialect.replace_all(text, '[^A-Z0-9]+', '')}, 1, {_LONGEST_ADDRESS_KEY})")


def _people_sql(dialect: Dialect, source: str) -> str:
    surname = known(dialect.replace_all("upper(surname)", "[^A-Z0-9]+", ""))
    forename = known(dialect.replace_all("upper(forename)", "[^A-Z]+", ""))
    return f"""
        select record_kind, record_id, party_no,
               {surname} as surname, {forename} as forename, born_on,
               {known("telephone")} as telephone, coalesce(organisation, false) as organisation
        from {source}
        where party_no <= {PEOPLE_A_RECORD}
          and (surname is not null or forename is not null or telephone is not null)"""


_RARE_NAMES = f"""
    select surname, coalesce(forename, '') as forename
    from link_person_all
    where surname is not null
    group by surname, coalesce(forename, '')
    having count(*) <= greatest(
        3, (select count(*) from link_person_all) / {_RARE_SHARE})"""


def _with_rarity(kind: str) -> str:
    return f"""
        select record.{kind}_no, person.party_no, person.surname, person.forename, person.born_on,
               person.telephone, person.organisation, name.surname is not null as rare
        from link_person_all as person
        join link_{kind} as record on record.{kind}_id = person.record_id
        left join link_name as name
          on name.surname = person.surname and name.forename = coalesce(person.forename, '')
        where person.record_kind = '{kind}'"""
