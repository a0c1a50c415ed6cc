"""The rules of counting as data: one file a rule in ``counting/hocr/rules``, read and checked here.

A rule says when it holds (``when``), what bars it (``unless``), what it does (``effect``) and why in
plain words (``statement``), with its dates and its citation. What a rule asks is a set of values for
each named fact, and nothing else, so that overlaps, gaps and rules that can never hold are decidable.
The mechanisms that use rules are elsewhere; a rule has no code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from opencdi.counting.classification import HOCR
from opencdi.counting.editions import EDITIONS, Edition
from opencdi.errors import UserError
from opencdi.settings import load_toml, validated

RULES = HOCR / "rules"

Kind = Literal["class", "flow", "n100", "count", "time", "flag"]

Terms = dict[str, list[str]]
"""Facts, and for each the values that satisfy; all must be satisfied."""


class Strict(BaseModel):
    """A part of a rule file: an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Citation(Strict):
    """Where a rule stands: a document of ``sources.toml`` and a page or section of it."""

    document: str
    page: str


class Effect(Strict):
    """What happens when a rule holds; which key is used depends on the kind of rule."""

    outcome: Literal["not_recorded", "crime_related_incident", "n100", "record", "n300"] | None = None
    n100: Literal["N100/1", "N100/2", "N100/3"] | None = None
    n300: str | None = None
    step: int | None = Field(None, ge=1, le=10, description="Step of the flow chart on page 11")
    to_class: str | None = Field(None, description="Left out: the class stays")
    to_subcode: str | None = Field(None, description="Left out: the code stays, if it is one of the class")
    count: (
        Literal[
            "one", "additional", "not_additional", "per_offender", "continues", "new_crime", "takes_place"
        ]
        | None
    ) = None
    over: tuple[str, ...] = ()
    """Classes, codes or groups this rule counts over, or besides."""
    scope: Literal["victim", "offenders", "state"] | None = None
    """Between which offences it counts: those of one victim, or of the same offenders whoever suffers."""
    hours: int | None = None
    flag: str | None = None


