"""SQL steps that ask of each disclosed offence what concerns it alone: ``derive.py`` and ``flow.py`` in SQL.

Most offences say the same few things, so rules are asked once of each distinct *signature* (all they can
depend on), and the answers joined back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from opencdi.counting import traits
from opencdi.counting.conditions import column, sql, text, unknown_sql
from opencdi.counting.derive import CONSTABLE_CLASSES, NO_CODE
from opencdi.counting.facts import AGE_BANDS, FACTS, LAW_DAYS, LISTED, YES_NO, committed_before
from opencdi.counting.flow import KINDS, PUBLIC_ORDER_CLASSES, kind_of
from opencdi.counting.mechanisms import CONDUCT, VICTIM, conduct_besides, counts_each, layer_of
from opencdi.counting.periods import InForce, Period, in_force
from opencdi.counting.sqltext import (
    any_of,
    as_they_are,
    case,
    choice,
    day_text,
    london_midnight,
    no,
    numbers,
    select_list,
    text_or_null,
    yes,
)
from opencdi.engine import Dialect
from opencdi.schema import ASSERTIONS, CALLER_ROLES, FLAGS

PREFIX = "counting_"

SIGNATURE = ("s_code", "s_class", "s_subcode", "s_facts", "s_flags")
"""All that the rules about one offence alone can depend on; ``s_code`` packs the columns of few values."""

KEPT = ("s_period", "s_victim_kind")
"""What later stages still ask of a signature besides its facts."""

ROW = (
    "incident_id",
    "offence_no",
    "suspect_group",
    "offenders",
    "property_no",
    "finished_incident",
    "strength",
    "reported_at",
)
"""What the mechanisms need of a row besides its answers."""

TRAITS = ("trait_no", "shares_no", "per_victim", "rank", "conduct_rank", "beaten_by", "each_one")

NEVER_ASKED = ("victim_sex",)
"""Facts that choose a class before counting and that no rule asks for."""

FROM_CLASS = ("group", "subgroup", "victim_based", "indictable_only", "notifiable")
"""Facts that follow from the class."""

ANSWERS = (
    "signature_no",
    "s_period",
    "kind_no",
    "certain",
    "layer_no",
    *TRAITS,
    "flags",
    "taken_bits",
    "takes_bits",
)
"""What the mechanisms need of an answered signature; its words are looked up at the end."""

LAYERS = tuple(
    dict.fromkeys(
        layer_of(found, victim_based, besides).name
        for found in traits.table().values()
        for victim_based in ("yes", "no")
        for besides in (False, True)
    )
)
"""Names of the layers of crimes counted besides each other; a layer's number is its place."""


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

    def holds(self, ruling: InForce) -> str:
        """The condition that a version is in force and holds."""
        condition = sql(ruling.version.when, ruling.version.unless)
        if len(ruling.periods) == len(self.periods):
            return condition
        return f"(s_period in ({numbers(ruling.periods)}) and {condition})"

    def rules(self, kind: str) -> tuple[InForce, ...]:
        return in_force(kind, self.periods)  # type: ignore[arg-type]

    def merging(self) -> tuple[InForce, ...]:
        """Rules that take one offence into another, in order."""
        return tuple(
            ruling
            for ruling in self.rules("count")
            if ruling.version.effect.count == "not_additional" and ruling.version.effect.over
        )


def statements(asked: Asked) -> Iterator[tuple[str, str]]:
    """Names and texts of the steps; the last, ``offences``, has one row for each disclosed offence."""
    yield "rows", _rows(asked)
    yield "signatures", f"select distinct {', '.join(SIGNATURE)} from {PREFIX}rows"
    yield "traits", _traits(asked)
    yield "answered", _with(tuple(_questions(asked)), _answered(asked))
    yield "offences", _offences()


def _questions(asked: Asked) -> Iterator[tuple[str, str]]:
    """The stages by which a signature is answered, each reading the one before."""
    yield "decoded", _decoded(asked)
    yield "stated", _stated(asked)
    yield "presumed", _presumed()
    previous = "presumed"
    for number, rulings in enumerate(_rounds(asked), start=1):
        yield f"classed_{number}", _classed(asked, previous, rulings)
        previous = f"classed_{number}"
    yield "typed", _typed(asked, previous)
    yield "asked", _asked(asked)


