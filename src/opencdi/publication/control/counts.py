"""Counts and what everybody knows about how they add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Relation:
    """``sum(coefficient * count of cell)`` is ``total``, give or take ``slack``; everybody knows both.

    A slack above 0 is that of a total published in rounded form.
    """

    terms: tuple[tuple[int, int], ...]
    total: int = 0
    slack: int = 0

    @classmethod
    def that_holds(cls, values: Ints, terms: Iterable[tuple[int, int]]) -> Relation:
        """The relation with whatever total the true values give.

        Counts that almost add up (an answer that nobody knew, a crime of no group) are taken to be known
        exactly, which is the most an attacker can know.
        """
        kept = tuple(terms)
        return cls(kept, sum(int(values[cell]) * coefficient for cell, coefficient in kept))

    def give_or_take(self, slack: int) -> Relation:
        """The relation as somebody knows it who is unsure of its total by as much."""
        return replace(self, slack=slack)


@dataclass(frozen=True)
class Counts:
    """True counts (0 or more) and their relations; a cell is known by its place in ``values``."""

    values: Ints
    relations: tuple[Relation, ...]

    @cached_property
    def matrix(self) -> sparse.csc_array:
        """Relations by cells."""
        triples = [
            (row, cell, coefficient)
            for row, relation in enumerate(self.relations)
            for cell, coefficient in relation.terms
        ]
        rows, cells, coefficients = zip(*triples, strict=True) if triples else ((), (), ())
        shape = (len(self.relations), len(self.values))
        return sparse.csc_array((np.array(coefficients, dtype=float), (rows, cells)), shape=shape)

    @cached_property
    def freedom(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """By how much each relation's sum may move from its true value, down (0 or less) and up."""
        sums = self.matrix @ self.values.astype(float)
        totals = np.array([each.total for each in self.relations], dtype=float)
        slack = np.array([each.slack for each in self.relations], dtype=float)
        return totals - slack - sums, totals + slack - sums

    def left_over(self, hidden: frozenset[int]) -> list[Relation]:
        """What the shown counts leave known about the hidden ones."""
        found = []
        for relation in self.relations:
            terms = tuple((cell, factor) for cell, factor in relation.terms if cell in hidden)
            if terms:
                shown = sum(
                    factor * int(self.values[cell]) for cell, factor in relation.terms if cell not in hidden
                )
                found.append(Relation(terms, relation.total - shown, relation.slack))
        return found


def components(relations: Iterable[Relation]) -> list[list[Relation]]:
    """Relations that share cells, directly or through others, together."""
    owner: dict[int, int] = {}
    groups: dict[int, list[Relation]] = {}
    for number, relation in enumerate(relations):
        met = sorted({owner[cell] for cell, _ in relation.terms if cell in owner})
        home = met[0] if met else number
        members = groups.setdefault(home, [])
        for other in met[1:]:
            moved = groups.pop(other)
            members += moved
            owner.update(_owned(moved, home))
        members.append(relation)
        owner.update(_owned([relation], home))
    return list(groups.values())


def _owned(relations: Iterable[Relation], home: int) -> Mapping[int, int]:
    return {cell: home for relation in relations for cell, _ in relation.terms}
