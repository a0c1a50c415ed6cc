"""What a rule asks of the facts, as portable SQL over columns of facts.

A rule's own ``holds`` answers for one report; the text made here answers for a year of them. Both are
three-valued: an unknown fact is null, and makes a condition neither hold nor fail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Terms = Mapping[str, Sequence[str]]
"""Facts, and for each the values that satisfy; all must be satisfied."""

Same = Mapping[str, str]
"""Facts that are the same everywhere, and what they are: no column holds them."""

_NONE: Same = {}


def column(fact: str) -> str:
    """The SQL column that holds a fact."""
    return f"f_{fact}"


def text(value: str) -> str:
    """A text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def sql(when: Terms, unless: Iterable[Terms] = (), same: Same = _NONE) -> str:
    """A condition that holds where all of ``when`` do and none of ``unless``."""
    bars = [_terms(barred, same) for barred in unless if can_be(barred, same)]
    return "(" + " and ".join([_terms(when, same), *(f"not ({barred})" for barred in bars)]) + ")"


def can_be(terms: Terms, same: Same) -> bool:
    """Whether no fact that is the same everywhere speaks against the terms."""
    return all(same[fact] in values for fact, values in terms.items() if fact in same)


def unknown(when: Terms, unless: Iterable[Terms], facts: Mapping[str, str | None]) -> set[str]:
    """The unknown facts on which a condition that cannot be told hangs."""
    return {
        fact
        for terms in (when, *unless)
        if all(facts[asked] in (None, *values) for asked, values in terms.items())
        for fact in terms
        if facts[fact] is None
    }


def unknown_sql(when: Terms, unless: Iterable[Terms], same: Same = _NONE) -> dict[str, list[str]]:
    """For each fact, conditions any of which says that ``unknown`` has it (where the fact is null)."""
    found: dict[str, list[str]] = {}
    for terms in (when, *unless):
        for fact in terms if can_be(terms, same) else ():
            if fact not in same:
                found.setdefault(fact, []).append(f"({_terms(terms, same)}) is null")
    return found


def _terms(terms: Terms, same: Same) -> str:
    asked = [
        f"{column(fact)} in ({', '.join(text(value) for value in values)})"
        for fact, values in terms.items()
        if fact not in same
    ]
    return " and ".join(asked) or "true"
