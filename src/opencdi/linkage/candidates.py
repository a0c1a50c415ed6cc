"""Which incidents could each crime have come from: named rules, each with a window and a guard.

A rule says which key a crime and an incident must share and how far apart they may lie. A block is the
incidents of one key in one stretch of time; a block over the limit is cut (it says too little: a
hospital's postcode, a shop's name), counted and reported, and other rules are left to find the pair. A block
is over the limit from the report of one incident too many on: crimes recorded before that are still paired
in it, so that what is reported later changes no link. No rule proposes more than twice the limit for a crime.

A crime whose number is borne out by a person or a place is settled: the rules that look for an incident by
person, place and time are spared it, and look at the others alone (``link_open``).

The rules whose keys are words are followed in one statement: of a night's few crimes, to plan a statement is
most of what it costs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

    ``crime_keys`` is SQL giving (crime_no, key, recorded), ``incident_keys`` (incident_no, key, reported);
    ``before`` and ``after`` bound the seconds from the report of the incident to the recording of the
    crime.
    """

    name: str
    words: str
    crime_keys: str
    incident_keys: str
    before: int
    after: int

    @property
    def by_number(self) -> bool:
        """Whether it follows a number; such rules come before any crime is settled."""
        return self.name in (*_NAMED, "long_ago", "serial")

    @property
    def table(self) -> str:
        """Where its pairs are found: those of all rules whose keys are words together. Numbers are soon told
        apart by the least and the greatest that are looked for, so that such a rule is better alone."""
        return f"link_by_{self.name}" if self.by_number or self.name in _NUMBERS else "link_by_words"

    @property
    def span(self) -> int:
        return self.before + self.after


def rules(settings: Linkage) -> tuple[Rule, ...]:
    """The rules, in the order of their bits in ``via``."""
    before = int(settings.window_before_hours * HOUR)
    after = int(settings.window_after_days * DAY)
    far = int(settings.reference_window_after_days * DAY)
    two, three, seven = (min(after, days * DAY) for days in (2, 3, 7))
    return (
        *(Rule(name, *keys, before, after) for name, keys in _NAMED.items()),
        Rule("long_ago", *_long_ago(after), -after, far),
        Rule("serial", *_SERIAL, before, three),
        Rule("name", *_person("surname || '/' || forename", "surname and forename agree"), before, seven),
        Rule("born", *_BORN, before, after),
        Rule("phone", *_person("telephone", "the telephone agrees"), before, after),
        Rule("organisation", *_ORGANISATION, before, seven),
        Rule("postcode", *_place("postcode", "the postcode agrees"), before, three),
        Rule("address", *_place("address_head", "the address begins alike"), before, three),
        Rule("home", *_place_and_offence("postcode", "postcode and offence family agree"), before, after),
        Rule("cell", *_CELL, before, three),
        Rule("beat", *_place_and_offence("beat", "beat and offence family agree"), before, two),
        Rule("moment", *_MOMENT, before, after),
    )


_NAMED = {
    "typed": (
        "the crime's incident reference is this incident's number",
        "select crime_no, key, recorded from link_crime_names where how = 'typed'",
        "select incident_no, key, reported from link_incident_key",
    ),
    "noted": (
        "the log's crime reference is this crime's number",
        "select crime_no, key, recorded from link_crime_key",
        "select incident_no, key, reported from link_incident_names where how = 'typed'",
    ),
    "quoted": (
        "the crime's text quotes this incident's number",
        "select crime_no, key, recorded from link_crime_names where how = 'quoted'",
        "select incident_no, key, reported from link_incident_key",
    ),
    "quoting": (
        "the log's text quotes this crime's number",
        "select crime_no, key, recorded from link_crime_key",
        "select incident_no, key, reported from link_incident_names where how = 'quoted'",
    ),
    "slip": (
        "the crime's incident reference is one slip of the pen from this incident's number",
        "select crime_no, number as key, recorded from link_slip",
        "select incident_no, number as key, reported from link_incident where number is not null",
    ),
}


def _long_ago(after: int) -> tuple[str, str, str]:
    exact = f"from link_exact where recorded - reported >= {after}"
    return (
        "the crime's incident reference is this incident's number exactly, and the window has passed",
        f"select crime_no, incident_no as key, recorded {exact}",
        f"select distinct incident_no, incident_no as key, reported {exact}",
    )


