"""What Spark SQL spells differently.

Regular expressions are written for RE2 (DuckDB) and turned into Java's; texts are read as dates by
regular expression and not by Java's formatter, which centres two-digit years elsewhere; Jaro-Winkler is
DuckDB's own, called on Arrow batches, since Spark's has another definition; edits are counted in bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from opencdi import schema
from opencdi.engine.dialect import sql_text
from opencdi.engine.java_regex import java_pattern, java_replacement
from opencdi.engine.spark_dates import clock_read, instant_read

JARO_WINKLER = "opencdi_jaro_winkler"
"""The function that ``SparkEngine`` registers with Spark."""

SPARK_TYPES: dict[str, str] = {
    "text": "STRING",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "instant": "TIMESTAMP_LTZ",
    "list": "ARRAY<STRING>",
    "integers": "ARRAY<BIGINT>",
}


class SparkDialect:
    name = "spark"

    def epoch_seconds(self, instant: str) -> str:
        return f"(unix_micros(cast({instant} as timestamp_ltz)) / 1000000e0)"

    def jaro_winkler(self, left: str, right: str) -> str:
        return f"{JARO_WINKLER}({left}, {right})"

    def levenshtein(self, left: str, right: str) -> str:
        return f"levenshtein({_bytes(left)}, {_bytes(right)})"

    def contains(self, items: str, value: str) -> str:
        return f"array_contains({items}, {value})"

    def list_in_order(self, value: str, order: str) -> str:
        pairs = f"collect_list(struct({order}, {value} as item)) filter (where {value} is not null)"
        return f"transform(array_sort({pairs}), pair -> pair.item)"

    def list_of(self, items: Sequence[str]) -> str:
        return f"cast(array({', '.join(items)}) as array<string>)"

    def item(self, items: str, number: int) -> str:
        return f"element_at({items}, {number})"

    def listed(self, items: str) -> str:
        return f"coalesce({items}, array())"

    def digest_of_rows(self, columns: Sequence[str]) -> str:
        return f"concat(count(*), ':', sum(cast({self.digest_of_row(columns)} as decimal(38, 0))))"

    def digest_of_row(self, columns: Sequence[str]) -> str:
        told_apart = ", ".join(f"{column}, ({column}) is null" for column in columns)
        return f"xxhash64({told_apart})"

    def bytes_in(self, text: str) -> str:
        return f"octet_length({text})"

    def unnest(self, items: str) -> str:
        return f"explode({items})"

    def digits(self, text: str) -> str:
        return f"regexp_replace({text}, '[^0-9]', '')"

    def replace_all(self, text: str, pattern: str, replacement: str) -> str:
        return (
            f"regexp_replace({text}, {sql_text(java_pattern(pattern))}, "
            f"{sql_text(java_replacement(replacement))})"
        )

    def joined(self, items: str, separator: str) -> str:
        return f"array_join({items}, {sql_text(separator)})"

    def items(self, text: str, separator: str) -> str:
        cut = self.split(text, separator)
        return f"case when {text} = '' then {self.list_of([])} else {cut} end"

    def one_to(self, number: str) -> str:
        counted = f"sequence(cast(1 as bigint), cast({number} as bigint))"
        none = "cast(array() as array<bigint>)"
        return f"case when {number} >= 1 then {counted} when {number} < 1 then {none} end"

    def matches(self, text: str, pattern: str) -> str:
        return f"({text} rlike {sql_text(java_pattern(pattern))})"

    def extract(self, text: str, pattern: str, group: int) -> str:
        return f"regexp_extract({text}, {sql_text(java_pattern(pattern))}, {group})"

    def extract_all(self, text: str, pattern: str, group: int = 0) -> str:
        return f"regexp_extract_all({text}, {sql_text(java_pattern(pattern))}, {group})"

    def typed(self, value: str, kind: schema.Kind) -> str:
        return f"cast({value} as {SPARK_TYPES[kind]})"

    def split(self, text: str, separator: str) -> str:
        return f"split({text}, {sql_text(re.escape(separator))}, -1)"

    def concatenated(self, lists: Sequence[str]) -> str:
        return f"concat({', '.join(lists)})"

    def without_nulls(self, items: str) -> str:
        return f"array_compact({items})"

    def wall_clock(self, text: str, formats: Sequence[str]) -> str:
        return f"coalesce({', '.join(clock_read(text, each) for each in formats)}, null)"

    def instant_with_offset(self, text: str, formats: Sequence[str]) -> str:
        return f"coalesce({', '.join(instant_read(text, each) for each in formats)}, null)"

    def instant_at(self, wall_clock: str, zone: str) -> str:
        return f"to_utc_timestamp(cast({wall_clock} as timestamp_ltz), {sql_text(zone)})"

    def occurs_once(self, wall_clock: str, zone: str) -> str:
        instant = self.instant_at(wall_clock, zone)
        return (
            f"({_clock(instant, zone)} = {wall_clock}"
            f" and {_clock(f'({instant} + interval 1 hour)', zone)} <> {wall_clock})"
        )


def _clock(instant: str, zone: str) -> str:
    return f"cast(from_utc_timestamp({instant}, {sql_text(zone)}) as timestamp_ntz)"


def _bytes(text: str) -> str:
    """A text with one character for each byte of its UTF-8 form."""
    return f"decode(encode({text}, 'utf-8'), 'iso-8859-1')"
