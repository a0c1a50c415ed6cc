"""Which incidents could each crime have come from: named rules, each with a window and a guard.

A rule says which key a crime and an incident must share and how far apart they may lie. A block is the
incidents of one key in one stretch of time; a block over the limit is cut (it says too little: a
hospital's postcode, a shop's name), counted and reported, and other rules are left to find the pair. So
no rule proposes more than twice the limit for one crime.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opencdi.engine import Step
from opencdi.linkage.numbers import SERIAL_DIGITS
from opencdi.linkage.references import NumberFormats
from opencdi.linkage.sql import DAY, HOUR, bucket
from opencdi.settings import Linkage

BLOCK_LIMIT = 100


@dataclass(frozen=True)
class Rule:
    """One way for an incident to become a candidate.

    ``crime_keys`` and ``incident_keys`` are SQL giving (crime_no or incident_no, key); ``before`` and
    ``after`` bound the seconds from the report of the incident to the recording of the crime.
    """

    name: str
    words: str
    crime_keys: str
    incident_keys: str
    before: int
    after: int
    block_limit: int = BLOCK_LIMIT

    @property
    def span(self) -> int:
        return self.before + self.after


def rules(settings: Linkage) -> tuple[Rule, ...]:
    """The rules, in the order of their bits in ``via``."""
    before = int(settings.window_before_hours * HOUR)
    after = int(settings.window_after_days * DAY)
    far = int(settings.reference_window_after_days * DAY)
    named = ("typed", "noted", "quoted", "slip")
    return (
        *(Rule(name, *_NAMED[name], before, far) for name in named),
        Rule("serial", *_SERIAL, before, min(after, 3 * DAY)),
        Rule("name", *_person("surname || '/' || forename", "surname and forename agree"), before, after),
        Rule("born", *_BORN, before, after),
        Rule("phone", *_person("telephone", "telephone number agrees"), before, after),
        Rule("organisation", *_ORGANISATION, before, min(after, 7 * DAY)),
        Rule("postcode", *_place("postcode", "postcode agrees"), before, after),
        Rule("address", *_place("address_head", "address begins alike"), before, after),
        Rule("cell", *_CELL, before, min(after, 7 * DAY)),
        Rule("beat", *_BEAT, before, min(after, 2 * DAY)),
        Rule("moment", *_MOMENT, before, after),
    )


_NAMED = {
    "typed": (
        "the crime's incident reference is this incident's number",
        "select crime_no, key from link_crime_names where how = 'typed'",
        "select incident_no, key from link_incident_key",
    ),
    "noted": (
        "the log's crime reference is this crime's number",
        "select crime_no, key from link_crime_key",
        "select incident_no, key from link_incident_names where how = 'typed'",
    ),
    "quoted": (
        "the text of one quotes the number of the other",
        "select crime_no, 'i' || key as key from link_crime_names where how = 'quoted' "
        "union all select crime_no, 'c' || key from link_crime_key",
        "select incident_no, 'i' || key as key from link_incident_key "
        "union all select incident_no, 'c' || key from link_incident_names where how = 'quoted'",
    ),
    "slip": (
        "the crime's incident reference is one slip of the pen from this incident's number",
        "select crime_no, cast(number as varchar) as key from link_slip",
        "select incident_no, cast(number as varchar) as key from link_incident where number is not null",
    ),
}

_SERIAL = (
    "the crime gives this incident's serial without its day or year",
    "select crime_no, key from link_crime_names where how = 'partial'",
    f"select incident_no, cast(number % 1{'0' * SERIAL_DIGITS} as varchar) as key "
    "from link_incident where number is not null",
)


def _person(key: str, words: str) -> tuple[str, str, str]:
    return (
        words,
        f"select distinct crime_no, {key} as key from link_crime_person",
        f"select distinct incident_no, {key} as key from link_incident_person",
    )


_BORN = (
    "date of birth and surname or forename agree",
    "select distinct crime_no, cast(born_on as varchar) || 's' || surname as key from link_crime_person "
    "union select crime_no, cast(born_on as varchar) || 'f' || forename from link_crime_person",
    "select distinct incident_no, cast(born_on as varchar) || 's' || surname as key "
    "from link_incident_person "
    "union select incident_no, cast(born_on as varchar) || 'f' || forename from link_incident_person",
)

_ORGANISATION = (
    "the name of a business or other body agrees",
    "select distinct crime_no, surname as key from link_crime_person where forename is null",
    "select distinct incident_no, surname as key from link_incident_person where forename is null",
)


def _place(key: str, words: str) -> tuple[str, str, str]:
    return (
        words,
        f"select crime_no, {key} as key from link_crime where {key} is not null",
        f"select incident_no, {key} as key from link_incident where {key} is not null",
    )


_CELLS_A_DEGREE = 500
"""Cells of 0.002 degrees: about 220 m by 140 m in England."""


def _cell(shift_north: str, shift_east: str) -> str:
    north = f"cast(floor(latitude * {_CELLS_A_DEGREE}) as bigint) + {shift_north}"
    east = f"cast(floor(longitude * {_CELLS_A_DEGREE}) as bigint) + {shift_east}"
    return f"({north}) * 1000000 + ({east})"


_CELL = (
    "coordinates lie in the same or a neighbouring cell of about 200 metres",
    f"select crime_no, {_cell('north.shift', 'east.shift')} as key from link_crime "
    "cross join (select * from (values (-1), (0), (1)) as listed(shift)) as north "
    "cross join (select * from (values (-1), (0), (1)) as listed(shift)) as east "
    "where latitude is not null and longitude is not null and postcode is null",
    f"select incident_no, {_cell('0', '0')} as key from link_incident "
    "where latitude is not null and longitude is not null",
)

_BEAT = (
    "beat and offence family agree within two days",
    "select crime_no, beat || '/' || cast(family as varchar) as key from link_crime "
    "where beat is not null and family is not null",
    "select incident_no, beat || '/' || cast(closing as varchar) as key from link_incident "
    "where beat is not null and closing is not null "
    "union all select incident_no, beat || '/' || cast(opening as varchar) from link_incident "
    "where beat is not null and opening is not null and opening <> coalesce(closing, 0)",
)

_MOMENT = (
    "both give the same minute of report",
    "select crime_no, cast(floor(reported / 60.0) as bigint) as key from link_crime "
    "where reported is not null",
    "select incident_no, cast(floor(reported / 60.0) as bigint) as key from link_incident",
)


def candidate_steps(settings: Linkage, formats: NumberFormats) -> list[Step]:
    """Table ``link_pair``: (crime_no, incident_no, via), and ``link_block``: what the guard cut."""
    steps = [Step("link_slip", _slip_sql(formats))]
    for rule in rules(settings):
        steps += _rule_steps(rule)
    pairs = " union all ".join(
        f"select crime_no, incident_no, cast({1 << place} as integer) as bit from link_by_{rule.name}"
        for place, rule in enumerate(rules(settings))
    )
    blocks = " union all ".join(f"select * from link_cut_by_{rule.name}" for rule in rules(settings))
    return [
        *steps,
        Step(
            "link_pair",
            f"select crime_no, incident_no, bit_or(bit) as via from ({pairs}) as found "
            "group by crime_no, incident_no",
        ),
        Step("link_block", blocks),
    ]


def _rule_steps(rule: Rule) -> list[Step]:
    """Join crimes and incidents on key and time slice, leaving out blocks over the limit.

    A slice is as long as the rule's window, so that a crime's window touches at most two.
    """
    return [
        Step(
            "link_slice",
            f"""
            select keyed.incident_no, keyed.key, incident.reported,
                   {bucket("incident.reported", rule.span)} as slice
            from ({rule.incident_keys}) as keyed
            join link_incident as incident on incident.incident_no = keyed.incident_no
            where keyed.key is not null""",
        ),
        Step(
            "link_wanted",
            f"""
            select keyed.crime_no, keyed.key, crime.recorded,
                   {bucket(f"(crime.recorded - {rule.after})", rule.span)} + later.step as slice
            from ({rule.crime_keys}) as keyed
            join link_crime as crime on crime.crime_no = keyed.crime_no
            cross join (select * from (values (0), (1)) as listed(step)) as later
            where keyed.key is not null""",
        ),
        Step(
            "link_large",
            f"select key, slice, count(*) as incidents from link_slice group by key, slice "
            f"having count(*) > {rule.block_limit}",
        ),
        Step(
            f"link_by_{rule.name}",
            f"""
            select wanted.crime_no, near.incident_no
            from link_wanted as wanted
            join link_slice as near on near.key = wanted.key and near.slice = wanted.slice
            left join link_large as large on large.key = wanted.key and large.slice = wanted.slice
            where large.key is null
              and wanted.recorded - near.reported between -{rule.before} and {rule.after}""",
        ),
        Step(
            f"link_cut_by_{rule.name}",
            f"""
            select '{rule.name}' as rule, count(distinct large.key) as blocks_cut,
                   count(wanted.crime_no) as crimes_affected,
                   coalesce(sum(case when wanted.crime_no is not null then large.incidents end), 0)
                     as pairs_avoided
            from link_large as large
            left join link_wanted as wanted on wanted.key = large.key and wanted.slice = large.slice""",
        ),
    ]


def _slip_sql(formats: NumberFormats) -> str:
    """Numbers one slip away from a typed number that no incident bears."""
    powers = _powers(formats)
    if not powers:
        return "select cast(null as bigint) as crime_no, cast(null as bigint) as number where 1 = 0"
    listed = ", ".join(f"(cast({power} as bigint))" for power in powers)
    digits = ", ".join(f"({digit})" for digit in range(10))
    digit = (
        "cast(((orphan.number % (10 * place.power)) - (orphan.number % place.power)) / place.power as bigint)"
    )
    return f"""
        with orphan as (
            select names.crime_no, names.number
            from link_crime_names as names
            where names.how = 'typed' and names.number is not null
              and names.crime_no not in (
                  select given.crime_no from link_crime_names as given
                  join link_incident_key as own on own.key = given.key where given.how = 'typed')
        ),
        placed as (
            select orphan.crime_no, orphan.number, place.power, {digit} as digit
            from orphan cross join (select * from (values {listed}) as listed(power)) as place
        )
        select crime_no, number + (other.digit - placed.digit) * power as number
        from placed
        cross join (select * from (values {digits}) as listed(digit)) as other
        where other.digit <> placed.digit
        union
        select low.crime_no, low.number + 9 * low.power * (low.digit - high.digit)
        from placed as low
        join placed as high
          on high.crime_no = low.crime_no and high.number = low.number and high.power = 10 * low.power
        where low.digit <> high.digit"""


def _powers(formats: NumberFormats) -> Sequence[int]:
    """Powers of ten of the digits in which a slip can sit."""
    serial = max((shape.serial_most for shape in formats.incident), default=0)
    period = max((2 * len(shape.order) for shape in formats.incident), default=0)
    return [10**place for place in (*range(serial), *range(SERIAL_DIGITS, SERIAL_DIGITS + period))]