_SERIAL = (
    "the crime gives this incident's serial without its day or year",
    "select crime_no, key, recorded from link_crime_names where how = 'partial'",
    f"select incident_no, number % 1{'0' * SERIAL_DIGITS} as key, reported "
    "from link_incident where number is not null",
)


def _person(key: str, words: str) -> tuple[str, str, str]:
    return (
        words,
        f"select crime_no, {key} as key, recorded from link_open_person",
        f"select incident_no, {key} as key, reported from link_incident_person",
    )


def _born(record: str, people: str, instant: str) -> str:
    date = "cast(born_on as string)"
    person = f"from {people} where born_on is not null"
    return (
        f"select {record}_no, {date} || 's' || surname as key, {instant} {person} "
        f"union all select {record}_no, {date} || 'f' || forename, {instant} {person}"
    )


_BORN = (
    "date of birth and surname or forename agree",
    _born("crime", "link_open_person", "recorded"),
    _born("incident", "link_incident_person", "reported"),
)

_ORGANISATION = (
    "the name of a business or other body agrees",
    "select crime_no, surname as key, recorded from link_open_person where forename is null",
    "select incident_no, surname as key, reported from link_incident_person where forename is null",
)


def _place(key: str, words: str) -> tuple[str, str, str]:
    return (
        words,
        f"select crime_no, {key} as key, recorded from link_open where {key} is not null",
        f"select incident_no, {key} as key, reported from link_incident where {key} is not null",
    )


def _place_and_offence(place: str, words: str) -> tuple[str, str, str]:
    def keyed(record: str, source: str, family: str, instant: str) -> str:
        return (
            f"select {record}_no, {place} || '/' || cast({family} as string) as key, {instant} "
            f"from {source} where {place} is not null and {family} is not null"
        )

    closed, opened = (
        keyed("incident", "link_incident", family, "reported") for family in ("closing", "opening")
    )
    return (
        words,
        keyed("crime", "link_open", "family", "recorded"),
        f"{closed} union all {opened} and opening <> coalesce(closing, 0)",
    )


_CELLS_A_DEGREE = 500
"""Cells of 0.002 degrees: about 220 m by 140 m in England."""


def _cell(shift_north: str, shift_east: str) -> str:
    north = f"cast(floor(latitude * {_CELLS_A_DEGREE}) as bigint) + {shift_north}"
    east = f"cast(floor(longitude * {_CELLS_A_DEGREE}) as bigint) + {shift_east}"
    return f"({north}) * 1000000 + ({east})"


_CELL = (
    "coordinates lie in the same or a neighbouring cell of about 200 metres",
    f"select crime_no, {_cell('north.shift', 'east.shift')} as key, recorded from link_open "
    "cross join (select * from (values (-1), (0), (1)) as listed(shift)) as north "
    "cross join (select * from (values (-1), (0), (1)) as listed(shift)) as east "
    "where latitude is not null and longitude is not null and postcode is null",
    f"select incident_no, {_cell('0', '0')} as key, reported from link_incident "
    "where latitude is not null and longitude is not null",
)

_MOMENT = (
    "both give the same minute of report",
    "select crime_no, cast(floor(reported / 60e0) as bigint) as key, recorded from link_open "
    "where reported is not null",
    "select incident_no, cast(floor(reported / 60e0) as bigint) as key, reported from link_incident",
)


_NUMBERS = ("cell", "moment")
"""Rules whose keys are whole numbers, besides those that follow a number."""

_SAME_PERSON = (
    "c.surname = i.surname and c.forename = i.forename or c.born_on = i.born_on or c.telephone = i.telephone"
)
_NUMBERED = " union all ".join(
    f"select crime_no, incident_no from link_by_{name} where incident_no is not null"
    for name in ("typed", "noted", "quoted", "quoting")
)
BORNE_OUT = f"""
    with agreed as (
        select distinct typed.crime_no from link_by_typed as typed
        join link_by_noted as noted
          on noted.crime_no = typed.crime_no and noted.incident_no = typed.incident_no
    ),
    numbered as (
        select given.crime_no, given.incident_no from ({_NUMBERED}) as given
        where not exists (select 1 from agreed where agreed.crime_no = given.crime_no)
    ),
    beside as (
        select distinct numbered.crime_no from numbered
        join link_crime as c on c.crime_no = numbered.crime_no
        join link_incident as i on i.incident_no = numbered.incident_no
        where c.postcode = i.postcode or c.address_head = i.address_head
    )
    select crime_no from agreed
    union all
    select crime_no from beside
    union all
    select distinct numbered.crime_no from numbered
    join link_crime_person as c on c.crime_no = numbered.crime_no
    join link_incident_person as i on i.incident_no = numbered.incident_no
    where ({_SAME_PERSON})
      and not exists (select 1 from beside where beside.crime_no = numbered.crime_no)"""
