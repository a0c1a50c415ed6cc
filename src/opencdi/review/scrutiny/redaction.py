"""What a panel may not see taken out of a log: names, numbers and places known from the record, and shapes.

No redactor finds every name. So a person checks each redaction and confirms it before a panel sees the case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

BLANK = "[redacted]"

_SHORTEST_NAME = 3
"""Parts of a value that are shorter than this are too often plain words."""

_NOT_A_NAME = frozenset({"the", "and", "road", "street", "lane", "close", "flat", "house", "avenue", "drive"})

SHAPES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(each, re.IGNORECASE)
    for each in (
        r"[\w.+-]+@[\w-]+\.[\w.-]+",
        r"\bhttps?://\S+",
        r"(?<![\w@])@\w{3,}",
        r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b",
        r"(?<!\d)(?:\+44|0044|0)(?:[ -]?\d){9,10}(?!\d)",
        r"\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b",
        r"\b[A-Z]{2}\d{2} ?[A-Z]{3}\b",
        r"\b(?:0?[1-9]|[12]\d|3[01])[/.-](?:0?[1-9]|1[0-2])[/.-](?:19|20)\d{2}\b",
        r"\b(?:born|dob)\b[: ]*\d[\d/. -]{5,9}\d",
        r"\b\d{1,4}[A-Z]? (?:[A-Z][\w']+ ){1,3}"
        r"(?:road|rd|street|st|lane|ln|close|avenue|ave|drive|crescent|terrace|way|court|gardens|place|grove)\b",
        r"(?<![:\d])\d{7,}(?!\d)",
        r"\b(?:mr|mrs|ms|miss|dr|pc|dc|ps|ds|sgt|insp)\.? [A-Z][\w'-]+(?: [A-Z][\w'-]+)?",
    )
)
"""E-mail, web and social addresses, postcodes, telephone, National Insurance and vehicle numbers, dates of
birth, street addresses, long numbers, people by their title."""


def redacted(text: str, known: Iterable[str]) -> str:
    """The text with what is known of the record and what has a telling shape blanked. Times are kept."""
    for pattern in (*_patterns(known), *SHAPES):
        text = pattern.sub(BLANK, text)
    return re.sub(rf"{re.escape(BLANK)}(?:[ ,]*{re.escape(BLANK)})+", BLANK, text)


def known_words(values: Sequence[str | None]) -> list[str]:
    """The words to blank from the fields of a record: each value whole, since a surname may be Lane, and each
    longer word of it that does not stand in every address."""
    whole = [value.strip() for value in values if value and value.strip()]
    parts = [part for value in whole for part in re.findall(r"[^\W\d_][\w'-]*", value)]
    telling = (part for part in parts if _is_telling(part))
    return list(dict.fromkeys((*(value for value in whole if len(value) > 1), *telling)))


def _is_telling(word: str) -> bool:
    return len(word) >= _SHORTEST_NAME and word.casefold() not in _NOT_A_NAME


def _patterns(known: Iterable[str]) -> list[re.Pattern[str]]:
    longest_first = sorted(set(known), key=lambda word: (-len(word), word))
    return [re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE) for word in longest_first]
