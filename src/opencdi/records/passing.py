"""One pass over a raw file: its rows as its table has them, and which of them must be looked at again.

A file is wide and its logs are long, so that to go through it costs more than most of what is asked of it.
"""

from __future__ import annotations

from opencdi.engine import Step
from opencdi.records.checks import column_checks, doubt
from opencdi.records.tables import Coded, party_cells, row_columns


def row_step(coded: Coded) -> Step:
    """``read_row_N``: every row that no declared rule leaves out, as its table has it.

    Beside the table's columns stand ``doubt``, whether a check finds something in the row, ``unmapped``,
    whether it bears a value whose meaning is unknown, and the cells that its parties are made of.
    """
    expressions = coded.expressions
    doubtful = doubt(column_checks(expressions))
    columns = ", ".join(
        (row_columns(coded), f"{doubtful} as doubt", f"{coded.unmapped} as unmapped", *party_cells(coded))
    )
    return Step(
        f"read_row_{coded.number}",
        f"select {columns} from {coded.looked_up(columns, expressions.skipped)}"
        f" where not {expressions.skipped}",
    )
