"""Small pieces of SQL text that several steps share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

HOUR = 3_600
DAY = 86_400


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def in_list(texts: Iterable[str]) -> str:
    """``('a', 'b')``, sorted so that the same set gives the same text."""
    return "(" + ", ".join(literal(text) for text in sorted(texts)) + ")"


def lookup(numbers: Mapping[str, int], key: str, value: str) -> str:
    """What number each text stands for, as a table; never empty, so that every engine can type it."""
    rows = sorted(numbers.items()) or [("", 0)]
    listed = ", ".join(f"({literal(text)}, {number})" for text, number in rows)
    return (
        f"(select {key}, cast({value} as bigint) as {value} from (values {listed}) as listed({key}, {value}))"
    )


def seconds(epoch: str) -> str:
    """Whole seconds since 1970 from a double, rounded down on every engine."""
    return f"cast(floor({epoch}) as bigint)"


def bucket(instant: str, width: int) -> str:
    """Number of the time slice of ``width`` seconds that a whole second falls in."""
    return f"cast(floor({instant} / {width}e0) as bigint)"


def known(text: str) -> str:
    """A text, or null where it is empty."""
    return f"nullif({text}, '')"
