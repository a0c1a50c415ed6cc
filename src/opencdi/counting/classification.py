"""The classification: every notifiable code, its class, group and subgroup, and which is more serious.

The facts are data in ``counting/hocr/`` (see its README for sources); nothing here knows an offence.

A *code* (``008/06``) is an offence in law; a *class* (``8N``) is what statistics count. Some codes
serve several classes: ``149/00`` is damage to a home, a building, a vehicle or other things. Such a
code is not *settled*: ``class_of`` gives the class the official list names first, ``classes_of`` all.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType

from opencdi.errors import UserError

HOCR = Path(__file__).with_name("hocr")
"""Where the data files are."""

Rank = tuple[int, float, str]
"""Sorts with the most serious first: place, minus the maximum in months, code."""

LIFE_MONTHS = 12_000.0
"""Life imprisonment, as a number above every other maximum."""


@dataclass(frozen=True, slots=True)
class Offence:
    """One row of the offence list: a code within one class."""

    code: str
    triable: str
    maximum: str
    victim_or_state: str
    group: str
    subgroup: str
    class_code: str
    class_title: str
    title: str
    act: str
    section: str
    source: str
    page: str
    status: str
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""

    @property
    def months(self) -> float | None:
        """The maximum sentence in months; a fine is 0, life above all; None where not known."""
        return months_of(self.maximum)


@dataclass(frozen=True, slots=True)
class OffenceClass:
    """One class: what it is called, where it is filed, and what one crime is counted for."""

    class_code: str
    title: str
    group: str
    subgroup: str
    victim_or_state: str
    unit: str
    per: str
    """What the counting mechanism groups by: victim, victim_and_offender, offender, group or incident."""
    incident_family: str
    seriousness: int
    valid_from: date | None
    valid_to: date | None
    source: str
    page: str
    unit_source: str
    unit_page: str
    status: str
    note: str

    def valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class PrincipalCrime:
    """One row of the official principal crime table, in its own order."""

    position: int
    offence: str
    classes: tuple[str, ...]
    codes: tuple[str, ...]
    subgroup: str
    """A subgroup the row's title covers as a whole (Homicide), beyond the codes it names."""
    maximum: str
    victim_or_state: str
    source: str
    page: str
    status: str

    @property
    def months(self) -> float:
        return months_of(self.maximum) or 0.0


