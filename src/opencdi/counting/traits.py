"""What the mechanisms need to know of a class or code: how it counts, and how serious it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from opencdi.counting import rulebook
from opencdi.counting.classification import Classification, load, read_rows
from opencdi.counting.offences import Offence, OffenceClass
from opencdi.counting.seriousness import months_of

NOT_NOTIFIABLE = "not notifiable"
"""Stands for every offence that is not on the list of notifiable offences."""

DEATH = "N300"
"""Stands for a death that is reported and may be no crime."""

DEATH_CODES = tuple(f"{DEATH}/0{number}" for number in range(1, 9))

REPORTED_INCIDENTS = "Reported incidents"

RAPE = "Rape"
"""Subgroup whose offences, where they stop, are reported incidents of rape."""

_SHARED = re.compile(r"household|dwelling|building|shop|cycle owner")


@dataclass(frozen=True, slots=True)
class Traits:
    """How one class, or one code within it, counts. ``rank`` 1 is the most serious."""

    class_code: str
    subcode: str | None
    group: str
    subgroup: str
    victim_or_state: str
    per: str
    shares: str | None
    """Offences that name one household, building, shop or incident count together within this family."""
    rank: int
    rank_by_maximum: int
    """``rank`` before courses of conduct took precedence over graver crimes (May 2023)."""
    conduct_rank: int
    """Place among courses of conduct (recording rules, pages 56 and 57), from 1; 0 for any other offence."""
    beaten_by: int
    """Bit ``n - 1`` is set where a course of conduct of rank ``n`` is the principal crime over it by name."""
    breach: bool
    indictable_only: bool


@cache
def table() -> Mapping[tuple[str, str | None], Traits]:
    """Every class, and every code within each of its classes."""
    classification = load()
    ranked = _ranks(classification)
    made = dict(_incidents_only(max(max(ranks) for ranks in ranked.values())))
    for name, offence_class in classification.classes.items():
        made[name, None] = _of_class(offence_class, ranked[name, None])
    for row in classification.rows:
        ranks = ranked[row.class_code, row.code]
        made[row.class_code, row.code] = _of_code(row, made[row.class_code, None], ranks)
    return made


def weighed(found: Traits, conduct_takes_precedence: bool) -> Traits:
    """The traits with the rank of a day on which courses of conduct take precedence, or do not."""
    return found if conduct_takes_precedence else replace(found, rank=found.rank_by_maximum)


def of(class_code: str, subcode: str | None) -> Traits:
    """The traits of a code within a class, or of the class where the code is none of its codes."""
    known = table()
    return known.get((class_code, subcode)) or known[class_code, None]


Key = tuple[str, str | None]
"""A class, and a code within it or None."""


Ranks = tuple[int, int]
"""Places with and without the precedence of courses of conduct."""


def _ranks(classification: Classification) -> dict[Key, Ranks]:
    """Places by seriousness, no two crimes at one.

    Where one code serves several classes, the class that comes first in the list stands: a home before
    other buildings (recording rules, pages 73, 74, 84 and 85).
    """
    keys: set[Key] = {(name, None) for name in classification.classes}
    keys |= {(row.class_code, row.code) for row in classification.rows}
    with_precedence = {key: (classification.rank(key[1] or key[0]), key[0]) for key in keys}
    by_maximum = {key: (classification.rank_by_maximum(key[1] or key[0]), key[0]) for key in keys}
    ordered = sorted({*with_precedence.values(), *by_maximum.values()})
    places = {where: place for place, where in enumerate(ordered, start=1)}
    return {key: (places[with_precedence[key]], places[by_maximum[key]]) for key in keys}


def _of_class(found: OffenceClass, ranks: Ranks) -> Traits:
    least = _least_code(found.class_code)
    least_months = load().codes[least].months if least else None
    return Traits(
        class_code=found.class_code,
        subcode=None,
        group=found.group,
        subgroup=found.subgroup,
        victim_or_state=found.victim_or_state,
        per=found.per,
        shares=_shares(found),
        rank=ranks[0],
        rank_by_maximum=ranks[1],
        conduct_rank=_conduct_rank(_least_conduct_code(found.class_code)),
        beaten_by=_beaten_by(found.class_code, least, least_months, found.subgroup),
        breach=False,
        indictable_only=False,
    )


def _of_code(row: Offence, of_class: Traits, ranks: Ranks) -> Traits:
    return replace(
        of_class,
        subcode=row.code,
        victim_or_state=row.victim_or_state,
        rank=ranks[0],
        rank_by_maximum=ranks[1],
        conduct_rank=_conduct_rank(row.code),
        beaten_by=_beaten_by(row.class_code, row.code, row.months, row.subgroup),
        breach=row.code in _breaches(),
        indictable_only=row.triable == "I",
    )


def _shares(found: OffenceClass) -> str | None:
    if found.victim_or_state != "S" and found.per in ("group", "incident"):
        return found.class_code
    if not _SHARED.search(found.unit):
        return None
    return found.group if found.group == "Burglary" else found.class_code


@cache
def _breaches() -> frozenset[str]:
    return frozenset(rulebook.load()["breach-besides"].version[-1].when["subcode"])


# Courses of conduct ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Precedence:
    rank: int
    codes: frozenset[str]
    over_classes: frozenset[str]
    over_sexual: str
    over_maximum_below: str
    except_codes: frozenset[str]

    def over(self, class_code: str, code: str | None, months: float | None, subgroup: str) -> bool:
        if code in self.except_codes:
            return False
        if class_code in self.over_classes:
            return True
        if months is None:
            return False
        if self.over_sexual and subgroup == "Other sexual offences":
            return _within(months, self.over_sexual)
        return bool(self.over_maximum_below) and _within(months, self.over_maximum_below)


@cache
def _precedences() -> tuple[_Precedence, ...]:
    return tuple(
        _Precedence(
            rank=int(row["rank"]),
            codes=frozenset(row["codes"].split()),
            over_classes=frozenset(row["over_classes"].split()),
            over_sexual=row["over_sexual_up_to"],
            over_maximum_below=row["over_maximum_below"],
            except_codes=frozenset(row["except_codes"].split()),
        )
        for row in read_rows("conduct_precedence.csv")
    )


def conduct_over() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Codes of courses of conduct, the classes whose acts each takes the place of, and codes it does not."""
    for each in _precedences():
        for code in sorted(each.codes):
            yield from ((code, over, each.except_codes) for over in sorted(each.over_classes))


