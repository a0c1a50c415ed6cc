"""One raw file in the engine: every column as text, with its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from opencdi.engine import Engine
from opencdi.errors import UserError
from opencdi.records.dates import Reading, reading_of
from opencdi.records.expressions import DATE_FIELDS, Expressions
from opencdi.records.profile import Layout, Profile
from opencdi.records.readers import rows_of
from opencdi.records.rows import LINE, Ragged
from opencdi.records.sources import SourceFile
from opencdi.schema import Column, Table


@dataclass(frozen=True)
class RawFile:
    """A file whose rows are in the engine under ``relation`` (``line``, ``c1`` ...)."""

    number: int
    name: str
    relation: str
    headings: tuple[str, ...]
    column_of: Mapping[str, str]
    ragged: tuple[Ragged, ...]
    whole_rows: int
    layout_found: Mapping[str, str | int]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(f"c{number}" for number in range(1, len(self.headings) + 1))

    @property
    def rows_in(self) -> int:
        return self.whole_rows + len(self.ragged)


def load(engine: Engine, source: SourceFile, layout: Layout, number: int) -> RawFile:
    """Read a file into the engine.

    Raises ``UserError`` where it cannot be read.
    """
    rows = rows_of(source, layout)
    contract = Table(
        f"read_raw_{number}",
        "one row as read",
        (LINE,),
        (Column(LINE, "integer", "Line"), *(Column(name, "text", "As read") for name in rows.columns)),
    )
    relation = (
        engine.from_batches(contract, rows.batches())
        if rows.as_it_stands is None
        else engine.from_texts(contract, rows.as_it_stands, rows.batches)
    )
    return RawFile(
        number,
        rows.name,
        relation.name,
        rows.headings,
        rows.column_of,
        tuple(rows.ragged),
        relation.count(),
        dict(rows.layout_found),
    )


def refuse_without_rows(raw: RawFile, layout: Layout) -> None:
    """Raises ``UserError`` where the file holds headings only."""
    if raw.rows_in == 0:
        raise UserError(
            f"{raw.name} holds headings (line {layout.header_line}) and no rows. Export it again."
        )


def check_columns(raw: RawFile, profile: Profile, profile_name: str) -> None:
    """Raises ``UserError`` where the file lacks a column the profile names."""
    missing = [heading for heading in profile.headings_used if heading not in raw.column_of]
    if missing:
        have = ", ".join(f"`{heading}`" for heading in raw.headings if heading)
        raise UserError(
            f"{raw.name} has no column `{missing[0]}`, which {profile_name} names"
            f"{f' (nor {len(missing) - 1} others)' if len(missing) > 1 else ''}. Its columns are {have}. "
            "Correct the profile, or export the file with that column."
        )


def check_ragged(raw: RawFile, allowed: float) -> None:
    """Raises ``UserError`` where too many rows do not have the fields of the headings."""
    if len(raw.ragged) > allowed * raw.rows_in:
        first = raw.ragged[0]
        raise UserError(
            f"{raw.name}, line {first.line}: {first.fields} fields where the headings have "
            f"{len(raw.headings)}; {len(raw.ragged):,} of {raw.rows_in:,} rows are so. Correct `delimiter` "
            "or "
            "`quote` in the profile's [layout], or export the file again."
        )


def expressions_for(
    engine: Engine, raw: RawFile, profile: Profile, latest: str, span: tuple[int, int] | None = None
) -> Expressions:
    """The fields of a file as SQL, with the date formats found where the profile states none.

    ``span`` is that of ``period.span_of``.

    Raises ``UserError`` for a column of dates that can be read in two ways, or in none.
    """
    expressions = Expressions(engine.dialect, profile, raw.columns, raw.column_of, latest, span)
    formats: dict[str, tuple[str, ...]] = {}
    for name in DATE_FIELDS:
        source = profile.columns.get(name)
        if source is None or expressions.formats_of(name):
            continue
        text = expressions.written(name)
        reading = reading_of(engine, expressions.rows(raw.relation, text), text)
        if reading is not None:
            _refuse_two_readings(raw, source.columns[0], name, reading)
            formats[name] = reading.formats
    return replace(expressions, formats=formats)


def _refuse_two_readings(raw: RawFile, column: str, name: str, reading: Reading) -> None:
    if reading.twin is not None:
        raise UserError(
            f"{raw.name}, column `{column}`: every date can be read both as {reading.formats[0]} and as "
            f"{reading.twin}, so the order of day and month is unknown. State it in the profile: "
            f'{name} = {{ columns = ["{column}"], formats = ["{reading.formats[0]}"] }}.'
        )
