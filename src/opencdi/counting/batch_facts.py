"""SQL of the facts of each disclosed offence: ``derive.py`` in SQL, for each distinct *signature*.

Most offences say the same few things, so rules are asked once of each signature (all they can depend on).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from opencdi.counting.conditions import Same, Terms, can_be, column, sql, text
from opencdi.counting.derive import CONSTABLE_CLASSES
from opencdi.counting.facts import AGE_BANDS, FACTS, LAW_DAYS, LISTED, YES_NO, Fact, committed_before
from opencdi.counting.periods import InForce, Period, in_force
from opencdi.counting.rulebook import Kind
from opencdi.counting.sqltext import (
    as_they_are,
    case,
    day_text,
    london_midnight,
    numbers,
    select_list,
    text_or_null,
    yes,
)
from opencdi.engine import Dialect
from opencdi.schema import ASSERTIONS, CALLER_ROLES

PREFIX = "counting_"

SIGNATURE = ("s_code", "s_class", "s_subcode", "s_facts", "s_flags")
"""All that the rules about one offence alone can depend on; ``s_code`` packs the columns of few values."""

KEPT = ("s_period", "s_victim_kind")
"""What later stages still ask of a signature besides its facts."""

NEVER_ASKED = ("victim_sex",)
"""Facts that choose a class before counting and that no rule asks for."""

FROM_CLASS = ("group", "subgroup", "victim_based", "indictable_only", "notifiable")
"""Facts that follow from the class."""

NEVER_UNKNOWN = ("class", "subcode", "assertion", "attempted", "victim_kind", *FROM_CLASS)
"""Facts that are there of every offence."""


@dataclass(frozen=True)
class Digit:
    """A column of few values as one digit of ``s_code``: its values, how SQL finds it, and its weight."""

    name: str
    values: tuple[str, ...]
    found: str
    weight: int

    @property
    def encoded(self) -> str:
        """The digit's share of the code; a value that is none of them counts as the first."""
        arms = [
            (f"{self.found} = {text(value)}", str(place * self.weight))
            for place, value in enumerate(self.values)
        ]
        return f"coalesce({case(arms[1:])}, 0)"

    @property
    def decoded(self) -> str:
        """The value, as text."""
        digit = f"cast(floor(s_code / {self.weight}) as bigint) % {len(self.values)}"
        return case((f"{digit} = {place}", text(value)) for place, value in enumerate(self.values))


@dataclass(frozen=True)
class Asked:
    """What the steps are made for: the tables, the periods of the rules, the engine's dialect."""

    disclosed: str
    incidents: str
    periods: tuple[Period, ...]
    dialect: Dialect
    classes: frozenset[tuple[str, str | None]] | None = None
    """Classes with codes that occur; None for all there are."""
    facts: frozenset[str] | None = None
    """Facts as ``name=value`` that offences list; None for any."""

    def holds(self, ruling: InForce) -> str:
        """The condition that a version is in force and holds."""
        condition = self.asks(ruling.version.when, ruling.version.unless)
        if len(ruling.periods) == len(self.periods):
            return condition
        return f"(s_period in ({numbers(ruling.periods)}) and {condition})"

    def may_list(self, fact: str) -> bool:
        """Whether any offence may list a fact, given as ``name=value``."""
        return self.facts is None or fact in self.facts

    @cached_property
    def presumed(self) -> Same:
        """Facts that no offence lists and of which silence always means the same."""
        return {
            fact.name: fact.presumptions[0].value
            for fact in LISTED
            if fact.presumptions and not fact.presumptions[0].when
            if not any(self.may_list(f"{fact.name}={value}") for value in fact.values)
        }

    def asks(self, when: Terms, unless: Iterable[Terms] = ()) -> str:
        """The condition in SQL; what is presumed everywhere is not asked again."""
        return sql(when, unless, self.presumed)

    def rules(self, kind: Kind) -> tuple[InForce, ...]:
        """Rules that may hold of any offence, in the order of asking."""
        return tuple(
            ruling for ruling in in_force(kind, self.periods) if can_be(ruling.version.when, self.presumed)
        )

    def merging(self) -> tuple[InForce, ...]:
        """Rules that take one offence into another, in order."""
        return tuple(
            ruling
            for ruling in self.rules("count")
            if ruling.version.effect.count == "not_additional" and ruling.version.effect.over
        )


