"""A plan as SQL: records made ready, pairs proposed, and each pair's level in every comparison."""

from __future__ import annotations

from opencdi.engine import Dialect, Relation, Step
from opencdi.linkage.matching.plan import Candidates, Comparison, Level, Plan
from opencdi.linkage.sql import DAY, known

MISSING = 0
"""Level of a pair with nothing to compare; then come the plan's own levels, and last that all differs."""


def prepared_steps(left: Relation, right: Relation, plan: Plan) -> list[Step]:
    """Tables ``match_left`` and ``match_right``, numbered in key order, and a ``match_share_..`` for each
    comparison that weighs rarity: how large a share of both sides' records bears each value."""
    sides = [_numbered(f"match_{name}", side, plan) for name, side in (("left", left), ("right", right))]
    return [*sides, *(_shares(table, columns) for table, columns in _weighed(plan).items())]


def _numbered(name: str, side: Relation, plan: Plan) -> Step:
    columns = ", ".join(_column(side.engine.dialect, column, kind) for column, kind in plan.columns.items())
    return Step(
        name,
        f"select record_id, row_number() over (order by record_id) as record_no, {columns} from {side.name}",
    )


def _column(dialect: Dialect, name: str, kind: str) -> str:
    """Text in capitals without blanks around it; a date as text, with its number of days beside it."""
    if kind == "text":
        return f"{known(f'upper(trim({name}))')} as {name}"
    if kind == "date":
        seconds = dialect.epoch_seconds(f"cast({name} as timestamp)")
        return f"cast({name} as string) as {name}, cast(floor({seconds} / {DAY}e0) as bigint) as {name}_day"
    return f"cast({name} as double) as {name}"


