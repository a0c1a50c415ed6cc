"""SQL steps that ask of each disclosed offence what concerns it alone: ``flow.py`` in SQL.

Most offences say the same few things, so rules are asked once of each distinct *signature* (all they can
depend on), and the answers joined back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product

from opencdi.counting import traits
from opencdi.counting.batch_facts import (
    KEPT,
    NEVER_UNKNOWN,
    PREFIX,
    SIGNATURE,
    Asked,
    decoded,
    fact_columns,
    presumed,
    rows,
    stated,
)
from opencdi.counting.conditions import column, text, unknown_sql
from opencdi.counting.derive import NO_CODE
from opencdi.counting.facts import FACTS
from opencdi.counting.flow import KINDS, PUBLIC_ORDER_CLASSES, conduct_is_weighed, kind_of
from opencdi.counting.periods import InForce
from opencdi.counting.placing import CONDUCT, VICTIM, conduct_besides, counts_each, layer_of
from opencdi.counting.rulebook import Effect
from opencdi.counting.sqltext import (
    any_of,
    as_they_are,
    case,
    choice,
    no,
    numbers,
    select_list,
    text_or_null,
    yes,
)
from opencdi.engine import Step
from opencdi.schema import FLAGS

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


def statements(asked: Asked) -> Iterator[Step]:
    """The steps; the last, ``offences``, has one row for each disclosed offence."""
    yield Step("rows", rows(asked))
    yield Step("signatures", f"select distinct {', '.join(SIGNATURE)} from {PREFIX}rows")
    yield Step("traits", _traits(asked))
    yield Step("answered", _answered(asked), tuple(_questions(asked)))
    yield Step("offences", _offences())


def _questions(asked: Asked) -> Iterator[Step]:
    """The stages by which a signature is answered, each reading the one before."""
    yield Step("decoded", decoded(asked))
    yield Step("stated", stated(asked))
    yield Step("presumed", presumed(asked))
    previous = "presumed"
    for number, rulings in enumerate(_rounds(asked), start=1):
        yield Step(f"classed_{number}", _classed(asked, previous, rulings))
        previous = f"classed_{number}"
    yield Step("typed", _typed(asked, previous))
    yield Step("asked", _asked(asked))
    yield Step("decided", _decided(asked))
    yield Step("reached", _reached(asked))
    yield Step("standing", _standing(asked))


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
    to_subcode = case(
        (f"ruling = {place}", _new_code(effect)) for place, effect in enumerate(effects, start=1)
    )
    changed = {
        column("class"): f"coalesce({to_class}, {column('class')})",
        column("subcode"): f"case when ruling is null then {column('subcode')} else {to_subcode} end",
        "class_rules": f"concat_ws(',', nullif(class_rules, ''), {rule})",
    }
    kept = [name for name in fact_columns(asked) if name not in changed]
    columns = [*as_they_are((*SIGNATURE, *KEPT, *kept)), *changed.items()]
    return f"select {select_list(columns)} from (select *, {first} as ruling from {previous}) r"


def _new_code(effect: Effect) -> str:
    """The code by a class rule: the one it names, or the code as it is where the new class has it."""
    if effect.to_subcode:
        return text(effect.to_subcode)
    of_class = ", ".join(text(code) for code in _codes_of(effect.to_class or "")) or "''"
    return f"case when {column('subcode')} in ({of_class}) then {column('subcode')} else {text(NO_CODE)} end"


def _codes_of(class_code: str) -> list[str]:
    return sorted(code for name, code in traits.table() if name == class_code and code)


def _traits(asked: Asked) -> str:
    """Classes, and codes within classes, as a table."""
    known = sorted(_that_can_occur(asked), key=lambda found: (found.class_code, found.subcode or ""))
    rows = ", ".join(
        f"({number}, {', '.join(_trait_values(found))})" for number, found in enumerate(known, start=1)
    )
    names = (
        "trait_no, t_class, t_subcode, t_group, t_subgroup, victim_or_state, per_victim, shares_no, "
        "rank_with_conduct, rank_by_maximum, conduct_rank, beaten_by, each_one, "
        "layer_of_victim, layer_of_state, indictable"
    )
    return f"select * from (values {rows}) as t ({names})"


def _that_can_occur(asked: Asked) -> Iterator[traits.Traits]:
    """Traits of the classes and codes that occur, and of those that class rules lead to."""
    every = traits.table()
    if asked.classes is None:
        yield from every.values()
        return
    codes = {code for _, code in asked.classes}
    codes |= {ruling.version.effect.to_subcode for ruling in asked.rules("class")}
    wanted = {*asked.classes, *product(_led_to(asked), codes)}
    for key in {*wanted, *((class_code, None) for class_code, _ in wanted)}:
        if key in every:
            yield every[key]


def _led_to(asked: Asked) -> set[str]:
    """Classes that class rules lead to; one that leaves the class out leads to those it asks for."""
    return {
        class_code
        for ruling in asked.rules("class")
        for class_code in (
            [ruling.version.effect.to_class]
            if ruling.version.effect.to_class
            else ruling.version.when["class"]
        )
    }


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
        str(found.rank_by_maximum),
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
    kept = [name for name in fact_columns(asked) if name != column("subcode")]
    columns = [
        *as_they_are((*SIGNATURE, *KEPT, *kept, "class_rules"), "s"),
        (column("subcode"), "t.t_subcode"),
        (column("group"), "t.t_group"),
        (column("subgroup"), "t.t_subgroup"),
        (column("victim_based"), no(state)),
        (column("indictable_only"), yes("t.indictable")),
        (column("notifiable"), no(f"t.t_class = {text(traits.NOT_NOTIFIABLE)}")),
        ("layer_no", _layer(asked, state)),
        ("rank", _rank(asked)),
        *as_they_are((name for name in TRAITS if name != "rank"), "t"),
    ]
    known = f"select t_class as k_class, t_subcode as k_subcode from {PREFIX}traits"
    return (
        f"select {select_list(columns)} from ("
        "select f.*, case when k.k_class is null then '' else f.f_subcode end as code_in_class "
        f"from {previous} f left join ({known}) k "
        "on k.k_class = f.f_class and k.k_subcode = f.f_subcode) s "
        f"join {PREFIX}traits t on t.t_class = s.f_class and t.t_subcode = s.code_in_class"
    )


def _rank(asked: Asked) -> str:
    weighed = numbers(period.number for period in asked.periods if conduct_is_weighed(period.first_day))
    return f"case when s.s_period in ({weighed}) then t.rank_with_conduct else t.rank_by_maximum end"


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
    columns = [
        *((f"b_{place}", asked.holds(rule)) for place, rule in enumerate(asked.rules("flow"))),
        ("s_named", asked.dialect.items("s_flags", ",")),
    ]
    return f"select *, {select_list(columns)} from typed"


def _decided(asked: Asked) -> str:
    """The first rule of the flow that certainly stops the offence."""
    stops = len(asked.rules("flow"))
    certain_stop = [(f"b_{place}", str(place)) for place in range(stops)]
    return f"select *, {case((*certain_stop, ('true', str(stops))))} as decided from asked"


def _reached(asked: Asked) -> str:
    """Each rule of the flow: does it stop the offence, or may it?"""
    columns = [
        (f"r_{place}", f"(decided >= {place} and coalesce(b_{place}, true))")
        for place in range(len(asked.rules("flow")))
    ]
    return f"select *, {select_list(columns)} from decided"


def _standing(asked: Asked) -> str:
    """Each kind of record: may it be what stands on record?"""
    return f"select *, {select_list(_may(asked.rules('flow')))} from reached"


def _answered(asked: Asked) -> str:
    flow = asked.rules("flow")
    count = " + ".join(f"(case when m_{number} then 1 else 0 end)" for number in range(len(KINDS)))
    reached = [f"r_{place}" for place in range(len(flow))]
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
        ("kind_no", case((f"m_{number}", str(number)) for number in range(len(KINDS)))),
        ("certain", f"({count}) = 1"),
        ("first_step", case(zip(reached, steps, strict=True))),
        ("death_code", f"coalesce({case(zip(reached, death_codes, strict=True))}, f_subcode)"),
        ("rules", f"concat_ws(',', nullif(class_rules, ''), {', '.join(named)})"),
        ("missing", f"case when ({count}) = 1 then '' else {_missing(asked)} end"),
        ("flags", _flags(asked)),
        *_takings(asked),
    ]  # fmt: skip
    return f"select {select_list(columns)} from standing"


def _may(flow: Sequence[InForce]) -> Iterator[tuple[str, str]]:
    rape = f"f_subgroup = {text(traits.RAPE)}"
    arms: dict[str, list[str]] = {kind: [] for kind in KINDS}
    arms["crime"].append(f"decided = {len(flow)}")
    for place, ruling in enumerate(flow):
        plain, for_rape = kind_of(ruling.version, rape=False), kind_of(ruling.version, rape=True)
        if plain == for_rape:
            arms[plain].append(f"r_{place}")
        else:
            arms[plain].append(f"(r_{place} and not {rape})")
            arms[for_rape].append(f"(r_{place} and {rape})")
    for number, kind in enumerate(KINDS):
        yield f"m_{number}", any_of(arms[kind])


def _missing(asked: Asked) -> str:
    asking: dict[str, list[str]] = {}
    for place, ruling in enumerate(asked.rules("flow")):
        hanging = unknown_sql(ruling.version.when, ruling.version.unless, asked.presumed)
        for fact, conditions in hanging.items():
            asking.setdefault(fact, []).append(f"(r_{place} and b_{place} is null and {any_of(conditions)})")
    arms = [
        f"case when {column(fact)} is null and {any_of(asking[fact])} then {text(fact)} end"
        for fact in FACTS
        if fact in asking and fact not in NEVER_UNKNOWN
    ]
    return f"concat_ws(',', {', '.join(arms)})"


def _flags(asked: Asked) -> str:
    """Flags due, as bits in the order of ``schema.FLAGS``."""
    calls = {flag: [asked.dialect.contains("s_named", text(flag))] for flag in FLAGS}
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