# The rows, and their signatures ------------------------------------------------------------------


def rows(asked: Asked) -> str:
    joined = asked.dialect.joined
    columns = [
        *as_they_are(("incident_id", "offence_no", "victim_no", "suspect_group"), "o"),
        ("offenders", "coalesce(o.offenders, 1)"),
        ("property_no", "o.property_no"),
        ("finished_incident", "coalesce(o.finished_incident, 1)"),
        ("strength", "o.strength"),
        ("reported_at", "i.reported_at"),
        ("s_code", " + ".join(digit.encoded for digit in _digits(asked))),
        ("s_class", "o.class_code"),
        ("s_subcode", "coalesce(o.subcode, '')"),
        ("s_facts", f"coalesce({joined('o.facts', ',')}, '')"),
        ("s_flags", f"coalesce({joined('o.flags_due', ',')}, '')"),
    ]
    return (
        f"select {select_list(columns)} from {asked.disclosed} o "
        f"join {asked.incidents} i on i.incident_id = o.incident_id"
    )


def _digits(asked: Asked) -> tuple[Digit, ...]:
    """The columns of few values, the most varied last."""
    columns = [
        ("s_period", tuple(str(period.number) for period in asked.periods), _as_text(_period(asked))),
        ("s_law", tuple(str(number) for number in range(len(LAW_DAYS) + 1)), _as_text(_law(asked))),
        ("s_assertion", ASSERTIONS, "o.assertion"),
        ("s_attempted", YES_NO, yes("o.attempted")),
        ("s_victim_kind", ("person", "organisation", "state"), "o.victim_kind"),
        ("s_victim_age", ("", *AGE_BANDS), _age_band("o.victim_age")),
        ("s_relationship", ("unknown", *FACTS["relationship"].values), "o.relationship"),
        *((f"s_{name}", ("unknown", *YES_NO), f"o.{name}") for name in _ANSWERED_COLUMNS),
        (
            "s_caller_role",
            ("unknown", *(role for role in CALLER_ROLES if role != "unknown")),
            "i.caller_role",
        ),
        ("s_first_victim", YES_NO, yes("o.victim_no <= 1")),
    ]
    digits = []
    weight = 1
    for name, values, found in columns:
        digits.append(Digit(name, values, found, weight))
        weight *= len(values)
    return tuple(digits)


def _as_text(number: str) -> str:
    return f"cast({number} as string)"


def decoded(asked: Asked) -> str:
    """Each signature with its columns of few values unpacked; periods and laws as numbers."""
    columns = [
        (
            digit.name,
            f"cast({digit.decoded} as integer)" if digit.name in ("s_period", "s_law") else digit.decoded,
        )
        for digit in _digits(asked)
    ]
    columns.append(("s_listed", asked.dialect.items("s_facts", ",")))
    return f"select {', '.join(SIGNATURE)}, {select_list(columns)} from {PREFIX}signatures"


_ANSWERED_COLUMNS = (
    "victim_confirms",
    "victim_traced",
    "evidence_to_contrary",
    "other_force_records",
    "school_deals",
)


def _age_band(age: str) -> str:
    limits = zip((13, 16, 18), AGE_BANDS, strict=False)
    return case(
        (
            (f"{age} is null", "''"),
            *((f"{age} < {years}", text(band)) for years, band in limits),
            ("true", text(AGE_BANDS[-1])),
        )
    )


def _period(asked: Asked) -> str:
    seconds = asked.dialect.epoch_seconds("i.reported_at")
    arms = [
        (f"{seconds} >= {london_midnight(period.first_day)}", str(period.number))
        for period in reversed(asked.periods[1:])
    ]
    return case((*arms, ("true", "1")))