class Version(Strict):
    """A rule between two days, both included."""

    first_day: date = Field(alias="from")
    last_day: date | None = Field(None, alias="to")
    cite: Citation
    status: Literal["verified", "unverified"]
    verified_from: date | None = None
    """The first day the cited document speaks for; before it the rule is carried back, unverified."""
    when: Terms = Field(default_factory=dict)
    unless: list[Terms] = Field(default_factory=list)
    """Each entry bars the rule on its own."""
    effect: Effect
    statement: str = Field(min_length=10)

    def covers(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def holds(self, facts: Mapping[str, str]) -> bool | None:
        """Does it hold? None where a fact it turns on is unknown (three-valued, as SQL has it)."""
        answers = [_all_hold(self.when, facts), *(_not(_all_hold(terms, facts)) for terms in self.unless)]
        return False if False in answers else None if None in answers else True

    def verified_on(self, day: date) -> bool:
        return self.status == "verified" and (self.verified_from is None or day >= self.verified_from)


class Example(Strict):
    """A case of a rule: the facts, in words and as data, and whether the rule holds."""

    words: str = Field(min_length=10)
    reported_on: date
    facts: dict[str, str] = Field(default_factory=dict)
    holds: Literal["yes", "no", "cannot_tell"]


class Rule(Strict):
    """One rule with all its versions and the cases that show it."""

    id: str
    title: str
    kind: Kind
    order: int = 100
    """Within a kind, rules are asked in this order; the first that holds decides."""
    judgement: Literal["none", "partial", "human-only"]
    """How much a person must judge: a flag or a finding made from it carries the mark."""
    exceptions: list[str] = Field(default_factory=list)
    """Rules that are special cases of this one and are asked before it."""
    version: list[Version] = Field(min_length=1)
    case: list[Example] = Field(default_factory=list)

    def on(self, day: date) -> Version | None:
        """The version in force on the day of the report."""
        return next((version for version in self.version if version.covers(day)), None)


@dataclass(frozen=True)
class Rulebook:
    """Every rule, in the order of asking."""

    rules: tuple[Rule, ...]

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __getitem__(self, rule_id: str) -> Rule:
        if rule_id not in self._by_id:
            raise UserError(f"There is no rule `{rule_id}`. See `opencdi rules list` for those there are.")
        return self._by_id[rule_id]

    @cached_property
    def _by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    def of_kind(self, kind: Kind, day: date) -> Iterator[tuple[Rule, Version]]:
        """Rules of a kind in force on a day, in the order of asking, each with its version."""
        for rule in self.rules:
            if rule.kind == kind and (version := rule.on(day)):
                yield rule, version

    def in_edition(self, edition: Edition) -> Iterator[tuple[Rule, Version]]:
        """Rules in force on the first day of an edition."""
        for rule in self.rules:
            if version := rule.on(edition.valid_from):
                yield rule, version


@cache
def load(folder: Path = RULES) -> Rulebook:
    """Every rule of a folder. Raises ``UserError`` for the first file that is not a sound rule."""
    found = [read(path) for path in sorted(folder.rglob("*.toml"))]
    seen: set[str] = set()
    for rule in found:
        if rule.id in seen:
            raise UserError(f"The rule `{rule.id}` stands in two files of {folder}. Remove one.")
        seen.add(rule.id)
    return Rulebook(tuple(sorted(found, key=lambda rule: (rule.kind, rule.order, rule.id))))


def read(path: Path) -> Rule:
    """One rule file, checked for what can be seen in it alone."""
    rule = validated(Rule, load_toml(path), path)
    for sentence in _faults(rule, path.stem):
        raise UserError(f"{path}: {sentence}")
    return rule


def _faults(rule: Rule, stem: str) -> Iterator[str]:
    if rule.id != stem:
        yield f"the id is `{rule.id}` but the file is called `{stem}`. Give both one name."
    for earlier, later in pairwise(rule.version):
        if earlier.last_day is None or later.first_day <= earlier.last_day:
            yield f"two versions cover {later.first_day}. End the earlier one on the day before."
        elif later.first_day > earlier.last_day + timedelta(days=1):
            yield f"no version covers {earlier.last_day + timedelta(days=1)}. Close the gap between versions."
    for version in rule.version:
        if version.last_day is not None and version.last_day < version.first_day:
            yield f"the version from {version.first_day} ends before it begins. Mend its dates."
    yield from _faults_of_cases(rule)


def _faults_of_cases(rule: Rule) -> Iterator[str]:
    for case in rule.case:
        version = rule.on(case.reported_on)
        holds = version.holds(case.facts) if version else False
        if {True: "yes", False: "no", None: "cannot_tell"}[holds] != case.holds:
            yield f"the case “{case.words}” does not come out as it says. Mend the case or the rule."
    asks = any(version.when or version.unless for version in rule.version)
    if asks and "yes" not in {case.holds for case in rule.case}:
        yield "no case shows the rule holding. Add one."
    if asks and "no" not in {case.holds for case in rule.case}:
        yield "no case shows the rule not holding. Add one."
    days = {case.reported_on for case in rule.case}
    for boundary in boundaries(rule):
        if asks and not {boundary, boundary - timedelta(days=1)} & days:
            yield f"no case sits on the boundary of {boundary}. Add one on that day or the day before."


def boundaries(rule: Rule) -> tuple[date, ...]:
    """The days on which a rule begins, ends or changes, later than the first edition known here."""
    first = [version.first_day for version in rule.version]
    after = [version.last_day + timedelta(days=1) for version in rule.version if version.last_day]
    return tuple(sorted({day for day in (*first, *after) if day > EDITIONS[0].valid_from}))


def _all_hold(terms: Terms, facts: Mapping[str, str]) -> bool | None:
    answer: bool | None = True
    for fact, values in terms.items():
        if fact not in facts:
            answer = None
        elif facts[fact] not in values:
            return False
    return answer


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer
