"""A force's exports as the audit's first tables."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from opencdi import schema
from opencdi.engine import Engine, Relation, Step
from opencdi.errors import UserError
from opencdi.records.codes import code_lists, flag_steps, lookup_step
from opencdi.records.database import Address, address, is_address
from opencdi.records.judging import Judged, accepted_rows, judge, rejects_of_files, rejects_selects
from opencdi.records.loading import (
    check_columns,
    check_ragged,
    expressions_for,
    load,
    refuse_without_rows,
)
from opencdi.records.offences import offence_relation, offence_steps
from opencdi.records.passing import row_steps
from opencdi.records.period import span_of
from opencdi.records.profile import load_profile, profile_path
from opencdi.records.reconciliation import reconcile, refuse_where_little_is_left, unknown_codes_selects
from opencdi.records.sources import expanded
from opencdi.records.tables import Coded, parties_selects
from opencdi.settings import Audit
from opencdi.storage import file_hash

_TABLES = ("incidents", "crimes")


def read(
    engine: Engine,
    audit: Audit,
    root: Path,
    offence_list: Mapping[str, str],
    today: date | None = None,
    hashed: Callable[[Path], str] = file_hash,
) -> dict[str, Relation]:
    """Read every export of an audit.

    ``offence_list`` gives the Home Office class (such as ``8N``) for each classification (``008/06``),
    class code and, if wanted, title. A date is in the future from two days after ``today``, or from a year
    after the audit's period where that is later. ``hashed`` gives the SHA-256 of a file.

    Gives the relations ``incidents``, ``crimes``, ``parties``, ``rejects`` and ``reconciliation``. A party
    has ``placed_at`` beside the columns of its table: when its incident was reported or its crime recorded.

    Raises ``UserError`` for an export or profile that cannot be used: the sentence names the file, the
    line where there is one, and the remedy. A file without rows can be used beside an earlier one of its
    table and profile (a quiet night), and is noted in the rejects.
    """
    _refuse_a_table_without_exports(audit)
    return read_some(engine, audit, root, offence_list, today, hashed=hashed)


def read_some(
    engine: Engine,
    audit: Audit,
    root: Path,
    offence_list: Mapping[str, str],
    today: date | None = None,
    beside: Collection[tuple[str, str]] = (),
    hashed: Callable[[Path], str] = file_hash,
) -> dict[str, Relation]:
    """As ``read``, for exports of perhaps one table only, such as a night's.

    ``beside`` names the table and the profile of every export that was read before.
    """
    latest = _latest(audit, today or date.today()).isoformat()
    files = list(_loaded(engine, audit, root, latest, hashed))
    _refuse_first_files_without_rows(files, beside)
    offences = offence_relation(engine, offence_list)
    coded = [_looked_up(engine, file, audit.force, offences) for file in files]
    engine.run(step for each in coded for step in row_steps(each))
    for table in _TABLES:
        judge(engine, [file for file in files if file.table == table])
    relations = _tables(engine, files, coded)
    refuse_where_little_is_left(engine, files, coded, relations["reconciliation"])
    return relations


def input_files(audit: Audit, root: Path) -> list[Path]:
    """Every export and profile that a reading depends on, each once.

    Raises ``UserError`` for a path or glob that names nothing.
    """
    paths = [source.path for export in audit.exports for source in expanded(export.files, root)]
    paths += [profile_path(export.profile, root) for export in audit.exports]
    paths += [each.query_file(root) for each in database_tables(audit) if each.is_query]
    return list(dict.fromkeys(paths))


def database_tables(audit: Audit) -> list[Address]:
    """The tables and queries of databases among the exports, each once."""
    named = [name for export in audit.exports for name in export.files if is_address(name)]
    return [address(name) for name in dict.fromkeys(named)]


def _latest(audit: Audit, today: date) -> date:
    """The last day a date may fall on: tomorrow, or a year after the audit's period where that is later."""
    if audit.period is None:
        return today + timedelta(days=1)
    return max(today + timedelta(days=1), audit.period.last_day + timedelta(days=365))


