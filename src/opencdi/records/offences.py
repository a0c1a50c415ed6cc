"""Offence codes and titles as the Home Office spells them.

Codes come as ``008/06``, ``8/6``, ``00806``, ``8N`` or with the title behind them. They are
normalised, never guessed: what does not reach the list stays as written, with no class.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa

from opencdi.engine import Dialect, Engine, Step
from opencdi.records.expressions import Expressions
from opencdi.schema import Column, Table

_OFFENCES = Table(
    "read_offences",
    "one way of writing an offence",
    ("written",),
    (Column("written", "text", "Code or title, small letters"), Column("class_code", "text", "Class")),
)


def offence_relation(engine: Engine, offence_list: Mapping[str, str]) -> str:
    """The list of offences as a relation of the engine; gives its name."""

    def batches() -> Iterator[pa.RecordBatch]:
        known = {code.strip().lower(): klass for code, klass in offence_list.items()}
        yield pa.RecordBatch.from_pydict(
            {"written": list(known), "class_code": list(known.values())},
            schema=pa.schema([("written", pa.string()), ("class_code", pa.string())]),
        )

    return engine.from_batches(_OFFENCES, batches()).name


def offence_steps(expressions: Expressions, relation: str, offences: str, number: int) -> list[Step]:
    """``read_offence_N``: each distinct code and title with its class, subcode and N100 code."""
    dialect = expressions.dialect
    code, title = expressions.written("offence_code"), expressions.written("offence_title")
    return [
        Step(
            f"read_offence_code_{number}",
            f"select code, title, {normalised('code', dialect)} as normal,"
            f" {dialect.extract('upper(code)', '^N ?100 ?/? ?([123])', 1)} as n100"
            f" from (select distinct coalesce({code}, '') as code, coalesce({title}, '') as title"
            f" from {expressions.rows_once(relation, code, title)}) as found",
        ),
        Step(
            f"read_offence_{number}",
            "select code, title, coalesce(by_code.class_code, by_title.class_code) as class_code,"
            f" case when {dialect.matches('normal', '^[0-9]{3}/[0-9]{2}$')} then normal end as subcode,"
            " case when n100 <> '' then concat('N100/', n100) end as n100_code,"
            f" {dialect.matches('upper(concat(code, title))', '(^|[^A-Z0-9])N ?100([^0-9]|$)')} as is_n100"
            f" from read_offence_code_{number}"
            f" left join {offences} as by_code on by_code.written = lower(normal)"
            f" left join {offences} as by_title on by_title.written = lower(title)",
        ),
    ]


def normalised(code: str, dialect: Dialect) -> str:
    """SQL for an offence code in the Home Office's spelling: ``8/6`` as ``008/06``, ``08n`` as ``8N``."""
    slashed = dialect.extract(code, "^([0-9]{1,3}/[0-9]{1,2})(?:[^0-9/]|$)", 1)
    major, minor = f"split_part({slashed}, '/', 1)", f"split_part({slashed}, '/', 2)"
    five = dialect.extract(code, "^([0-9]{5})(?: |$)", 1)
    klass = dialect.extract(f"upper({code})", "^0*([1-9][0-9]{0,2}(?:\\.[0-9]{1,2})?[A-Z]?)(?:[ :-]|$)", 1)
    return (
        f"case when {slashed} <> '' then concat(lpad({major}, 3, '0'), '/', lpad({minor}, 2, '0'))"
        f" when {five} <> '' then concat(substr({five}, 1, 3), '/', substr({five}, 4, 2))"
        f" else {klass} end"
    )