def _law(asked: Asked) -> str:
    """How many changes of the law were in force on the day of the offence (else of the report, in London)."""
    seconds = asked.dialect.epoch_seconds("i.reported_at")
    by_report = [
        (f"o.occurred_on is null and {seconds} >= {london_midnight(day)}", str(number))
        for number, day in enumerate(LAW_DAYS, start=1)
    ]
    by_offence = [
        (f"o.occurred_on >= {day_text(day)}", str(number)) for number, day in enumerate(LAW_DAYS, start=1)
    ]
    return case((*reversed(by_report), *reversed(by_offence), ("true", "0")))


# Facts -------------------------------------------------------------------------------------------


def stated(asked: Asked) -> str:
    columns = [*as_they_are((*SIGNATURE, *KEPT)), *_stated_facts(asked)]
    return f"select {select_list(columns)} from decoded"


def _stated_facts(asked: Asked) -> Iterator[tuple[str, str]]:
    def lists(item: str) -> str:
        return asked.dialect.contains("s_listed", text(item)) if asked.may_list(item) else "false"

    for fact in LISTED:
        if fact.name in asked.presumed:
            continue
        listed = {f"{fact.name}={value}": value for value in fact.values}
        arms = [(lists(item), text(value)) for item, value in listed.items() if asked.may_list(item)]
        yield column(fact.name), case(arms) if arms else text_or_null(None)
    yield column("class"), "s_class"
    yield column("subcode"), "s_subcode"
    yield column("assertion"), "s_assertion"
    yield column("attempted"), "s_attempted"
    yield column("victim_kind"), "s_victim_kind"
    yield column("victim_age"), "nullif(s_victim_age, '')"
    grown = "s_victim_age in ('16_or_17', 'adult')"
    yield column("aged_16_or_over"), f"case when s_victim_age <> '' then {yes(grown)} end"
    for name in ("relationship", *_ANSWERED_COLUMNS):
        yield column(name), f"nullif(s_{name}, 'unknown')"
    yield column("reporter"), _reporter(lists("parent_or_carer=yes"), lists("parent_or_carer=no"))
    constable = f"s_class in ({', '.join(text(name) for name in CONSTABLE_CLASSES)})"
    yield (
        column("reporter_is_this_victim"),
        yes(
            "(s_caller_role = 'victim' and s_first_victim = 'yes') or (s_caller_role = 'officer' and "
            f"({constable} or {lists('victim_is_constable=yes')}))"
        ),
    )
    for number, day in enumerate(LAW_DAYS, start=1):
        yield column(committed_before(day)), yes(f"s_law < {number}")


def _reporter(parent: str, not_parent: str) -> str:
    return case(
        (
            ("s_caller_role <> 'third_party'", "nullif(s_caller_role, 'unknown')"),
            (parent, "'parent_or_carer'"),
            (not_parent, "'other_third_party'"),
            ("s_victim_age in ('under_13', '13_to_15', '16_or_17')", "'parent_or_carer'"),
            ("true", "'other_third_party'"),
        )
    )


def presumed(asked: Asked) -> str:
    columns = as_they_are((*SIGNATURE, *KEPT))
    for fact in _told(asked):
        name = column(fact.name)
        arms = [
            (asked.asks(presumption.when), text(presumption.value))
            for presumption in fact.presumptions
            if can_be(presumption.when, asked.presumed)
        ]
        columns.append((name, f"coalesce({name}, {case(arms)})" if arms else name))
    columns.append(("class_rules", "''"))
    return f"select {select_list(columns)} from stated"


def fact_columns(asked: Asked) -> list[str]:
    """Columns of the facts that are not the same everywhere and do not follow from the class."""
    return [column(fact.name) for fact in _told(asked)]


def _told(asked: Asked) -> list[Fact]:
    left_out = (*FROM_CLASS, *NEVER_ASKED, *asked.presumed)
    return [fact for name, fact in FACTS.items() if name not in left_out]
