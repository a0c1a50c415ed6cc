"""Rows in = rows accepted + rejected + skipped + superseded, file by file, enforced.

What is said of a file's values is said of its good rows, superseded ones too, so that what was said of one
night's export stays as it was when the next arrives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from opencdi import schema
from opencdi.engine import Engine, Relation, batch_of, sql_text
from opencdi.errors import UserError
from opencdi.records.codes import CodeList
from opencdi.records.judging import Judged
from opencdi.records.tables import Coded

UNMAPPED_ALLOWED = 0.5
"""Share of a coded column's values that may stand in no code list before reading stops."""

_FEW = 3
"""So few rows that cannot be used say nothing of their file, unless they are half of it: in a small force's
night one row may be a tenth."""

_SHARE_KNOWN_FROM = 20
"""Rows from which a share of unknown codes means something."""


def unknown_codes_selects(engine: Engine, files: Sequence[Judged], coded: Sequence[Coded]) -> Iterator[str]:
    """Rejects (effect ``noted``): each code that no list knows, once, at the first row that bears it."""
    for judged, file in zip(files, coded, strict=True):
        for codes in _not_all_known(engine, file):
            column = codes.columns[-1]
            name, table = sql_text(file.source_file), sql_text(file.expressions.profile.table)
            sentence = (
                f"concat('Line ', line, ' of ', {name}, ': no code list knows the value of ',"
                f" {sql_text(f'`{column}`')}, ' (', bearers, ' rows bear it), so its meaning is unknown;"
                f" add it to [codes.{codes.name}] of the profile.')"
            )
            yield (
                f"select {name} as source_file, line as source_line, {sql_text(column)} as column_name,"
                f" {table} as table_name, 'noted' as effect, 'unknown_code' as reason,"
                f" {file.expressions.shape('written', file.dialect)} as value_class,"
                f" {sentence} as sentence, null as raw from ({_unknown(judged, file, codes)}) as unknown"
            )


def _not_all_known(engine: Engine, coded: Coded) -> list[CodeList]:
    """The coded fields of a file in which a value stands that no list knows."""
    return [
        codes
        for codes in coded.codes.values()
        if engine.rows(
            f"select count(*) as n from {codes.table} where written is not null and meaning is null"
        )[0]["n"]
    ]


def _valued(judged: Judged, coded: Coded, codes: CodeList) -> str:
    """A FROM clause of the good rows in which a coded field holds a value, with its meaning."""
    return (
        f"{coded.raw(codes.written)} join {judged.good} as kept on kept.line = raw.line"
        f" join {codes.table} as code on code.written = {codes.written}"
    )


def _unknown(judged: Judged, coded: Coded, codes: CodeList) -> str:
    return (
        "select code.written, min(raw.line) as line, count(*) as bearers"
        f" from {_valued(judged, coded, codes)} where code.meaning is null group by code.written"
    )


def reconcile(engine: Engine, files: Sequence[Judged], made: int) -> Relation:
    """The reconciliation table; ``made`` are the rows of the tables of incidents and crimes. A sum that does
    not close is a fault of ours and raises."""
    rows = [_row(engine, file) for file in files]
    for row in rows:
        if row["rows_in"] != row["accepted"] + row["rejected"] + row["skipped"] + row["superseded"]:
            raise RuntimeError(f"The rows of {row['source_file']} do not add up.")
    if made != sum(row["accepted"] for row in rows):
        raise RuntimeError("The tables do not hold exactly the accepted rows.")
    return engine.from_batches(schema.RECONCILIATION, [batch_of(schema.RECONCILIATION, rows)])


