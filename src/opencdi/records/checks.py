"""What makes a row or a value unacceptable, each check a condition in SQL and a sentence.

A check that rejects concerns what the audit cannot do without (the number, the time of the report or
of the record) or what would poison it (a code that a spreadsheet turned into a date). Any other value
that cannot be believed is made null and listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from opencdi.engine import Step, sql_text
from opencdi.records.expressions import DATE_FIELDS, EARLIEST, Expressions
from opencdi.records.profile import IDENTIFIERS, REQUIRED_FIELDS, Source

Effect = Literal["row_rejected", "value_dropped", "noted"]

IDENTIFIER_FIELDS = ("incident_id", "crime_id", "incident_reference", "crime_references")
LISTS = ("closing_codes", "crime_references")
CODE_FIELDS = ("opening_code", "closing_codes", "offence_code", "n100_code", "cancellation_code")

_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"


def _whole(*forms: str) -> str:
    """The pattern of a text that has one of some forms, in capitals or small letters."""
    return f"(?i)^(?:{'|'.join(forms)})$"


_DATES: tuple[str, ...] = (
    "[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9:.]+)?",
    "[0-9]{1,2}[/-][0-9]{1,2}[/-](?:[0-9]{2}|[0-9]{4})(?: [0-9:]+)?",
    "[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4}(?: [0-9:]+)?",
    f"[0-9]{{1,2}}[- ]{_MONTH}(?:[- ][0-9]{{2,4}})?",
    f"{_MONTH}[- ][0-9]{{2,4}}",
)
"""Dates as spreadsheets write them. A section such as 7.2.46 is none."""

_LOST_ITS_DIGITS = "[0-9](?:[.,][0-9]+)?e[+][0-9]{1,2}"
_DECIMAL_NUMBER = "[0-9]+[.]0+"

_GIVEN = re.compile(r"\b(?:text|moment|once)\b")
"""What a condition names; see ``ColumnChecks``."""

_GRAVEST_FIRST = "case effect when 'row_rejected' then 0 when 'value_dropped' then 1 else 2 end"


@dataclass(frozen=True)
class Check:
    """A condition on ``text`` (and, for dates, on ``moment`` and ``once``), and what it leads to."""

    reason: str
    effect: Effect
    condition: str
    sentence: str


@dataclass(frozen=True)
class ColumnChecks:
    """The checks of one column, the gravest first; at most one of them is reported for a row.

    ``text`` is the value as written, in SQL; ``given`` are further expressions the conditions name. ``doubt``
    is a condition that holds wherever one of the checks finds something, and costs less than they do.
    """

    column: str
    text: str
    checks: tuple[Check, ...]
    doubt: str
    given: Mapping[str, str] = field(default_factory=dict)


def column_checks(expressions: Expressions) -> list[ColumnChecks]:
    """Every check of a file."""
    return [
        *_numbers_and_codes(expressions),
        *_dates(expressions),
        *_coordinates(expressions),
        *_births(expressions),
    ]


def _headings(expressions: Expressions, name: str) -> tuple[str, ...]:
    source = expressions.profile.columns.get(name)
    return source.columns if source else ()


def _numbers_and_codes(expressions: Expressions) -> Iterator[ColumnChecks]:
    own = IDENTIFIERS[expressions.profile.table]
    for name in (*IDENTIFIER_FIELDS, *CODE_FIELDS):
        source = expressions.profile.columns.get(name)
        if source is None:
            continue
        extracted = source.pattern is not None
        if name == own:
            check = _no_number(source.columns[0])
            yield ColumnChecks(source.columns[0], expressions.written(name), (check,), check.condition)
        if extracted:
            continue
        for column, text in _texts(expressions, name, source):
            found, spoilt = [_date_in_a_code_column(expressions, column)], _DATES
            if name in IDENTIFIER_FIELDS:
                found += _not_whole(expressions, column)
                spoilt = (*_DATES, _LOST_ITS_DIGITS, _DECIMAL_NUMBER)
            yield ColumnChecks(
                column, text, tuple(found), expressions.dialect.matches("text", _whole(*spoilt))
            )


def _texts(expressions: Expressions, name: str, source: Source) -> list[tuple[str, str]]:
    """The texts of a field that must be no dates: each column of a list, else all columns joined."""
    if name in LISTS:
        return [(column, expressions.cell(column)) for column in source.columns]
    return [(source.columns[0], expressions.written(name))]


def _no_number(column: str) -> Check:
    return Check(
        "no_number",
        "row_rejected",
        "text is null",
        f"`{column}` holds no number, so the record cannot be told from others; add it",
    )


def _date_in_a_code_column(expressions: Expressions, column: str) -> Check:
    return Check(
        "date_in_a_code_column",
        "row_rejected",
        expressions.dialect.matches("text", _whole(*_DATES)),
        f"`{column}` holds a date where a code or number belongs (spreadsheets turn 8/6 into 8 June); "
        "format the column as text and export again",
    )


def _not_whole(expressions: Expressions, column: str) -> list[Check]:
    return [
        Check(
            "number_lost_its_digits",
            "row_rejected",
            expressions.dialect.matches("text", _whole(_LOST_ITS_DIGITS)),
            f"`{column}` was stored as a number and has lost its last digits; format the column as text and "
            "export again",
        ),
        Check(
            "number_with_decimals",
            "row_rejected",
            expressions.dialect.matches("text", _whole(_DECIMAL_NUMBER)),
            f"`{column}` was stored as a decimal number; export it as text, or keep its digits with "
            "pattern = '^[0-9]+' in the profile",
        ),
    ]


def _dates(expressions: Expressions) -> Iterator[ColumnChecks]:
    profile = expressions.profile
    for name in DATE_FIELDS:
        source = profile.columns.get(name)
        if source is None:
            continue
        needed = name in REQUIRED_FIELDS[profile.table]
        once = expressions.dialect.occurs_once(expressions.wall_clock(name), profile.zone_of(source))
        yield ColumnChecks(
            source.columns[0],
            expressions.written(name),
            tuple(_date_checks(expressions, name, source.columns[0], needed)),
            _date_doubt(expressions, needed),
            {"moment": expressions.instant(name), "once": once},
        )


def _date_doubt(expressions: Expressions, needed: bool) -> str:
    impossible = f"coalesce(not {expressions.is_possible('moment')}, true)"
    return f"{impossible if needed else f'text is not null and {impossible}'} or not once"


def _date_checks(expressions: Expressions, name: str, column: str, needed: bool) -> Iterator[Check]:
    effect: Effect = "row_rejected" if needed else "value_dropped"
    formats = " or ".join(expressions.formats_of(name)) or "an ISO date"
    if needed:
        yield Check("no_date", effect, "text is null", f"`{column}` is empty; add the date and time")
    yield Check(
        "not_a_date",
        effect,
        "text is not null and moment is null",
        f"`{column}` cannot be read as {formats}; correct it, or state its format in the profile",
    )
    yield Check(
        "impossible_date",
        effect,
        f"text is not null and not {expressions.is_possible('moment')}",
        f"`{column}` is before {EARLIEST[:4]} or in the future; correct it, or its format in the profile",
    )
    yield Check(
        "clock_change",
        "noted",
        "not once",
        f"`{column}` falls in the hour of a clock change, which occurs twice in autumn and never in "
        "spring; the "
        "first of the two, or the clock not yet put forward, was taken",
    )


def _coordinates(expressions: Expressions) -> Iterator[ColumnChecks]:
    for name, limit in (("latitude", 90), ("longitude", 180)):
        for column in _headings(expressions, name)[:1]:
            check = Check(
                "not_a_coordinate",
                "value_dropped",
                f"text is not null and coalesce(moment not between -{limit} and {limit}, true)",
                f"`{column}` is not a number of degrees; correct it or leave it empty",
            )
            text = expressions.written(name)
            yield ColumnChecks(column, text, (check,), check.condition, {"moment": f"number_{name}"})


def _births(expressions: Expressions) -> Iterator[ColumnChecks]:
    for place, party in enumerate(expressions.profile.party):
        if party.born_on is None:
            continue
        check = Check(
            "impossible_birth",
            "value_dropped",
            f"text is not null and coalesce(not {expressions.is_possible_day('moment')}, true)",
            f"`{party.born_on}` is not a date of birth; correct it, or state its format in the profile",
        )
        day = f"born_{place}"
        yield ColumnChecks(
            party.born_on, expressions.cell(party.born_on), (check,), check.condition, {"moment": day}
        )


def doubt(checks: Sequence[ColumnChecks]) -> str:
    """SQL for whether any check finds something in a row."""
    return " or ".join(
        f"coalesce({_filled_in(each.doubt, {'text': each.text, **each.given})}, false)" for each in checks
    )


def issue_step(
    expressions: Expressions, checks: Sequence[ColumnChecks], rows: str, source_file: str, number: int
) -> Step:
    """``read_issue_N``: line, column, reason, effect, shape and sentence of every issue of a file.

    ``rows`` is a relation of the raw rows that are in doubt.
    """
    found = f"read_found_{number}"
    return Step(
        f"read_issue_{number}",
        "select line, column_name, reason, effect, value_class, concat('Line ', line, rest) as sentence"
        f" from (select line, {expressions.shape('text', expressions.dialect)} as value_class, answer.*,"
        f" row_number() over (partition by line, column_name order by {_GRAVEST_FIRST}, found.place) as rank"
        f" from {found} as found join {_answers(checks, source_file)} as answer"
        " on answer.place = found.place) as ranked where rank = 1",
        stages=(Step(found, _found(expressions, checks, rows)),),
    )


def _found(expressions: Expressions, checks: Sequence[ColumnChecks], rows: str) -> str:
    """SQL for the first check of each column that finds something in a row: line, the value's text, and the
    check's place.

    The columns are looked at in one pass: what is planned for each takes longer than to look at the few rows.
    """
    uses = [text for each in checks for text in (each.text, *each.given.values())]
    values = ", ".join(
        f"{value} as {name}_{column}"
        for column, each in enumerate(checks)
        for name, value in {"text": each.text, **each.given}.items()
    )
    firsts = ", ".join(
        f"text_{column}, {_first_that_holds(each, column)} as place_{column}"
        for column, each in enumerate(checks)
    )
    columns = range(len(checks))
    text, place = (
        f"case number {' '.join(f'when {column} then {name}_{column}' for column in columns)} end as {name}"
        for name in ("text", "place")
    )
    numbers = ", ".join(f"({column})" for column in columns)
    checked = (
        f"select line, {firsts} from (select line, {values} from {expressions.rows(rows, *uses)}) as valued"
    )
    return (
        f"select line, text, place from (select line, {text}, {place} from ({checked}) as checked"
        f" cross join (select * from (values {numbers}) as listed(number)) as every_column) as found"
        " where place is not null"
    )


def _first_that_holds(each: ColumnChecks, column: int) -> str:
    named = {name: f"{name}_{column}" for name in ("text", *each.given)}
    tests = " ".join(
        f"when {_filled_in(check.condition, named)} then {_place(column, n)}"
        for n, check in enumerate(each.checks)
    )
    return f"case {tests} end"


def _place(column: int, check: int) -> int:
    """The place of a check among all of a file."""
    return column * 10 + check


def _answers(checks: Sequence[ColumnChecks], source_file: str) -> str:
    """What each check leads to: a FROM clause of its place, column, reason, effect and the rest of its
    sentence."""
    rows = ", ".join(
        f"({_place(column, n)}, {sql_text(each.column)}, {sql_text(check.reason)}, {sql_text(check.effect)},"
        f" {sql_text(f' of {source_file}: {check.sentence}.')})"
        for column, each in enumerate(checks)
        for n, check in enumerate(each.checks)
    )
    names = "place, column_name, reason, effect, rest"
    return f"(select * from (values {rows}) as listed({names}))"


def _filled_in(condition: str, named: Mapping[str, str]) -> str:
    return _GIVEN.sub(lambda found: f"({named[found[0]]})", condition)
