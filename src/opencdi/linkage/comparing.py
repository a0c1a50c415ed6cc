"""When each level of each comparison holds, in SQL; a pair takes the first whose condition does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opencdi.engine import Dialect, Step
from opencdi.linkage.numbers import SERIAL_DIGITS
from opencdi.linkage.prepared import GROUP_BITS
from opencdi.linkage.sql import DAY, HOUR
from opencdi.schema import CRIME_GROUPS

RELATED_FAMILIES = (
    frozenset({"violence", "domestic", "stalking_harassment", "sexual"}),
    frozenset({"violence", "robbery", "weapons", "public_order"}),
    frozenset({"theft", "burglary", "robbery", "vehicle_crime", "fraud"}),
    frozenset({"damage", "burglary", "vehicle_crime"}),
    frozenset({"stalking_harassment", "public_order", "damage"}),
    frozenset({"drugs", "weapons"}),
)
"""Offence families that one report often turns from one into another of."""


@dataclass(frozen=True)
class Level:
    """One level of a comparison (see ``levels``) and the SQL of when it holds."""

    name: str
    condition: str


def comparisons(dialect: Dialect, bits: Mapping[str, int]) -> dict[str, tuple[Level, ...]]:
    """The levels of each comparison, in the order they are tried; the last of each always holds."""
    return {
        "reference": _reference(bits),
        "person": _person(dialect),
        "place": _place(),
        "delay": _DELAY,
        "offence": _offence(),
    }


_ALWAYS = "1 = 1"


def _reference(bits: Mapping[str, int]) -> tuple[Level, ...]:
    """The rules that follow a reference are themselves the evidence of it."""
    given = {name: f"(pair.via & {bit}) > 0" for name, bit in bits.items()}
    return (
        Level("both_ways", f"{given['typed']} and {given['noted']}"),
        Level("typed", f"{given['typed']} or {given['long_ago']}"),
        Level("noted", given["noted"]),
        Level("quoted", f"{given['quoted']} or {given['quoting']}"),
        Level("slip", f"{given['slip']} or {_slip()}"),
        Level("serial", given["serial"]),
        Level("elsewhere", "names.elsewhere"),
        Level("nowhere", "names.given > 0"),
        Level("missing", _ALWAYS),
    )


def _slip() -> str:
    """One digit wrong, or two neighbours swapped, is a difference of d or 9d at some power of ten.

    Only where the day or year agrees, or the serial: that spares most pairs the arithmetic.
    """
    difference = "abs(names.typed - i.number)"
    serial = 10**SERIAL_DIGITS
    one_part = f"({difference} < {serial} or mod({difference}, {serial}) = 0)"
    leading = f"({difference} / power(10.0, floor(log10({difference} + 0.5)) - 1))"
    either = f"mod({leading}, 10) = 0 or mod({leading}, 9) = 0"
    digit = f"{leading} = floor({leading}) and {leading} < 99 and ({either})"
    return f"case when {one_part} and {difference} > 0 then {digit} else false end"


_SAME_NAME = "c.surname = i.surname and c.forename = i.forename"
_SAME_BIRTH = "c.born_on = i.born_on"
_SAME_PHONE = "c.telephone = i.telephone"
_ONE_NAME = "(c.surname = i.surname or c.forename = i.forename)"
_SAME_BIRTH_POSSIBLE = "coalesce(c.born_on = i.born_on, true)"


def _person(dialect: Dialect) -> tuple[Level, ...]:
    """Levels that one person of the crime and one of the incident reach; a pair takes the best."""
    alike = " and ".join(
        f"{dialect.levenshtein(f'c.{part}', f'i.{part}')} <= 1" for part in ("surname", "forename")
    )
    similar = f"length(c.surname) > 3 and length(c.forename) > 2 and {_SAME_BIRTH_POSSIBLE} and {alike}"
    body = "c.forename is null and i.forename is null and c.surname = i.surname"
    return (
        Level("name_and_birth", f"{_SAME_NAME} and {_SAME_BIRTH}"),
        Level("name_and_phone", f"{_SAME_PHONE} and {_ONE_NAME}"),
        Level("birth_and_part", f"{_SAME_BIRTH} and {_ONE_NAME}"),
        Level("rare_name", f"{_SAME_NAME} and c.rare and {_SAME_BIRTH_POSSIBLE}"),
        Level("phone", _SAME_PHONE),
        Level("common_name", f"{_SAME_NAME} and {_SAME_BIRTH_POSSIBLE}"),
        Level("similar_name", similar),
        Level("body", body),
        Level("part", f"c.surname = i.surname or {_SAME_BIRTH}"),
        Level("different", _ALWAYS),
        Level("unknown", _ALWAYS),
    )


def _place() -> tuple[Level, ...]:
    shorter = "least(length(c.address), length(i.address))"
    begins_alike = f"substr(c.address, 1, {shorter}) = substr(i.address, 1, {shorter})"
    nothing_against = "coalesce(c.postcode = i.postcode, c.beat = i.beat, true)"
    address = (
        f"case when c.address_head = i.address_head and {nothing_against} "
        f"then c.address = i.address or {begins_alike} else false end"
    )
    north = "abs(c.latitude - i.latitude) * 111320"
    east = "abs(c.longitude - i.longitude) * 111320 * cos(radians(c.latitude))"
    not_comparable = " and ".join(
        f"(c.{field} is null or i.{field} is null)" for field in ("address", "postcode", "beat", "latitude")
    )
    return (
        Level("address", address),
        Level("postcode", "c.postcode = i.postcode"),
        Level("within_100_m", _within(north, east, 100)),
        Level(
            "near",
            f"c.sector = i.sector or {_within(north, east, 500)}",
        ),
        Level("beat", "c.beat = i.beat"),
        Level("unknown", not_comparable),
        Level("elsewhere", _ALWAYS),
    )


def _within(north: str, east: str, metres: int) -> str:
    return f"({north}) * ({north}) + ({east}) * ({east}) <= {metres * metres}.0"


_GAP = "abs(c.reported - i.reported)"
_DELAY_OF_RECORDING = "c.recorded - i.reported"

_DELAY = (
    Level("report_2_minutes", f"{_GAP} <= 120"),
    Level("report_1_hour", f"{_GAP} <= {HOUR}"),
    Level("report_1_day", f"{_GAP} <= {DAY}"),
    Level("report_further", "c.reported is not null"),
    Level("before", f"{_DELAY_OF_RECORDING} < 0"),
    Level("recorded_4_hours", f"{_DELAY_OF_RECORDING} <= {4 * HOUR}"),
    Level("recorded_1_day", f"{_DELAY_OF_RECORDING} <= {DAY}"),
    Level("recorded_3_days", f"{_DELAY_OF_RECORDING} <= {3 * DAY}"),
    Level("recorded_7_days", f"{_DELAY_OF_RECORDING} <= {7 * DAY}"),
    Level("recorded_28_days", f"{_DELAY_OF_RECORDING} <= {28 * DAY}"),
    Level("later", _ALWAYS),
)


def _offence() -> tuple[Level, ...]:
    codes = "(coalesce(i.closing, 0) | coalesce(i.opening, 0))"
    any_crime = sum(GROUP_BITS[group] for group in CRIME_GROUPS)
    unknown = "c.family is null or i.closing is null and i.opening is null"
    return (
        Level("unknown", unknown),
        Level("closed", "c.family = i.closing"),
        Level("opened", "c.family = i.opening"),
        Level("related", f"({_related()} & {codes}) > 0"),
        Level("other_crime", f"({any_crime} & {codes}) > 0"),
        Level("no_crime", _ALWAYS),
    )


def _related() -> str:
    """The bits of the families related to a crime's own."""
    cases = " ".join(
        f"when {GROUP_BITS[group]} then {sum(GROUP_BITS[other] for other in frozenset().union(*sets))}"
        for group in sorted(CRIME_GROUPS)
        if (sets := [family for family in RELATED_FAMILIES if group in family])
    )
    return f"(case c.family {cases} else 0 end)"


