"""Steps whose rows of one incident depend on that incident alone: disclosure and counting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from opencdi import counting, disclosure
from opencdi.engine import Engine
from opencdi.nightly.homes import opened_parts, parties_parts, placed_by
from opencdi.nightly.notes import digests_of
from opencdi.parts import Placed
from opencdi.storage import json_hash
from opencdi.workspace import InParts, Record, Relations, Workspace


def _disclosed_from(workspace: Workspace, _: Engine, __: Relations) -> Mapping[str, str]:
    parties = digests_of(workspace, "parties")
    return {
        part: json_hash([found["content"], parties.get(f"incident-{part}")])
        for part, found in digests_of(workspace, "incidents").items()
    }


def _disclose(
    workspace: Workspace, engine: Engine, _: Relations, parts: Sequence[str], __: Record | None
) -> Mapping[str, Placed]:
    (incidents,) = opened_parts(workspace, engine, parts, "incidents")
    parties = workspace.opened_parts(engine, "parties", parties_parts("incident", parts))
    disclosed = disclosure.disclose(incidents, parties)
    return {"disclosed_offences": placed_by(workspace, disclosed, incidents, parts)}


def _counted_from(workspace: Workspace, _: Engine, __: Relations) -> Mapping[str, str]:
    incidents = digests_of(workspace, "incidents")
    disclosed = workspace.part_hashes("disclosed_offences")
    return {part: json_hash([found["content"], disclosed[part]]) for part, found in incidents.items()}


def _count(
    workspace: Workspace, engine: Engine, _: Relations, parts: Sequence[str], __: Record | None
) -> Mapping[str, Placed]:
    incidents, disclosed = opened_parts(workspace, engine, parts, "incidents", "disclosed_offences")
    counted = counting.count(disclosed, incidents, workspace.audit.counting.edition)
    return {name: placed_by(workspace, made, incidents, parts) for name, made in counted._asdict().items()}


DISCLOSE = InParts(_disclosed_from, _disclose)
COUNT = InParts(_counted_from, _count)
