"""What a log says, as numbers that survive a change of style.

One column a kind of offence (how strongly the words assert it), one a family (spoken of in another
way: negated, hypothetical, past), one a tag of the pattern book (an everyday topic, a person, a thing, an
act), and a few on the log as a whole. No column is a word: two offices that write differently about the
same event give the same row. The tags tell logs apart in which no rule found an offence whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from opencdi.disclosure.disclosing import the_batch_reader, the_discloser
from opencdi.disclosure.tables import limbs_of

TOPICS = (
    "lost",
    "found",
    "medical",
    "fall",
    "traffic",
    "fire",
    "alarm",
    "missing",
    "welfare",
    "noise",
    "nuisance",
    "civil",
    "animal",
    "building",
    "admin",
    "warrant",
    "suspicious",
    "trespass",
    "liquor",
    "unknown_cause",
    "recovered",
    "closed_crime",
)
CUES = (
    "victim",
    "suspect",
    "retract",
    "closed_no_crime",
    "accident",
    "collision",
    "deny_after",
    "contrary",
    "refuses_to_confirm",
    "victim_untraced",
    "duplicate_log",
)
_TOLD = frozenset((*(f"topic_{topic}" for topic in TOPICS), *CUES))
"""Tags that say by themselves what a log is about, or how it ends."""
_WITHOUT_MEANING = frozenset({"boundary", "comma", "either", "scope_end", "neutral"})
TOLD, MENTIONED = 1.0, 0.3
"""What a tag counts. A column that counts less is held closer to nothing when weights are learned (ridge)."""
_WHOLE = ("strongest", "how_many", "length", "nothing")

TEXTS_A_BATCH = 5_000

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass
class Said:
    """The offences a log speaks of: strength by kind where asserted, and by family where not."""

    asserted: dict[str, float] = field(default_factory=dict)
    otherwise: dict[str, float] = field(default_factory=dict)


def names() -> tuple[str, ...]:
    """The columns, in order."""
    kinds = tuple(f"says:{kind}" for kind in sorted(the_discloser().kinds))
    families = tuple(f"unsays:{family}" for family in sorted(_families()))
    return (*kinds, *families, *(f"about:{mark}" for mark in _marks()), *_WHOLE)


@cache
def _marks() -> tuple[str, ...]:
    """The tags that have a column."""
    return tuple(tag for tag in the_discloser().tags.bit if tag not in _WITHOUT_MEANING)


def rows(said: Sequence[Said], tag_masks: Sequence[int], lengths: Sequence[int] | Ints) -> Floats:
    """One row of ``names()`` a log, from its offences, all its tags and its number of words."""
    place = {name: column for column, name in enumerate(names())}
    table = np.zeros((len(said), len(place)))
    spoken = [
        (line, place[f"{how}:{what}"], strength)
        for line, one in enumerate(said)
        for how, offences in (("says", one.asserted), ("unsays", one.otherwise))
        for what, strength in offences.items()
    ]
    if spoken:
        lines, columns, strengths = zip(*spoken, strict=True)
        table[list(lines), list(columns)] = strengths
    first = place[f"about:{_marks()[0]}"]
    table[:, first : first + len(_marks())] = _marked(tag_masks)
    table[:, place["strongest"]] = [max(one.asserted.values(), default=0.0) for one in said]
    table[:, place["how_many"]] = [min(len(one.asserted), 4) / 4 for one in said]
    table[:, place["length"]] = np.minimum(np.log1p(np.asarray(lengths)) / 6, 1.5)
    table[:, place["nothing"]] = [not one.asserted and not one.otherwise for one in said]
    return table


def _marked(tag_masks: Sequence[int]) -> Floats:
    """What each mark counts in each set of tags: nothing where the set lacks it."""
    bit = the_discloser().tags.bit
    places = np.array([bit[mark].bit_length() - 1 for mark in _marks()])
    counts = np.array([TOLD if mark in _TOLD else MENTIONED for mark in _marks()])
    held = np.unpackbits(limbs_of(tag_masks).view(np.uint8), axis=1, bitorder="little")
    return np.asarray(held[:, places] * counts, dtype=np.float64)


def said_in(texts: Iterable[str]) -> tuple[list[Said], list[int], list[int]]:
    """Offences, tags and number of words of texts read directly (not from an audit's tables)."""
    said: list[Said] = []
    masks: list[int] = []
    lengths: list[int] = []
    for many in _batched(texts):
        for account in the_batch_reader().read(many):
            one = Said()
            for told in account.offences:
                add(one, told.kind, told.assertion, told.strength)
            said.append(one)
            masks.append(account.mask)
            lengths.append(account.words)
    return said, masks, lengths


def _batched(texts: Iterable[str]) -> Iterator[list[str]]:
    coming = iter(texts)
    while many := list(islice(coming, TEXTS_A_BATCH)):
        yield many


def of_texts(texts: Iterable[str]) -> Floats:
    """``rows`` of texts read directly."""
    return rows(*said_in(texts))


def add(said: Said, kind: str, assertion: str, strength: float) -> None:
    """Take one disclosed offence into what a log says."""
    if assertion == "asserted":
        said.asserted[kind] = max(strength, said.asserted.get(kind, 0.0))
        return
    family = the_discloser().kinds[kind].family
    said.otherwise[family] = max(strength, said.otherwise.get(family, 0.0))


def _families() -> set[str]:
    return {kind.family for kind in the_discloser().kinds.values()}
