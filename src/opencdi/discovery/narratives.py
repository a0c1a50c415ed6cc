"""Whether there is a log to read: strata of what cannot be read, and text in another column than promised."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from opencdi.disclosure.words import folded
from opencdi.records.profile import load_profile
from opencdi.records.readers import rows_of
from opencdi.records.sources import SourceFile, expanded
from opencdi.settings import Export

READ, NO_NARRATIVE, NOT_READABLE = "read", "no_narrative", "not_readable"

ROWS_TRIED = 1_000
LEAST_PROSE = 0.2
"""Share of logs that read as text below which another column is looked for."""
CLEARLY_PROSE = 0.5

_LATIN = re.compile("[A-Za-z]+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_WORDS_OF_PROSE = 5


def stratum_of(narrative: str | None) -> str:
    """Whether there is a log, and whether most of its letters are ones that patterns are written in."""
    if not narrative or not narrative.strip():
        return NO_NARRATIVE
    if narrative.isascii():
        return READ if _LATIN.search(narrative) else NOT_READABLE
    latin = sum(map(len, _LATIN.findall(folded(narrative))))
    letters = sum(map(str.isalpha, narrative))
    return READ if latin and 2 * latin >= letters else NOT_READABLE


def prose_share(texts: Iterable[str | None]) -> float | None:
    """Share of the filled texts that read as text; None where none is filled."""
    filled = [text for text in texts if text and text.strip()]
    return sum(map(is_prose, filled)) / len(filled) if filled else None


def is_prose(text: str) -> bool:
    """Whether a cell reads as text and not as codes, numbers or dates."""
    found = _WORD.findall(text)
    return len(found) >= _WORDS_OF_PROSE and 2 * sum(map(len, found)) >= len("".join(text.split()))


@dataclass(frozen=True)
class Elsewhere:
    """Where the text of logs seems to stand, if not in the column the profile names."""

    file: str
    profile: str
    named: tuple[str, ...]
    heading: str
    share: float


def unread(counts: Mapping[str, int]) -> list[str]:
    """A sentence for each stratum of what could not be read, from how many incidents are in each."""
    said = {
        NO_NARRATIVE: "have no log text",
        NOT_READABLE: "have a log with hardly a word in Latin letters",
    }
    return [
        f"{counts[stratum]:,} incidents {words}. They are a stratum of their own and never count as no "
        "crime: a person must look at a sample of them."
        for stratum, words in said.items()
        if counts.get(stratum)
    ]


def warning(share: float | None, elsewhere: Elsewhere | None) -> str | None:
    """The sentence for logs that do not read as text; None where they do, or where there are none."""
    if share is None or share >= LEAST_PROSE:
        return None
    said = (
        f"The logs do not read as text: of those that are not empty, {share:.0%} hold a few words in a row. "
        "The column taken for the log may be another one than the export promises."
    )
    if elsewhere is None:
        return said + " No other column of the exports reads as text either: ask the force for the log text."
    named = " and ".join(f"`{heading}`" for heading in elsewhere.named) or "no column"
    return said + (
        f" {elsewhere.profile} takes it from {named}; `{elsewhere.heading}` of {elsewhere.file} reads as text"
        f" in {elsewhere.share:.0%} of its rows. If that is the log, set"
        f' narrative = "{elsewhere.heading}" under [columns], and run `opencdi audit` again.'
    )


def elsewhere(exports: Iterable[Export], root: Path) -> Elsewhere | None:
    """The column of the incidents' exports, other than the one named, that reads most as text.

    Only the first rows of each file are tried. Raises ``UserError`` for an export that cannot be read.
    """
    found = [
        Elsewhere(source.name, export.profile, named, heading, share)
        for export, named, source in _sources(exports, root)
        for heading, share in _prose_by_heading(source, export, root).items()
        if heading not in named and share >= CLEARLY_PROSE
    ]
    return max(found, key=lambda one: one.share, default=None)


def _sources(exports: Iterable[Export], root: Path) -> Iterator[tuple[Export, tuple[str, ...], SourceFile]]:
    for export in exports:
        if export.table == "incidents":
            narrative = load_profile(export.profile, root).columns.get("narrative")
            for source in expanded(export.files, root):
                yield export, narrative.columns if narrative else (), source


def _prose_by_heading(source: SourceFile, export: Export, root: Path) -> Mapping[str, float]:
    rows = rows_of(source, load_profile(export.profile, root).layout)
    cells: dict[str, list[str | None]] = {heading: [] for heading in rows.column_of}
    tried = islice((row for batch in rows.batches() for row in batch.to_pylist()), ROWS_TRIED)
    for row in tried:
        for heading, column in rows.column_of.items():
            cells[heading].append(row[column])
    shares = {heading: prose_share(column) for heading, column in cells.items()}
    return {heading: share for heading, share in shares.items() if share is not None}
