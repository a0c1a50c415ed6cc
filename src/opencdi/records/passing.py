"""One pass over a raw file: its rows as its table has them, and which of them must be looked at again.

A file is wide and its logs are long, so that to go through it costs more than most of what is asked of it.
"""

from __future__ import annotations

from opencdi import schema
from opencdi.engine import Step
from opencdi.records.checks import column_checks, doubt
from opencdi.records.profile import IDENTIFIERS
from opencdi.records.tables import Coded, party_cells, row_columns


def row_steps(coded: Coded) -> tuple[Step, Step]:
    """``read_twice_N``, numbers that stand in several rows (``identifier``), and ``read_row_N``: every row
    that no declared rule leaves out, as its table has it.

    Beside the table's columns stand ``unmapped``, whether a row bears a value whose meaning is unknown; the
    cells that its parties are made of; and, where a check finds something in the row or its number stands in
    another, all its ``cells`` as they were read.
    """
    profile = coded.expressions.profile
    number = coded.expressions.written(IDENTIFIERS[profile.table])
    twice = Step(f"read_twice_{coded.number}", given_twice(number, coded.raw(number)))
    cells = coded.expressions.columns
    names = (*schema.TABLES[profile.table].names, "unmapped", *party_cells(coded))
    rows = Step(
        f"read_row_{coded.number}",
        f"select {', '.join(names)}, case when again then {coded.dialect.list_of(cells)} end as cells"
        f" from ({_passed(coded, number, twice.name)}) as passed",
    )
    return twice, rows


def given_twice(identifier: str, rows: str) -> str:
    """SQL for what identifies several of some rows (a FROM clause), each once as ``identifier``."""
    return f"select {identifier} as identifier from {rows} group by {identifier} having count(*) > 1"


def _passed(coded: Coded, number: str, twice: str) -> str:
    expressions = coded.expressions
    doubtful = doubt(column_checks(expressions))
    columns = ", ".join(
        (
            row_columns(coded),
            f"{coded.unmapped} as unmapped",
            *party_cells(coded),
            *expressions.columns,
            f"{doubtful} or twice.identifier is not null as again",
        )
    )
    return (
        f"select {columns} from {coded.looked_up(columns, number, expressions.skipped)}"
        f" left join {twice} as twice on twice.identifier = {number} where not {expressions.skipped}"
    )
