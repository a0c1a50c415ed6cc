"""Short tables known beforehand, for statements to join to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from opencdi import schema
from opencdi.engine.core import Step
from opencdi.engine.dialect import Dialect, sql_text

_BETWEEN_ROWS, _BETWEEN_VALUES = "\n", "\t"


def known_table(
    name: str, columns: Mapping[str, schema.Kind], rows: Iterable[tuple[object, ...]], dialect: Dialect
) -> Step:
    """A table of some rows, whose values bear no tab and no new line.

    It is one text that is cut up: of a list of values an engine plans each value by itself, which takes it
    longer than all that is done with the table in a night.
    """
    text = _BETWEEN_ROWS.join(_BETWEEN_VALUES.join(str(value) for value in row) for row in rows)
    values = ", ".join(
        f"{dialect.typed(dialect.item('row_values', place), kind)} as {column}"
        for place, (column, kind) in enumerate(columns.items(), start=1)
    )
    lines = f"select {dialect.unnest(dialect.split(sql_text(text), _BETWEEN_ROWS))} as line"
    cut = f"select {dialect.split('line', _BETWEEN_VALUES)} as row_values from ({lines}) as lines"
    return Step(name, f"select {values} from ({cut}) as listed")
