"""Which incident a crime names, and which crime an incident names: typed in a field or quoted in text.

Every reference is read as keys (see ``numbers``) and met with the force's own numbers, so that spaces,
slashes, prefixes, leading zeros and the order of the parts do not matter. A typed number that is
nobody's is tried again with one digit changed and with two neighbours swapped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from opencdi.engine import Dialect, Relation, Step
from opencdi.linkage.numbers import SERIAL_DIGITS, NumberFormat, Reading, learn
from opencdi.linkage.sql import known

_SAMPLE = 4_000
_LONDON = ZoneInfo("Europe/London")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_NAMES_OF_A_LOG = "LOG|CAD|INC|INCIDENT|URN|EVENT"


@dataclass(frozen=True)
class NumberFormats:
    """How a force numbers its incidents and its crimes."""

    incident: tuple[NumberFormat, ...]
    crime: tuple[NumberFormat, ...]


def learn_formats(incidents: Relation, crimes: Relation) -> NumberFormats:
    """Learn both from a spread of a few thousand rows of each."""
    return NumberFormats(
        learn(_sample(incidents, "incident_id", "reported_at")),
        learn(_sample(crimes, "crime_id", "recorded_at")),
    )


def _sample(relation: Relation, number: str, instant: str) -> list[tuple[str, date]]:
    step = max(1, relation.count() // _SAMPLE)
    epoch = relation.engine.dialect.epoch_seconds(instant)
    rows = relation.engine.rows(
        f"select {number} as number, {epoch} as epoch from {relation.name} "
        f"where source_line % {step} = 0 order by {number} limit {4 * _SAMPLE}"
    )
    return [(row["number"], datetime.fromtimestamp(row["epoch"], _LONDON).date()) for row in rows]


def reference_steps(incidents: Relation, crimes: Relation, formats: NumberFormats) -> list[Step]:
    """Tables of keys, for ``candidates`` to join.

    ``link_incident_key`` and ``link_crime_key`` hold each record's own key; ``link_crime_names`` the
    incident keys a crime gives and ``link_incident_names`` the crime keys an incident gives, each with
    ``how``: typed, quoted or partial (a serial without its day or year).
    """
    dialect = crimes.engine.dialect
    return [
        _own_keys(dialect, incidents, "incident", formats.incident),
        _own_keys(dialect, crimes, "crime", formats.crime),
        Step("link_crime_wrote", _written_on_crimes(dialect, crimes, formats.incident)),
        _named_keys(dialect, "crime", formats.incident),
        Step("link_incident_wrote", _written_on_incidents(dialect, incidents, formats.crime)),
        _named_keys(dialect, "incident", formats.crime),
    ]


def _own_keys(dialect: Dialect, source: Relation, kind: str, formats: Sequence[NumberFormat]) -> Step:
    readings = [reading for shape in formats for reading in shape.own_readings()]
    cases = " ".join(
        f"when {dialect.matches('digits', reading.pattern)} then {_number(dialect, reading)}"
        for reading in readings
    )
    number = f"case {cases} end" if cases else "cast(null as bigint)"
    return Step(
        f"link_{kind}_key",
        f"""
        select record.{kind}_no, read.number,
               coalesce(cast(read.number as varchar), {_plain(dialect, f"read.{kind}_id")}) as key
        from (select {kind}_id, {number} as number
              from (select {kind}_id, {_digit_groups(dialect, f"{kind}_id")} as digits
                    from {source.name}) as split) as read
        join link_{kind} as record on record.{kind}_id = read.{kind}_id""",
    )


def _named_keys(dialect: Dialect, kind: str, formats: Sequence[NumberFormat]) -> Step:
    """Keys read from what a kind of record wrote, by every reading that fits."""
    whole = [reading for shape in formats for reading in shape.readings()]
    alone = [reading for shape in formats if (reading := shape.serial_alone())]
    texts = [_read(dialect, kind, reading, "how") for reading in dict.fromkeys(whole)]
    texts += [_read(dialect, kind, reading, "'partial'") for reading in dict.fromkeys(alone)]
    texts.append(
        f"select {kind}_no, cast(null as bigint) as number, {_plain(dialect, 'written')} as key, how "
        f"from link_{kind}_wrote"
    )
    return Step(
        f"link_{kind}_names",
        f"""
        select distinct {kind}_no, number, key, how
        from ({" union all ".join(texts)}) as reading
        where key is not null""",
    )


def _read(dialect: Dialect, kind: str, reading: Reading, how: str) -> str:
    number = _number(dialect, reading)
    return (
        f"select {kind}_no, {number} as number, cast({number} as varchar) as key, {how} as how "
        f"from link_{kind}_wrote where {dialect.matches('digits', reading.pattern)}"
    )


def _number(dialect: Dialect, reading: Reading) -> str:
    period = [dialect.extract("digits", reading.pattern, group) for group in reading.period_groups]
    serial = dialect.extract("digits", reading.pattern, reading.serial_group)
    digits = ", ".join([*period, f"lpad({serial}, {SERIAL_DIGITS}, '0')"])
    return f"cast(concat({digits}) as bigint)"


def _written_on_crimes(dialect: Dialect, crimes: Relation, formats: Sequence[NumberFormat]) -> str:
    typed = f"select crime_id, incident_reference as written, 'typed' as how from {crimes.name}"
    whole = [pattern for shape in formats for pattern in shape.in_text()]
    serials = [_spoken_serial(shape) for shape in formats if shape.order in ("ymd", "dmy")]
    quotes = [_quotes(dialect, crimes, "crime_id", "summary", found) for found in (whole, serials) if found]
    return _written(dialect, "crime", [typed, *quotes])


def _written_on_incidents(dialect: Dialect, incidents: Relation, formats: Sequence[NumberFormat]) -> str:
    typed = (
        f"select incident_id, {dialect.unnest('crime_references')} as written, 'typed' as how "
        f"from {incidents.name}"
    )
    whole = [pattern for shape in formats for pattern in shape.in_text()]
    quotes = [_quotes(dialect, incidents, "incident_id", "narrative", whole)] if whole else []
    return _written(dialect, "incident", [typed, *quotes])


def _spoken_serial(shape: NumberFormat) -> str:
    return rf"\b(?:{_NAMES_OF_A_LOG})(?: NO| NUMBER| REF)?[ .:#]{{0,3}}[0-9]{{1,{shape.serial_most}}}\b"


def _quotes(dialect: Dialect, source: Relation, number: str, column: str, patterns: Sequence[str]) -> str:
    pattern = f"(?i)(?:{'|'.join(dict.fromkeys(patterns))})"
    return (
        f"select {number}, {dialect.unnest(dialect.extract_all(column, pattern))} as written, "
        f"'quoted' as how from {source.name} where {column} is not null"
    )


def _written(dialect: Dialect, kind: str, sources: Sequence[str]) -> str:
    return f"""
        select record.{kind}_no, upper(wrote.written) as written, wrote.how,
               {_digit_groups(dialect, _months_as_numbers(dialect, "upper(wrote.written)"))} as digits
        from ({" union all ".join(sources)}) as wrote
        join link_{kind} as record on record.{kind}_id = wrote.{kind}_id
        where wrote.written is not null"""


def _digit_groups(dialect: Dialect, text: str) -> str:
    return f"trim({dialect.replace_all(text, '[^0-9]+', ' ')})"


def _plain(dialect: Dialect, text: str) -> str:
    """A number as written, in capitals without spaces and punctuation; marked as such."""
    return f"'=' || {known(dialect.replace_all(f'upper({text})', '[^A-Z0-9]+', ''))}"


def _months_as_numbers(dialect: Dialect, text: str) -> str:
    """``15JAN26`` as ``15 01 26``; only where a month follows a digit."""
    spelled = text
    for number, month in enumerate(_MONTHS, start=1):
        spelled = dialect.replace_all(spelled, f"{month}[A-Z]*[ /.-]*2", f" {number:02d} 2")
    has_month = dialect.matches(text, f"[0-9][ /.-]?(?:{'|'.join(_MONTHS)})")
    return f"case when {has_month} then {spelled} else {text} end"