@dataclass(frozen=True)
class Classification:
    """The whole classification, and the questions rooms ask of it."""

    codes: Mapping[str, Offence]
    rows: tuple[Offence, ...]
    classes: Mapping[str, OffenceClass]
    principal_crimes: tuple[PrincipalCrime, ...]
    _rank_cache: dict[str, Rank] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def _classes_by_code(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for row in self.rows:
            found.setdefault(row.code, {})[row.class_code] = None
        return {code: tuple(classes) for code, classes in found.items()}

    @cached_property
    def _rows_by_class(self) -> Mapping[str, tuple[Offence, ...]]:
        found: dict[str, list[Offence]] = {}
        for row in self.rows:
            found.setdefault(row.class_code, []).append(row)
        return {class_code: tuple(rows) for class_code, rows in found.items()}

    def rows_of(self, text: str) -> tuple[Offence, ...]:
        """Rows of the list under one code or one class."""
        if text in self.codes:
            return tuple(row for row in self.rows if row.code == text)
        return self._rows_by_class.get(text, ())

    def classes_of(self, subcode: str) -> tuple[str, ...]:
        """Every class a code can stand for, in the order of the official list; empty if unknown."""
        return self._classes_by_code.get(subcode, ())

    def class_of(self, text: str) -> str | None:
        """The class of a code (the one the list names first), or the class itself; None if unknown."""
        if text in self.classes:
            return text
        return next(iter(self.classes_of(text)), None)

    def settled(self, subcode: str) -> bool:
        """Does the code alone settle the class?"""
        return len(self.classes_of(subcode)) == 1

    def could_be(self, subcode: str, class_code: str) -> bool:
        """Can a record under this code be of this class?"""
        return class_code in self.classes_of(subcode)

    def normalise(self, text: str) -> str | None:
        """The code or class that ``text`` spells (``8/6``, ``008/06``, ``00806``, ``8n``), else None.

        It never guesses: what is neither a known code nor a known class is None.
        """
        plain = "".join(text.split()).upper()
        if plain in self.classes:
            return plain
        spelled = _subcode_spelled(plain)
        return spelled if spelled in self.codes else None

    def offence_list(self) -> Mapping[str, str]:
        """Every code and class to its class (``class_of``); what a reader maps a force's codes with."""
        both = {code: self.classes_of(code)[0] for code in self.codes} | {name: name for name in self.classes}
        return MappingProxyType(both)

    def group_of(self, text: str) -> str:
        return self._class(text).group

    def subgroup_of(self, text: str) -> str:
        return self._class(text).subgroup

    def incident_family(self, text: str) -> str:
        """The incident group (``schema.INCIDENT_GROUPS``) that a crime of this class comes from."""
        return self._class(text).incident_family

    def families(self) -> Mapping[str, str]:
        """Every class to its incident group."""
        return MappingProxyType({name: found.incident_family for name, found in self.classes.items()})

    def seriousness(self, text: str) -> int:
        """1 (most serious) to 5: this project's own ordering, for sorting work; not an official measure."""
        return self._class(text).seriousness

    def is_victim_based(self, text: str) -> bool:
        """Is it ever an offence against a victim (V or S/V)?"""
        found = self.codes.get(text)
        return "V" in (found.victim_or_state if found else self._class(text).victim_or_state)

    def rank(self, text: str) -> Rank:
        """How serious a code or class is, for the principal crime rule; the smallest is the principal.

        The official table (recording rules 2026/27, page 14) decides in its own order. What it does not
        name takes the place that contradicts page 13 least often: violent crime before property crime,
        then by maximum sentence. Conduct crimes keep their places but measure nothing, since page 13
        excepts them from the order of maxima. Where only the class is known, its least serious
        victim-based code speaks for it, so that nothing is raised by guessing.
        """
        if text not in self._rank_cache:
            self._rank_cache[text] = self._ranked(text)
        return self._rank_cache[text]

    def _ranked(self, text: str) -> Rank:
        if text in self.codes:
            return self._rank_of_code(text)
        found = self._class(text)
        named = [place for place in self.principal_crimes if text in place.classes]
        if named:
            return (2 * named[-1].position, -named[-1].months, text)
        rows = self.rows_of(text)
        against_a_victim = [row for row in rows if "V" in row.victim_or_state] or rows
        ranks = [self._rank_of_code(row.code) for row in against_a_victim]
        return (*max(ranks)[:2], text) if ranks else self._rank_unnamed(found.group, 0.0, text)

    def _rank_of_code(self, code: str) -> Rank:
        row = self.codes[code]
        months = row.months or 0.0
        for place in self.principal_crimes:
            if code in place.codes or row.subgroup == place.subgroup:
                return (2 * place.position, -months, code)
        return self._rank_unnamed(row.group, months, code)

    def _rank_unnamed(self, group: str, months: float, text: str) -> Rank:
        position = _least_contradicted(self._measures, group in VIOLENT_GROUPS, months)
        return (2 * position + 1, -months, text)

    @cached_property
    def _measures(self) -> tuple[tuple[int, bool, float], ...]:
        """Place, violent or not, and maximum in months, of each row of the table that measures others."""
        return tuple(
            (place.position, self.group_of(place.classes[0]) in VIOLENT_GROUPS, place.months)
            for place in self.principal_crimes
            if not CONDUCT_CLASSES.intersection(place.classes)
        )

    def _class(self, text: str) -> OffenceClass:
        class_code = self.class_of(text)
        if class_code is None:
            raise UserError(
                f"`{text}` is neither a class nor a code of the offence list. "
                "See `opencdi rules list` for the classes."
            )
        return self.classes[class_code]


VIOLENT_GROUPS = frozenset({"Violence against the person", "Sexual offences", "Robbery"})
"""Groups whose crimes generally take precedence over property crimes (recording rules, page 13)."""

CONDUCT_CLASSES = frozenset({"8L", "8M", "8Q", "8U"})
"""Courses of conduct: harassment, stalking, controlling or coercive behaviour (pages 50 to 57)."""


@cache
def _least_contradicted(measures: tuple[tuple[int, bool, float], ...], violent: bool, months: float) -> int:
    """The place (0 for the top) after which the fewest rows stand on the wrong side; the lowest of ties."""

    def wrong_above(other_violent: bool, other_months: float) -> bool:
        return other_months < months or (violent and not other_violent and other_months == months)

    def wrong_below(other_violent: bool, other_months: float) -> bool:
        return other_months > months or (other_violent and not violent and other_months == months)

    def contradicted(place: int) -> int:
        return sum(
            wrong_above(other_violent, other_months)
            if position <= place
            else wrong_below(other_violent, other_months)
            for position, other_violent, other_months in measures
            if not _settled_by_violence(violent, other_violent, position <= place)
        )

    places = [0, *(position for position, _, _ in measures)]
    fewest = min(contradicted(place) for place in places)
    return max(place for place in places if contradicted(place) == fewest)


def _settled_by_violence(violent: bool, other_violent: bool, other_above: bool) -> bool:
    """Violent crime above property crime is in order whatever the maxima (page 13)."""
    return violent != other_violent and other_violent == other_above


def months_of(maximum: str) -> float | None:
    """A maximum sentence in months: ``life``, ``14 years``, ``51 weeks``, ``fine``; None for ``""``."""
    if not maximum:
        return None
    if maximum in {"life", "fine"}:
        return LIFE_MONTHS if maximum == "life" else 0.0
    number, unit = maximum.split()
    return int(number) * {"year": 12.0, "month": 1.0, "week": 12 / 52}[unit.rstrip("s")]


_STROKE = re.compile(r"(\d{1,3})/(\d{1,2})")
_RUN = re.compile(r"(\d{3})(\d{2})")


def _subcode_spelled(plain: str) -> str | None:
    found = _STROKE.fullmatch(plain) or _RUN.fullmatch(plain)
    return f"{int(found[1]):03d}/{int(found[2]):02d}" if found else None


def read_rows(name: str) -> list[dict[str, str]]:
    """Rows of one data file of ``counting/hocr``."""
    with (HOCR / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def load() -> Classification:
    """The classification as shipped; read once in a process."""
    rows = tuple(_offences(read_rows("other_codes.csv"))) + tuple(_offences(read_rows("offences.csv")))
    ordered = tuple(sorted(rows, key=lambda row: row.code))
    codes: dict[str, Offence] = {}
    for row in ordered:
        codes.setdefault(row.code, row)
    classes = {row["class_code"]: _class(row) for row in read_rows("classes.csv")}
    places = tuple(_principal(row, codes) for row in read_rows("principal_crimes.csv"))
    return Classification(MappingProxyType(codes), ordered, MappingProxyType(classes), places)


OFFENCE_LIST = "notifiable-offence-list-2026-04"


def _offences(rows: Iterable[dict[str, str]]) -> Iterable[Offence]:
    for row in rows:
        yield Offence(
            code=row["code"],
            triable=row["triable"],
            maximum=row["maximum"],
            victim_or_state=row["victim_or_state"],
            group=row["group"],
            subgroup=row["subgroup"] or row["group"],
            class_code=row["class_code"],
            class_title=row["class_title"],
            title=row["offence"],
            act=row["act"],
            section=row["section"],
            source=row.get("source", OFFENCE_LIST),
            page=row["page"],
            status=row.get("status", "verified"),
            valid_from=day(row.get("valid_from", "")),
            valid_to=day(row.get("valid_to", "")),
            note=row.get("note", ""),
        )


def _class(row: dict[str, str]) -> OffenceClass:
    return OffenceClass(
        class_code=row["class_code"],
        title=row["title"],
        group=row["group"],
        subgroup=row["subgroup"],
        victim_or_state=row["victim_or_state"],
        unit=row["unit"],
        per=row["per"],
        incident_family=row["incident_family"],
        seriousness=int(row["seriousness"]),
        valid_from=day(row["valid_from"]),
        valid_to=day(row["valid_to"]),
        source=row["source"],
        page=row["page"],
        unit_source=row["unit_source"],
        unit_page=row["unit_page"],
        status=row["status"],
        note=row["note"],
    )


def _principal(row: dict[str, str], codes: Mapping[str, Offence]) -> PrincipalCrime:
    return PrincipalCrime(
        position=int(row["position"]),
        offence=row["offence"],
        classes=tuple(row["classes"].split()),
        codes=tuple(code for part in row["codes"].split() for code in _codes_in(part, codes)),
        subgroup=row["subgroup"],
        maximum=row["maximum"],
        victim_or_state=row["victim_or_state"],
        source=row["source"],
        page=row["page"],
        status=row["status"],
    )


def _codes_in(part: str, codes: Mapping[str, Offence]) -> list[str]:
    first, dash, last = part.partition("-")
    return sorted(code for code in codes if first <= code <= last) if dash else [first]
