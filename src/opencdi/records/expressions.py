"""Each canonical field of a raw row as an SQL expression."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from opencdi.engine import Dialect, letters_and_digits, sql_text
from opencdi.records.dates import date_part, single_spaced, with_iso
from opencdi.records.profile import IDENTIFIERS, Profile, RowRule, Source
from opencdi.records.rows import LINE

EARLIEST = "1900-01-01"

DATE_FIELDS = (
    "reported_at",
    "recorded_at",
    "attended_at",
    "closed_at",
    "occurred_from",
    "occurred_to",
    "cancelled_at",
    "outcome_at",
)

_NAMES = re.compile(r"\b(?:[ct][0-9]+|(?:wall|moment|number|tight)_[a-z_]+|born_[0-9]+)\b")

_DEGREES = ("latitude", "longitude")

_BREAK = "'\u00a0'"
"""The no-break space, which spreadsheets and web pages put around values."""


@dataclass(frozen=True)
class Expressions:
    """SQL over one raw file.

    ``columns`` are all raw columns, ``column_of`` those under a heading; ``formats`` the date formats of
    fields whose source states none; ``latest`` the last day (ISO) a date may fall on; ``span`` the seconds
    since 1970 from which and before which a row must have been reported, where the audit has a period.
    """

    dialect: Dialect
    profile: Profile
    columns: Sequence[str]
    column_of: Mapping[str, str]
    latest: str
    span: tuple[int, int] | None = None
    formats: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def rows(self, relation: str, *uses: str) -> str:
        """A FROM clause named ``raw``: the raw rows, with the cells and values that ``uses`` name.

        Expressions name cells ``c1`` ... (as read) and ``t1`` ... (cleaned), values read from them
        (``_values``) and instants ``moment_FIELD``; each is computed once, and only where it is used, since
        engines plan long statements slowly.
        """
        named = set(_NAMES.findall(" ".join(uses)))
        moments = [name for name in DATE_FIELDS if f"moment_{name}" in named]
        named.update(f"wall_{name}" for name in moments)
        named.update(_NAMES.findall(" ".join(self.written(name) for name in moments)))
        values = {name: value for name, value in self._values().items() if name in named}
        named.update(_NAMES.findall(" ".join(values.values())))
        cells = [cell for cell in map(_cleaned, self.columns) if cell in named]
        trimmed = "".join(f", {_without_blanks(f'c{cell[1:]}')} as {cell}" for cell in cells)
        cleaned = "".join(f", {self._without_nothing(cell)} as {cell}" for cell in cells)
        read = "".join(f", {value} as {name}" for name, value in values.items())
        timed = "".join(f", {self._read_moment(name)} as moment_{name}" for name in moments)
        raw = ", ".join((LINE, *self._columns_named(named)))
        clause = f"(select {raw}{trimmed} from {relation}) as trimmed"
        clause = f"(select {raw}{cleaned} from {clause}) as raw"
        if read:
            clause = f"(select *{read} from {clause}) as raw"
        return f"(select *{timed} from {clause}) as raw" if timed else clause

    def rows_once(self, relation: str, *uses: str) -> str:
        """As ``rows``, but of the rows that are alike in all that ``uses`` name only one, which has no line.
        Where they name codes, few rows are left to be cleaned."""
        columns = self._columns_named(set(_NAMES.findall(" ".join(uses))))
        cells = ", ".join((f"null as {LINE}", *columns))
        return self.rows(f"(select distinct {cells} from {relation}) as once", *uses)

    def _columns_named(self, named: Container[str]) -> list[str]:
        """The raw columns that are named as read or as cleaned cells."""
        return [column for column in self.columns if column in named or _cleaned(column) in named]

    def _values(self) -> dict[str, str]:
        """What is read from cells and used more than once, by name: local times, degrees, the postcode in
        letters and digits alone, and each party's day of birth."""
        written, profile = self.written, self.profile
        return {
            **{
                f"wall_{name}": self._read_wall_clock(name) for name in DATE_FIELDS if name in profile.columns
            },
            **{f"number_{name}": f"try_cast({written(name)} as double)" for name in _DEGREES},
            "tight_postcode": letters_and_digits(written("postcode"), self.dialect),
            **{
                f"born_{place}": self._read_day(party.born_on, party.formats)
                for place, party in enumerate(profile.party)
                if party.born_on
            },
        }

    def _without_nothing(self, cell: str) -> str:
        """SQL for a cell, null where it is empty or a word for nothing.

        The words are branches of a CASE, since DuckDB makes a join of a list of values, which computes every
        cell of a statement that uses one. Longer cells, and null, are in no need of small letters; bytes are
        counted, since to count characters is to read the cell.
        """
        words = dict.fromkeys(word.lower() for word in ("", *self.profile.nulls))
        longest = max(len(each.encode()) for word in words for each in (word, word.upper()))
        nothing = " ".join(f"when {sql_text(word)} then null" for word in words)
        return (
            f"case when {self.dialect.bytes_in(cell)} <= {longest} then case lower({cell}) {nothing}"
            f" else {cell} end else {cell} end"
        )

    def cell(self, heading: str) -> str:
        """One cell without the blanks around it; null where it is empty or a word for nothing."""
        return _cleaned(self.column_of[heading])

    def written(self, name: str) -> str:
        """A field as text; ``null`` where the profile does not map it."""
        if name in self.profile.constants:
            return sql_text(self.profile.constants[name])
        source = self.profile.columns.get(name)
        if source is None:
            return self.dialect.typed("null", "text")
        return self.matched(source, self.joined(source))

    def joined(self, source: Source) -> str:
        cells = [self.cell(heading) for heading in source.columns]
        if len(cells) == 1:
            return cells[0]
        return f"nullif(concat_ws({sql_text(source.join)}, {', '.join(cells)}), '')"

    def matched(self, source: Source, text: str) -> str:
        if source.pattern is None:
            return text
        return f"nullif({self.dialect.extract(text, source.pattern, source.group)}, '')"

    def last_written(self, name: str) -> str:
        """The last cell of a field's columns that is not empty."""
        source = self.profile.columns.get(name)
        if source is None:
            return self.written(name)
        cells = [self.matched(source, self.cell(heading)) for heading in reversed(source.columns)]
        return f"coalesce({', '.join(cells)})" if len(cells) > 1 else cells[0]

    def items(self, name: str) -> str:
        """A field as a list of texts: its columns in order, each cut at the separator."""
        source = self.profile.columns.get(name)
        if source is None:
            return self.dialect.list_of([])
        cells = [self.cell(heading) for heading in source.columns]
        if source.pattern is None and source.separator is None:
            return self.dialect.without_nulls(self.dialect.list_of(cells))
        lists = [self._items_of(source, cell) for cell in cells]
        joined = self.dialect.concatenated(lists) if len(lists) > 1 else lists[0]
        return self.dialect.without_nulls(joined)

    def _items_of(self, source: Source, cell: str) -> str:
        if source.pattern is not None:
            return self.dialect.extract_all(f"coalesce({cell}, '')", source.pattern, source.group)
        assert source.separator is not None
        nothing, cut = self.dialect.list_of([]), self.dialect.split(cell, source.separator)
        return f"case when {cell} is null then {nothing} else {cut} end"

    # Dates -----------------------------------------------------------------------------------------

    def formats_of(self, name: str) -> tuple[str, ...]:
        source = self.profile.columns[name]
        return source.formats or self.profile.formats or self.formats.get(name, ())

    def _read_wall_clock(self, name: str) -> str:
        plain, _ = with_iso(self.formats_of(name))
        return self.dialect.wall_clock(single_spaced(self.written(name)), plain)

    def _read_moment(self, name: str) -> str:
        _, with_offset = with_iso(self.formats_of(name))
        text = self.dialect.replace_all(self.written(name), "[Zz]$", "+00:00")
        zone = self.profile.zone_of(self.profile.columns[name])
        local = self.dialect.instant_at(self.wall_clock(name), zone)
        return f"coalesce({local}, {self.dialect.instant_with_offset(text, with_offset)})"

    def wall_clock(self, name: str) -> str:
        """A field as a local time; null where it is not one, or has an offset."""
        return f"wall_{name}"

    def instant(self, name: str) -> str:
        """A field as an instant, whatever its year; null where it cannot be read."""
        return f"moment_{name}" if name in self.profile.columns else self.dialect.typed("null", "instant")

    def possible_instant(self, name: str) -> str:
        """The same, null where the date is before 1900 or in the future."""
        instant = self.instant(name)
        return f"case when {self.is_possible(instant)} then {instant} end"

    def is_possible(self, instant: str) -> str:
        after = date.fromisoformat(self.latest) + timedelta(days=1)
        first, last = (self.dialect.typed(f"'{day} 00:00:00+00:00'", "instant") for day in (EARLIEST, after))
        return f"({instant} >= {first} and {instant} < {last})"

    def is_possible_day(self, day: str) -> str:
        return f"{day} between date '{EARLIEST}' and date '{self.latest}'"

    def _read_day(self, heading: str, formats: tuple[str, ...]) -> str:
        """A cell as a date; a time of day in it is left out."""
        known = formats or tuple(
            dict.fromkeys(
                part
                for each in (*self.profile.formats, *(f for many in self.formats.values() for f in many))
                for part in (date_part(each), each)
            )
        )
        plain, _ = with_iso(known)
        return f"cast({self.dialect.wall_clock(self.cell(heading), plain)} as date)"

    # Rows ------------------------------------------------------------------------------------------

    def holds(self, rule: RowRule) -> str:
        """Whether a rule describes the row."""
        cell = self.cell(rule.column)
        if rule.empty:
            return f"({cell} is null)"
        if rule.equals:
            words = ", ".join(sql_text(word.lower()) for word in rule.equals)
            return f"coalesce(lower({cell}) in ({words}), false)"
        return f"coalesce({self.dialect.matches(cell, rule.matches or '')}, false)"

    @property
    def blank(self) -> str:
        """Whether nothing stands in the row. Its number is looked at first, since to look for blanks in a
        whole row costs as much as to read it."""
        number = self.joined(self.profile.columns[IDENTIFIERS[self.profile.table]])
        empty = " and ".join(f"trim(coalesce({column}, '')) = ''" for column in self.columns)
        return f"case when {number} is null then {empty} else false end"

    @property
    def skipped(self) -> str:
        """Whether a declared rule leaves the row out: one of the profile's, or the audit's period."""
        tests = [self.blank, *(self.holds(rule) for rule in self.profile.skip), *self._outside_the_period]
        if self.profile.keep:
            tests.append(f"not ({' or '.join(self.holds(rule) for rule in self.profile.keep)})")
        return f"({' or '.join(tests)})"

    @property
    def _outside_the_period(self) -> Sequence[str]:
        if self.span is None or "reported_at" not in self.profile.columns:
            return ()
        seconds = self.dialect.epoch_seconds(self.instant("reported_at"))
        return (f"coalesce({seconds} < {self.span[0]} or {seconds} >= {self.span[1]}, false)",)

    @property
    def as_read(self) -> str:
        """The row as one line of CSV."""
        return _csv_line(self.columns)

    @property
    def compared(self) -> str:
        """What two copies of one row have in common, as a line of CSV."""
        left_out = {self.column_of[heading] for heading in self.profile.not_compared}
        return _csv_line([column for column in self.columns if column not in left_out])

    @staticmethod
    def shape(text: str, dialect: Dialect) -> str:
        """The shape of a value: A for a capital, a for a small letter, 9 for a digit; never the value."""
        shape = dialect.replace_all(text, "[0-9]", "9")
        shape = dialect.replace_all(shape, "[A-Z]", "A")
        shape = dialect.replace_all(shape, "[^ -@A\\[-`{-~]", "a")
        return f"substr({shape}, 1, 30)"


def _cleaned(column: str) -> str:
    """The name of a raw column's cell without the blanks around it."""
    return f"t{column[1:]}"


def _without_blanks(text: str) -> str:
    """SQL for a text without the blanks around it. To look for them costs a tenth of taking them away."""
    edged = f"{text} like ' %' or {text} like '% ' or {text} like '%\u00a0%'"
    return f"case when {edged} then trim(replace({text}, {_BREAK}, ' ')) else {text} end"


def _csv_line(columns: Sequence[str]) -> str:
    quoted = [f"concat('\"', replace(coalesce({column}, ''), '\"', '\"\"'), '\"')" for column in columns]
    return f"concat_ws(',', {', '.join(quoted)})"
