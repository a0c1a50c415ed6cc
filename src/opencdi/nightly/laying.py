"""New exports laid into the parts they touch.

A record of a new export takes the place of the record of its number, wherever that stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from opencdi import records, schema
from opencdi.counting import classification
from opencdi.engine import Engine, Relation, Step
from opencdi.nightly.digests import digests
from opencdi.nightly.exports import ExportFile, of_only, part_names
from opencdi.nightly.homes import parts_about
from opencdi.nightly.notes import DIGESTED, calendar_of, notes
from opencdi.nightly.placing import (
    INSTANTS,
    KEYS,
    KINDS,
    Parts,
    days_of,
    fill,
    in_part,
    placed_records,
)
from opencdi.parts import Calendar, Placed, calendar_for, part_of, write_parts
from opencdi.workspace import Made, Record, Workspace

TABLES = ("incidents", "crimes", "parties", "rejects", "reconciliation")


def lay_in(
    workspace: Workspace, kept: Record, files: Sequence[ExportFile], new: Sequence[ExportFile], fresh: Path
) -> Made | None:
    """The parts as they are with the new files; None where they call for another calendar."""
    calendar = calendar_of(workspace)
    beside = fresh / "read"
    beside.mkdir(parents=True)
    _read_alone(workspace, files, new, beside)
    with workspace.engine() as engine:
        laid = _Laying(workspace, engine, calendar, beside)
        days = laid.days({int(day): count for day, count in kept["notes"]["days"].items()})
        if calendar_for(days, workspace.audit.resources.incidents_a_part) != calendar:
            return None
        file_parts = part_names(files)
        placed = laid.placed(file_parts)
        rows: Parts = {}
        for name, each in placed.items():
            (fresh / name).mkdir()
            rows[name] = write_parts(each, fresh / name)
        found = {name: digests(placed[name]) for name in DIGESTED}
    own = {key: part for key, part in file_parts.items() if key in {(each.table, each.name) for each in new}}
    fill(rows, fresh, own)
    gone = {table: sorted(set(laid.touched[table]) - set(rows[table])) for table in KEYS}
    gone["parties"] = [f"{KINDS[table]}-{part}" for table in KEYS for part in gone[table]]
    merged = {
        name: {
            part: digest
            for part, digest in {**kept["notes"]["digests"][name], **found[name]}.items()
            if part not in gone[name]
        }
        for name in DIGESTED
    }
    for name, parts in rows.items():
        for part in parts:
            if name in DIGESTED and part not in found[name]:
                merged[name].pop(part, None)
    return Made(rows, gone, notes(workspace, files, days, calendar, merged), adds=True)


def _read_alone(
    workspace: Workspace, files: Sequence[ExportFile], new: Sequence[ExportFile], beside: Path
) -> None:
    """Read the new files in an engine of their own, which is closed before the old parts are opened."""
    audit = of_only(workspace.audit, new)
    known = {(file.table, file.profile) for file in files if file not in new}
    with workspace.engine() as engine:
        offences = classification.load().offence_list()
        relations = records.read_some(
            engine, audit, workspace.root, offences, beside=known, hashed=workspace.hashes.hash
        )
        for name in TABLES:
            engine.write(relations[name], beside / f"{name}.parquet")


class _Laying:
    """The records read (``new_NAME``), and the parts of the old ones that they touch (``NAME_parts``)."""

    def __init__(self, workspace: Workspace, engine: Engine, calendar: Calendar, beside: Path) -> None:
        self._workspace = workspace
        self._engine = engine
        self._calendar = calendar
        self._new = {
            name: engine.open_files(schema.TABLES[name], [beside / f"{name}.parquet"], f"new_{name}")
            for name in TABLES
        }
        self._find_replaced()
        self.touched = {table: self._touched(table) for table in KEYS}

    def _find_replaced(self) -> None:
        """``replaced_incidents`` and ``replaced_crimes``: old records whose number is given again."""
        for table, key in KEYS.items():
            instant = self._engine.dialect.epoch_seconds(INSTANTS[table])
            again = f"select {key} as number from {self._new[table].name}"
            about = parts_about(self._workspace, self._engine, table, again)
            old = self._workspace.opened_parts(self._engine, table, about, "again")
            self._engine.run(
                [
                    Step(
                        f"replaced_{table}",
                        f"select {key}, source_file, {part_of(instant, self._calendar.days)} as part, "
                        f"{part_of(instant, 1)} as day from {old.name} "
                        f"where {key} in ({again})",
                    )
                ]
            )

    def _touched(self, table: str) -> list[str]:
        """The names of the parts that gain or lose a record."""
        rows = self._engine.rows(
            f"select part from replaced_{table} union "
            f"select part from {in_part(self._new[table], self._calendar).relation.name} as fresh"
        )
        return [self._calendar.name(int(row["part"])) for row in rows]

    def days(self, before: Mapping[int, int]) -> dict[int, int]:
        """Incidents by day as they are now."""
        counts = Counter(before)
        counts.update(days_of(self._new["incidents"]))
        for row in self._engine.rows("select day, count(*) as n from replaced_incidents group by day"):
            counts[int(row["day"])] -= int(row["n"])
        return {day: count for day, count in counts.items() if count > 0}

    def placed(self, file_parts: Mapping[tuple[str, str], str]) -> dict[str, Placed]:
        """Every touched part as it is now."""
        relations = {table: self._merged(table) for table in KEYS}
        relations["parties"] = self._beside_their_records(self._merged_parties(), relations)
        relations["rejects"] = self._new["rejects"]
        relations["reconciliation"] = self._reconciled()
        return placed_records(relations, self._calendar, file_parts)

    def _merged(self, table: str) -> Relation:
        old = self._workspace.opened_parts(self._engine, table, self.touched[table])
        key = KEYS[table]
        columns = ", ".join(old.contract.names)
        new = self._new[table].name
        return Relation(
            self._engine,
            f"(select {columns} from {old.name} where {key} not in (select {key} from {new}) "
            f"union all select {columns} from {new})",
            old.contract,
        )

    def _merged_parties(self) -> Relation:
        touched = [f"{KINDS[table]}-{part}" for table in KEYS for part in self.touched[table]]
        old = self._workspace.opened_parts(self._engine, "parties", touched)
        columns = ", ".join(old.contract.names)
        again = " union all ".join(
            f"select '{KINDS[table]}' as kind, {KEYS[table]} as id from {self._new[table].name}"
            for table in KEYS
        )
        return Relation(
            self._engine,
            f"(select {columns} from {old.name} as party where not exists (select 1 from ({again}) as again "
            f"where again.kind = party.record_kind and again.id = party.record_id) "
            f"union all select {columns} from {self._new['parties'].name})",
            old.contract,
        )

    def _beside_their_records(self, parties: Relation, records: Mapping[str, Relation]) -> Relation:
        """Parties with when their incident was reported or their crime recorded (``placed_at``)."""
        moments = " union all ".join(
            f"select '{KINDS[table]}' as kind, {KEYS[table]} as id, {INSTANTS[table]} as placed_at "
            f"from {records[table].name} as {table}"
            for table in KEYS
        )
        found = Step(
            "placed_parties",
            f"select party.*, record.placed_at from {parties.name} as party join ({moments}) as record "
            "on record.kind = party.record_kind and record.id = party.record_id",
        )
        self._engine.run([found])
        return Relation(self._engine, found.name, schema.PARTIES)

    def _reconciled(self) -> Relation:
        """The old lines less the records that are superseded now, and the new lines."""
        counted = " union all ".join(
            f"select '{table}' as kind, source_file as file, count(*) as n from replaced_{table} "
            "group by source_file"
            for table in KEYS
        )
        values = {"accepted": "accepted - coalesce(n, 0)", "superseded": "superseded + coalesce(n, 0)"}
        names = schema.RECONCILIATION.names
        before = self._workspace.opened(self._engine, ("reconciliation",))["reconciliation"]
        old = ", ".join(f"{values.get(name, name)} as {name}" for name in names)
        return Relation(
            self._engine,
            f"(select {old} from {before.name} left join ({counted}) as counted "
            "on counted.kind = table_name and counted.file = source_file "
            f"union all select {', '.join(names)} from {self._new['reconciliation'].name})",
            schema.RECONCILIATION,
        )
