"""The words an answer rests on: found in the log as quoted, and shown there again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

Span = tuple[int, int]


class WordsNotFoundError(Exception):
    """A quotation does not stand in the log. ``line`` counts from 1; the words are never repeated."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def spans_of(quoted: str, log: str) -> tuple[Span, ...]:
    """Where each line of ``quoted`` first stands in the log, whatever its case and spacing.

    Raises ``WordsNotFoundError`` for a line that does not stand there.
    """
    found = []
    for number, line in enumerate(quoted.splitlines(), start=1):
        words = line.split()
        if not words:
            continue
        match = re.search(r"\s+".join(re.escape(word) for word in words), log, re.IGNORECASE)
        if match is None:
            raise WordsNotFoundError(number)
        found.append(match.span())
    return tuple(dict.fromkeys(found))


def quoted(spans: Iterable[Span], log: str) -> str:
    """The words themselves, one quotation a line."""
    return "\n".join(" ".join(log[start:end].split()) for start, end in spans)


def marked_lines(log: str, spans: Iterable[Span]) -> list[list[tuple[str, bool]]]:
    """The log line by line, each in pieces with whether an answer rests on them."""
    marked = [False] * len(log)
    for start, end in spans:
        marked[start:end] = [True] * len(log[start:end])
    lines: list[list[tuple[str, bool]]] = []
    place = 0
    for line in log.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        flags = marked[place : place + len(bare)]
        lines.append(
            [
                ("".join(letter for letter, _ in piece), is_marked)
                for is_marked, piece in groupby(zip(bare, flags, strict=True), key=lambda each: each[1])
            ]
        )
        place += len(line)
    return lines