def _with(stages: Sequence[tuple[str, str]], last: str) -> str:
    """One statement of several stages, so that the wide tables between them are never stored."""
    return "with " + ", ".join(f"{name} as ({statement})" for name, statement in stages) + " " + last


# The rows, and their signatures ------------------------------------------------------------------


def _rows(asked: Asked) -> str:
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
    return f"cast({number} as varchar(2))"


def _decoded(asked: Asked) -> str:
    """Each signature with its columns of few values unpacked; periods and laws as numbers."""
    columns = [
        (
            digit.name,
            f"cast({digit.decoded} as integer)" if digit.name in ("s_period", "s_law") else digit.decoded,
        )
        for digit in _digits(asked)
    ]
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


def _stated(asked: Asked) -> str:
    columns = [*as_they_are((*SIGNATURE, *KEPT)), *_stated_facts(asked.dialect)]
    return f"select {select_list(columns)} from decoded"


def _stated_facts(dialect: Dialect) -> Iterator[tuple[str, str]]:
    items = dialect.items("s_facts", ",")

    def lists(item: str) -> str:
        return dialect.contains(items, text(item))

    for fact in LISTED:
        arms = [(lists(f"{fact.name}={value}"), text(value)) for value in fact.values]
        yield column(fact.name), f"case when s_facts = '' then null else {case(arms)} end"
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


def _presumed() -> str:
    columns = as_they_are((*SIGNATURE, *KEPT))
    for fact in FACTS.values():
        if fact.name not in (*FROM_CLASS, *NEVER_ASKED):
            name = column(fact.name)
            arms = [(sql(presumption.when), text(presumption.value)) for presumption in fact.presumptions]
            columns.append((name, f"coalesce({name}, {case(arms)})" if arms else name))
    columns.append(("class_rules", "''"))
    return f"select {select_list(columns)} from stated"


# Class -------------------------------------------------------------------------------------------