"""Crimes whose number is given on both records, or on one while a person or the place agrees."""

NOBODY = "select crime_no from link_crime where 1 = 0"
"""No crime is settled: for training, which must see the rivals of all."""


def rule_bits(settings: Linkage) -> dict[str, int]:
    """Each candidate rule's bit in ``via``."""
    return {rule.name: 1 << place for place, rule in enumerate(rules(settings))}


def candidate_steps(settings: Linkage, formats: NumberFormats, settled: str) -> list[Step]:
    """Table ``link_pair``: (crime_no, incident_no, via), and ``link_block``: what the guard cut.

    ``settled`` is SQL for the crimes (``crime_no``) that need no more candidates than their number gives.
    """
    before = int(settings.window_before_hours * HOUR)
    after = int(settings.window_after_days * DAY)
    bits = rule_bits(settings)
    tables: dict[str, list[Rule]] = {}
    for rule in rules(settings):
        tables.setdefault(rule.table, []).append(rule)
    by_number, others = (
        [_pairs_of(table, each, bits) for table, each in tables.items() if each[0].by_number == first]
        for first in (True, False)
    )
    found = " union all ".join(f"select * from {table}" for table in tables)
    return [
        Step("link_slip", _slip_sql(formats, before, after)),
        *by_number,
        Step("link_settled", settled),
        Step("link_open", _unsettled("link_crime")),
        Step("link_open_person", _unsettled("link_crime_person")),
        *others,
        Step(
            "link_pair",
            f"select crime_no, incident_no, bit_or(bit) as via from ({found}) as found "
            "where incident_no is not null group by crime_no, incident_no",
        ),
        Step("link_block", _cut(found, bits)),
    ]


def _unsettled(crimes: str) -> str:
    return (
        f"select crime.* from {crimes} as crime "
        "where not exists (select 1 from link_settled as settled where settled.crime_no = crime.crime_no)"
    )


def _pairs_of(table: str, followed: Sequence[Rule], bits: Mapping[str, int]) -> Step:
    """Crimes and incidents joined on key and block by some rules, each with the rule's bit (crime_no,
    incident_no, bit), and what was asked of blocks over the limit (crime_no, bit, block, incidents).

    A block is a rule's slice of time, as long as its window, so that a crime's window touches at most two.
    """
    wanted, near, large, asked = (f"{table}_{part}" for part in ("wanted", "near", "large", "asked"))
    return Step(
        table,
        f"""
        select asked.crime_no, near.incident_no, asked.bit, cast(null as string) as block,
               cast(null as bigint) as incidents
        from {asked} as asked
        join {near} as near on near.key = asked.key and near.slice = asked.slice
        where asked.incidents is null and near.reported between asked.since and asked.until
        union all
        select crime_no, null, bit, concat(cast(key as string), ' ', cast(slice as string)), incidents
        from {asked} where incidents is not null""",
        stages=(
            Step(wanted, _wanted(followed, bits)),
            Step(near, _near(followed, bits, wanted)),
            Step(large, _large(near)),
            Step(
                asked,
                f"""
                select wanted.*, large.incidents
                from {wanted} as wanted
                left join {large} as large on large.key = wanted.key and large.slice = wanted.slice
                 and large.full_at <= wanted.until""",
            ),
        ),
    )


def _wanted(followed: Sequence[Rule], bits: Mapping[str, int]) -> str:
    """The blocks that each crime's window touches, and between which reports its incidents lie."""
    asked = " union all ".join(
        f"""select crime_no, key, cast({bits[rule.name]} as integer) as bit,
               recorded - {rule.after} as since, recorded + {rule.before} as until,
               {_slice(f"(recorded - {rule.after})", rule, bits)} as slice
        from ({rule.crime_keys}) as keyed"""
        for rule in followed
    )
    return f"""
        select asked.crime_no, asked.key, asked.bit, asked.since, asked.until,
               asked.slice + later.step as slice
        from ({asked}) as asked
        cross join (select * from (values (0), ({_next_slice(bits)})) as listed(step)) as later
        where asked.key is not null"""


