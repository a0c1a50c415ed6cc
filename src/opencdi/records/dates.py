"""Which date format a column is written in, from its own values.

British exports are day-first, but a column in which every value can be read both ways proves nothing,
so it is refused until the profile states the format.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from opencdi.engine import Engine
from opencdi.records.cells import ISO_FORMATS

_DAY_FIRST = tuple(f"%d{gap}%m{gap}{year}" for gap, year in product(("/", "-", ".", " "), ("%Y", "%y")))
_MONTH_FIRST = tuple(each.replace("%d", "%_").replace("%m", "%d").replace("%_", "%m") for each in _DAY_FIRST)
_ONE_READING = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"),
    *("%d-%b-%Y", "%d %b %Y", "%d-%b-%y", "%d %b %y", "%d/%b/%Y", "%d %B %Y", "%d-%B-%Y"),
    *("%b %d %Y", "%b %d, %Y", "%B %d, %Y", "%a %d %b %Y", "%A %d %B %Y", "%a %b %d %Y"),
)
_RUN_TOGETHER = ("%d%m%Y", "%m%d%Y")
_TIMES = (
    *("", " %H:%M:%S", " %H:%M", " %H%M", " %H%M%S", " %H.%M", " %I:%M:%S %p", " %I:%M %p"),
    *(
        " %I:%M%p",
        " %H:%M:%S.%f",
        "T%H:%M:%S",
        "T%H:%M",
        "T%H:%M:%S.%f",
        ", %H:%M:%S",
        ", %H:%M",
        " at %H:%M",
    ),
    *("T%H:%M:%S%z", " %H:%M:%S%z", "T%H:%M:%S.%f%z", " %H:%M:%S.%f%z", " %H:%M:%S %z"),
)

CANDIDATES = tuple(
    dict.fromkeys(
        date + time
        for date, time in product((*_DAY_FIRST, *_MONTH_FIRST, *_ONE_READING, *_RUN_TOGETHER), _TIMES)
    )
)

_CODE_PATTERNS = {
    **dict.fromkeys("dmHI", "[0-9]{1,2}"),
    **dict.fromkeys("MSy", "[0-9]{2}"),
    "Y": "[0-9]{4}",
    "f": "[0-9]{1,9}",
    "p": "[AP]M",
    "z": "[+-][0-9]{2}:?[0-9]{2}",
    **dict.fromkeys("ab", "[A-Z]{3}"),
    **dict.fromkeys("AB", "[A-Z]{3,9}"),
}

ENOUGH = 0.8
"""Share of a column's values that a format must read to be the column's format."""

_SAMPLE = 300


@dataclass(frozen=True)
class Reading:
    """How a column's values can be read as dates.

    ``formats`` are those to use (the best one first); ``twin`` is the other order of day and month
    where it reads every value as well, so that neither is proved; ``share`` of the values are read.
    """

    formats: tuple[str, ...]
    share: float
    twin: str | None = None

    @property
    def ambiguous(self) -> bool:
        return self.twin is not None


def date_part(format: str) -> str:
    """A format without its time."""
    for start in ("%H", "%I"):
        if start in format:
            return format[: format.index(start)].rstrip(" ,T").removesuffix(" at")
    return format


def swapped(format: str) -> str | None:
    """The same format with day and month in the other order; None where the month has a name."""
    if "%d" not in format or "%m" not in format or format.startswith("%Y"):
        return None
    return format.replace("%d", "%_").replace("%m", "%d").replace("%_", "%m")


def single_spaced(text: str) -> str:
    """SQL for a text whose runs of up to eight blanks are one."""
    single = f"replace(replace(replace({text}, '  ', ' '), '  ', ' '), '  ', ' ')"
    return f"case when {text} like '%  %' then {single} else {text} end"


def reading_of(engine: Engine, relation: str, text: str) -> Reading | None:
    """The format of the dates that ``text`` (SQL over ``relation``) gives; None where they are no dates.

    All values are tried, not a sample: one thirteenth day settles the order.
    """
    text = single_spaced(text)
    sample = [
        row["value"]
        for row in engine.rows(
            f"select distinct value from (select {text} as value from {relation}) where value is not null"
            f" order by value limit {_SAMPLE}"
        )
    ]
    hopeful = _hopeful(sample) if sample else []
    if not hopeful:
        return None
    counts, total = _counts(engine, f"(select {text} as value from {relation})", hopeful)
    best = max(hopeful, key=lambda each: (counts[each], -hopeful.index(each)))
    if total == 0 or counts[best] < ENOUGH * total:
        return _mixed(hopeful, counts, total)
    twin = swapped(best)
    same = twin is not None and counts.get(twin, 0) == counts[best]
    return Reading((best,), counts[best] / total, twin if same else None)


def _mixed(hopeful: Sequence[str], counts: dict[str, int], total: int) -> Reading | None:
    """Several formats in one column: those of one order of day and month that read disjoint values."""
    for left_out in (_MONTH_FIRST, _DAY_FIRST):
        kept = [each for each in hopeful if not each.startswith(left_out) and counts[each]]
        kept.sort(key=lambda each: -counts[each])
        share = min(1.0, sum(counts[each] for each in kept) / total) if total else 0.0
        if share >= ENOUGH:
            return Reading(tuple(kept), share)
    return None


def _hopeful(sample: Sequence[str]) -> list[str]:
    """The candidates whose form at least a tenth of a sample has."""
    forms = Counter(_form(value) for value in sample)
    return [
        each
        for each, pattern in _candidate_patterns().items()
        if sum(count for form, count in forms.items() if pattern.fullmatch(form)) >= 0.1 * len(sample)
    ]


def _form(value: str) -> str:
    """A value with its digits as 0, so that few forms stand for many values."""
    return re.sub("[0-9]", "0", value[:60].strip())


@cache
def _candidate_patterns() -> dict[str, re.Pattern[str]]:
    return {each: re.compile(_pattern(each), re.IGNORECASE) for each in CANDIDATES}


def _pattern(format: str) -> str:
    return re.sub("%([a-zA-Z])", lambda code: _CODE_PATTERNS[code[1]], re.escape(format).replace("\\%", "%"))


def _counts(engine: Engine, relation: str, formats: Sequence[str]) -> tuple[dict[str, int], int]:
    dialect = engine.dialect
    tries = ", ".join(
        f"count(case when year({dialect.wall_clock('value', [each])}) between 1900 and 2200 then 1 end) as "
        f"n{i}"
        for i, each in enumerate(formats)
    )
    row = engine.rows(f"select count(value) as total, {tries} from {relation}")[0]
    return {each: int(row[f"n{i}"]) for i, each in enumerate(formats)}, int(row["total"])


def with_iso(formats: Sequence[str]) -> tuple[list[str], list[str]]:
    """Formats of local times, and formats with an offset, each with ISO 8601 added: it has one reading."""
    every = [*formats, *ISO_FORMATS, "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z"]
    every = list(dict.fromkeys(every))
    return [each for each in every if "%z" not in each], [each for each in every if "%z" in each]
