"""What engines spell differently."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from opencdi import schema


def sql_text(value: str) -> str:
    """A text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


class Dialect(Protocol):
    """The functions engines spell differently, as SQL text."""

    name: str

    def epoch_seconds(self, instant: str) -> str:
        """Seconds since 1970 of an instant, as a double."""

    def jaro_winkler(self, left: str, right: str) -> str:
        """Jaro-Winkler similarity of two texts, 0 to 1."""

    def levenshtein(self, left: str, right: str) -> str:
        """Edit distance of two texts."""

    def contains(self, items: str, value: str) -> str:
        """Whether a list holds a value."""

    def list_in_order(self, value: str, order: str) -> str:
        """Aggregate: the values as a list, ordered, without nulls."""

    def list_of(self, items: Sequence[str]) -> str:
        """Texts as a list; none of them as the empty list."""

    def item(self, items: str, number: int) -> str:
        """One item of a list, counted from 1, which it must have."""

    def listed(self, items: str) -> str:
        """A list, empty where it is null."""

    def digest_of_rows(self, columns: Sequence[str]) -> str:
        """Aggregate: a text that changes with the rows and not with their order; each engine has its own."""

    def digest_of_row(self, columns: Sequence[str]) -> str:
        """A number that changes with the values of one row; each engine has its own."""

    def bytes_in(self, text: str) -> str:
        """How many bytes a text has in UTF-8."""

    def unnest(self, items: str) -> str:
        """One row for each item of a list, in a select list."""

    def digits(self, text: str) -> str:
        """The digits of a text, in order."""

    def replace_all(self, text: str, pattern: str, replacement: str) -> str:
        """Every match of a regular expression replaced."""

    def joined(self, items: str, separator: str) -> str:
        """The items of a list of text as one text."""

    def items(self, text: str, separator: str) -> str:
        """A text cut at a separator, as a list; the empty text is the empty list."""

    def one_to(self, number: str) -> str:
        """The whole numbers from 1 to a number, as a list."""

    def matches(self, text: str, pattern: str) -> str:
        """Whether a regular expression matches anywhere in a text."""

    def extract(self, text: str, pattern: str, group: int) -> str:
        """A group of the first match of a regular expression; an empty text where none matches."""

    def extract_all(self, text: str, pattern: str, group: int = 0) -> str:
        """A group (or the whole) of every match of a regular expression, as a list."""

    def typed(self, value: str, kind: schema.Kind) -> str:
        """A value cast to a kind of column."""

    def split(self, text: str, separator: str) -> str:
        """A text cut at a separator, as a list."""

    def concatenated(self, lists: Sequence[str]) -> str:
        """Several lists one after the other; none of them may be null."""

    def without_nulls(self, items: str) -> str:
        """A list without its nulls."""

    def wall_clock(self, text: str, formats: Sequence[str]) -> str:
        """A local time read by the first of some strptime formats that fits; null where none does."""

    def instant_with_offset(self, text: str, formats: Sequence[str]) -> str:
        """The same for formats that hold ``%z``: an instant."""

    def instant_at(self, wall_clock: str, zone: str) -> str:
        """The instant of a local time: of one that occurs twice (autumn) the first, of one that never
        occurs (spring) that of the clock not yet put forward."""

    def occurs_once(self, wall_clock: str, zone: str) -> str:
        """Whether a local time occurs exactly once: false in the hours of the two clock changes."""


def letters_and_digits(text: str, dialect: Dialect) -> str:
    """SQL for the letters and digits of a text alone, in capitals: numbers and places in any dress. Blanks,
    commas and hyphens, the most of what goes, are gone before a pattern is tried: that takes half the
    time."""
    capitals = f"upper({text})"
    for sign in " ,-":
        capitals = f"replace({capitals}, '{sign}', '')"
    return dialect.replace_all(capitals, "[^A-Z0-9]", "")
