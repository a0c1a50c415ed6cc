"""The reconciliation as a registrar would read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from opencdi.engine import Relation, sql_text

REASONS = {
    "ragged": "another number of fields than the headings",
    "no_number": "no number",
    "no_date": "no date",
    "not_a_date": "a date that cannot be read",
    "impossible_date": "a date before 1900 or in the future",
    "impossible_birth": "a date of birth that cannot be",
    "clock_change": "a time in the hour of a clock change",
    "date_in_a_code_column": "a date where a code belongs",
    "number_lost_its_digits": "a number that lost its last digits in a spreadsheet",
    "number_with_decimals": "a number stored with decimals",
    "not_a_coordinate": "no number of degrees",
    "exact_duplicate": "the whole row repeats an earlier one",
    "repeated_number": "its number stands on an earlier, different row",
    "unknown_code": "a code that no list knows",
    "no_rows": "headings and no rows",
}
"""Each reason of the rejects table in words."""

_EFFECTS = {
    "row_rejected": "rows rejected",
    "value_dropped": "values left out, the rows kept",
    "noted": "noted, and taken as said",
}


def summary(reconciliation: Relation, rejects: Relation) -> str:
    """Row counts of each export that add up, and why what was not taken was not taken.

    Every figure is a count of rows or values; no value of the export is shown.
    """
    rows = reconciliation.rows("order by table_name desc, source_file")
    return "\n".join(line for row in rows for line in _lines(row, rejects))


def _lines(row: Mapping[str, Any], rejects: Relation) -> Iterator[str]:
    yield (
        f"{row['source_file']} as {row['table_name']}: {row['rows_in']:,} rows in ="
        f" {row['accepted']:,} accepted + {row['rejected']:,} rejected"
        f" + {row['skipped']:,} skipped by declared rules"
        + (f" + {row['superseded']:,} superseded by a later export" if row["superseded"] else "")
    )
    for effect, words in _EFFECTS.items():
        for reason in _reasons(row, rejects, effect):
            column = f"`{reason['column_name']}`, " if reason["column_name"] else ""
            yield (
                f"  {reason['n']:,} {words}: {column}{REASONS[reason['reason']]}"
                f" (first on line {reason['line']:,})"
            )
    if row["values_unmapped"]:
        yield f"  {row['values_unmapped']:,} accepted rows bear a value whose meaning is unknown"


def _reasons(row: Mapping[str, Any], rejects: Relation, effect: str) -> list[dict[str, Any]]:
    return rejects.engine.rows(
        f"select column_name, reason, count(*) as n, min(source_line) as line from {rejects.name}"
        f" where source_file = {sql_text(row['source_file'])} and table_name = {sql_text(row['table_name'])}"
        f" and effect = '{effect}' group by column_name, reason order by n desc, column_name, reason"
    )