def _loaded(
    engine: Engine, audit: Audit, root: Path, latest: str, hashed: Callable[[Path], str]
) -> Iterator[Judged]:
    number = 0
    for export in audit.exports:
        profile = load_profile(export.profile, root)
        if profile.table != export.table:
            raise UserError(
                f"{export.profile} is a profile for {profile.table}, but audit.toml uses it for "
                f"{export.table}. "
                "Correct `profile` or `table` of that export."
            )
        for source in expanded(export.files, root):
            raw = load(engine, source, profile.layout, number)
            check_columns(raw, profile, export.profile)
            check_ragged(raw, profile.rejects_allowed)
            span = span_of(audit.period, export.table)
            expressions = expressions_for(engine, raw, profile, latest, span)
            yield Judged(raw, expressions, export.profile, hashed(source.path))
            number += 1


def _refuse_a_table_without_exports(audit: Audit) -> None:
    for table in _TABLES:
        if not any(export.table == table for export in audit.exports):
            raise UserError(
                f"audit.toml names no export of {table}. An audit needs both the incident logs and the "
                "crimes: "
                f'add [[exports]] with table = "{table}".'
            )


def _refuse_first_files_without_rows(files: Sequence[Judged], beside: Collection[tuple[str, str]]) -> None:
    read_by = set(beside)
    for file in files:
        if (file.table, file.profile_name) not in read_by:
            refuse_without_rows(file.raw, file.expressions.profile.layout)
        read_by.add((file.table, file.profile_name))


def _looked_up(engine: Engine, file: Judged, force: str, offences: str) -> Coded:
    number, relation = file.raw.number, file.raw.relation
    expressions = file.expressions
    codes = code_lists(expressions, number)
    steps = [lookup_step(each, expressions, relation) for each in codes.values()]
    if "flags" in expressions.profile.columns:
        steps += flag_steps(expressions, relation, number)
    if file.table == "crimes":
        steps += offence_steps(expressions, relation, offences, number)
    engine.run(steps)
    return Coded(expressions, relation, file.raw.name, number, force, codes)


def _tables(engine: Engine, files: Sequence[Judged], coded: Sequence[Coded]) -> dict[str, Relation]:
    relations = {
        table: accepted_rows(engine, schema.TABLES[table], [file for file in files if file.table == table])
        for table in _TABLES
    }
    engine.run([_parties_step(engine, files, coded)])
    of_files = engine.from_batches(schema.REJECTS, rejects_of_files(files))
    selects = [
        f"select {', '.join(schema.REJECTS.names)} from {of_files.name}",
        *rejects_selects(files),
        *unknown_codes_selects(engine, files, coded),
    ]
    engine.run([_rejects_step(selects)])
    relations |= {each.name: engine.relation(each) for each in (schema.PARTIES, schema.REJECTS)}
    made = sum(relations[table].count() for table in _TABLES)
    relations["reconciliation"] = reconcile(engine, files, made)
    return relations


def _parties_step(engine: Engine, files: Sequence[Judged], coded: Sequence[Coded]) -> Step:
    selects = [
        select
        for file, each in zip(files, coded, strict=True)
        for select in parties_selects(each, file.accepted_rows)
    ]
    moment = engine.dialect.typed("null", "instant")
    none = f"select *, {moment} as placed_at from {engine.from_batches(schema.PARTIES, []).name}"
    return Step("parties", " union all ".join(selects) or none)


def _rejects_step(selects: Sequence[str]) -> Step:
    """Everything that was not taken as it stood, once for each line and column."""
    key = ", ".join(schema.REJECTS.key)
    return Step(
        "rejects",
        f"select {', '.join(schema.REJECTS.names)} from (select *, row_number() over ("
        f"partition by {key} order by effect desc, reason) as place from ({' union all '.join(selects)}) "
        "as every_one"
        ") as ranked where place = 1",
    )
