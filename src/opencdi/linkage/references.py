"""Which incident a crime names, and which crime an incident names: typed in a field or quoted in text.

Every reference is read as keys (see ``numbers``) and met with the force's own numbers, so that spaces,
slashes, prefixes, leading zeros and the order of the parts do not matter. A typed number that is
nobody's is tried again with one digit changed and with two neighbours swapped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from opencdi.engine import Dialect, Relation, Step
from opencdi.linkage.numbers import SERIAL_DIGITS, NumberFormat, Reading, learn
from opencdi.linkage.sql import DAY, HOUR, in_list, known, literal
from opencdi.settings import Linkage

_SAMPLE = 4_000
MOST_SAMPLED = 4 * _SAMPLE
"""Records of a sample at most: where exports give days alone, many stand in one minute."""
_LONDON = ZoneInfo("Europe/London")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_NAMES_OF_A_LOG = "LOG|CAD|INC|INCIDENT|URN|EVENT"


@dataclass(frozen=True)
class NumberFormats:
    """How a force numbers its incidents and its crimes."""

    incident: tuple[NumberFormat, ...]
    crime: tuple[NumberFormat, ...]


Sample = Iterable[tuple[str, float]]
"""Numbers of records, each with when the record was made, in seconds since 1970."""


def learn_formats(incidents: Relation, crimes: Relation) -> NumberFormats:
    """Learn both from a spread of a few thousand rows of each."""
    return formats_of(
        _sample(incidents, "incident_id", "reported_at"), _sample(crimes, "crime_id", "recorded_at")
    )


def formats_of(incidents: Sample, crimes: Sample) -> NumberFormats:
    """Learn both from samples of each (see ``sampled``)."""
    return NumberFormats(_learned(incidents), _learned(crimes))


def minutes_sampled(records: int) -> int:
    """The records of one minute in so many are sampled, so that more records leave the sample as it was, and
    add to it."""
    return int(2 ** max(0, (records // _SAMPLE).bit_length() - 1))


def sampled(
    records: Relation, number: str, instant: str, minutes: int, besides: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """The sampled records in order of their numbers, the first ``MOST_SAMPLED``: each one's ``number``, its
    ``epoch`` (seconds since 1970) and ``besides``, further columns as SQL."""
    epoch = records.engine.dialect.epoch_seconds(instant)
    columns = ", ".join((f"{number} as number", f"{epoch} as epoch", *besides))
    return records.engine.rows(
        f"select {columns} from {records.name} "
        f"where mod(cast(floor({epoch} / 60e0) as bigint), {minutes}) = 0 "
        f"order by {number} limit {MOST_SAMPLED}"
    )


def _sample(records: Relation, number: str, instant: str) -> Sample:
    rows = sampled(records, number, instant, minutes_sampled(records.count()))
    return [(row["number"], row["epoch"]) for row in rows]


def _learned(sample: Sample) -> tuple[NumberFormat, ...]:
    first = sorted(sample)[:MOST_SAMPLED]
    return learn([(number, datetime.fromtimestamp(epoch, _LONDON).date()) for number, epoch in first])


def own_number(text: str, formats: Sequence[NumberFormat]) -> str:
    """SQL for the key of a number in the dress of the force's own system; null where it is in another.

    By position, not by pattern: it runs over every record. Its digits must stand beside it as ``digits``.
    """
    cases = " ".join(
        f"when {_fits(shape, text, among=len(formats))} then {_by_position(shape)}" for shape in formats
    )
    return f"case {cases} end" if cases else "cast(null as bigint)"


def _fits(shape: NumberFormat, text: str, among: int) -> str:
    fixed = len(shape.constant) + shape.period.width
    tests = [f"length(digits) between {fixed + shape.serial_least} and {fixed + shape.serial_most}"]
    if shape.constant:
        tests.append(f"substr(digits, 1, {len(shape.constant)}) = {literal(shape.constant)}")
    if shape.order:
        tests.append(f"{_two_digits(shape)[0]} in {in_list(shape.years)}")
    if shape.letters and among > 1:
        tests.append(f"substr(upper({text}), 1, {len(shape.letters)}) = {literal(shape.letters)}")
    return " and ".join(tests)


def _by_position(shape: NumberFormat) -> str:
    before, width = len(shape.constant), shape.period.width
    if shape.period_first:
        serial = f"substr(digits, {before + width + 1})"
    else:
        serial = f"substr(digits, {before + 1}, length(digits) - {before + width})"
    return _key([_period(shape)] if shape.order else [], serial)


def _period(shape: NumberFormat) -> str:
    """Year, month and day in that order, in one piece where they are written so."""
    parts = _two_digits(shape)
    if shape.order in ("ymd", "y"):
        start = parts[0].removesuffix(", 2)")
        return f"{start}, {2 * len(parts)})"
    return f"concat({', '.join(parts)})"


def _key(period: Sequence[str], serial: str) -> str:
    """A key from digits: the period, where there is one, and the serial."""
    front = "".join(f"cast({digits} as bigint) * {10**SERIAL_DIGITS} + " for digits in period)
    return f"{front}cast({serial} as bigint)"


def _two_digits(shape: NumberFormat) -> list[str]:
    """Year, month and day, as far as the period has them."""
    start = f"{len(shape.constant)}" if shape.period_first else f"length(digits) - {shape.period.width}"
    return [f"substr(digits, {start} + {offset + 1}, 2)" for offset in shape.period.offsets]


def _number(parts: Sequence[str]) -> str:
    return f"cast(concat({', '.join(parts)}) as bigint)"


def reference_steps(
    incidents: Relation, crimes: Relation, formats: NumberFormats, settings: Linkage
) -> list[Step]:
    """Tables of keys, for ``candidates`` to join.

    ``link_incident_key`` and ``link_crime_key`` hold each record's own key; ``link_crime_names`` the
    incident keys a crime gives and ``link_incident_names`` the crime keys an incident gives, each with
    ``how``: typed, quoted or partial (a serial without its day or year). ``link_exact`` holds each crime
    with the incident whose number it gives letter for letter, however long ago that was reported.
    """
    dialect = crimes.engine.dialect
    return [
        Step("link_exact", _exact(settings)),
        Step("link_incident_plain", _plain_numbers(dialect, "incident")),
        Step("link_incident_key", _own_keys(dialect, "incident", "reported")),
        Step("link_crime_plain", _plain_numbers(dialect, "crime")),
        Step("link_crime_key", _own_keys(dialect, "crime", "recorded")),
        Step("link_crime_wrote", _written_on_crimes(dialect, crimes, formats.incident)),
        Step(
            "link_crime_names",
            _named_keys(dialect, "crime", "incident", "recorded", formats.incident, _borne(settings)),
        ),
        Step("link_incident_wrote", _written_on_incidents(dialect, incidents, formats.crime)),
        Step(
            "link_incident_names",
            _named_keys(dialect, "incident", "crime", "reported", formats.crime, _READ),
        ),
    ]


_READ = "select distinct incident_no, direct from link_incident_wrote where direct is not null"


def _borne(settings: Linkage) -> str:
    """What a crime gives that is the number of an incident within its reach."""
    before = int(settings.window_before_hours * HOUR)
    after = int(settings.window_after_days * DAY)
    return f"""
        select wrote.crime_no, wrote.direct from link_crime_wrote as wrote
        join link_crime as crime on crime.crime_no = wrote.crime_no
        join link_incident as incident on incident.number = wrote.direct
        where crime.recorded - incident.reported between -{before} and {after}
        union
        select wrote.crime_no, wrote.direct from link_crime_wrote as wrote
        join link_exact as exact on exact.crime_no = wrote.crime_no
        where wrote.how = 'typed' and wrote.direct is not null"""


def _exact(settings: Linkage) -> str:
    before = int(settings.window_before_hours * HOUR)
    far = int(settings.reference_window_after_days * DAY)
    return f"""
        select crime.crime_no, incident.incident_no, crime.recorded, incident.reported
        from link_crime as crime
        join link_incident as incident on incident.incident_id = crime.named
        where crime.recorded - incident.reported between -{before} and {far}"""


def _plain_numbers(dialect: Dialect, kind: str) -> str:
    """The numbers of records that are in no dress of the force's system, as written, each with a key of its
    own: below nought, where no number in that dress has its key."""
    return f"""
        select text, cast(-row_number() over (order by text) as bigint) as key
        from (select distinct {_plain(dialect, f"{kind}_id")} as text
              from link_{kind} where number is null) as written
        where text is not null"""


def _own_keys(dialect: Dialect, kind: str, instant: str) -> str:
    return f"""
        select {kind}_no, {instant}, number as key from link_{kind} where number is not null
        union all
        select record.{kind}_no, record.{instant}, plain.key
        from link_{kind} as record
        join link_{kind}_plain as plain on plain.text = {_plain(dialect, f"record.{kind}_id")}
        where record.number is null"""


def _named_keys(
    dialect: Dialect, kind: str, other: str, instant: str, formats: Sequence[NumberFormat], settled: str
) -> str:
    """Keys read from what one kind of record wrote of the other, with the record's instant.

    What is written as the force's system writes it is settled, of a crime's references where an incident
    within reach bears the number (``settled`` selects record and number); only the rest is tried with
    every reading that could fit.
    """
    whole = dict.fromkeys(reading for shape in formats for reading in shape.readings())
    alone = dict.fromkeys(reading for shape in formats if (reading := shape.serial_alone()))
    texts = [_read(dialect, kind, reading, "how") for reading in whole]
    texts += [_read(dialect, kind, reading, "'partial'") for reading in alone]
    texts.append(
        f"select open.{kind}_no, cast(null as bigint), plain.key, open.how from open "
        f"left join link_{other}_plain as plain on plain.text = {_plain(dialect, 'open.written')} "
        "where open.written is not null"
    )
    return f"""
        with settled as (
            select wrote.{kind}_no, wrote.direct as number, wrote.direct as key, wrote.how
            from link_{kind}_wrote as wrote
            join ({settled}) as settled on settled.{kind}_no = wrote.{kind}_no
             and settled.direct = wrote.direct
        ),
        open as (
            select wrote.* from link_{kind}_wrote as wrote
            left join (select distinct {kind}_no, number from settled) as done
              on done.{kind}_no = wrote.{kind}_no and done.number = wrote.direct
            where done.number is null
        )
        select names.*, record.{instant}
        from (select * from settled union {" union ".join(texts)}) as names
        join link_{kind} as record on record.{kind}_no = names.{kind}_no"""


def _read(dialect: Dialect, kind: str, reading: Reading, how: str) -> str:
    parts = [dialect.extract("groups", reading.pattern, group) for group in reading.period_groups]
    serial = dialect.extract("groups", reading.pattern, reading.serial_group)
    number = _number([*parts, f"lpad({serial}, {SERIAL_DIGITS}, '0')"])
    return (
        f"select {kind}_no, {number} as number, {number} as key, {how} as how "
        f"from open where {dialect.matches('groups', reading.pattern)}"
    )


def _written_on_crimes(dialect: Dialect, crimes: Relation, formats: Sequence[NumberFormat]) -> str:
    typed = "select crime_no, named as written, 'typed' as how from link_crime"
    whole = [pattern for shape in formats for pattern in shape.in_text()]
    serials = [_spoken_serial(shape) for shape in formats if shape.order in ("ymd", "dmy")]
    marks = ["[0-9]"] if serials else [shape.mark_in_text() for shape in formats]
    quotes = _quotes(dialect, crimes, "crime_id", "summary", marks, whole, serials)
    return _written(dialect, "crime", [typed, *(_numbered("crime", quote) for quote in quotes)], formats)


def _written_on_incidents(dialect: Dialect, incidents: Relation, formats: Sequence[NumberFormat]) -> str:
    typed = (
        f"select incident_id, {dialect.unnest('crime_references')} as written, 'typed' as how "
        f"from {incidents.name}"
    )
    whole = [pattern for shape in formats for pattern in shape.in_text()]
    marks = [shape.mark_in_text() for shape in formats]
    quotes = _quotes(dialect, incidents, "incident_id", "narrative", marks, whole)
    written = [_numbered("incident", source) for source in (typed, *quotes)]
    return _written(dialect, "incident", written, formats)


def _numbered(kind: str, written: str) -> str:
    """What records wrote, by the number of the record and not by its key."""
    return (
        f"select record.{kind}_no, wrote.written, wrote.how from ({written}) as wrote "
        f"join link_{kind} as record on record.{kind}_id = wrote.{kind}_id"
    )


def _spoken_serial(shape: NumberFormat) -> str:
    return rf"\b(?:{_NAMES_OF_A_LOG})(?: NO| NUMBER| REF)?[ .:#]{{0,3}}[0-9]{{1,{shape.serial_most}}}\b"


def _quotes(
    dialect: Dialect, source: Relation, number: str, column: str, marks: Sequence[str], *sought: Sequence[str]
) -> list[str]:
    """What each set of patterns finds in a text that bears one of the marks; nothing where none is sought."""
    found = [
        dialect.extract_all(column, f"(?i)(?:{'|'.join(dict.fromkeys(patterns))})")
        for patterns in sought
        if patterns
    ]
    if not found:
        return []
    together = dialect.concatenated(found) if len(found) > 1 else found[0]
    return [
        f"select {number}, {dialect.unnest(together)} as written, 'quoted' as how from {source.name} "
        f"where {column} is not null and {dialect.matches(column, '|'.join(dict.fromkeys(marks)))}"
    ]


def _written(dialect: Dialect, kind: str, sources: Sequence[str], formats: Sequence[NumberFormat]) -> str:
    """What was written, its digit groups, and its key where it is in the system's own dress."""
    groups = digit_groups_sql(dialect, _months_as_numbers(dialect, "written"))
    return f"""
        select grouped.*, {own_number("written", formats)} as direct
        from (select spaced.*, replace(groups, ' ', '') as digits
              from (select capitals.*, {groups} as groups
                    from (select wrote.{kind}_no, upper(wrote.written) as written, wrote.how
                          from ({" union all ".join(sources)}) as wrote
                          where wrote.written is not null) as capitals) as spaced) as grouped"""


def digit_groups_sql(dialect: Dialect, text: str) -> str:
    """As ``numbers.digit_groups``."""
    return f"trim({dialect.replace_all(text, '[^0-9]+', ' ')})"


def _plain(dialect: Dialect, text: str) -> str:
    """A number as written, in capitals without spaces and punctuation."""
    return known(dialect.replace_all(f"upper({text})", "[^A-Z0-9]+", ""))


def _months_as_numbers(dialect: Dialect, text: str) -> str:
    """``15JAN26`` as ``15 01 26``; only where a month follows a digit."""
    spelled = text
    for number, month in enumerate(_MONTHS, start=1):
        spelled = dialect.replace_all(spelled, f"{month}[A-Z]*[ /.-]*2", f" {number:02d} 2")
    has_month = dialect.matches(text, f"[0-9][ /.-]?(?:{'|'.join(_MONTHS)})")
    return f"case when {has_month} then {spelled} else {text} end"
