"""Steps whose rows of one incident depend on that incident alone: disclosure and counting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from opencdi import counting, disclosure
from opencdi.engine import Engine, Relation
from opencdi.nightly.homes import opened_parts, parties_parts
from opencdi.nightly.memory import REMEMBERED, Choosing, Remembering, changed_rows
from opencdi.nightly.notes import calendar_of, digests_of
from opencdi.nightly.pages import Pages
from opencdi.parts import Placed
from opencdi.storage import json_hash
from opencdi.workspace import InParts, Record, Relations, Workspace

_WORDS = ("pattern_ids", "span_starts", "span_ends")
"""The words that a disclosed offence rests on: the report shows them, and nothing is worked out from them."""


def _disclosed_from(workspace: Workspace, _: Engine, __: Relations) -> Mapping[str, str]:
    parties = digests_of(workspace, "parties")
    return {
        part: json_hash([found["content"], parties.get(f"incident-{part}")])
        for part, found in digests_of(workspace, "incidents").items()
    }


def _disclose(
    workspace: Workspace, engine: Engine, tables: Relations, parts: Sequence[str], kept: Record | None
) -> Mapping[str, Placed]:
    (incidents,) = opened_parts(workspace, engine, parts, "incidents")
    parties = workspace.opened_parts(engine, "parties", parties_parts("incident", parts))
    digest = engine.dialect.digest_of_row(disclosure.READ)
    home = f"{_home_of_incident(workspace, engine)} as home"
    read = disclosure.reading_list(incidents.name, parties.name, engine.dialect, [home])
    work = Remembering(
        workspace,
        engine,
        "disclose",
        {"disclosed_offences": "incident_id"},
        _disclosed_from(workspace, engine, tables),
        f"select incident_id as subject, home, {digest} as digest from ({read}) as read",
    )

    def disclosed(chosen: Choosing) -> Mapping[str, Relation]:
        return {"disclosed_offences": disclosure.disclose(chosen(incidents), parties)}

    return work.make(parts, kept, disclosed)


def _home_of_incident(workspace: Workspace, engine: Engine) -> str:
    """SQL for the number of the part of the incident ``i``."""
    return calendar_of(workspace).of("i.reported_at", engine.dialect)


def _counted_from(workspace: Workspace, _: Engine, __: Relations) -> Mapping[str, str]:
    incidents = digests_of(workspace, "incidents")
    disclosed = workspace.part_hashes("disclosed_offences")
    return {part: json_hash([found["content"], disclosed[part]]) for part, found in incidents.items()}


def _count(
    workspace: Workspace, engine: Engine, tables: Relations, parts: Sequence[str], kept: Record | None
) -> Mapping[str, Placed]:
    incidents, disclosed = opened_parts(workspace, engine, parts, "incidents", "disclosed_offences")
    work = Remembering(
        workspace,
        engine,
        "count",
        {"required_crimes": "incident_id", "offence_decisions": "incident_id"},
        _counted_from(workspace, engine, tables),
        _digests_counted(workspace, incidents, disclosed),
    )

    def counted(chosen: Choosing) -> Mapping[str, Relation]:
        offences, changed = chosen(disclosed), changed_rows(incidents)
        return counting.count(offences, changed, workspace.audit.counting.edition)._asdict()

    return work.make(parts, kept, counted)


def _digests_counted(workspace: Workspace, incidents: Relation, disclosed: Relation) -> str:
    dialect = incidents.engine.dialect
    home = _home_of_incident(workspace, incidents.engine)
    own = dialect.digest_of_row([*(f"i.{name}" for name in counting.READ), "d.digest"])
    theirs = dialect.digest_of_rows([name for name in disclosed.contract.names if name not in _WORDS])
    return (
        f"select i.incident_id as subject, {home} as home, {own} as digest from {incidents.name} as i "
        f"join (select incident_id, {theirs} as digest "
        f"from {disclosed.name} group by incident_id) as d on d.incident_id = i.incident_id"
    )


def digests_counted(workspace: Workspace, engine: Engine, parts: Sequence[str]) -> str:
    """SQL for a digest of the offences disclosed and of what else is counted, for each incident of some parts
    that discloses any (subject, home, digest): from counting's own lists, anew where they are lost."""
    prints = _counted_from(workspace, engine, {})
    kept = Pages(workspace, "count").standing({part: prints[part] for part in parts})
    listed = engine.open_files(REMEMBERED, [kept[part] for part in sorted(kept)], "counted_lists")
    lost = [part for part in parts if part not in kept]
    incidents, disclosed = (
        workspace.opened_parts(engine, name, lost, "lost") for name in ("incidents", "disclosed_offences")
    )
    columns = ", ".join(REMEMBERED.names)
    return (
        f"select {columns} from {listed.name} union all {_digests_counted(workspace, incidents, disclosed)}"
    )


DISCLOSE = InParts(_disclosed_from, _disclose)
COUNT = InParts(_counted_from, _count)
