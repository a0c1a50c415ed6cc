"""What the codes of an export mean, looked up once for each distinct value.

A code no list knows is never dropped: the record says ``unknown`` and the value is reported.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from opencdi.engine import Dialect, Step, sql_text
from opencdi.records.expressions import Expressions
from opencdi.records.profile import VOCABULARIES, Profile

_YES_NO = {
    "y": "yes",
    "yes": "yes",
    "true": "yes",
    "1": "yes",
    "n": "no",
    "no": "no",
    "false": "no",
    "0": "no",
}

YES = tuple(word for word, answer in _YES_NO.items() if answer == "yes")

_EVERYWHERE: dict[str, dict[str, str]] = {
    "victim_informed": _YES_NO,
    "sex": {"female": "F", "woman": "F", "girl": "F", "male": "M", "man": "M", "boy": "M"},
}
"""Codes that mean the same in every force."""

_PATTERNS_EVERYWHERE: dict[str, dict[str, str]] = {
    "n100_code": {r"(?i)\b1$": "N100/1", r"(?i)\b2$": "N100/2", r"(?i)\b3$": "N100/3"},
    "cancellation_code": {rf"(?i)^c?{n}\b": f"C{n}" for n in range(1, 6)},
}

_FALLBACKS = {"opening_group": "opening_code", "closing_group": "closing_codes"}
"""Where the profile maps no column to a group, the code itself is looked up."""


@dataclass(frozen=True)
class CodeList:
    """One coded field of one raw file: ``table`` will hold each value as written and its meaning."""

    name: str
    table: str
    written: str
    columns: tuple[str, ...]


def code_lists(expressions: Expressions, number: int) -> dict[str, CodeList]:
    """The coded fields that the profile maps, save flags and the sex of parties."""
    profile = expressions.profile
    lists: dict[str, CodeList] = {}
    for name in VOCABULARIES:
        field = name if name in profile.columns else _FALLBACKS.get(name, name)
        if name in ("flags", "sex") or field not in profile.columns:
            continue
        lists[name] = CodeList(
            name,
            f"read_code_{number}_{name}",
            expressions.last_written(field) if name == "closing_group" else expressions.written(field),
            profile.columns[field].columns,
        )
    return lists


def lookup_step(codes: CodeList, expressions: Expressions, relation: str) -> Step:
    """Each distinct value as written, null as well, and its meaning (null where no list knows it).

    To leave null out would be to clean every cell of the file, since engines ask for conditions first.
    """
    known = meaning(expressions.profile, expressions.dialect, codes.name, "written")
    return Step(
        codes.table,
        f"select written, {known} as meaning"
        f" from (select distinct {codes.written} as written"
        f" from {expressions.rows_once(relation, codes.written)}) as found",
    )


def meaning(profile: Profile, dialect: Dialect, name: str, text: str) -> str:
    """SQL for what a code means: the profile's list, then the field's own words, then patterns."""
    listed = {
        **{word.lower(): word for word in VOCABULARIES[name] if word != "unknown"},
        **_EVERYWHERE.get(name, {}),
        **{_plain(code): word for code, word in profile.codes.get(name, {}).items()},
    }
    exact = " ".join(f"when {sql_text(code)} then {sql_text(word)}" for code, word in listed.items())
    plain = f"lower({dialect.replace_all(text, '  *', ' ')})"
    found = f"case {plain} {exact} end"
    patterns = {**profile.patterns.get(name, {}), **_PATTERNS_EVERYWHERE.get(name, {})}
    if not patterns:
        return found
    tests = " ".join(
        f"when {dialect.matches(text, pattern)} then {sql_text(word)}" for pattern, word in patterns.items()
    )
    return f"coalesce({found}, case {tests} end)"


def _plain(code: str) -> str:
    return re.sub(" +", " ", code.strip()).lower()


# Flags --------------------------------------------------------------------------------------------


def flag_cells(expressions: Expressions) -> dict[str, str]:
    """The cells that qualifiers stand in, by their names in ``read_flags_N``."""
    source = expressions.profile.columns["flags"]
    return {f"cell_{place}": expressions.cell(heading) for place, heading in enumerate(source.columns)}


def flag_steps(expressions: Expressions, relation: str, number: int) -> list[Step]:
    """``read_flags_N``: the cells of each way to write qualifiers, its flags, and whether one is unknown."""
    dialect, profile = expressions.dialect, expressions.profile
    items, cells = expressions.items("flags"), flag_cells(expressions)
    named = ", ".join(f"{cell} as {name}" for name, cell in cells.items())
    names = ", ".join(cells)
    return [
        Step(
            f"read_flag_{number}",
            f"select distinct {names}, trim(item) as item from (select {named}, {dialect.unnest(items)}"
            f" as item from {expressions.rows_once(relation, items)}) as each_item",
        ),
        Step(
            f"read_flags_{number}",
            f"select {names},"
            f" {dialect.list_in_order('meaning', 'meaning')} as flags,"
            " max(case when unknown then 1 else 0 end) as unknown"
            f" from (select distinct {names},"
            " case when meaning <> 'ignore' then meaning end as meaning, meaning is null as unknown"
            f" from (select {names}, {meaning(profile, dialect, 'flags', 'item')} as meaning"
            f" from read_flag_{number} where item <> '') as each_item) as meanings group by {names}",
        ),
    ]


def flags_of_columns(expressions: Expressions, columns: Mapping[str, str]) -> str:
    """SQL for the flags that yes/no columns stand for."""
    yes = ", ".join(sql_text(word) for word in YES)
    flags = [
        f"case when lower({expressions.cell(heading)}) in ({yes}) then {sql_text(flag)} end"
        for heading, flag in columns.items()
    ]
    return expressions.dialect.without_nulls(expressions.dialect.list_of(flags))