def _rounds(asked: Asked) -> tuple[tuple[InForce, ...], ...]:
    """Class rules by round: each thousand of ``order`` is read after the one before."""
    rulings = asked.rules("class")
    numbers_of_rounds = sorted({ruling.rule.order // 1000 for ruling in rulings})
    return tuple(
        tuple(ruling for ruling in rulings if ruling.rule.order // 1000 == number)
        for number in numbers_of_rounds
    )


def _classed(asked: Asked, previous: str, rulings: Sequence[InForce]) -> str:
    first = case((asked.holds(ruling), str(place)) for place, ruling in enumerate(rulings, start=1))
    effects = [ruling.version.effect for ruling in rulings]
    rule = choice("ruling", (ruling.rule.id for ruling in rulings))
    to_class = choice("ruling", (effect.to_class for effect in effects))
    to_subcode = choice("ruling", (effect.to_subcode or NO_CODE for effect in effects))
    changed = {
        column("class"): f"case when ruling is null then {column('class')} else {to_class} end",
        column("subcode"): f"case when ruling is null then {column('subcode')} else {to_subcode} end",
        "class_rules": f"concat_ws(',', nullif(class_rules, ''), {rule})",
    }
    kept = [name for name in _fact_columns() if name not in changed]
    columns = [*as_they_are((*SIGNATURE, *KEPT, *kept)), *changed.items()]
    return f"select {select_list(columns)} from (select *, {first} as ruling from {previous}) r"


def _fact_columns() -> list[str]:
    return [column(name) for name in FACTS if name not in (*FROM_CLASS, *NEVER_ASKED)]


def _traits(asked: Asked) -> str:
    """Classes, and codes within classes, as a table."""
    known = sorted(_that_can_occur(asked), key=lambda found: (found.class_code, found.subcode or ""))
    rows = ", ".join(
        f"({number}, {', '.join(_trait_values(found))})" for number, found in enumerate(known, start=1)
    )
    names = (
        "trait_no, t_class, t_subcode, t_group, t_subgroup, victim_or_state, per_victim, shares_no, rank, "
        "conduct_rank, beaten_by, each_one, layer_of_victim, layer_of_state, indictable"
    )
    return f"select * from (values {rows}) as t ({names})"


def _that_can_occur(asked: Asked) -> Iterator[traits.Traits]:
    """Traits of the classes that occur, and of those that class rules lead to."""
    every = traits.table()
    if asked.classes is None:
        yield from every.values()
        return
    effects = [ruling.version.effect for ruling in asked.rules("class")]
    led_to = {(effect.to_class or "", effect.to_subcode) for effect in effects}
    wanted = asked.classes | led_to
    for key in {*wanted, *((class_code, None) for class_code, _ in wanted)}:
        if key in every:
            yield every[key]


def _trait_values(found: traits.Traits) -> tuple[str, ...]:
    return (
        text(found.class_code),
        text(found.subcode or ""),
        text(found.group),
        text(found.subgroup),
        text(found.victim_or_state),
        "true" if found.per == "victim" else "false",
        str(_families().index(found.shares) + 1 if found.shares else 0),
        str(found.rank),
        str(found.conduct_rank),
        str(found.beaten_by),
        "true" if counts_each(found) else "false",
        str(LAYERS.index(layer_of(found, "yes", False).name)),
        str(LAYERS.index(layer_of(found, "no", False).name)),
        "true" if found.indictable_only else "false",
    )


@cache
def _families() -> tuple[str, ...]:
    """Families within which offences that name one household, building, shop or incident count together."""
    return tuple(sorted({found.shares for found in traits.table().values() if found.shares}))


def _typed(asked: Asked, previous: str) -> str:
    """Each signature with the traits of its class; a code that is none of its class's is left out."""
    may_lack_a_victim = ", ".join(text(name) for name in PUBLIC_ORDER_CLASSES)
    state = (
        "(t.victim_or_state = 'S' or (s.s_victim_kind = 'state' and "
        f"(t.victim_or_state = 'S/V' or t.t_class in ({may_lack_a_victim}))))"
    )
    kept = [name for name in _fact_columns() if name != column("subcode")]
    columns = [
        *as_they_are((*SIGNATURE, *KEPT, *kept, "class_rules"), "s"),
        (column("subcode"), "t.t_subcode"),
        (column("group"), "t.t_group"),
        (column("subgroup"), "t.t_subgroup"),
        (column("victim_based"), no(state)),
        (column("indictable_only"), yes("t.indictable")),
        (column("notifiable"), no(f"t.t_class = {text(traits.NOT_NOTIFIABLE)}")),
        ("layer_no", _layer(asked, state)),
        *as_they_are(TRAITS, "t"),
    ]
    known = f"select t_class as k_class, t_subcode as k_subcode from {PREFIX}traits"
    return (
        f"select {select_list(columns)} from ("
        "select f.*, case when k.k_class is null then '' else f.f_subcode end as code_in_class "
        f"from {previous} f left join ({known}) k "
        "on k.k_class = f.f_class and k.k_subcode = f.f_subcode) s "
        f"join {PREFIX}traits t on t.t_class = s.f_class and t.t_subcode = s.code_in_class"
    )


def _layer(asked: Asked, state: str) -> str:
    besides = [period.number for period in asked.periods if conduct_besides(period.first_day)]
    victim, conduct = LAYERS.index(VICTIM.name), LAYERS.index(CONDUCT.name)
    counted_besides = (
        f"s.s_period in ({numbers(besides)}) and t.conduct_rank > 0 and t.layer_of_victim = {victim}"
    )
    return case(((state, "t.layer_of_state"), (counted_besides, str(conduct)), ("true", "t.layer_of_victim")))


# Flow --------------------------------------------------------------------------------------------


def _asked(asked: Asked) -> str:
    """Each rule of the flow: does it hold?"""
    columns = [(f"b_{place}", asked.holds(rule)) for place, rule in enumerate(asked.rules("flow"))]
    return f"select *, {select_list(columns)} from typed"


def _answered(asked: Asked) -> str:
    flow = asked.rules("flow")
    certain_stop = [(f"b_{place}", str(place)) for place in range(len(flow))]
    decided = case((*certain_stop, ("true", str(len(flow)))))
    may = _may(flow)
    count = " + ".join(f"(case when {may[kind]} then 1 else 0 end)" for kind in KINDS)
    reached = [_reached(place) for place in range(len(flow))]
    steps = (str(ruling.version.effect.step or 0) for ruling in flow)
    death_codes = (f"coalesce({text_or_null(ruling.version.effect.n300)}, f_subcode)" for ruling in flow)
    named = (
        f"case when {reach} then {text(ruling.rule.id)} end"
        for reach, ruling in zip(reached, flow, strict=True)
    )
    columns = [
        *as_they_are((*SIGNATURE, "s_period", "layer_no", *TRAITS)),
        ("signature_no", f"row_number() over (order by {', '.join(SIGNATURE)})"),
        *as_they_are(column(name) for name in ("class", "subcode", "group", "subgroup", "victim_based")),
        ("kind_no", case((may[kind], str(number)) for number, kind in enumerate(KINDS))),
        ("certain", f"({count}) = 1"),
        ("first_step", case(zip(reached, steps, strict=True))),
        ("death_code", f"coalesce({case(zip(reached, death_codes, strict=True))}, f_subcode)"),
        ("rules", f"concat_ws(',', nullif(class_rules, ''), {', '.join(named)})"),
        ("missing", f"case when ({count}) = 1 then '' else {_missing(flow)} end"),
        ("flags", _flags(asked)),
        *_takings(asked),
    ]  # fmt: skip
    return f"select {select_list(columns)} from (select *, {decided} as decided from asked) a"


def _reached(place: int) -> str:
    """Does the rule of the flow at a place stop the offence, or may it?"""
    return f"(decided >= {place} and coalesce(b_{place}, true))"


def _may(flow: Sequence[InForce]) -> dict[str, str]:
    """For each kind of record: may it be what stands on record?"""
    rape = f"f_subgroup = {text(traits.RAPE)}"
    arms: dict[str, list[str]] = {kind: [] for kind in KINDS}
    arms["crime"].append(f"decided = {len(flow)}")
    for place, ruling in enumerate(flow):
        plain, for_rape = kind_of(ruling.version, rape=False), kind_of(ruling.version, rape=True)
        if plain == for_rape:
            arms[plain].append(_reached(place))
        else:
            arms[plain].append(f"({_reached(place)} and not {rape})")
            arms[for_rape].append(f"({_reached(place)} and {rape})")
    return {kind: any_of(conditions) for kind, conditions in arms.items()}


def _missing(flow: Sequence[InForce]) -> str:
    asking: dict[str, list[str]] = {}
    for place, ruling in enumerate(flow):
        hanging = unknown_sql(ruling.version.when, ruling.version.unless)
        for fact, conditions in hanging.items():
            asking.setdefault(fact, []).append(
                f"({_reached(place)} and b_{place} is null and {any_of(conditions)})"
            )
    arms = [
        f"case when {column(fact)} is null and {any_of(asking[fact])} then {text(fact)} end"
        for fact in FACTS
        if fact in asking
    ]
    return f"concat_ws(',', {', '.join(arms)})"


def _flags(asked: Asked) -> str:
    """Flags due, as bits in the order of ``schema.FLAGS``."""
    named = asked.dialect.items("s_flags", ",")
    calls = {flag: [asked.dialect.contains(named, text(flag))] for flag in FLAGS}
    for ruling in asked.rules("flag"):
        calls[ruling.version.effect.flag or ""].append(asked.holds(ruling))
    return " + ".join(
        f"(case when {any_of(conditions)} then {1 << bit} else 0 end)"
        for bit, conditions in enumerate(calls.values())
    )


def _takings(asked: Asked) -> Iterator[tuple[str, str]]:
    """Merging rules as bits: those that may take the offence in, and those by which it may take in."""
    taken, takes = ["0"], ["0"]
    for number, ruling in enumerate(asked.merging()):
        over = ", ".join(text(value) for value in ruling.version.effect.over)
        named = f"f_class in ({over}) or f_group in ({over}) or f_subcode in ({over})"
        bit = 1 << number
        taken.append(f"(case when {asked.holds(ruling)} then {bit} else 0 end)")
        takes.append(
            f"(case when s_period in ({numbers(ruling.periods)}) and ({named}) then {bit} else 0 end)"
        )
    yield "taken_bits", " + ".join(taken)
    yield "takes_bits", " + ".join(takes)


def _offences() -> str:
    on = " and ".join(f"r.{name} = s.{name}" for name in SIGNATURE)
    victim = ("victim", "case when s.f_victim_based = 'no' then 0 else r.victim_no end")
    columns = [*as_they_are(ROW, "r"), *as_they_are(ANSWERS, "s"), victim]
    return f"select {select_list(columns)} from {PREFIX}rows r join {PREFIX}answered s on {on}"