def _row(engine: Engine, file: Judged) -> dict[str, Any]:
    number = file.raw.number
    counts = engine.rows(
        f"select (select count(*) from {file.accepted}) as accepted,"
        f" (select count(distinct source_line) from {file.rows}) as judged,"
        f" (select count(*) from {file.good}) as good,"
        f" (select count(distinct line) from read_issue_{number} where effect = 'row_rejected') as faulty,"
        f" (select count(*) from read_repeat_{number} where reason = 'exact_duplicate') as exact_duplicates,"
        f" (select count(*) from read_repeat_{number} where reason = 'repeated_number') as repeated_numbers,"
        f" (select count(*) from {file.rows} join {file.good} as kept on kept.line = source_line"
        " where unmapped) as values_unmapped"
    )[0]
    faulty, good, judged = (int(counts.pop(name)) for name in ("faulty", "good", "judged"))
    return {
        **counts,
        "superseded": good - counts["accepted"],
        "source_file": file.raw.name,
        "table_name": file.table,
        "rows_in": file.raw.rows_in,
        "skipped": file.raw.whole_rows - judged,
        "rejected": faulty + counts["exact_duplicates"] + counts["repeated_numbers"] + len(file.raw.ragged),
        "sha256": file.sha256,
    }


def refuse_where_little_is_left(
    engine: Engine, files: Sequence[Judged], coded: Sequence[Coded], reconciliation: Relation
) -> None:
    """Stop where the profile cannot be right for a file.

    Raises ``UserError`` where more rows are rejected than the profile allows (exact duplicates apart),
    where every row is skipped, or where most values of a coded column stand in no list.
    """
    of_file = {(row["source_file"], row["table_name"]): row for row in reconciliation.rows()}
    for file, each in zip(files, coded, strict=True):
        row = of_file[file.raw.name, file.table]
        refused = row["rejected"] - row["exact_duplicates"]
        if _are_too_many(refused, row["rows_in"], file.expressions.profile.rejects_allowed):
            raise UserError(_too_many_rejected(engine, file, refused, row["rows_in"]))
        if row["rows_in"] and row["accepted"] + row["superseded"] == 0:
            raise UserError(
                f"{file.raw.name}: all {row['rows_in']:,} rows are skipped or repeated, none is left. "
                f"Correct [[skip]] and [[keep]] in {file.profile_name}, or [period] in audit.toml."
            )
        for codes in _not_all_known(engine, each):
            _refuse_unknown_codes(engine, file, each, codes)


def _are_too_many(refused: int, rows: int, allowed: float) -> bool:
    few = allowed > 0 and refused <= _FEW and 2 * refused < rows
    return refused > allowed * rows and not few


def _too_many_rejected(engine: Engine, file: Judged, refused: int, rows_in: int) -> str:
    first = engine.rows(
        f"select sentence from rejects where source_file = {sql_text(file.raw.name)}"
        f" and table_name = {sql_text(file.table)} and effect = 'row_rejected' and reason <> "
        "'exact_duplicate'"
        " order by source_line, column_name limit 1"
    )[0]["sentence"]
    return (
        f"{file.raw.name}: {refused:,} of {rows_in:,} rows cannot be used. The first: {first} "
        f"(If the rest is worth reading without them, raise `rejects_allowed` in {file.profile_name}.)"
    )


def _refuse_unknown_codes(engine: Engine, file: Judged, coded: Coded, codes: CodeList) -> None:
    known = engine.rows(
        "select count(*) as valued, count(code.meaning) as known,"
        " min(case when code.meaning is null then raw.line end) as line"
        f" from {_valued(file, coded, codes)}"
    )[0]
    unknown = known["valued"] - known["known"]
    if known["valued"] >= _SHARE_KNOWN_FROM and unknown > UNMAPPED_ALLOWED * known["valued"]:
        raise UserError(
            f"{file.raw.name}, line {known['line']}: no code list knows this value of "
            f"`{codes.columns[-1]}`, nor "
            f"those of {unknown:,} of {known['valued']:,} rows. Say what the codes mean in "
            f"[codes.{codes.name}] "
            f"of {file.profile_name} (the meaning may be `unknown`)."
        )
