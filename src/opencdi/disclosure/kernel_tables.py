"""The pattern book as flat arrays, for ``kernel_events``, ``kernel_offences`` and ``kernel_parties``."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from opencdi.disclosure import parties, scope
from opencdi.disclosure.book import Book, Kind, Together
from opencdi.disclosure.kernel import Tables
from opencdi.disclosure.kernel_events import (
    ALWAYS_ATTEMPTED,
    CIRCUMSTANCE,
    SAID_NOT_DONE,
    THEFT,
    Reaches,
    Speech,
)
from opencdi.disclosure.kernel_offences import Merging
from opencdi.disclosure.kernel_offences import Together as TogetherTable
from opencdi.disclosure.kernel_parties import AND, BY, PASSIVE, UNIT, WHOSE
from opencdi.disclosure.kernel_sets import LIMBS
from opencdi.disclosure.kernel_words import WordTable
from opencdi.disclosure.marks import marks_of, masks_of_marks
from opencdi.disclosure.offences import CIRCUMSTANCES, LATER, SAID_AGAIN
from opencdi.disclosure.reader import Reader
from opencdi.disclosure.tables import Limbs, limbs_of, tables_of, word_table


class AllTables(NamedTuple):
    """Everything the kernels need; kinds are numbered in the order of their names."""

    reading: Tables
    speech: Speech
    merging: Merging
    little: WordTable


def all_tables(reader: Reader) -> AllTables:
    """All that the kernels need to tell offences as the plain code does."""
    book = reader.book
    kinds = tuple(sorted(book.kinds))
    number = {kind: place for place, kind in enumerate(kinds)}
    reading = tables_of(reader)
    return AllTables(
        reading,
        _speech(reader, [book.kinds[kind] for kind in kinds], number, reading.masks),
        _merging(reader, number),
        _little_words(),
    )


def _speech(reader: Reader, kinds: list[Kind], number: dict[str, int], phrases: Limbs) -> Speech:
    rules = [each.rule for each in reader.rules]
    marks = limbs_of(masks_of_marks(reader.automaton))
    return Speech(
        marks_of(phrases, marks),
        marks_of(limbs_of(1 << tag for tag in range(64 * LIMBS)), marks),
        np.array([number[rule.kind] for rule in rules], np.int64),
        np.array([rule.strength for rule in rules], np.float64),
        np.array([rule.near for rule in rules], np.int64),
        np.array([_traits(kind) for kind in kinds], np.int64),
        Reaches(
            scope.NEGATION_REACH,
            scope.HYPOTHESIS_REACH,
            scope.PAST_REACH,
            scope.ATTEMPT_REACH,
            scope.DOUBT_REACH,
            scope.INTENT_REACH,
            scope.BACKWARD_REACH,
            scope.DOUBTED,
            scope.DECLARED_NO_CRIME,
        ),
    )


def _traits(kind: Kind) -> int:
    return (
        (SAID_NOT_DONE if kind.name in scope.SAID_NOT_DONE else 0)
        | (THEFT if kind.name in scope.THEFTS else 0)
        | (CIRCUMSTANCE if kind.name in CIRCUMSTANCES else 0)
        | (ALWAYS_ATTEMPTED if kind.attempted else 0)
    )


def _merging(reader: Reader, number: dict[str, int]) -> Merging:
    absorbs = np.zeros((len(number), len(number)), np.bool_)
    for kind in reader.book.kinds.values():
        absorbs[number[kind.name], [number[each] for each in kind.absorbs if each in number]] = True
    return Merging(_together(reader, reader.book, number), absorbs, SAID_AGAIN, LATER, parties.CLAUSES_BACK)


def _together(reader: Reader, book: Book, number: dict[str, int]) -> TogetherTable:
    rules: tuple[Together, ...] = book.together
    mask = reader.automaton.mask
    return TogetherTable(
        np.array([[number[kind] for kind in rule.kinds] for rule in rules], np.int64).reshape(-1, 2),
        limbs_of(mask(rule.tags) for rule in rules),
        np.array([bool(rule.tags) for rule in rules], np.bool_),
        limbs_of(mask(rule.without) for rule in rules),
        np.array([rule.within for rule in rules], np.int64),
        np.array([number[rule.makes] for rule in rules], np.int64),
        np.array([rule.strength for rule in rules], np.float64),
    )


def _little_words() -> WordTable:
    """The words that tell who suffered an act, each with all that it is."""
    meaning: dict[str, int] = {}
    for words, what in (
        (parties.PASSIVE, PASSIVE),
        (parties.UNITS, UNIT),
        (("by",), BY),
        (("and",), AND),
        (parties.WHOSE, WHOSE),
    ):
        for word in sorted(words):
            meaning[word] = meaning.get(word, 0) | what
    return word_table(meaning)
