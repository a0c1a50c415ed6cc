"""Which rows are accepted: nothing is lost silently.

A row is skipped where a declared rule says so, rejected with a sentence where the audit cannot use it,
and good otherwise. Of rows with one number in one file the first stands; the others are rejected, as an
exact duplicate where all their columns repeat an earlier row. Of good rows with one number in several
exports the last export's stands: that is how a night's export amends what an earlier one said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from opencdi import schema
from opencdi.engine import Engine, Relation, Step, batch_of, sql_text
from opencdi.records.checks import column_checks, issue_step
from opencdi.records.expressions import Expressions
from opencdi.records.loading import RawFile
from opencdi.records.passing import given_twice
from opencdi.records.profile import IDENTIFIERS

_REJECTS_A_BATCH = 10_000


@dataclass(frozen=True)
class Judged:
    """A raw file, how its fields are read, the profile it was read by, and the SHA-256 of the export."""

    raw: RawFile
    expressions: Expressions
    profile_name: str
    sha256: str

    @property
    def table(self) -> str:
        return self.expressions.profile.table

    @property
    def rows(self) -> str:
        """The relation of all its rows that no declared rule leaves out; see ``passing.row_steps``."""
        return f"read_row_{self.raw.number}"

    @property
    def good(self) -> str:
        """The relation of its good lines, with the number of the record."""
        return f"read_good_{self.raw.number}"

    @property
    def accepted(self) -> str:
        """The relation of its accepted lines: those good ones that no later export supersedes."""
        return f"read_accepted_{self.raw.number}"

    @property
    def left_out(self) -> str:
        """The relation of the lines of all its other rows: few, so that rows are told by them."""
        return f"read_left_out_{self.raw.number}"

    @property
    def accepted_rows(self) -> str:
        """Its accepted rows: a FROM clause."""
        return f"(select * from {self.rows} where source_line not in (select line from {self.left_out}))"


def judge(engine: Engine, files: Sequence[Judged]) -> None:
    """Find the faulty, repeated and superseded rows of the files of one table, given in order.

    Leaves, for file N, ``read_again_N`` (raw rows in doubt or of numbers that repeat), ``read_issue_N``
    (line, column, reason, effect, shape, sentence), ``read_repeat_N`` (line, reason, first_line),
    ``read_good_N`` (line, identifier), ``read_accepted_N`` (line) and ``read_left_out_N`` (line).
    """
    for file in files:
        engine.run([*_own_steps(file), *_number_steps(file), _good_step(file)])
        engine.drop(["read_number", "read_order"])
    for place, file in enumerate(files):
        engine.run(_accepted_steps(file, files[place + 1 :]))


def _own_steps(file: Judged) -> Iterator[Step]:
    number = file.raw.number
    again, identifier = f"read_again_{number}", IDENTIFIERS[file.table]
    item = file.expressions.dialect.item
    cells = ", ".join(f"{item('cells', n)} as {name}" for n, name in enumerate(file.raw.columns, start=1))
    yield Step(again, f"select source_line as line, {cells} from {file.rows} where cells is not null")
    yield issue_step(file.expressions, column_checks(file.expressions), again, file.raw.name, number)
    yield Step(
        f"read_candidate_{number}",
        f"select source_line as line, {identifier} as identifier from {file.rows}"
        f" where source_line not in (select line from read_issue_{number} where effect = 'row_rejected')",
    )


def _number_steps(file: Judged) -> Iterator[Step]:
    """``read_repeat_N``: every row of a number that stands on an earlier line of the file."""
    number = file.raw.number
    candidates = (
        f"(select line, identifier from read_candidate_{number}"
        f" where identifier in (select identifier from read_twice_{number}))"
    )
    yield Step(
        "read_number",
        f"select line, identifier from {candidates} as candidate"
        f" where identifier in ({given_twice('identifier', f'{candidates} as again')})",
    )
    yield Step(
        "read_order",
        "select number.line, number.identifier,"
        " row_number() over (partition by identifier order by number.line) as place,"
        " row_number() over (partition by identifier, content order by number.line) as copy"
        f" from read_number as number join (select line, {file.expressions.compared} as content"
        f" from read_again_{number}) as contents on contents.line = number.line",
    )
    yield Step(
        f"read_repeat_{number}",
        "select later.line, case when later.copy > 1 then 'exact_duplicate' else 'repeated_number' end as "
        "reason, first.line as first_line"
        " from read_order as later join read_order as first"
        " on first.identifier = later.identifier and first.place = 1 where later.place > 1",
    )


def _good_step(file: Judged) -> Step:
    number = file.raw.number
    return Step(
        file.good,
        f"select line, identifier from read_candidate_{number}"
        f" where line not in (select line from read_repeat_{number})",
    )


def _accepted_steps(file: Judged, later: Sequence[Judged]) -> Iterator[Step]:
    given_again = " union all ".join(f"select identifier from {each.good}" for each in later)
    superseded = f" where identifier not in ({given_again})" if later else ""
    yield Step(file.accepted, f"select line from {file.good}{superseded}")
    yield Step(
        file.left_out,
        f"select source_line as line from {file.rows}"
        f" where source_line not in (select line from {file.accepted})",
    )


def accepted_rows(engine: Engine, contract: schema.Table, files: Sequence[Judged]) -> Relation:
    """The accepted rows of the files of one table."""
    columns = ", ".join(contract.names)
    selects = [f"select {columns} from {file.accepted_rows} as accepted" for file in files]
    if not selects:
        return engine.from_batches(contract, [])
    return Relation(engine, f"({' union all '.join(selects)})", contract)


def rejects_selects(files: Sequence[Judged]) -> Iterator[str]:
    """One SELECT of the rejects contract for each file, ragged rows apart."""
    for file in files:
        number = file.raw.number
        name, table = sql_text(file.raw.name), sql_text(file.table)
        raw = file.expressions.as_read
        yield (
            f"select {name} as source_file, issue.line as source_line, column_name, {table} as table_name,"
            " effect, reason, value_class, sentence,"
            f" case when effect = 'row_rejected' then {raw} end as raw"
            f" from read_issue_{number} as issue join read_again_{number} as raw on raw.line = issue.line"
        )
        column = file.expressions.profile.columns[IDENTIFIERS[file.table]].columns[0]
        where = f"concat('line ', first_line, ' of ', {name})"
        here = f"'Line ', repeat.line, ' of ', {name}"
        exact = f"concat({here}, ': the whole row repeats ', {where}, '; it counts once.')"
        other = (
            f"concat({here}, ': the number in ', {sql_text(f'`{column}`')},"
            f" ' stands already on ', {where}, ', with other content; the first stands. Give each record "
            "one row.')"
        )
        yield (
            f"select {name}, repeat.line, {sql_text(column)}, {table}, 'row_rejected', reason, null,"
            f" case when reason = 'exact_duplicate' then {exact} else {other} end, {raw}"
            f" from read_repeat_{number} as repeat join read_again_{number} as raw on raw.line = repeat.line"
        )


def rejects_of_files(files: Sequence[Judged]) -> Iterator[pa.RecordBatch]:
    """The ragged rows as rejects, and a note of each file without rows."""
    rows = [*_ragged_rows(files), *_files_without_rows(files)]
    for start in range(0, len(rows), _REJECTS_A_BATCH):
        yield batch_of(schema.REJECTS, rows[start : start + _REJECTS_A_BATCH])


def _files_without_rows(files: Sequence[Judged]) -> Iterator[dict[str, Any]]:
    for file in files:
        if file.raw.rows_in == 0:
            line = file.expressions.profile.layout.header_line
            yield {
                "source_file": file.raw.name,
                "source_line": line,
                "column_name": "",
                "table_name": file.table,
                "effect": "noted",
                "reason": "no_rows",
                "sentence": f"{file.raw.name} holds headings (line {line}) and no rows, so nothing came with "
                "it; where something should have, export it again.",
            }


def _ragged_rows(files: Sequence[Judged]) -> Iterator[dict[str, Any]]:
    return (
        {
            "source_file": file.raw.name,
            "source_line": ragged.line,
            "column_name": "",
            "table_name": file.table,
            "effect": "row_rejected",
            "reason": "ragged",
            "sentence": _ragged_sentence(file.raw, ragged.line, ragged.fields, ragged.lines),
            "raw": ragged.text,
        }
        for file in files
        for ragged in file.raw.ragged
    )


def _ragged_sentence(raw: RawFile, line: int, fields: int, lines: int) -> str:
    over = f" over {lines} lines, perhaps after a quotation mark that is not closed" if lines > 1 else ""
    return (
        f"Line {line} of {raw.name}: {fields} fields{over} where the headings have {len(raw.headings)}; "
        "quote the field that holds a delimiter or a line break, and export again."
    )
