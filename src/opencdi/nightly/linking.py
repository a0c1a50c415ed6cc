"""Links part by part: those of the crimes recorded in a stretch of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from opencdi import linkage
from opencdi.counting import classification
from opencdi.engine import Engine
from opencdi.nightly.homes import placed_by
from opencdi.nightly.notes import digests_of
from opencdi.parts import Placed
from opencdi.storage import json_hash
from opencdi.workspace import InParts, Record, Relations, Workspace


def _linked_from(workspace: Workspace, _: Engine, __: Relations) -> Mapping[str, str]:
    crimes = digests_of(workspace, "crimes")
    everything = json_hash([digests_of(workspace, name) for name in ("incidents", "crimes", "parties")])
    return dict.fromkeys(crimes, everything)


def _link(
    workspace: Workspace, _: Engine, tables: Relations, parts: Sequence[str], __: Record | None
) -> Mapping[str, Placed]:
    families = classification.load().families()
    links = linkage.link(
        tables["incidents"], tables["crimes"], tables["parties"], workspace.linkage, families
    )
    return {"links": placed_by(workspace, links, tables["crimes"], parts)}


LINK = InParts(_linked_from, _link)
