"""What a column's values look like, from a sample spread over the whole file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from opencdi.engine import Engine, Step
from opencdi.records.dates import Reading, reading_of

SAMPLE = 20_000
"""Rows of a file that are looked at: so many, or up to twice as many; of a smaller file all."""

SHAPED = 2_000
"""Different values of a column whose shapes are looked at: so many, or up to twice as many."""

SAMPLED = "guessing_sample"

_MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
PATTERNS: dict[str, str] = {
    "postcode": "(?i)^[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}$",
    "home_office": "^[0-9]{1,3}/[0-9]{1,2}$|^[0-9]{1,3}[A-Z]$",
    "time": "(?i)^[0-9]{1,2}[:.][0-9]{2}([:.][0-9]{2})?([.][0-9]+)?( ?[AP]M)?$|^[0-9]{4}([0-9]{2})?$",
    "date": f"(?i)^[0-9]{{1,4}}[-/. ][0-9]{{1,2}}[-/. ][0-9]{{2,4}}|{_MONTH}.*[0-9]|^[0-9]{{8}}( "
    "?[0-9]{{4,6}})?$",
    "midnight": "[T ]00:00(:00)?([.]0+)?$",
    "force": "(?i)police|constab|shire$|force",
    "telephone": "^[+(]?[0-9][0-9 ()+-]{8,17}$",
    "decimal": "^[+-]?[0-9]{1,3}[.][0-9]{2,}$",
    "n100": "(?i)^n? ?(100)?[ /]*[123]$|n ?100",
    "cancellation": "(?i)^c?[1-5]\\b",
    "yes_or_no": "(?i)^(y|n|yes|no|true|false|0|1|t|f)$",
    "sex": "(?i)^(m|f|x|u|male|female|man|woman|unknown|other|non.*|not .*|trans.*|indeterminate)$",
    "has_digit": "[0-9]",
    "name": "^[^0-9;:|]{1,40}$",
    "number": "^[0-9]+$",
}


@dataclass(frozen=True)
class Contents:
    """One column: how many of the sampled rows hold a value, how many different ones, their lengths, and
    the share of them that has each shape of ``PATTERNS``. ``reading`` says how its dates are written."""

    rows: int
    filled: int
    distinct: int
    mean_length: float
    longest: int
    words: float
    shares: Mapping[str, float]
    reading: Reading | None

    @property
    def empty(self) -> bool:
        return self.filled == 0

    @property
    def variety(self) -> float:
        """Different values as a share of the values."""
        return self.distinct / self.filled if self.filled else 0.0

    @property
    def is_date(self) -> bool:
        return self.reading is not None and self.reading.share >= 0.8

    @property
    def has_time(self) -> bool:
        if self.reading is None or not self.is_date or self.shares["midnight"] > 0.98:
            return False
        return any("%M" in each for each in self.reading.formats)

    @property
    def is_time_of_day(self) -> bool:
        return not self.is_date and self.shares["time"] > 0.9 and self.variety < 0.9


@dataclass(frozen=True)
class Sample:
    """``rows`` of the ``of`` rows of a raw file (``whole``), spread evenly over it, as a relation."""

    relation: str
    whole: str
    rows: int
    of: int

    def reading(self, engine: Engine, text: str) -> Reading | None:
        """How ``text`` (SQL over the columns) is read as dates.

        Where the sample does not settle the order of day and month all rows are asked: one thirteenth day
        does.
        """
        found = reading_of(engine, self.relation, text)
        if found is None or not found.ambiguous or self.rows == self.of:
            return found
        return reading_of(engine, self.whole, text)


def sample_of(engine: Engine, relation: str, columns: Iterable[str]) -> Sample:
    """Every so many-th row of a raw file, in the order of the file."""
    known = engine.rows(f"select count(*) as n, min(line) as first, max(line) as last from {relation}")[0]
    total = int(known["n"])
    step = max(1, total // SAMPLE)
    named = ", ".join(columns)
    if total and known["last"] - known["first"] + 1 == total:
        taken = f"mod(line - {known['first']} + 1, {step}) = 0"
    else:
        lines = f"select line, row_number() over (order by line) as place from {relation}"
        taken = f"line in (select line from ({lines}) as numbered where mod(place, {step}) = 0)"
    engine.run([Step(SAMPLED, f"select {named} from {relation} where {taken}")])
    return Sample(SAMPLED, relation, total // step, total)


def contents_of(engine: Engine, sample: Sample, columns: Mapping[str, str]) -> dict[str, Contents]:
    """The contents of each column; ``columns`` gives the raw column under each heading."""
    counted = _counted(engine, sample, list(columns.values()))
    return {
        heading: _contents(engine, sample, column, counted[column]) for heading, column in columns.items()
    }


@dataclass(frozen=True)
class _Counted:
    """The different values of a column in their order, and how often each occurs. They are counted once, and
    all that is asked of the column is asked of them: a statement for each column cost more than its answer.
    """

    values: pa.StringArray
    times: pa.Int64Array

    @property
    def filled(self) -> int:
        return self.sum_of(1)

    def sum_of(self, numbers: pa.Array | int) -> int:
        """Over all values, each as often as it occurs."""
        return int(pc.sum(pc.multiply(self.times, numbers)).as_py() or 0)

    def some(self) -> _Counted:
        """Of many different values every so many-th."""
        step = max(1, len(self.values) // SHAPED)
        return _Counted(self.values[step - 1 :: step], self.times[step - 1 :: step])


def _counted(engine: Engine, sample: Sample, columns: Sequence[str]) -> dict[str, _Counted]:
    values = ", ".join(f"{_value(column)} as {column}" for column in columns)
    types = pa.schema([pa.field(column, pa.string()) for column in columns])
    batches = engine.batches(f"select {values} from {sample.relation}")
    table = pa.Table.from_batches([batch.cast(types) for batch in batches], types)
    return {column: _in_order(table.column(column)) for column in columns}


def _in_order(column: pa.ChunkedArray) -> _Counted:
    counts = column.drop_null().value_counts()
    values = counts.field("values")
    order = pc.sort_indices(values)
    return _Counted(values.take(order), counts.field("counts").take(order))


def _value(column: str) -> str:
    return f"nullif(trim({column}), '')"


def _contents(engine: Engine, sample: Sample, column: str, counted: _Counted) -> Contents:
    shares = _shares(counted.some())
    filled = counted.filled
    letters = pc.utf8_length(counted.values)
    words = pc.add(pc.count_substring(counted.values, " "), 1)
    return Contents(
        sample.rows,
        filled,
        len(counted.values),
        counted.sum_of(letters) / max(1, filled),
        pc.max(letters).as_py() or 0,
        counted.sum_of(words) / max(1, filled),
        shares,
        sample.reading(engine, _value(column)) if shares["date"] > 0.3 else None,
    )


def _shares(counted: _Counted) -> dict[str, float]:
    """The share of values that have each shape."""
    filled = max(1, counted.filled)
    return {
        name: counted.sum_of(pc.cast(pc.match_substring_regex(counted.values, pattern), pa.int64())) / filled
        for name, pattern in PATTERNS.items()
    }


_REPEATED = 0.02
"""Below this share of different values a column numbers no records, even in an export of snapshots."""


def _share(name: str) -> Callable[[Contents], float]:
    return lambda contents: contents.shares[name]


def _own_number(contents: Contents) -> float:
    if contents.is_date or contents.mean_length > 40 or contents.shares["decimal"] > 0.5:
        return 0.0
    if contents.variety < _REPEATED:
        return 0.0
    return max(0.45, contents.variety**2) * (contents.filled / contents.rows if contents.rows else 0.0)


def _number(contents: Contents) -> float:
    if contents.is_date or contents.mean_length > 40:
        return 0.0
    return contents.shares["has_digit"] * (0.4 if contents.longest < 4 else 1.0)


def _code(contents: Contents) -> float:
    if contents.is_date or contents.mean_length > 60 or contents.is_time_of_day:
        return 0.0
    if contents.filled <= 20:
        return 0.7
    return 0.6 if contents.distinct == 1 else max(0.0, 1.0 - contents.variety)


def _label(contents: Contents) -> float:
    return 0.0 if contents.is_date or contents.mean_length > 40 or contents.words > 6 else 1.0


def _words(contents: Contents) -> float:
    if contents.is_date or (contents.shares["has_digit"] > 0.99 and contents.words < 1.2):
        return 0.0
    return 0.3 if contents.shares["number"] > 0.5 else 1.0


def _prose(contents: Contents) -> float:
    if contents.is_date or contents.mean_length < 12 or contents.words < 3.5:
        return 0.0
    return min(1.0, contents.words / 6) * (0.6 + 0.4 * min(1.0, contents.variety * 2))


def _name(contents: Contents) -> float:
    if contents.is_date or contents.mean_length >= 25 or (contents.distinct == 1 and contents.filled > 5):
        return 0.0
    return contents.shares["name"]


def _coordinate(contents: Contents) -> float:
    return contents.shares["decimal"]


SHAPES: dict[str, Callable[[Contents], float]] = {
    "own number": _own_number,
    "number": _number,
    "date": lambda contents: (1.0 if contents.has_time else 0.85) if contents.is_date else 0.0,
    "code": _code,
    "label": _label,
    "words": _words,
    "prose": _prose,
    "name": _name,
    "full name": _name,
    "postcode": _share("postcode"),
    "latitude": _coordinate,
    "longitude": _coordinate,
    "offence code": _share("home_office"),
    "n100": _share("n100"),
    "cancellation code": lambda contents: max(_share("cancellation")(contents), 0.6 * _code(contents)),
    "yes or no": lambda contents: max(_share("yes_or_no")(contents), 0.7 * _code(contents)),
    "sex": _share("sex"),
    "telephone": _share("telephone"),
    "force": lambda contents: max(_share("force")(contents), 0.7 * _label(contents)),
}
"""How well a column fits a shape, 0 to 1. An empty column is judged by its heading alone."""

UNSEEN = 0.75
"""What an empty column counts for: nothing speaks against it, nothing for it."""


def fit(shape: str, contents: Contents) -> float:
    return UNSEEN if contents.empty else SHAPES[shape](contents)


def distinct_values(engine: Engine, relation: str, column: str, limit: int) -> list[tuple[str, int]]:
    """The most frequent values of a column with their counts."""
    text = f"trim({column})"
    rows = engine.rows(
        f"select {text} as value, count(*) as n from {relation} where {text} <> '' group by {text}"
        f" order by n desc, value limit {limit}"
    )
    return [(str(row["value"]), int(row["n"])) for row in rows]