def _weighed(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Tables of shares, and the columns each is of."""
    return {
        _share_table(columns): columns
        for comparison in plan.comparisons
        if comparison.frequencies
        for level in comparison.read()
        if level.way == "same" and (columns := _columns(comparison, level))
    }


def _share_table(columns: tuple[str, ...]) -> str:
    return f"match_share_{'_'.join(columns)}"


def _columns(comparison: Comparison, level: Level) -> tuple[str, ...]:
    return (level.of,) if level.of else comparison.columns


def _value(columns: tuple[str, ...], record: str = "") -> str:
    """The values of several columns as one text; null where one of them is."""
    return " || '/' || ".join(f"cast({record}{name} as string)" for name in columns)


def _shares(table: str, columns: tuple[str, ...]) -> Step:
    both = " union all ".join(
        f"select {_value(columns)} as value from match_{side}" for side in ("left", "right")
    )
    return Step(
        table,
        f"select value, count(*) * 1e0 / sum(count(*)) over () as share "
        f"from ({both}) as held where value is not null group by value",
    )


# Candidates ----------------------------------------------------------------------------------------


def candidate_steps(plan: Plan) -> list[Step]:
    """Table ``match_pair``: (left_no, right_no, via); each rule of ``plan.rules`` is a bit of ``via``."""
    rules = plan.rules()
    found = [Step(f"match_by_{place}", _rule_sql(rule, plan)) for place, rule in enumerate(rules)]
    bits = " union all ".join(
        f"select left_no, right_no, cast({1 << place} as bigint) as bit from match_by_{place}"
        for place in range(len(rules))
    )
    whole = f"select left_no, right_no, bit_or(bit) as via from ({bits}) as found group by left_no, right_no"
    return [*found, Step("match_pair", whole)]


def _rule_sql(rule: Candidates, plan: Plan) -> str:
    """Pairs of one key. What must lie near falls into stretches as long as the greatest difference; a right
    record looks into its own stretch and both beside it."""
    shifts = [f"shift_{place}.shift" for place in range(len(rule.near))]
    left = _key(rule, plan, side=0, shifts=["0"] * len(shifts))
    right = _key(rule, plan, side=1, shifts=shifts)
    listed = "(select * from (values (-1), (0), (1)) as listed(shift))"
    shifted = " ".join(f"cross join {listed} as shift_{place}" for place in range(len(shifts)))
    near = "".join(
        f" and abs(l.{column} - r.{column}) <= {width}"
        for column, width in ((_measured(name, plan), width) for name, width in rule.near.items())
    )
    return f"""
        with keyed as (select {left} as key, match_left.* from match_left),
        small as (
            select key from keyed where key is not null group by key having count(*) <= {plan.block_limit})
        select l.record_no as left_no, r.record_no as right_no
        from keyed as l
        join small on small.key = l.key
        join (select {right} as key, match_right.* from match_right {shifted}) as r on r.key = l.key
        where 1 = 1{near}"""


def _key(rule: Candidates, plan: Plan, side: int, shifts: list[str]) -> str:
    parts = [f"cast({names[side]} as string)" for names in rule.sides()]
    parts += [f"substr({name}, 1, {letters})" for name, letters in rule.start.items()]
    for (name, width), shift in zip(rule.near.items(), shifts, strict=True):
        stretch = f"cast(floor({_measured(name, plan)} / cast({width} as double)) as bigint)"
        parts.append(f"cast({stretch} + {shift} as string)")
    return " || '/' || ".join(parts)


def _measured(name: str, plan: Plan) -> str:
    return f"{name}_day" if plan.columns[name] == "date" else name


def random_step(plan: Plan, every: int) -> Step:
    """Table ``match_pair`` anew: one in so many of all pairs, whatever they hold."""
    spread = f"mod(l.record_no, {every}) = mod(r.record_no * 7919, {every})"
    return Step(
        "match_pair",
        "select l.record_no as left_no, r.record_no as right_no, cast(0 as bigint) as via "
        f"from match_left as l join match_right as r on {spread}",
    )


# Levels --------------------------------------------------------------------------------------------


def vector_step(dialect: Dialect, plan: Plan) -> Step:
    """Table ``match_vector``: each pair's level in every comparison, and under ``.._share`` how common the
    value is that they share (null where that is not weighed)."""
    columns, joins = [], []
    for place, comparison in enumerate(plan.comparisons):
        columns.append(f"{_level_sql(dialect, comparison)} as {comparison.name}")
        if comparison.frequencies:
            share, joined = _share_sql(dialect, comparison, f"share_{place}")
            columns.append(f"{share} as {comparison.name}_share")
            joins += joined
    return Step(
        "match_vector",
        f"""
        select pair.left_no, pair.right_no, pair.via, {", ".join(columns)}
        from match_pair as pair
        join match_left as l on l.record_no = pair.left_no
        join match_right as r on r.record_no = pair.right_no
        {" ".join(joins)}""",
    )


def _level_sql(dialect: Dialect, comparison: Comparison) -> str:
    missing = " and ".join(f"(l.{name} is null or r.{name} is null)" for name in comparison.columns)
    cases = "".join(
        f" when {agrees(dialect, comparison, level)} then {number}"
        for number, level in enumerate(comparison.read(), start=1)
    )
    return f"case when {missing} then {MISSING}{cases} else {len(comparison.levels) + 1} end"


def _share_sql(dialect: Dialect, comparison: Comparison, alias: str) -> tuple[str, list[str]]:
    """The share of the value that the first level that holds is about; and the joins it needs."""
    cases, joins = "", []
    for number, level in enumerate(comparison.read()):
        share = "null"
        if level.way == "same":
            columns, name = _columns(comparison, level), f"{alias}_{number}"
            share = f"{name}.share"
            joins.append(
                f"left join {_share_table(columns)} as {name} on {name}.value = {_value(columns, 'l.')}"
            )
        cases += f" when {agrees(dialect, comparison, level)} then {share}"
    return f"case{cases} end", joins


def agrees(dialect: Dialect, comparison: Comparison, level: Level) -> str:
    """When a level holds; null where a value it needs is missing."""
    if level.way == "crossed":
        first, second = comparison.columns
        return f"l.{first} = r.{second} and l.{second} = r.{first}"
    return " and ".join(_agrees(dialect, level, name) for name in _columns(comparison, level))


def _agrees(dialect: Dialect, level: Level, name: str) -> str:
    left, right, size = f"l.{name}", f"r.{name}", f"{level.size:g}"
    if level.way == "alike":
        return f"{dialect.jaro_winkler(left, right)} >= {size}"
    if level.way == "slips":
        lengths = f"abs(length({left}) - length({right}))"
        return f"case when {lengths} <= {size} then {dialect.levenshtein(left, right)} <= {size} end"
    if level.way == "start":
        return f"substr({left}, 1, {size}) = substr({right}, 1, {size})"
    if level.way == "days":
        return f"abs({left}_day - {right}_day) <= {size}"
    if level.way == "later":
        return f"{right}_day - {left}_day between 0 and {size}"
    if level.way == "within":
        return f"abs({left} - {right}) <= {size} * greatest(abs({left}), abs({right}))"
    return f"{left} = {right}"