def _slice(instant: str, rule: Rule, bits: Mapping[str, int]) -> str:
    """The number of the slice of time that an instant falls in, among the slices of all rules."""
    place = list(bits).index(rule.name)
    return f"{bucket(instant, rule.span)} * {_next_slice(bits)} + {place}"


def _next_slice(bits: Mapping[str, int]) -> int:
    """How far apart the numbers of one rule's slices lie."""
    return len(bits)


def _near(followed: Sequence[Rule], bits: Mapping[str, int], wanted: str) -> str:
    """The incidents of every block that is wanted."""
    placed = " union all ".join(
        f"""select incident_no, key, reported, {_slice("reported", rule, bits)} as slice
            from ({rule.incident_keys}) as keyed"""
        for rule in followed
    )
    return f"""
        select placed.* from ({placed}) as placed
        where exists (select 1 from {wanted} as wanted
                      where wanted.key = placed.key and wanted.slice = placed.slice)"""


def _large(near: str) -> str:
    """Blocks over the limit, and when each was full."""
    return f"""
        select key, slice, min(incidents) as incidents, min(reported) as full_at
        from (select near.key, near.slice, near.reported, large.incidents,
                     row_number() over (partition by near.key, near.slice order by near.reported) as place
              from {near} as near
              join (select key, slice, count(*) as incidents from {near} group by key, slice
                    having count(*) > {BLOCK_LIMIT}) as large
                on large.key = near.key and large.slice = near.slice) as placed
        where place > {BLOCK_LIMIT} group by key, slice"""


def _cut(found: str, bits: Mapping[str, int]) -> str:
    named = " ".join(f"when {bit} then '{name}'" for name, bit in bits.items())
    return f"""
        select case bit {named} end as rule, count(distinct block) as blocks_cut,
               count(*) as crimes_affected, sum(incidents) as pairs_avoided
        from ({found}) as found where block is not null group by bit"""


def _slip_sql(formats: NumberFormats, before: int, after: int) -> str:
    """Numbers one slip away from a typed number that no incident within reach bears."""
    powers = _powers(formats)
    if not powers:
        return (
            "select cast(null as bigint) as crime_no, cast(null as bigint) as number, "
            "cast(null as bigint) as recorded where 1 = 0"
        )
    listed = ", ".join(f"(cast({power} as bigint))" for power in powers)
    digits = ", ".join(f"({digit})" for digit in range(10))
    digit = (
        "cast(((orphan.number % (10 * place.power)) - (orphan.number % place.power)) / place.power as bigint)"
    )
    return f"""
        with orphan as (
            select names.crime_no, names.number, names.recorded
            from link_crime_names as names
            where names.how = 'typed' and names.number is not null
              and names.crime_no not in (
                  select given.crime_no from link_crime_names as given
                  join link_incident_key as own on own.key = given.key
                  where given.how = 'typed'
                    and given.recorded - own.reported between -{before} and {after})
              and names.crime_no not in (select crime_no from link_exact)
        ),
        placed as (
            select orphan.crime_no, orphan.number, orphan.recorded, place.power, {digit} as digit
            from orphan cross join (select * from (values {listed}) as listed(power)) as place
        )
        select crime_no, number + (other.digit - placed.digit) * power as number, recorded
        from placed
        cross join (select * from (values {digits}) as listed(digit)) as other
        where other.digit <> placed.digit
        union
        select low.crime_no, low.number + 9 * low.power * (low.digit - high.digit), low.recorded
        from placed as low
        join placed as high
          on high.crime_no = low.crime_no and high.number = low.number and high.power = 10 * low.power
        where low.digit <> high.digit"""


def _powers(formats: NumberFormats) -> Sequence[int]:
    """Powers of ten of the digits in which a slip can sit."""
    serial = max((shape.serial_most for shape in formats.incident), default=0)
    period = max((2 * len(shape.order) for shape in formats.incident), default=0)
    return [10**place for place in (*range(serial), *range(SERIAL_DIGITS, SERIAL_DIGITS + period))]