def _within(months: float, limit: str) -> bool:
    maximum, _, kind = limit.rpartition(" ")
    most = months_of(maximum) or 0.0
    return months < most or (kind == "inclusive" and months == most)


def _beaten_by(class_code: str, code: str | None, months: float | None, subgroup: str) -> int:
    if _conduct_rank(code):
        return 0
    return sum(
        1 << (precedence.rank - 1)
        for precedence in _precedences()
        if precedence.over(class_code, code, months, subgroup)
    )


def _conduct_rank(code: str | None) -> int:
    return next((found.rank for found in _precedences() if code in found.codes), 0)


@cache
def _least_code(class_code: str) -> str | None:
    """The code that speaks for a class where no code is known: its least serious victim-based one."""
    rows = load().rows_of(class_code)
    against_a_victim = [row for row in rows if "V" in row.victim_or_state] or list(rows)
    return max((row.code for row in against_a_victim), key=load().rank, default=None)


def _least_conduct_code(class_code: str) -> str | None:
    return _least_code(class_code) if class_code in ("8L", "8M", "8Q", "8U") else None


# Reports that are no crimes ----------------------------------------------------------------------


def _incidents_only(after: int) -> Iterator[tuple[tuple[str, str | None], Traits]]:
    plain = Traits(
        DEATH,
        None,
        REPORTED_INCIDENTS,
        REPORTED_INCIDENTS,
        "V",
        "victim",
        None,
        after + 1,
        after + 1,
        0,
        0,
        False,
        False,
    )
    yield (DEATH, None), plain
    for code in DEATH_CODES:
        yield (DEATH, code), replace(plain, subcode=code)
    unlisted = replace(
        plain,
        class_code=NOT_NOTIFIABLE,
        group="None",
        subgroup="None",
        rank=after + 2,
        rank_by_maximum=after + 2,
    )
    yield (NOT_NOTIFIABLE, None), unlisted
