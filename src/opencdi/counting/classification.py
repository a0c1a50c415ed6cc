"""The classification: every notifiable code, its class, group and subgroup, and which is more serious.

The facts are data in ``counting/hocr/`` (see its README for sources); nothing here knows an offence.

A *code* (``008/06``) is an offence in law; a *class* (``8N``) is what statistics count. Some codes
serve several classes: ``149/00`` is damage to a home, a building, a vehicle or other things. Such a
code is not *settled*: ``class_of`` gives the class the official list names first, ``classes_of`` all.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType

from opencdi.counting.offences import Offence, OffenceClass, PrincipalCrime
from opencdi.counting.seriousness import (
    CONDUCT_CLASSES,
    VIOLENT_GROUPS,
    Measure,
    Rank,
    least_contradicted,
)
from opencdi.errors import UserError
from opencdi.schema import INCIDENT_GROUPS

HOCR = Path(__file__).with_name("hocr")
"""Where the data files are."""


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

    def classes_of(self, subcode: str, on: date | None = None) -> tuple[str, ...]:
        """Every class a code can stand for (on a day, if named), the official list's first; else empty."""
        named = self._classes_by_code.get(subcode, ())
        if on is None:
            return named
        return tuple(class_code for class_code in named if self.classes[class_code].valid_on(on))

    def class_of(self, text: str, on: date | None = None) -> str | None:
        """The class of a code (the one the list names first), or the class itself; None if unknown."""
        if text in self.classes:
            return text
        return next(iter(self.classes_of(text, on)), None)

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

    def rank_by_maximum(self, text: str) -> Rank:
        """``rank`` as it was before courses of conduct had precedence: they too stand by page 13.

        The table of page 14 raises them above their maximum sentence; earlier editions did not.
        """
        if not CONDUCT_CLASSES.intersection(self.classes_of(text) or (text,)):
            return self.rank(text)
        rows = [self.codes[text]] if text in self.codes else list(self.rows_of(text))
        least = min((row.months or 0.0 for row in rows if "V" in row.victim_or_state), default=0.0)
        return self._rank_unnamed(self.group_of(text), least, text)

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
        position = least_contradicted(self._measures, group in VIOLENT_GROUPS, months)
        return (2 * position + 1, -months, text)

    @cached_property
    def _measures(self) -> tuple[Measure, ...]:
        """The rows of the table that measure others: all but the conduct crimes."""
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


_STROKE = re.compile(r"(\d{1,3})/(\d{1,2})")
_RUN = re.compile(r"(\d{3})(\d{2})")


def _subcode_spelled(plain: str) -> str | None:
    found = _STROKE.fullmatch(plain) or _RUN.fullmatch(plain)
    return f"{int(found[1]):03d}/{int(found[2]):02d}" if found else None


def read_rows(name: str, folder: Path = HOCR) -> list[dict[str, str]]:
    """Rows of one data file of ``counting/hocr``."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def load(folder: Path = HOCR) -> Classification:
    """The classification as shipped (or of another folder), read once in a process.

    Raises ``UserError`` with one sentence for the first gap, overlap or unknown reference in it.
    """
    rows = (*_offences(read_rows("offences.csv", folder)), *_offences(read_rows("other_codes.csv", folder)))
    ordered = tuple(sorted(rows, key=lambda row: row.code))
    codes: dict[str, Offence] = {}
    for row in ordered:
        codes.setdefault(row.code, row)
    classes: dict[str, OffenceClass] = {}
    for entry in read_rows("classes.csv", folder):
        found = _class(entry)
        if found.class_code in classes:
            raise UserError(
                f"{folder / 'classes.csv'}: class {found.class_code} stands twice. Remove one row."
            )
        classes[found.class_code] = found
    places = tuple(_principal(row, codes) for row in read_rows("principal_crimes.csv", folder))
    whole = Classification(MappingProxyType(codes), ordered, MappingProxyType(classes), places)
    for sentence in faults(whole):
        raise UserError(f"{folder}: {sentence}")
    return whole


def faults(whole: Classification) -> Iterator[str]:
    """What a sound classification does not have, a sentence each."""
    yield from _faults_of_codes(whole)
    yield from _faults_of_classes(whole)
    yield from _faults_of_table(whole)


def _faults_of_codes(whole: Classification) -> Iterator[str]:
    for row in whole.rows:
        place = f"code {row.code}"
        if row.class_code not in whole.classes:
            yield f"{place} is filed under class `{row.class_code}`, which classes.csv lacks. Add the class."
        elif row.group != whole.classes[row.class_code].group:
            yield f"{place} is in another group than its class {row.class_code}. Make them agree."
        if row.victim_or_state not in {"V", "S", "S/V"}:
            yield f"{place} is neither V, S nor S/V. Say which."
        if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
            yield f"{place} ends before it begins. Mend its dates."


def _faults_of_classes(whole: Classification) -> Iterator[str]:
    used = {row.class_code for row in whole.rows}
    for found in whole.classes.values():
        place = f"class {found.class_code}"
        if not found.group or not found.unit:
            yield f"{place} has no group or no unit of count. Fill them in."
        if found.per not in PER:
            yield f"{place} counts per `{found.per}`, which is none of {', '.join(PER)}."
        if found.incident_family not in INCIDENT_GROUPS:
            yield f"{place} has the incident family `{found.incident_family}`, which is not one. Mend it."
        if found.valid_from and found.valid_to and found.valid_to < found.valid_from:
            yield f"{place} ends before it begins. Mend its dates."
        if found.status == "verified" and found.class_code not in used and found.source == OFFENCE_LIST:
            yield f"{place} is said to be on the offence list but no code is filed under it. Mend its source."


def _faults_of_table(whole: Classification) -> Iterator[str]:
    named: dict[str, int] = {}
    for number, place in enumerate(whole.principal_crimes, start=1):
        if place.position != number:
            yield f"the principal crime table goes from {number - 1} to {place.position}. Close the gap."
        for class_code in place.classes:
            if class_code not in whole.classes:
                yield f"the principal crime table names class `{class_code}`, which is unknown. Mend it."
        for code in place.codes:
            if code not in whole.codes:
                yield f"the principal crime table names code `{code}`, which is unknown. Mend it."
            if code in named:
                yield f"code {code} stands at {named[code]} and {number} of the principal crime table."
            named[code] = number


PER = ("victim", "victim_and_offender", "offender", "group", "incident")
"""What the counting mechanism may group by."""

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
            marking=row.get("marking", ""),
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