def vector_steps(dialect: Dialect, bits: Mapping[str, int]) -> list[Step]:
    """Table ``link_vector``: each candidate pair with the number of its level in every comparison.

    ``bits`` are the candidate rules' bits in ``via``.
    """
    return [
        Step("link_person_level", _person_sql(dialect)),
        Step("link_names", _names_sql(bits)),
        Step("link_vector", _vector_sql(dialect, bits)),
    ]


def _person_sql(dialect: Dialect) -> str:
    level = _number_of_level(_person(dialect)[:-1])
    return f"""
        select pair.crime_no, pair.incident_no, min({level}) as person
        from link_pair as pair
        join link_crime_person as c on c.crime_no = pair.crime_no
        join link_incident_person as i on i.incident_no = pair.incident_no
        group by pair.crime_no, pair.incident_no"""


def _names_sql(bits: Mapping[str, int]) -> str:
    """What each crime's references come to: a number that was typed, and whether any found a record."""
    found = bits["typed"] | bits["long_ago"] | bits["noted"] | bits["quoted"] | bits["quoting"]
    return f"""
        select crime_no, max(number) as typed, max(given) as given, max(found) > 0 as elsewhere
        from (select crime_no, number, 1 as given, 0 as found
              from link_crime_names where how = 'typed'
              union all
              select crime_no, cast(null as bigint), 0, 1
              from link_pair where (via & {found}) > 0) as reference
        group by crime_no"""


def _vector_sql(dialect: Dialect, bits: Mapping[str, int]) -> str:
    levels = comparisons(dialect, bits)
    unknown = len(levels["person"]) - 1
    numbers = ", ".join(
        f"{_number_of_level(levels[name])} as {name}" for name in ("reference", "place", "delay", "offence")
    )
    return f"""
        select pair.crime_no, pair.incident_no, pair.via,
               coalesce(people.person, {unknown}) as person, {numbers}
        from link_pair as pair
        join link_crime as c on c.crime_no = pair.crime_no
        join link_incident as i on i.incident_no = pair.incident_no
        left join link_names as names on names.crime_no = pair.crime_no
        left join link_person_level as people
          on people.crime_no = pair.crime_no and people.incident_no = pair.incident_no"""


def _number_of_level(levels: Sequence[Level]) -> str:
    cases = " ".join(f"when {level.condition} then {number}" for number, level in enumerate(levels))
    return f"case {cases} end"
